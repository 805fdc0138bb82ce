import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A real pileus node for integration tests: the built server as a child process on free ports, in a folder of its own,
 * stopped by pid. `npm test` builds before it tests.
 */
export type Pileus = Readonly<{
  pid: number;
  port: number;
  adminPort: number;
  dataDir: string;
  get: (path: string, options?: RequestOptions) => Promise<Reply>;
  admin: (path: string, options?: RequestOptions) => Promise<Reply>;
  /** /stats as it is now. */
  stats: () => Promise<Stats>;
  /** Asks /stats until `holds` says yes; fails with the last answer after `withinMs`. */
  until: (holds: (stats: Stats) => boolean, withinMs?: number) => Promise<Stats>;
  /** Log lines so far, parsed. */
  lines: () => readonly Record<string, unknown>[];
  /** Waits until a log line fits, and gives all that do so far; fails after `withinMs`. */
  awaitLines: (
    fits: (line: Readonly<Record<string, unknown>>) => boolean,
    withinMs?: number,
  ) => Promise<readonly Readonly<Record<string, unknown>>[]>;
  signal: (signal: NodeJS.Signals) => void;
  /** Resolves with the exit code when the master has ended. */
  exited: Promise<number | null>;
  stop: () => Promise<void>;
}>;

export type RequestOptions = Readonly<{
  method?: string;
  headers?: http.OutgoingHttpHeaders;
  agent?: http.Agent;
  signal?: AbortSignal;
}>;
export type Reply = Readonly<{ status: number; headers: http.IncomingHttpHeaders; body: Buffer; json: () => unknown }>;

export type WorkerStats = Readonly<{
  slot: number;
  pid: number;
  generation: number;
  state: string;
  /** Age of these figures; null: not at work. */
  beatAgeMs: number | null;
  inFlight: number;
  pixelsInFlight: number;
  bufferBytesUsed: number;
  bufferBytesPinned: number;
  bufferBytes: number;
  cpuShare: number;
  rssBytes: number;
  jobsInside: number;
  jobsDone: number;
  score: number;
  job: Readonly<{ ageMs: number }> | null;
}>;
export type Stats = Readonly<{
  uptimeMs: number;
  workers: readonly WorkerStats[];
  lbs: readonly Readonly<{
    pid: number;
    generation: number;
    state: string;
    beatAgeMs: number | null;
    requestsInFlight: number;
    bufferedBytes: number;
  }>[];
  queue: Readonly<{ jobs: number; bytes: number }>;
  caches: Readonly<Record<string, number>>;
  quarantine: Readonly<{ entries: number }>;
  counters: Readonly<Record<string, number>>;
}>;

const repo = fileURLToPath(new URL('../../', import.meta.url));
/** The built program; PILEUS_TEST_MAIN names another build of it. */
export const mainFile = process.env.PILEUS_TEST_MAIN ?? path.join(repo, 'dist/main.js');

/** Folder of a run's own, under the system's; the caller removes it, or `startPileus` does with its own. */
export const scratchFolder = (): string => mkdtempSync(path.join(os.tmpdir(), 'pileus-test-'));

/** Starts a node. `args` are those of `serve`, `env` are more variables (`PILEUS_...`). */
export async function startPileus(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Pileus> {
  if (!existsSync(mainFile)) throw new Error('dist/ is missing: run `npm run build` first.');
  const dataDir = scratchFolder();
  // The node refuses variables of this prefix that name no option, and this one is for the tests.
  const { PILEUS_TEST_MAIN: _, ...inherited } = process.env;
  const runtimeDir = args.includes('--runtime-dir') ? [] : ['--runtime-dir', dataDir];
  const child = spawn(
    process.execPath,
    [mainFile, 'serve', ...args, '--port', '0', '--admin-port', '0', '--log-pretty', 'off', ...runtimeDir],
    {
      env: { ...inherited, PILEUS_HEARTBEAT_MS: '100', PILEUS_READY_TIMEOUT_MS: '40000', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const lines: Record<string, unknown>[] = [];
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const ready = await awaitReady(child, lines, () => stderr);
  const request = (port: number, url: string, options: RequestOptions = {}) => send(port, url, options);
  const stats = async (): Promise<Stats> => (await request(ready.adminPort, '/stats')).json() as Stats;

  return {
    pid: child.pid as number,
    ...ready,
    dataDir,
    get: (url, options) => request(ready.port, url, options),
    admin: (url, options) => request(ready.adminPort, url, options),
    stats,
    until: async (holds, withinMs = 10_000) => {
      const endMs = performance.now() + withinMs;
      for (;;) {
        const now = await stats();
        if (holds(now)) return now;
        if (performance.now() > endMs)
          throw new Error(`Not reached within ${withinMs} ms: ${JSON.stringify(now, null, 1)}\n${stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    lines: () => lines,
    awaitLines: async (fits, withinMs = 10_000) => {
      const endMs = performance.now() + withinMs;
      for (;;) {
        const found = lines.filter(fits);
        if (found.length > 0) return found;
        if (performance.now() > endMs) throw new Error(`No such log line within ${withinMs} ms.\n${stderr}`);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    signal: (signal) => void child.kill(signal),
    exited,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        const forced = setTimeout(() => child.kill('SIGKILL'), 20_000);
        await exited;
        clearTimeout(forced);
      }
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function awaitReady(
  child: ChildProcess,
  lines: Record<string, unknown>[],
  stderr: () => string,
): Promise<{ port: number; adminPort: number }> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`Not ready in 50 s.\n${JSON.stringify(lines.slice(-20), null, 1)}\n${stderr()}`));
    }, 50_000);
    child.once('exit', (code) =>
      reject(
        new Error(`Ended with ${code} before it was ready.\n${JSON.stringify(lines.slice(-20), null, 1)}\n${stderr()}`),
      ),
    );
    let rest = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString()).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        const line = parseLine(part);
        if (!line) continue;
        lines.push(line);
        if (line.event === 'ready') {
          clearTimeout(timer);
          resolve({ port: portOf(line.url), adminPort: portOf(line.adminUrl) });
        }
      }
    });
  });
}

const portOf = (url: unknown): number => Number(new URL(String(url)).port);

function parseLine(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function send(port: number, url: string, options: RequestOptions): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const req = http.request(
      {
        host: '127.0.0.1',
        port,
        path: url,
        method: options.method ?? 'GET',
        headers: options.headers ?? {},
        ...(options.agent ? { agent: options.agent } : {}),
        ...(options.signal ? { signal: options.signal } : {}),
      },
      (res) => {
        const chunks: Buffer[] = [];
        res.on('data', (chunk: Buffer) => chunks.push(chunk));
        res.on('error', reject);
        res.on('end', () => {
          const body = Buffer.concat(chunks);
          resolve({ status: res.statusCode ?? 0, headers: res.headers, body, json: () => JSON.parse(body.toString()) });
        });
      },
    );
    req.on('error', reject);
    req.end();
  });
}
