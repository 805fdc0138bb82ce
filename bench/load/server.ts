import { type ChildProcess, spawn } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';

export type RunningServer = Readonly<{
  pid: number;
  port: number;
  adminPort: number;
  stop: () => Promise<void>;
  log: () => string;
}>;

const repo = fileURLToPath(new URL('../../../../../', import.meta.url));

/**
 * Starts the built server on free ports and waits until it says that it is ready. Options go in by environment, as an
 * operator would set them (`PILEUS_...`); `args` are those of `serve`.
 */
export async function startServer(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningServer> {
  const child = spawn(
    process.execPath,
    [`${repo}dist/main.js`, 'serve', ...args, '--port', '0', '--admin-port', '0', '--log-pretty', 'off'],
    {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  if (child.pid !== undefined) os.setPriority(child.pid, 0);
  let log = '';
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const ready = await new Promise<{ port: number; adminPort: number }>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The server was not ready in 20 s.\n${log}`)), 20_000);
    let rest = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.includes('"ready"')) continue;
        const fields = JSON.parse(line) as { event: string; url: string; adminUrl: string };
        if (fields.event !== 'ready') continue;
        clearTimeout(timer);
        resolve({ port: portOf(fields.url), adminPort: portOf(fields.adminUrl) });
      }
    });
    child.once('exit', (code) => reject(new Error(`The server ended with ${code}.\n${log}`)));
  });
  return { pid: child.pid as number, ...ready, stop: () => stop(child), log: () => log };
}

const portOf = (url: string): number => Number(new URL(url).port);

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
