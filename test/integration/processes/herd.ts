import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import type { FaultKind } from '../../../src/worker/fault-injection.ts';
import { gradient, jpeg } from '../../fixtures/pictures.ts';
import { calm } from '../../helpers/gauges.ts';
import { type Pileus, type Reply, type Stats, scratchFolder, startPileus } from '../../helpers/pileus.ts';
import { makeSite, type Site, type SiteConfig } from '../../helpers/site.ts';

/** A node whose pictures can be told to go wrong, and what tests of its processes ask of it. */
export type Herd = Readonly<{
  node: Pileus;
  site: Site;
  workers: number;
  /** Writes another configuration; what is not given is as it was at the start. */
  configure: (config: SiteConfig) => void;
  /** A new picture that does this to its worker; with `format` only when that is the output. Gives its key. */
  poison: (kind: FaultKind, format?: 'webp' | 'avif') => string;
  /** A good picture that no request has seen. Gives its key. */
  good: () => string;
  /** Obituaries of workers that nobody had told to go; with `key`, of those that had this picture in libvips. */
  deaths: (key?: string) => readonly Line[];
  linesOf: (event: string) => readonly Line[];
  /** Waits until a log line of this event (and these fields) has been written. */
  untilLine: (event: string, fields?: Line, atLeast?: number) => Promise<Line>;
  /** Waits until all is as it was: everyone at work, nothing in flight, no descriptor lost; the master has not died. */
  calm: (workers?: number) => Promise<Stats>;
  stop: () => Promise<void>;
}>;

export type Line = Readonly<Record<string, unknown>>;

/** Conditions are polled this long. No speed is promised by it: the machine may be busy. */
export const patienceMs = 30_000;
/** Descriptors that may come and go with connections. */
const descriptorsSlack = 12;
const goodPictures = 8;
/** Deaths and refusals come of what a test does, never of a machine that is busy. */
const patient = {
  heartbeatTimeoutMs: 8000,
  readyTimeoutMs: 20_000,
  requestMs: 300_000,
  queueWaitMsMax: 60_000,
  codelTargetMs: 60_000,
  drainMs: 60_000,
  sourceBytesMax: 4e6,
  blobBufferBytes: 16e6,
} as const;

export async function startHerd(
  config: SiteConfig = {},
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): Promise<Herd> {
  const workers = 2;
  const site = makeSite({ workers, ...patient, ...config });
  const bytes = await jpeg(gradient(300, 200));
  for (let i = 0; i < goodPictures; i++) site.put(`good-${i}.jpg`, bytes);
  const node = await startPileus([...site.args, ...args], { PILEUS_FAULT_INJECTION: '1', ...env });
  await warmUp(node).catch(async (error: unknown) => {
    await node.stop();
    throw error;
  });
  const baseline = { master: descriptorsOf(node.pid), lb: descriptorsOf(lbPid(await node.stats())) };
  let count = 0;

  const linesOf = (event: string): readonly Line[] => node.lines().filter((line) => line.event === event);
  const herd: Herd = {
    node,
    site,
    workers,
    configure: (other) => site.configure({ workers, ...patient, ...config, ...other }),
    poison: (kind, format) => {
      const key = `${++count}/fault-${kind}${format ? `-${format}` : ''}.jpg`;
      site.put(key, bytes);
      return key;
    },
    good: () => {
      const key = `${++count}/fine.jpg`;
      site.put(key, bytes);
      return key;
    },
    deaths: (key) =>
      linesOf('child-exited').filter(
        ({ of, exit, jobs }) =>
          of === 'worker' &&
          !['clean', 'drained', 'recycled'].includes(String(exit)) &&
          (key === undefined || (jobs as readonly Line[]).some((job) => job.key === key)),
      ),
    linesOf,
    untilLine: async (event, fields = {}, atLeast = 1) => {
      const found = (): readonly Line[] =>
        linesOf(event).filter((line) => Object.entries(fields).every(([name, value]) => line[name] === value));
      await until(() => found().length >= atLeast, `${event} ${JSON.stringify(fields)}`);
      return found().at(-1) as Line;
    },
    calm: async (count = workers) => {
      const stats = await calm(node, patienceMs, (now) => now.workers.length === count);
      await until(
        () =>
          descriptorsOf(node.pid) <= baseline.master + descriptorsSlack &&
          descriptorsOf(lbPid(stats)) <= baseline.lb + descriptorsSlack,
        `descriptors back to ${baseline.master} and ${baseline.lb}`,
      );
      expect(isAlive(node.pid)).toBe(true);
      return stats;
    },
    stop: async () => {
      // A test that failed may have left it in the middle of something that lasts.
      for (const signal of ['SIGCONT', 'SIGQUIT'] as const) if (isAlive(node.pid)) node.signal(signal);
      await node.exited;
      await node.stop();
      site.clear();
    },
  };
  return herd;
}

/** Every worker gets its connections before descriptors are counted. */
async function warmUp(node: Pileus): Promise<void> {
  const agent = new http.Agent();
  await Promise.all(
    Array.from({ length: 64 }, (_, i) => node.get(`/photos/good-${i % goodPictures}.jpg/~w_${10 + i}.jpg`, { agent })),
  );
  await calm(node, patienceMs);
}

export const lbPid = ({ lbs }: Stats): number => lbs[0]?.pid ?? 0;
export const workerPids = ({ workers }: Stats): readonly number[] => workers.map(({ pid }) => pid);

export type Traffic = Readonly<{ answers: () => number; stop: () => Promise<TrafficReport> }>;
/** `failures`: how often each happened. */
export type TrafficReport = Readonly<{ answers: number; failures: Readonly<Record<string, number>> }>;

let asked = 0;
/**
 * Clients that ask for good pictures, every one a new one that a worker has to make, until they are told to stop.
 * What is no 200 is a failure. `keepAlive`: over connections that are used again, else each over its own.
 */
export function startTraffic(
  node: Pileus,
  { clients = 3, keepAlive = false, pauseMs = 5, key = (n: number): string => `good-${n % goodPictures}.jpg` } = {},
): Traffic {
  const agent = new http.Agent({ keepAlive });
  const failures: Record<string, number> = {};
  const failed = (how: string): void => {
    failures[how] = (failures[how] ?? 0) + 1;
  };
  let answers = 0;
  let stopped = false;

  async function client(): Promise<void> {
    while (!stopped) {
      const n = asked++;
      const url = `/photos/${key(n)}/~m_cover,w_${20 + (n % 200)},h_${20 + (Math.floor(n / 200) % 200)}.jpg`;
      try {
        const reply = await node.get(url, { agent });
        answers++;
        if (reply.status !== 200) failed(outcomeOf(reply));
      } catch (error) {
        failed(String(error));
      }
      await pause(pauseMs);
    }
  }
  const running = Promise.all(Array.from({ length: clients }, client));
  return {
    answers: () => answers,
    stop: async () => {
      stopped = true;
      await running;
      agent.destroy();
      return { answers, failures };
    },
  };
}

/** Many at once; statuses and codes of errors, counted: `{ '200': 3, '422 quarantined': 97 }`. */
export async function askAll(node: Pileus, urls: readonly string[]): Promise<Record<string, number>> {
  const agent = new http.Agent();
  const replies = await Promise.all(urls.map((url) => node.get(url, { agent })));
  const counts: Record<string, number> = {};
  for (const reply of replies) {
    const name = outcomeOf(reply);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

export const outcomeOf = (reply: Reply): string =>
  reply.status === 200 ? '200' : `${reply.status} ${(reply.json() as { code: string }).code}`;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Polls until it holds; fails with its name after `patienceMs`. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  withinMs = patienceMs,
): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > endMs) throw new Error(`Not reached within ${withinMs} ms: ${what}`);
    await pause(20);
  }
}

/** Zombies count as dead: they run nothing any more. */
export function isAlive(pid: number): boolean {
  const state = stateOf(pid);
  return state !== null && state !== 'Z' && state !== 'X';
}

/** The kernel's letter for what a process does (`T`: stopped); null where there is none. */
export function stateOf(pid: number): string | null {
  try {
    return /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? null;
  } catch {
    return null;
  }
}

const descriptorsOf = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length;

/** Workers end before they are ready for as long as the file that is given exists. */
export function bootFault(): Readonly<{ env: Readonly<Record<string, string>>; arm: () => void }> {
  const folder = scratchFolder();
  const switchFile = path.join(folder, 'armed');
  const preload = path.join(folder, 'preload.mjs');
  writeFileSync(
    preload,
    `import { existsSync } from 'node:fs';
     if (process.env.PILEUS_CHILD_ROLE === 'worker' && existsSync(${JSON.stringify(switchFile)})) {
       console.error('the library is not there');
       process.exit(9);
     }`,
  );
  return {
    env: { NODE_OPTIONS: `--import=${pathToFileURL(preload).href}` },
    arm: () => writeFileSync(switchFile, ''),
  };
}
