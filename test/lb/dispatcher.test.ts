import { Readable } from 'node:stream';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackendEntry, Obituary } from '../../src/ipc/messages.ts';
import type { JobOrder, JobReport } from '../../src/ipc/order.ts';
import { BackendPool } from '../../src/lb/backend-pool.ts';
import { type DispatchConfig, Dispatcher, type Standing } from '../../src/lb/dispatcher.ts';
import type { Job, JobOutcome } from '../../src/lb/job.ts';
import { CarriedBroken, type JobAnswer, type WorkerClient } from '../../src/lb/worker-client.ts';
import type { SourceFacts } from '../../src/plan/header.ts';
import { PileusError } from '../../src/shared/errors.ts';
import { seededRng } from '../../src/shared/rng.ts';
import { fakeClock } from '../helpers/fake-clock.ts';
import { makeHeader } from '../plan/resolve/scene.ts';

const facts: SourceFacts = {
  version: 'v1',
  bytes: 1000,
  modifiedMs: null,
  header: makeHeader({ width: 100, height: 100, quality: 80 }),
};
const load = {
  cpuShare: 0,
  cpuShareExplained: 0,
  rssBytes: 1,
  bufferBytesUsed: 0,
  bufferBytesPinned: 0,
  bufferBytes: 1000,
  fetching: 0,
  ready: 0,
  running: 0,
  pixelsInFlight: 0,
};
const report = (over: Partial<JobReport> = {}): JobReport => ({
  version: 'v1',
  facts,
  phases: { fetchMs: 1, waitMs: 0, processMs: 5 },
  load,
  result: null,
  redirect: null,
  error: null,
  cost: null,
  joined: false,
  sourceHit: false,
  ...over,
});
const result = (): JobAnswer => ({
  kind: 'result',
  bytes: Buffer.from('picture'),
  report: report({
    result: { derivation: 'd', contentType: 'image/webp', extension: 'webp', width: 1, height: 1, frames: 1 },
  }),
});
const redirect = (
  reason: 'buffer_full' | 'heavier_than_announced' = 'buffer_full',
  carried: Readable | null = null,
): JobAnswer => ({
  kind: 'redirect',
  carried,
  report: report({ redirect: { reason, carries: carried !== null } }),
});

/** One order as a fake worker got it, to be answered when the test says so. */
type Sent = {
  slot: number;
  order: JobOrder;
  carried: Readable | null;
  signal: AbortSignal;
  answer: (answer: JobAnswer) => Promise<void>;
  breakSocket: (error?: Error) => Promise<void>;
};

function rig(workers: number, over: Partial<DispatchConfig> = {}) {
  const clock = fakeClock();
  const sent: Sent[] = [];
  const settled = new Map<string, JobOutcome>();
  const broken: string[] = [];
  const shed: string[] = [];
  const proven = new Set<string>(['*']);
  const heavyOnceKnown = new Set<string>();
  const standing = new Map<string, Standing>();
  const left = new Set<string>();
  const fetched: string[] = [];
  const config: DispatchConfig = {
    queueJobsMax: 100,
    queueBytesMax: 1e9,
    queueWaitMsMax: 1e6,
    codelTargetMs: 1e5,
    requestMs: 15_000,
    fetchPlacesFile: 2,
    fetchPlacesRemote: 8,
    readyMax: 2,
    affinityBound: 1.25,
    policy: 'score',
    lbs: 1,
    retriesMax: 1,
    redirectsMax: 3,
    resultBytesMax: 1e6,
    heavyJobMs: 150,
    lightMemoryMs: 5000,
    revision: 7,
    workers,
    readyTimeoutMs: 5000,
    remoteOrigins: 1,
    ...over,
  };
  const tick = () => new Promise<void>((resolve) => setImmediate(resolve));
  const clientOf = (slot: number): WorkerClient =>
    ({
      sendJob: (order: JobOrder, carried: Readable | null, _max: number, signal: AbortSignal) =>
        new Promise<JobAnswer>((resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
          sent.push({
            slot,
            order,
            carried,
            signal,
            answer: async (answer) => {
              resolve(answer);
              await tick();
            },
            breakSocket: async (error = new Error('other side closed')) => {
              reject(error);
              await tick();
            },
          });
        }),
      destroy: () => {},
    }) as unknown as WorkerClient;
  const pool = new BackendPool((socketPath) => clientOf(Number(socketPath)));
  const dispatcher = new Dispatcher(
    {
      config: () => config,
      price: (job) =>
        heavyOnceKnown.has(job.jobId) && job.facts
          ? { ...job.price, heavy: true, known: true }
          : { ...job.price, known: job.facts !== null || job.price.known },
      meanJobMs: () => 10,
      isProven: (job) => proven.has('*') || proven.has(job.sourceId),
      standing: (job) => standing.get(job.sourceId) ?? 'good',
      isAwaited: (job) => !left.has(job.jobId),
      onFetched: (job, { version }) => fetched.push(`${job.jobId} ${version}`),
      onReport: () => {},
      onBroken: (slot, generation) => broken.push(`${slot}.${generation}`),
      onShed: (reason) => shed.push(reason),
      onRedirect: () => {},
      onRetry: () => {},
    },
    pool,
    clock,
    seededRng(3),
  );
  const entries = (generation = 1): BackendEntry[] =>
    Array.from({ length: workers }, (_, slot) => ({
      slot,
      generation,
      pid: 1,
      socketPath: String(slot),
      state: 'ready',
    }));
  dispatcher.setBackends(entries());
  /** A dead worker's place is filled again. */
  const replace = (dead: number): void =>
    void dispatcher.setBackends(entries().map((entry) => (entry.slot === dead ? { ...entry, generation: 2 } : entry)));
  const job = (jobId: string, over: Partial<Job> = {}): Job => ({
    jobId,
    requestId: jobId,
    traceparent: null,
    source: { ns: 'photos', key: `${jobId}.jpg` },
    sourceId: `photos/${jobId}.jpg`,
    plan: { view: 'image', decode: { orient: true, frames: 'auto' }, steps: [], encode: { format: 'webp' } },
    operation: 'webp',
    remote: false,
    enqueuedAtMs: clock.nowMs(),
    deadlineMs: clock.nowMs() + 15_000,
    price: { ms: 10, costPixels: 1e6, heavy: false, known: true, bytes: 1000 },
    knownVersion: null,
    facts: null,
    stage: { at: 'queued' },
    attempt: 0,
    redirects: 0,
    retries: 0,
    deaths: 0,
    exclusive: false,
    avoid: null,
    isHeld: false,
    heldUntilMs: clock.nowMs(),
    waitingSinceMs: clock.nowMs(),
    queueMs: 0,
    settle: (outcome) => settled.set(jobId, outcome),
    ...over,
  });
  const submit = (jobId: string, over: Partial<Job> = {}): Job => {
    const made = job(jobId, over);
    dispatcher.submit(made);
    return made;
  };
  const codeOf = (jobId: string): string | undefined => {
    const outcome = settled.get(jobId);
    return outcome === undefined ? undefined : outcome.ok ? 'ok' : outcome.error.code;
  };
  const obituary = (slot: number, exit: Obituary['exit'], startedJobIds: string[], generation = 1): void =>
    dispatcher.noteObituary({ slot, generation, exit, startedJobIds });
  const ordersOf = (jobId: string): Sent[] => sent.filter((each) => each.order.jobId === jobId);
  const last = (): Sent => sent[sent.length - 1] as Sent;
  return {
    clock,
    dispatcher,
    pool,
    sent,
    settled,
    broken,
    shed,
    proven,
    heavyOnceKnown,
    standing,
    left,
    fetched,
    submit,
    codeOf,
    obituary,
    ordersOf,
    last,
    entries,
    replace,
    tick,
  };
}

describe('dispatcher', () => {
  beforeEach(() => {
    vi.useRealTimers();
  });

  describe('without any worker', () => {
    it('keeps jobs for the next one: it comes in a moment', () => {
      const { submit, sent, dispatcher, entries } = rig(1);
      dispatcher.setBackends([]);
      submit('a');
      expect(sent).toHaveLength(0);
      dispatcher.setBackends(entries(2));
      expect(sent).toHaveLength(1);
    });

    it('answers what waits when none has come in the time that one may take, and refuses at the door from then on', () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const { submit, dispatcher, clock, codeOf } = rig(1);
      dispatcher.setBackends([]);
      submit('a');
      clock.advance(4999);
      vi.advanceTimersByTime(4999);
      expect(codeOf('a')).toBeUndefined();
      clock.advance(1);
      vi.advanceTimersByTime(1);
      expect(codeOf('a')).toBe('no_worker');
      expect(() => submit('b')).toThrow(expect.objectContaining({ code: 'no_worker' }));
    });

    it('counts from the last one, however long ago that was asked for', () => {
      const { submit, dispatcher, clock, codeOf } = rig(1);
      clock.advance(3_600_000);
      dispatcher.setBackends([]);
      submit('a');
      expect(codeOf('a')).toBeUndefined();
    });
  });

  it('binds late: what has no place waits, and goes when a place is free', async () => {
    const { submit, sent, dispatcher } = rig(1);
    for (const id of ['a', 'b', 'c', 'd']) submit(id);
    expect(sent.map((each) => each.order.jobId)).toEqual(['a', 'b']);
    expect(dispatcher.admission.jobs).toBe(2);
    await (sent[0] as Sent).answer(result());
    expect(sent.map((each) => each.order.jobId)).toEqual(['a', 'b', 'c']);
  });

  it('gives the fetch place on when the worker says that the bytes are there', () => {
    const { submit, sent, dispatcher, pool } = rig(1);
    for (const id of ['a', 'b', 'c']) submit(id);
    const backend = pool.all()[0];
    if (!backend) throw new Error('no backend');
    dispatcher.noteEvent(backend, { type: 'fetched', jobId: 'a', facts });
    expect(sent).toHaveLength(3);
  });

  describe('with an origin that hangs', () => {
    const remoteJob = (ns: string, key: string): Partial<Job> => ({
      remote: true,
      source: { ns, key },
      sourceId: `${ns}/${key}`,
    });
    const nsOf = (sent: readonly Sent[]): readonly string[] => sent.map(({ order }) => order.source.ns);

    it('keeps places for the others, however many jobs wait for it', () => {
      const { submit, sent } = rig(1, { remoteOrigins: 2, fetchPlacesRemote: 4, queueJobsMax: 1000 });
      for (let at = 0; at < 80; at++) submit(`h${at}`, remoteJob('hung', `${at}.jpg`));
      expect(nsOf(sent)).toEqual(['hung', 'hung', 'hung']);
      submit('g', remoteJob('good', 'a.jpg'));
      submit('f');
      expect(nsOf(sent).slice(3)).toEqual(['good', 'photos']);
    });

    it('leaves its workers open to light jobs while nothing is known of its pictures', () => {
      const { submit, sent } = rig(2);
      const unknown = { ms: 10, costPixels: 1e6, heavy: false, known: false, bytes: 1000 };
      submit('h', { ...remoteJob('hung', 'a.jpg'), price: unknown });
      expect(sent[0]?.order.heavyGranted).toBe(true);
      for (const id of ['a', 'b', 'c', 'd']) submit(id);
      expect(sent.filter(({ slot }) => slot === sent[0]?.slot)).toHaveLength(3);
    });

    it('is asked once for all who wait for the same source, who share its failure', async () => {
      const { submit, sent, last, codeOf, proven } = rig(1);
      proven.clear();
      for (const id of ['a', 'b', 'c']) submit(id, remoteJob('hung', 'one.jpg'));
      submit('d', remoteJob('hung', 'two.jpg'));
      await (sent[0] as Sent).answer({ kind: 'error', error: new PileusError('origin_timeout'), report: null });
      expect(['a', 'b', 'c'].map(codeOf)).toEqual(['origin_timeout', 'origin_timeout', 'origin_timeout']);
      expect(last().order.jobId).toBe('d');
      expect(sent).toHaveLength(2);
    });

    it('is known to all who wait for the same source as soon as one job has its header', async () => {
      const { submit, sent, dispatcher, pool, proven, heavyOnceKnown, tick } = rig(1);
      proven.clear();
      const unknown = { ms: 10, costPixels: 1e6, heavy: false, known: false, bytes: 1000 };
      const [first, second, third] = ['a', 'b', 'c'].map((id) =>
        submit(id, { ...remoteJob('hung', 'one.jpg'), price: unknown }),
      );
      submit('d', { ...remoteJob('hung', 'two.jpg'), price: unknown });
      heavyOnceKnown.add('c');
      const [backend] = pool.all();
      if (!backend) throw new Error('no backend');
      dispatcher.noteEvent(backend, { type: 'fetched', jobId: 'a', facts });
      await tick();
      expect([first, second, third].map((job) => job?.price.known)).toEqual([true, true, true]);
      expect(dispatcher.admission.heavyJobs).toBe(1);
      expect(sent.map(({ order }) => order.jobId)).toEqual(['a', 'd']);
    });

    it('keeps a failure of one operation to itself', async () => {
      const { submit, sent, last, proven } = rig(1);
      proven.clear();
      for (const id of ['a', 'b']) submit(id, remoteJob('hung', 'one.jpg'));
      await (sent[0] as Sent).answer({ kind: 'error', error: new PileusError('undecodable'), report: report() });
      expect(last().order.jobId).toBe('b');
    });

    it('does not refuse the others for the wait of its jobs', () => {
      const { submit, sent } = rig(1, { remoteOrigins: 2, fetchPlacesRemote: 4, queueWaitMsMax: 100 });
      for (let at = 0; at < 11; at++) submit(`h${at}`, remoteJob('hung', `${at}.jpg`));
      expect(() => submit('h11', remoteJob('hung', '11.jpg'))).toThrow(expect.objectContaining({ code: 'overloaded' }));
      submit('g', remoteJob('good', 'a.jpg'));
      expect(nsOf(sent).at(-1)).toBe('good');
    });

    it('lets many sizes of one of its pictures stand aside as well', () => {
      const { submit, sent, proven } = rig(1, { queueWaitMsMax: 100 });
      proven.clear();
      for (let at = 0; at < 11; at++) submit(`h${at}`, remoteJob('hung', 'one.jpg'));
      expect(() => submit('h11', remoteJob('hung', 'one.jpg'))).toThrow();
      submit('f');
      expect(nsOf(sent)).toEqual(['hung', 'photos']);
    });
  });

  it('learns the pace of each worker from what its pictures took', async () => {
    const { submit, sent, pool } = rig(2);
    const cost = (actualMs: number) => ({ predictedMs: 10, costPixels: 1e6, actualMs });
    const paceOf = (slot: number): number => pool.get(slot, 1)?.msPerCostPixel ?? 0;
    const before = paceOf(0);
    submit('a');
    const first = sent[0] as Sent;
    await first.answer({ ...result(), report: { ...result().report, cost: cost(20) } } as JobAnswer);
    expect(paceOf(first.slot)).toBeGreaterThan(before);
    expect(paceOf(1 - first.slot)).toBe(before);
    submit('b', { avoid: { slot: 1 - first.slot, untilMs: Number.POSITIVE_INFINITY } });
    const paceNow = paceOf(first.slot);
    await (sent[1] as Sent).answer({ ...result(), report: { ...result().report, cost: cost(0) } } as JobAnswer);
    expect(paceOf(first.slot)).toBe(paceNow);
  });

  it('names the known version in the order where nothing else is known of the source', () => {
    const { submit, last } = rig(1);
    submit('a', { knownVersion: 'v2' });
    expect(last().order.knownVersion).toBe('v2');
  });

  it('says in the order what the worker has to know', () => {
    const { submit, last, clock } = rig(1);
    submit('a', { facts });
    expect(last().order).toMatchObject({
      jobId: 'a',
      attempt: 0,
      knownVersion: 'v1',
      configRevision: 7,
      predictedMs: 10,
      heavyGranted: false,
      mustRun: false,
      carried: null,
    });
    expect(last().order.deadlineNs).toBe(Math.round((clock.nowMs() + 15_000) * 1e6));
  });

  it('runs one job at a time of a source that no worker has decoded yet', async () => {
    const { submit, sent, proven, ordersOf } = rig(2);
    proven.clear();
    const same = { source: { ns: 'photos', key: 'new.jpg' }, sourceId: 'photos/new.jpg' };
    submit('a', same);
    submit('b', same);
    submit('c');
    expect(sent.map((each) => each.order.jobId)).toEqual(['a', 'c']);
    await (sent[0] as Sent).answer(result());
    expect(ordersOf('b')).toHaveLength(1);
  });

  describe('heavy jobs', () => {
    const heavy = { price: { ms: 900, costPixels: 1e8, heavy: true, known: true, bytes: 1000 } };

    it('never hold the last CPU place', () => {
      const { submit, sent } = rig(2);
      for (const id of ['h1', 'h2', 'h3']) submit(id, heavy);
      expect(sent.map((each) => each.order.jobId)).toEqual(['h1']);
      expect((sent[0] as Sent).order.heavyGranted).toBe(true);
    });

    it('take every place once no light job has been about for a while, and give one back to the next', async () => {
      const { submit, sent, clock, ordersOf } = rig(2, { lightMemoryMs: 5000 });
      clock.advance(5000);
      for (const id of ['h1', 'h2']) submit(id, heavy);
      expect(new Set(sent.map((each) => each.slot)).size).toBe(2);
      submit('light');
      expect(ordersOf('light')).toHaveLength(1);
      submit('h3', heavy);
      await (ordersOf('h1')[0] as Sent).answer(result());
      expect(ordersOf('h3')).toHaveLength(0);
    });

    it('leave no place to jobs that are hardly lighter: they would keep a CPU idle for them', () => {
      const { submit, sent, clock } = rig(2, { heavyJobMs: 150, lightMemoryMs: 5000 });
      clock.advance(5000);
      const price = (ms: number) => ({ price: { ...heavy.price, ms, heavy: ms > 150 } });
      submit('hardly-lighter', price(140));
      expect(new Set(sent.map((each) => each.slot)).size).toBe(1);
      for (const id of ['h1', 'h2']) submit(id, price(160));
      expect(new Set(sent.map((each) => each.slot)).size).toBe(2);
      expect(sent.map((each) => each.order.jobId)).toContain('h1');
    });

    it('go cheapest first', async () => {
      const { submit, sent } = rig(2);
      submit('running', heavy);
      submit('dear', { price: { ...heavy.price, ms: 5000 } });
      submit('cheap', { price: { ...heavy.price, ms: 500 } });
      await (sent[0] as Sent).answer(result());
      expect(sent.map((each) => each.order.jobId)).toEqual(['running', 'cheap']);
    });

    it('leave the other workers to light jobs, which never queue up behind them', () => {
      const { submit, sent } = rig(2);
      submit('h', heavy);
      const heavySlot = (sent[0] as Sent).slot;
      for (const id of ['a', 'b', 'c']) submit(id);
      expect(sent.slice(1).every((each) => each.slot !== heavySlot)).toBe(true);
      expect(sent).toHaveLength(3);
    });

    it('are granted one at a time to sources of which nothing is known', () => {
      const { submit, sent } = rig(3);
      for (const id of ['a', 'b', 'c'])
        submit(id, { price: { ms: 10, costPixels: 1e6, heavy: false, known: false, bytes: 1 } });
      expect(sent.filter((each) => each.order.heavyGranted)).toHaveLength(2);
    });

    it('that turn out heavy are priced anew after the redirect and wait for a heavy place', async () => {
      const { submit, sent, heavyOnceKnown, ordersOf } = rig(2);
      submit('h', heavy);
      heavyOnceKnown.add('x');
      submit('x', { price: { ms: 10, costPixels: 1e6, heavy: false, known: false, bytes: 1 } });
      await (ordersOf('x')[0] as Sent).answer(redirect('heavier_than_announced'));
      expect(ordersOf('x')).toHaveLength(1);
      await (sent[0] as Sent).answer(result());
      expect(ordersOf('x')).toHaveLength(2);
      expect((ordersOf('x')[1] as Sent).order.heavyGranted).toBe(true);
    });
  });

  describe('redirects', () => {
    it('go to another worker at once, with the attempt counted', async () => {
      const { submit, ordersOf } = rig(2);
      submit('a');
      const first = ordersOf('a')[0] as Sent;
      await first.answer(redirect());
      const second = ordersOf('a')[1] as Sent;
      expect(second.slot).not.toBe(first.slot);
      expect(second.order.attempt).toBe(1);
    });

    it('carry the bytes on to the next worker', async () => {
      const { submit, ordersOf } = rig(2);
      submit('a');
      const body = Readable.from(['bytes']);
      await (ordersOf('a')[0] as Sent).answer(redirect('buffer_full', body));
      const second = ordersOf('a')[1] as Sent;
      expect(second.carried).toBe(body);
      expect(second.order.carried).toEqual({ bytes: 1000, facts, checkedAtMs: null });
    });

    it('do not blame the worker that the bytes were sent to when they break off', async () => {
      const { submit, ordersOf, broken } = rig(2);
      submit('a');
      await (ordersOf('a')[0] as Sent).answer(redirect('buffer_full', Readable.from(['bytes'])));
      await (ordersOf('a')[1] as Sent).breakSocket(new CarriedBroken('broke off'));
      expect(broken).toEqual([]);
      expect(ordersOf('a')).toHaveLength(3);
      expect((ordersOf('a')[2] as Sent).carried).toBeNull();
    });

    it('let the bytes go when no other worker has a place', async () => {
      const { submit, ordersOf } = rig(1);
      submit('a');
      const body = Readable.from(['bytes']);
      await (ordersOf('a')[0] as Sent).answer(redirect('buffer_full', body));
      expect(body.destroyed).toBe(true);
    });

    it('end: the last worker must run it, and after that it is overload', async () => {
      const { submit, ordersOf, codeOf, last } = rig(2, { redirectsMax: 1 });
      submit('a');
      await last().answer(redirect());
      expect((ordersOf('a')[1] as Sent).order.mustRun).toBe(true);
      await last().answer(redirect());
      expect(codeOf('a')).toBe('overloaded');
    });
  });

  describe('a broken socket', () => {
    it('is told to the master once, and the worker gets nothing more', async () => {
      const { submit, sent, broken } = rig(2);
      submit('a');
      submit('b', { facts });
      const victim = (sent[0] as Sent).slot;
      for (const each of sent.filter((order) => order.slot === victim)) await each.breakSocket();
      expect(broken).toEqual([`${victim}.1`]);
      for (const id of ['c', 'd', 'e']) submit(id);
      expect(sent.slice(2).every((each) => each.slot !== victim)).toBe(true);
    });

    it('holds its jobs for the obituary: what had not started goes elsewhere, free', async () => {
      const { submit, sent, obituary, ordersOf, codeOf } = rig(2);
      submit('a');
      const first = sent[0] as Sent;
      await first.breakSocket();
      expect(ordersOf('a')).toHaveLength(1);
      obituary(first.slot, 'crashed', []);
      expect(ordersOf('a')).toHaveLength(2);
      expect(codeOf('a')).toBeUndefined();
    });

    it('fails a job that was inside three workers as they died, though it had never started', async () => {
      const { submit, obituary, codeOf, ordersOf } = rig(4);
      submit('a');
      for (let death = 0; death < 3; death++) {
        expect(codeOf('a')).toBeUndefined();
        const { slot, breakSocket } = ordersOf('a')[death] as Sent;
        await breakSocket();
        obituary(slot, 'stuck', []);
      }
      expect(codeOf('a')).toBe('worker_crashed');
      expect(ordersOf('a')).toHaveLength(3);
    });

    it('finds the obituary that came before it', async () => {
      const { submit, sent, obituary, codeOf } = rig(1);
      submit('a');
      obituary(0, 'deadline', ['a']);
      await (sent[0] as Sent).breakSocket();
      expect(codeOf('a')).toBe('processing_deadline');
    });

    it('fails a started job that was killed for its deadline, without a retry', async () => {
      const { submit, sent, obituary, codeOf, ordersOf } = rig(2);
      submit('a');
      await (sent[0] as Sent).breakSocket();
      obituary((sent[0] as Sent).slot, 'deadline', ['a']);
      expect(codeOf('a')).toBe('processing_deadline');
      expect(ordersOf('a')).toHaveLength(1);
    });

    it('retries a started job of a crashed worker once, alone in its worker', async () => {
      const { submit, sent, obituary, codeOf, ordersOf, replace } = rig(2);
      submit('a');
      submit('b');
      submit('c');
      const first = ordersOf('a')[0] as Sent;
      for (const each of sent.filter((order) => order.slot === first.slot)) await each.breakSocket();
      obituary(first.slot, 'crashed', ['a']);
      // The other worker is all that is left for everybody else.
      for (const each of sent.filter((order) => order.slot !== first.slot)) await each.answer(result());
      expect(ordersOf('a')).toHaveLength(1);
      replace(first.slot);
      const second = ordersOf('a')[1] as Sent;
      submit('d');
      expect((ordersOf('d')[0] as Sent).slot).not.toBe(second.slot);
      await second.breakSocket();
      obituary(second.slot, 'crashed', ['a'], second.slot === first.slot ? 2 : 1);
      expect(codeOf('a')).toBe('worker_crashed');
    });

    it('empties a worker for a retry when none is empty: nothing new goes there', async () => {
      const { submit, sent, obituary, ordersOf, pool } = rig(3);
      for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) submit(id);
      const first = ordersOf('a')[0] as Sent;
      for (const each of sent.filter(({ slot }) => slot === first.slot)) await each.breakSocket();
      obituary(first.slot, 'crashed', ['a']);
      const emptied = pool.all().find(({ exclusiveFor }) => exclusiveFor === 'a')?.slot;
      for (const each of sent.filter(({ slot }) => slot === emptied)) await each.answer(result());
      expect(ordersOf('a')[1]?.slot).toBe(emptied);
    });

    it('gives a retry to the last worker after three seconds, should the other not come back', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const { submit, sent, obituary, ordersOf, clock } = rig(2);
      submit('a');
      await (sent[0] as Sent).breakSocket();
      obituary((sent[0] as Sent).slot, 'crashed', ['a']);
      expect(ordersOf('a')).toHaveLength(1);
      clock.advance(3002);
      vi.advanceTimersByTime(3002);
      expect(ordersOf('a')).toHaveLength(2);
    });

    it('is no reason for a retry that nobody waits for', async () => {
      const { submit, sent, obituary, ordersOf, left, codeOf } = rig(1);
      submit('a');
      left.add('a');
      await (sent[0] as Sent).breakSocket();
      obituary(0, 'crashed', ['a']);
      expect(ordersOf('a')).toHaveLength(1);
      expect(codeOf('a')).toBe('client_gone');
    });

    it('of a worker that lives all the same ends its work for a second, not for ever', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const { submit, sent, ordersOf, clock } = rig(1);
      submit('a');
      await (sent[0] as Sent).breakSocket();
      vi.advanceTimersByTime(250);
      expect(ordersOf('a')).toHaveLength(1);
      clock.advance(1000);
      vi.advanceTimersByTime(1000);
      expect(ordersOf('a')).toHaveLength(2);
    });

    it('goes by the events when no obituary comes in time', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const { submit, sent, ordersOf } = rig(2);
      submit('a');
      await (sent[0] as Sent).breakSocket();
      vi.advanceTimersByTime(249);
      expect(ordersOf('a')).toHaveLength(1);
      vi.advanceTimersByTime(1);
      expect(ordersOf('a')).toHaveLength(2);
    });
  });

  describe('blame', () => {
    const same = { source: { ns: 'photos', key: 'bad.jpg' }, sourceId: 'photos/bad.jpg' };

    it('answers what waits at once, and what no worker has started a moment later, once it is quarantined', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const { submit, dispatcher, standing, codeOf, pool, sent, tick } = rig(1);
      submit('running', same);
      submit('fetching', same);
      submit('fetching-too', same);
      submit('queued', same);
      submit('other');
      const [backend] = pool.all();
      if (!backend) throw new Error('no backend');
      dispatcher.noteEvent(backend, { type: 'started', jobId: 'running' });
      standing.set(same.sourceId, 'quarantined');
      dispatcher.noteBlame();
      const codes = () => ['running', 'fetching', 'fetching-too', 'queued', 'other'].map(codeOf);
      expect(codes()).toEqual([undefined, undefined, undefined, 'quarantined', undefined]);
      vi.advanceTimersByTime(10);
      expect(codes()).toEqual([undefined, 'quarantined', 'quarantined', 'quarantined', undefined]);
      await tick();
      expect(sent.at(-1)?.order.jobId).toBe('other');
    });

    it('leaves a job to the obituary whose broken link is noticed a moment after the blame', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const { submit, sent, dispatcher, standing, codeOf, obituary } = rig(1, { retriesMax: 0 });
      submit('a', same);
      standing.set(same.sourceId, 'quarantined');
      dispatcher.noteBlame();
      await (sent[0] as Sent).breakSocket();
      vi.advanceTimersByTime(10);
      expect(codeOf('a')).toBeUndefined();
      obituary(0, 'crashed', ['a']);
      expect(codeOf('a')).toBe('worker_crashed');
    });

    it('ends the retry of what is quarantined by then', async () => {
      const { submit, sent, standing, codeOf, obituary, ordersOf } = rig(2);
      submit('a', same);
      await (sent[0] as Sent).breakSocket();
      standing.set(same.sourceId, 'quarantined');
      obituary((sent[0] as Sent).slot, 'crashed', ['a']);
      expect(codeOf('a')).toBe('quarantined');
      expect(ordersOf('a')).toHaveLength(1);
    });

    it('never puts the last worker at risk: a struck source waits until the dead one is replaced', async () => {
      const { submit, sent, standing, obituary, ordersOf, replace } = rig(2);
      submit('a');
      const first = sent[0] as Sent;
      await first.breakSocket();
      obituary(first.slot, 'killed', []);
      standing.set(same.sourceId, 'struck');
      submit('b', same);
      submit('c');
      expect(ordersOf('b')).toHaveLength(0);
      expect(ordersOf('c')).toHaveLength(1);
      replace(first.slot);
      expect(ordersOf('b')).toHaveLength(1);
    });

    it('keeps nobody out: what waits behind a struck source is not in the way of the others', async () => {
      const { submit, sent, standing, obituary, ordersOf, proven, pool, dispatcher } = rig(2, { queueWaitMsMax: 100 });
      proven.clear();
      for (let at = 0; at < 16; at++) submit(`bad${at}`, same);
      const first = sent[0] as Sent;
      const backend = pool.all().find(({ slot }) => slot === first.slot);
      if (!backend) throw new Error('no backend');
      dispatcher.noteEvent(backend, { type: 'started', jobId: first.order.jobId });
      await first.breakSocket();
      // One worker is left: all those before them would take longer than a hundred milliseconds.
      submit('a');
      standing.set(same.sourceId, 'struck');
      obituary(first.slot, 'crashed', [first.order.jobId]);
      submit('b');
      expect(['a', 'b'].map((id) => ordersOf(id).length)).toEqual([1, 1]);
    });

    it('hears what was fetched before the worker died of it', () => {
      const { submit, dispatcher, pool, fetched } = rig(1);
      submit('a');
      const [backend] = pool.all();
      if (!backend) throw new Error('no backend');
      dispatcher.noteEvent(backend, { type: 'fetched', jobId: 'a', facts });
      expect(fetched).toEqual(['a v1']);
    });
  });

  describe('a client that leaves', () => {
    it('takes its job out of the queue', () => {
      const { submit, dispatcher, codeOf } = rig(1);
      for (const id of ['a', 'b']) submit(id);
      const waiting = submit('c');
      dispatcher.cancel(waiting, new PileusError('client_gone'));
      expect(codeOf('c')).toBe('client_gone');
      expect(dispatcher.admission.jobs).toBe(0);
      expect(dispatcher.admission.bytes).toBe(0);
    });

    it('aborts a job that has not started and gives its place on', async () => {
      const { submit, sent, dispatcher, tick } = rig(1);
      const jobs = ['a', 'b', 'c'].map((id) => submit(id));
      dispatcher.cancel(jobs[0] as Job, new PileusError('client_gone'));
      await tick();
      expect((sent[0] as Sent).signal.aborted).toBe(true);
      expect(sent.map((each) => each.order.jobId)).toEqual(['a', 'b', 'c']);
    });

    it('lets a running job end', () => {
      const { submit, sent, dispatcher, pool, codeOf } = rig(1);
      const job = submit('a');
      const backend = pool.all()[0];
      if (!backend) throw new Error('no backend');
      dispatcher.noteEvent(backend, { type: 'started', jobId: 'a' });
      dispatcher.cancel(job, new PileusError('client_gone'));
      expect((sent[0] as Sent).signal.aborted).toBe(false);
      expect(codeOf('a')).toBeUndefined();
    });
  });

  it('answers those who wait at the deadline and still hands over the late result', async () => {
    const { submit, sent, dispatcher, pool, codeOf } = rig(1);
    const job = submit('a');
    const backend = pool.all()[0];
    if (!backend) throw new Error('no backend');
    dispatcher.noteEvent(backend, { type: 'started', jobId: 'a' });
    dispatcher.expire(job);
    expect(codeOf('a')).toBe('request_deadline');
    await (sent[0] as Sent).answer(result());
    expect(codeOf('a')).toBe('ok');
  });

  it('sheds what waited too long when the queue has a standing delay', async () => {
    const { submit, sent, clock, shed, codeOf } = rig(1, { codelTargetMs: 20 });
    for (let at = 0; at < 60; at++) submit(`j${at}`);
    for (let at = 0; at < 60 && sent[at]; at++) {
      clock.advance(30);
      await (sent[at] as Sent).answer(result());
    }
    expect(shed.filter((reason) => reason === 'codel').length).toBeGreaterThan(10);
    expect(codeOf('j59')).toBe('shed');
  });

  it('looks on when all that it looked at was shed', async () => {
    const { submit, sent, clock, shed, dispatcher } = rig(1, { codelTargetMs: 20, fetchPlacesFile: 1 });
    for (let at = 0; at < 100; at++) submit(`j${at}`);
    for (let at = 0; at < 3; at++) {
      clock.advance(500);
      await (sent[at] as Sent | undefined)?.answer(result());
    }
    expect(shed.filter((reason) => reason === 'codel').length).toBeGreaterThan(60);
    for (let at = 3; at < sent.length; at++) await (sent[at] as Sent).answer(result());
    expect(dispatcher.admission.jobs).toBe(0);
  });

  it('counts no time in which a job was held by another on its source as waiting for a worker', async () => {
    const { submit, sent, clock, proven } = rig(1, { fetchPlacesFile: 1 });
    proven.clear();
    const same = { source: { ns: 'photos', key: 'same' }, sourceId: 'photos/same' };
    submit('a', same);
    const second = submit('b', same);
    const other = submit('c');
    expect([second.isHeld, other.isHeld]).toEqual([true, false]);
    clock.advance(3000);
    await (sent[0] as Sent).answer(result());
    expect(second).toMatchObject({ isHeld: false, heldUntilMs: clock.nowMs() });
    expect(other.heldUntilMs).toBe(other.enqueuedAtMs);
  });

  it('follows the table: a draining worker gets nothing, a new generation does', () => {
    const { submit, sent, dispatcher, entries } = rig(1);
    dispatcher.setBackends(entries().map((entry) => ({ ...entry, state: 'draining' as const })));
    submit('a');
    expect(sent).toHaveLength(0);
    dispatcher.setBackends([...entries(1).map((entry) => ({ ...entry, state: 'draining' as const })), ...entries(2)]);
    expect(sent).toHaveLength(1);
  });
});
