import { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config, Options } from '../../src/config/config.ts';
import type { BackendEntry, Obituary, QuarantineEntry } from '../../src/ipc/messages.ts';
import { type ReadyInfo, runMaster, type SignalSource } from '../../src/master/master.ts';
import type { SignalName } from '../../src/master/signals.ts';
import { type Clock, systemClock } from '../../src/shared/clock.ts';
import { openLog } from '../../src/shared/log.ts';
import { testConfig } from './test-config.ts';

/** The real master with real processes; the children only keep to the protocol, so that all of it is fast. */
const script = fileURLToPath(new URL('../fixtures/children/child.js', import.meta.url));

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pm-'));
});

type Line = Readonly<Record<string, unknown>>;
type Seen = Readonly<{
  backends: readonly BackendEntry[];
  quarantine: Readonly<{ entries: readonly QuarantineEntry[]; struck: readonly unknown[] }> | null;
  obituaries: readonly Obituary[];
  revision: number;
  pid: number;
  env: Readonly<Record<string, string>>;
}>;
type Child = Readonly<{ slot: number; pid: number; generation: number; state: string; job: unknown }>;
type Stats = Readonly<{ uptimeMs: number; workers: readonly Child[]; lbs: readonly Child[] }>;

const nodes: { stop: () => Promise<number> }[] = [];
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.stop();
  rmSync(folder, { recursive: true, force: true });
});

const behaving = (spec: string, options: Partial<Options> = {}, revision = 1): Config =>
  testConfig(
    { heartbeatMs: 100, runtimeDir: folder, dataDir: join(folder, 'data'), ...options },
    { revision, presets: { behaviour: { name: 'behaviour', spec, overrides: [] } } },
  );

/** Starts a node; `next` is what a reload will read. */
async function start(config: Config, clock: Clock = systemClock) {
  const signals = new EventEmitter();
  const logFile = join(folder, 'log');
  const log = openLog(
    { logLevel: 'debug', logPretty: 'off' },
    { role: 'master' },
    { fd: openSync(logFile, 'a'), isTerminal: false },
  );
  const next: { config: Config } = { config };
  let ready: ((info: ReadyInfo) => void) | undefined;
  const readyInfo = new Promise<ReadyInfo>((resolve) => {
    ready = resolve;
  });
  const ended = runMaster({
    config,
    reload: () => Promise.resolve({ ok: true, config: next.config, notes: [] }),
    notes: ['a note'],
    onReady: (info) => ready?.(info),
    script,
    signals: signals as unknown as SignalSource,
    log,
    clock,
  });
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  const lines = (): readonly Line[] =>
    readFileSync(logFile, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  const signal = (name: SignalName): void => void signals.emit(name);
  const node = {
    ended,
    next,
    lines,
    signal,
    ready: () => readyInfo,
    admin: async (path: string, init?: RequestInit) =>
      fetch(`http://127.0.0.1:${(await readyInfo).adminPort}${path}`, init),
    stats: async (): Promise<Stats> => (await (await node.admin('/stats')).json()) as Stats,
    /** What the lb has been told. */
    seen: async (): Promise<Seen> =>
      (await (await fetch(`http://127.0.0.1:${(await readyInfo).port}/`)).json()) as Seen,
    logged: (event: string, fields: Line = {}) =>
      lines().filter(
        (line) => line.event === event && Object.entries(fields).every(([key, value]) => line[key] === value),
      ),
    stop: async (): Promise<number> => {
      if (!isOver) {
        signal('SIGTERM');
        signal('SIGTERM');
      }
      return ended;
    },
  };
  nodes.push(node);
  return node;
}

/** Waits until something holds; the test's own time limit is the bound. */
async function until<Value>(look: () => Promise<Value> | Value, holds: (value: Value) => boolean): Promise<Value> {
  for (;;) {
    try {
      const value = await look();
      if (holds(value)) return value;
    } catch {
      // Not there yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const readyWorkers = ({ workers }: Readonly<{ workers: readonly Child[] }>): readonly Child[] =>
  workers.filter(({ state }) => state === 'ready');
const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');

describe('a node', () => {
  it('starts its children, says when it serves, and ends with 0 and without a trace when told to', async () => {
    const node = await start(behaving(''));
    const { port, adminPort } = await node.ready();
    expect(port).toBeGreaterThan(0);
    const { workers, lbs } = await until(node.stats, (stats) => readyWorkers(stats).length === 2);
    expect(lbs.map(({ state }) => state)).toEqual(['ready']);
    expect((await node.admin('/readyz')).status).toBe(200);
    expect((await node.admin('/healthz')).status).toBe(200);
    const { backends, revision } = await until(node.seen, (seen) => seen.backends.length === 2);
    expect(revision).toBe(1);
    expect(backends.map(({ slot, pid, state }) => [slot, pid, state])).toEqual(
      workers.map(({ slot, pid }) => [slot, pid, 'ready']),
    );
    expect(node.logged('ready')).toMatchObject([
      { url: `http://127.0.0.1:${port}`, adminUrl: `http://127.0.0.1:${adminPort}` },
    ]);
    expect(node.logged('note')).toMatchObject([{ msg: 'a note' }]);

    node.signal('SIGTERM');
    expect(await node.ended).toBe(0);
    expect(readdirSync(folder).filter((name) => name.startsWith('pileus-'))).toEqual([]);
    for (const { pid } of [...workers, ...lbs]) expect(isAlive(pid)).toBe(false);
    const exits = node.logged('child-exited');
    expect(exits.map(({ exit }) => exit)).toEqual(['drained', 'drained', 'drained']);
    expect(exits[0]?.of).toBe('lb');
  });

  it('gives a worker what it needs in its environment, and keeps its own secrets', async () => {
    process.env.PILEUS_LOG_LEVEL = 'info';
    process.env.SOME_KEY = 'hush-hush';
    try {
      const keyed = behaving('');
      const photos = keyed.namespaces.photos;
      if (!photos) throw new Error('no namespace');
      const node = await start({
        ...keyed,
        namespaces: { photos: { ...photos, keys: [{ kid: 'a', secret: 'hush-hush' }] } },
      });
      await node.ready();
      const { env } = await node.seen();
      expect(env.PILEUS_CHILD_ROLE).toBe('lb');
      expect(env.PILEUS_LOG_LEVEL).toBeUndefined();
      expect(env.SOME_KEY).toBeUndefined();
      const [worker] = readyWorkers(await node.stats());
      const environ = readFileSync(`/proc/${worker?.pid}/environ`, 'utf8').split('\0');
      expect(environ).toContain('MALLOC_ARENA_MAX=2');
      expect(environ).toContain('MALLOC_TRIM_THRESHOLD_=131072');
      expect(environ).toContain('UV_THREADPOOL_SIZE=4');
      expect(environ).toContain('PILEUS_CHILD_ROLE=worker');
      expect(environ.some((entry) => entry.startsWith('SOME_KEY'))).toBe(false);
    } finally {
      delete process.env.PILEUS_LOG_LEVEL;
      delete process.env.SOME_KEY;
    }
  });

  it('replaces a worker that is killed, and tells the lb who died', async () => {
    const node = await start(behaving(''));
    const { workers } = await until(node.stats, (stats) => readyWorkers(stats).length === 2);
    const victim = workers[0];
    process.kill(victim?.pid ?? 0, 'SIGKILL');
    const after = await until(
      node.stats,
      (stats) => readyWorkers(stats).length === 2 && stats.workers[0]?.pid !== victim?.pid,
    );
    expect(after.workers[0]?.slot).toBe(victim?.slot);
    expect(after.workers[0]?.generation).toBeGreaterThan(victim?.generation ?? 0);
    const { obituaries, backends } = await until(node.seen, (seen) => seen.backends.length === 2);
    expect(obituaries).toEqual([
      { slot: victim?.slot, generation: victim?.generation, exit: 'killed', startedJobIds: [] },
    ]);
    expect(backends.some(({ pid }) => pid === victim?.pid)).toBe(false);
    expect(node.logged('child-exited', { exit: 'killed' })).toHaveLength(1);
  });

  it('replaces an lb that is killed, on the same port', async () => {
    const node = await start(behaving(''));
    const { port } = await node.ready();
    const { pid } = await node.seen();
    process.kill(pid, 'SIGKILL');
    const { backends } = await until(node.seen, (seen) => seen.pid !== pid && seen.backends.length === 2);
    expect(backends).toHaveLength(2);
    expect((await node.ready()).port).toBe(port);
  });

  it('kills a worker whose picture outlives its deadline, blames the picture, and quarantines it at the second', async () => {
    const node = await start(behaving(''));
    for (const deaths of [1, 2]) {
      const [worker] = readyWorkers(await until(node.stats, (stats) => readyWorkers(stats).length === 2));
      process.kill(worker?.pid ?? 0, 'SIGUSR2');
      await until(
        () => node.logged('child-exited', { exit: 'deadline' }),
        (lines) => lines.length === deaths,
      );
    }
    const { quarantine, obituaries } = await until(node.seen, (seen) => seen.quarantine?.entries.length === 1);
    expect(quarantine?.entries).toMatchObject([
      { scope: 'operation', ns: 'photos', key: 'poison.jpg', operation: 'resize', strikes: 2 },
    ]);
    expect(quarantine?.struck).toEqual([{ ns: 'photos', key: 'poison.jpg', version: 'v1' }]);
    expect(obituaries).toMatchObject([{ exit: 'deadline' }, { exit: 'deadline' }]);
    expect(obituaries[0]?.startedJobIds).toHaveLength(1);

    expect(await (await node.admin('/quarantine')).json()).toMatchObject({ entries: [{ key: 'poison.jpg' }] });
    const released = await node.admin('/quarantine/photos/poison.jpg', { method: 'DELETE' });
    expect(await released.json()).toEqual({ released: 1 });
    await until(node.seen, (seen) => seen.quarantine?.entries.length === 0);

    await until(
      () => node.logged('flight-record'),
      (lines) => lines.length === 2,
    );
    const [record] = readdirSync(join(folder, 'data', 'flight')).sort();
    expect(JSON.parse(readFileSync(join(folder, 'data', 'flight', record ?? ''), 'utf8'))).toMatchObject({
      details: { exit: 'deadline', jobs: [{ key: 'poison.jpg' }] },
      jobs: [{ outcome: 'died' }],
    });
    const metrics = await (await node.admin('/metrics')).text();
    expect(metrics).toContain('pileus_child_exits_total{role="worker",exit="deadline"} 2');
    expect(metrics).toContain('pileus_strikes_total 2');
  });

  it.each<[string, NodeJS.Signals]>([
    ['stopped', 'SIGSTOP'],
    ['spinning', 'SIGTERM'],
  ])('kills a worker that is %s', async (_, signal) => {
    const node = await start(behaving('', { heartbeatTimeoutMs: 1500 }));
    const [worker] = readyWorkers(await until(node.stats, (stats) => readyWorkers(stats).length === 2));
    const told = async () => /^fixture_children_total (\d+)$/m.exec(await (await node.admin('/metrics')).text())?.[1];
    await until(told, (total) => total === '3');
    process.kill(worker?.pid ?? 0, signal);
    // A hung worker costs the others no scrape, nor takes its numbers with it.
    expect(await told()).toBe('3');
    await until(
      () => node.logged('child-exited', { exit: 'stuck' }),
      (lines) => lines.length === 1,
    );
    await until(node.stats, (stats) => readyWorkers(stats).length === 2);
    await until(told, (total) => total === '4');
  });

  it('kills nobody for a silence in which it was stopped itself', async () => {
    let sleptMs = 0;
    const clock: Clock = { nowMs: () => systemClock.nowMs() + sleptMs, wallMs: systemClock.wallMs };
    const node = await start(behaving(''), clock);
    await until(node.stats, (stats) => readyWorkers(stats).length === 2);
    sleptMs = 60_000;
    await until(
      () => node.logged('sleep-forgiven'),
      (lines) => lines.length > 0,
    );
    // Long enough for the grace to be over.
    const { uptimeMs } = await node.stats();
    await until(node.stats, (stats) => stats.uptimeMs > uptimeMs + 2000);
    expect(node.logged('child-killed')).toEqual([]);
    expect(node.logged('child-exited')).toEqual([]);
  });

  it('adds and removes workers by signal', async () => {
    const node = await start(behaving(''));
    await until(node.stats, (stats) => readyWorkers(stats).length === 2);
    node.signal('SIGTTIN');
    await until(node.stats, (stats) => readyWorkers(stats).length === 3);
    node.signal('SIGTTOU');
    node.signal('SIGTTOU');
    const { workers } = await until(node.stats, (stats) => stats.workers.length === 1);
    expect(workers[0]?.slot).toBe(0);
    expect(node.logged('child-exited').map(({ exit }) => exit)).toEqual(['drained', 'drained']);
  });

  it('recycles a worker that is fat, replacement first', async () => {
    const node = await start(behaving('fat', { workers: 1 }));
    const [old] = readyWorkers(await until(node.stats, (stats) => readyWorkers(stats).length === 1));
    await until(
      () => node.logged('child-exited', { exit: 'recycled' }),
      (lines) => lines.length >= 1,
    );
    const order = node
      .lines()
      .filter(({ event, of }) => of === 'worker' && ['child-ready', 'child-draining'].includes(String(event)))
      .map(({ event, generation }) => [event, generation === old?.generation]);
    expect(order.slice(0, 3)).toEqual([
      ['child-ready', true],
      ['child-ready', false],
      ['child-draining', true],
    ]);
  });
});

describe('configuration', () => {
  it('is reloaded in every process', async () => {
    const node = await start(behaving(''));
    await until(node.stats, (stats) => readyWorkers(stats).length === 2);
    node.next.config = behaving('', { jpegQuality: 33 }, 7);
    node.signal('SIGHUP');
    await until(
      () => node.logged('config-reloaded'),
      (lines) => lines.length === 1,
    );
    await until(node.seen, (seen) => seen.revision === 2);
    expect(await (await node.admin('/metrics')).text()).toContain('pileus_config_revision 2');
    expect(await (await node.admin('/stats')).json()).toMatchObject({ revision: 2 });
    expect(node.logged('child-exited')).toEqual([]);
  });

  it('stays the old one everywhere when one process refuses', async () => {
    const node = await start(behaving('refuse'));
    await until(node.stats, (stats) => readyWorkers(stats).length === 2);
    node.next.config = behaving('', { jpegQuality: 33 });
    node.signal('SIGHUP');
    const [line] = await until(
      () => node.logged('config-refused'),
      (lines) => lines.length === 1,
    );
    expect(line?.msg).toMatch(/worker \d refuses it: told to refuse/);
    expect((await node.seen()).revision).toBe(1);
    expect(await (await node.admin('/metrics')).text()).toContain('pileus_config_reloads_total{result="refused"} 1');
  });

  it('is not reloaded with a changed restart option; the sentence names USR2', async () => {
    const node = await start(behaving(''));
    await node.ready();
    node.next.config = behaving('', { blobBufferBytes: 1_048_576 });
    node.signal('SIGHUP');
    const [line] = await until(
      () => node.logged('config-refused'),
      (lines) => lines.length === 1,
    );
    expect(line?.msg).toMatch(/blobBufferBytes.*USR2/);
    expect((await node.seen()).revision).toBe(1);
  });

  it('with restart options comes into force by a rolling restart that refuses nobody', async () => {
    const node = await start(behaving(''));
    const before = await until(node.stats, (stats) => readyWorkers(stats).length === 2);
    node.next.config = behaving('', { blobBufferBytes: 1_048_576, workers: 3 });
    const { port } = await node.ready();
    const statuses: number[] = [];
    let asking = true;
    const asked = (async () => {
      while (asking)
        statuses.push((await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).status);
    })();
    node.signal('SIGUSR2');
    await until(
      () => node.logged('rolling-restart', { msg: 'rolling restart is done' }),
      (lines) => lines.length === 1,
    );
    const after = await until(node.stats, (stats) => readyWorkers(stats).length === 3);
    asking = false;
    await asked;
    const old = [...before.workers, ...before.lbs].map(({ pid }) => pid);
    expect([...after.workers, ...after.lbs].filter(({ pid }) => old.includes(pid))).toEqual([]);
    expect(statuses.length).toBeGreaterThan(5);
    expect(statuses.every((status) => status === 200)).toBe(true);
    expect((await node.seen()).revision).toBe(2);
  });

  it('that no new child can start with leaves the old children and the old configuration', async () => {
    const node = await start(behaving(''));
    const before = await until(node.stats, (stats) => readyWorkers(stats).length === 2);
    node.next.config = behaving('fail-worker', { blobBufferBytes: 1_048_576 });
    node.signal('SIGUSR2');
    const [line] = await until(
      () => node.logged('rolling-restart', { level: 'error' }),
      (lines) => lines.length === 1,
    );
    expect(line?.msg).toMatch(/rolling restart stopped, the others go on: worker 2 gen \d+ did not get ready/);
    // The old content again, under a revision of its own.
    await until(node.seen, (seen) => seen.revision === 3);
    const after = await until(node.stats, (stats) => stats.workers.length === 2 && readyWorkers(stats).length === 2);
    expect(after.workers.map(({ pid }) => pid)).toEqual(before.workers.map(({ pid }) => pid));
    process.kill(after.workers[0]?.pid ?? 0, 'SIGKILL');
    await until(
      node.stats,
      (stats) => readyWorkers(stats).length === 2 && stats.workers[0]?.pid !== after.workers[0]?.pid,
    );
  });
});

describe('ends', () => {
  it('gives up loudly when nobody can start', async () => {
    const node = await start(behaving('fail-worker', { restartIntensityMax: 2 }));
    expect(await node.ended).toBe(1);
    expect(node.logged('gave-up')).toMatchObject([{ msg: 'giving up, no worker can start: worker was told to fail' }]);
  });

  it('gives up with the last words of a child that says nothing else', async () => {
    const node = await start(behaving('die-worker', { restartIntensityMax: 2 }));
    expect(await node.ended).toBe(1);
    expect(String(node.logged('gave-up')[0]?.msg)).toContain('these are my last words');
    expect(node.logged('child-stderr')[0]).toMatchObject({ msg: 'these are my last words' });
  });

  it('kills a child that is not ready in time', async () => {
    const node = await start(behaving('silent-worker', { restartIntensityMax: 1, readyTimeoutMs: 500 }));
    expect(await node.ended).toBe(1);
    expect(node.logged('child-killed', { cause: 'boot-timeout' }).length).toBeGreaterThan(0);
  });

  it('does not outlive its time when children will not leave', async () => {
    const node = await start(behaving('clinging', { drainMs: 300 }));
    await until(node.stats, (stats) => readyWorkers(stats).length === 2);
    node.signal('SIGTERM');
    expect((await node.admin('/readyz')).status).toBe(503);
    expect(await node.ended).toBe(0);
    expect(node.logged('child-exited').map(({ exit }) => exit)).toEqual(['drained', 'drained', 'drained']);
    expect(node.logged('child-killed').length).toBeGreaterThan(0);
  });

  it('says that the admin port is in use, and starts nobody', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => taken.once('listening', resolve));
    const address = taken.address();
    const adminPort = typeof address === 'object' && address !== null ? address.port : 0;
    const node = await start(behaving('', { adminPort }));
    expect(await node.ended).toBe(1);
    expect(String(node.logged('admin-failed')[0]?.msg)).toContain(`${adminPort} is in use`);
    expect(node.logged('child-spawned')).toEqual([]);
    taken.close();
  });

  it('reports a purge by every lb', async () => {
    const node = await start(behaving('', { lbs: 2 }));
    await until(node.stats, ({ lbs }) => lbs.filter(({ state }) => state === 'ready').length === 2);
    const response = await node.admin('/purge', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ns: 'photos' }),
    });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ lbs: 2, acknowledged: 2, results: 10 });
  });
});
