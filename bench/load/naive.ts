import { spawn } from 'node:child_process';
import os from 'node:os';
import { fileURLToPath } from 'node:url';

/** Starts the thirty-line server on a free port. */
export async function startNaive(
  originals: string,
  format: string,
): Promise<Readonly<{ pid: number; port: number; stop: () => void }>> {
  const file = fileURLToPath(new URL('./naive-server.js', import.meta.url));
  const child = spawn(process.execPath, [file, originals, format], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.pid !== undefined) os.setPriority(child.pid, 0);
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The naive server ended with ${code}.`)));
    child.stdout.once('data', (chunk: Buffer) => resolve((JSON.parse(chunk.toString()) as { port: number }).port));
  });
  return { pid: child.pid as number, port, stop: () => void child.kill('SIGKILL') };
}
