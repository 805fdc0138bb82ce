import { describe, expect, it } from 'vitest';
import type { BackendEntry } from '../../src/ipc/messages.ts';
import { isHeavyOut } from '../../src/lb/backend.ts';
import { BackendPool } from '../../src/lb/backend-pool.ts';
import type { Job, Price, Ticket } from '../../src/lb/job.ts';
import type { WorkerClient } from '../../src/lb/worker-client.ts';
import { load } from './kit.ts';

const entry = (slot: number, generation = 1, state: BackendEntry['state'] = 'ready'): BackendEntry => ({
  slot,
  generation,
  pid: 1,
  socketPath: `${slot}.${generation}`,
  state,
});

function poolOf(...entries: readonly BackendEntry[]) {
  const opened: string[] = [];
  const pool = new BackendPool((socketPath) => {
    opened.push(socketPath);
    return {} as WorkerClient;
  });
  pool.apply(entries);
  return { pool, opened };
}

const price = (over: Partial<Price> = {}): Price => ({
  ms: 10,
  costPixels: 1e6,
  heavy: false,
  known: true,
  bytes: 1000,
  ...over,
});
const ticket = (jobId: string, over: { price?: Partial<Price>; remote?: boolean } & Partial<Ticket> = {}): Ticket => {
  const { price: priced, remote = false, ...rest } = over;
  return {
    job: { jobId, price: price(priced), remote } as Job,
    slot: 0,
    generation: 1,
    abort: new AbortController(),
    heavyGranted: false,
    inside: 'fetching',
    ...rest,
  };
};

describe('the pool of backends', () => {
  it('tells who came and who went, and opens a socket once', () => {
    const { pool, opened } = poolOf(entry(0), entry(1));
    expect(pool.all().map(({ slot }) => slot)).toEqual([0, 1]);
    const kept = pool.get(0, 1);
    const { came, went } = pool.apply([entry(0), entry(2)]);
    expect([came.map(({ slot }) => slot), went.map(({ slot }) => slot)]).toEqual([[2], [1]]);
    expect(pool.get(0, 1)).toBe(kept);
    expect(opened).toEqual(['0.1', '1.1', '2.1']);
  });

  it('heals with the next table, whatever was lost or doubled', () => {
    const { pool } = poolOf(entry(0));
    pool.apply([entry(0)]);
    expect(pool.apply([entry(0), entry(1)]).came).toHaveLength(1);
    expect(pool.apply([]).went).toHaveLength(2);
    expect(pool.all()).toEqual([]);
  });

  it('keeps two generations of a slot apart', () => {
    const { pool } = poolOf(entry(0, 1, 'draining'), entry(0, 2));
    expect(pool.all()).toHaveLength(2);
    expect(pool.open().map((backend) => backend.entry.generation)).toEqual([2]);
    expect(pool.get(0, 1)?.entry.state).toBe('draining');
  });

  it('gives work to who is ready and whole', () => {
    const { pool } = poolOf(entry(0), entry(1, 1, 'draining'), entry(2));
    const broken = pool.get(2, 1);
    if (broken) broken.broken = true;
    expect(pool.open().map(({ slot }) => slot)).toEqual([0]);
    pool.apply([entry(0, 1, 'draining'), entry(1), entry(2)]);
    expect(pool.open().map(({ slot }) => slot)).toEqual([1]);
  });
});

describe('a backend', () => {
  function backendWith(...tickets: readonly Ticket[]) {
    const backend = poolOf(entry(0)).pool.get(0, 1);
    if (!backend) throw new Error('no backend');
    for (const each of tickets) backend.tickets.set(each.job.jobId, each);
    return backend;
  }

  it('counts its jobs by where they are', () => {
    const backend = backendWith(
      ticket('a'),
      ticket('b', { remote: true }),
      ticket('c', { inside: 'ready' }),
      ticket('d', { inside: 'running', price: { heavy: true, costPixels: 5e6 } }),
    );
    expect(backend.view()).toMatchObject({
      slot: 0,
      fetchingFile: 1,
      fetchingRemote: 1,
      readyJobs: 1,
      jobs: 4,
      heavyJobs: 1,
      costPixelsInFlight: 8e6,
      cpuExcess: 0,
      bufferShare: 0,
    });
    expect(backend.inFlightMs()).toBe(30);
  });

  it('follows what its worker tells, and is deaf to what is over', () => {
    const backend = backendWith(ticket('a'));
    expect(backend.noteEvent({ type: 'fetched', jobId: 'a', facts: null })?.inside).toBe('ready');
    expect(backend.noteEvent({ type: 'started', jobId: 'a' })?.inside).toBe('running');
    expect(backend.noteEvent({ type: 'started', jobId: 'gone' })).toBeUndefined();
  });

  it('shows what its worker last said of itself', () => {
    const backend = backendWith();
    backend.noteLoad({ ...load, cpuShare: 0.9, cpuShareExplained: 0.5, bufferBytes: 200, bufferBytesPinned: 50 });
    expect(backend.view().cpuExcess).toBeCloseTo(0.4);
    expect(backend.view().bufferShare).toBe(0.25);
  });

  it('takes what hangs at its origin out of the work that is ahead', () => {
    const backend = backendWith(ticket('a', { remote: true }), ticket('b', { remote: true, inside: 'ready' }));
    expect(backend.inFlightMs(({ remote }) => remote)).toBe(10);
  });

  it('keeps a heavy place for an unknown job that was granted one, until it is known', () => {
    const unknown = { price: { known: false } };
    expect(isHeavyOut(ticket('a', { ...unknown, heavyGranted: true }))).toBe(true);
    expect(isHeavyOut(ticket('a', unknown))).toBe(false);
    expect(isHeavyOut(ticket('a', { heavyGranted: true }))).toBe(false);
    expect(isHeavyOut(ticket('a', { price: { heavy: true } }))).toBe(true);
    expect(backendWith(ticket('a', { ...unknown, heavyGranted: true })).view().heavyJobs).toBe(1);
    expect(backendWith(ticket('a', { ...unknown, heavyGranted: true, remote: true })).view().heavyJobs).toBe(0);
  });

  it('grows slower and faster with its pictures, within bounds', () => {
    const backend = backendWith();
    const usual = backend.msPerCostPixel;
    for (let nowMs = 0; nowMs < 100_000; nowMs += 1000) backend.notePicture(price(), 1000, nowMs);
    expect(backend.msPerCostPixel / usual).toBeGreaterThan(2);
    expect(backend.msPerCostPixel / usual).toBeLessThanOrEqual(4.0001);
    const slow = backend.msPerCostPixel;
    backend.notePicture(price({ known: false }), 0.1, 100_000);
    backend.notePicture(price(), 0, 100_000);
    expect(backend.msPerCostPixel).toBe(slow);
    backend.notePicture(price(), 1, 101_000);
    expect(backend.msPerCostPixel).toBeLessThan(slow);
  });
});
