import { describe, expect, it } from 'vitest';
import { SlotTable } from '../../src/master/slot-table.ts';
import { isServing, nodeStats } from '../../src/master/stats.ts';
import { jobStarted, lbBeat, raw, workerBeat } from './table.ts';

function table(): SlotTable {
  const slots = new SlotTable(() => 0.5);
  const born = (role: 'lb' | 'worker', slot: number, generation: number): void =>
    slots.born({ role, slot }, { pid: 100 + generation, generation, socketPath: '', bornAtMs: 0 }, 100);
  born('lb', 0, 1);
  born('worker', 0, 2);
  born('worker', 1, 3);
  return slots;
}
const stats = (slots: SlotTable) =>
  nodeStats({
    revision: 4,
    uptimeMs: 1500.4,
    slots: slots.slots,
    quarantined: [],
    counters: { requests: 7 },
    nowMs: 250,
  });
const terms = { drain: 12, cpu: 1 };
const score = (inFlight: number) => ({ slot: 0, inFlight, pixelsInFlight: inFlight * 1000, score: 12.5, terms });

describe('stats', () => {
  it('show a worker as it reported itself, and as the lb counts it', () => {
    const slots = table();
    slots.becameReady(1, 1e9, 0);
    slots.becameReady(2, 1e9, 0);
    slots.heard(1, { type: 'beat', beat: lbBeat([score(2)]) }, 200, 1e9);
    slots.heard(2, { type: 'beat', beat: workerBeat({}, 42) }, 200, 1e9);
    slots.heard(2, jobStarted('j1'), 210, 1e9);
    const { workers, lbs, queue, caches, counters } = stats(slots);
    expect(workers[0]).toEqual({
      slot: 0,
      pid: 102,
      generation: 2,
      state: 'ready',
      beatAgeMs: 50,
      inFlight: 2,
      pixelsInFlight: 2000,
      bufferBytesUsed: 10e6,
      bufferBytesPinned: 1e6,
      bufferBytes: 128e6,
      cpuShare: 0.5,
      rssBytes: 100e6,
      jobsInside: 3,
      jobsDone: 42,
      eventLoopLagMs: 1,
      score: 12.5,
      scoreTerms: terms,
      job: {
        jobId: 'j1',
        requestId: 'r-j1',
        ageMs: 40,
        pixels: 1e6,
        ns: 'photos',
        key: 'a.jpg',
        operation: 'resize',
      },
    });
    expect(lbs).toEqual([
      {
        slot: 0,
        pid: 101,
        generation: 1,
        state: 'ready',
        beatAgeMs: 50,
        rssBytes: 90e6,
        cpuShare: 0.2,
        eventLoopLagMs: 1,
        connections: 3,
        requestsInFlight: 2,
        bufferedBytes: 1000,
      },
    ]);
    expect(queue).toEqual({ jobs: 4, bytes: 5000, heavy: 1, predictedWaitMs: 60, oldestMs: 70 });
    expect(caches).toEqual({ memoryBytes: 1, memoryEntries: 2, storeBytes: 3, storeEntries: 4, facts: 5, aliases: 6 });
    expect(counters).toEqual({ requests: 7 });
  });

  it('show a worker that has not reported yet, and one that is gone', () => {
    const slots = table();
    slots.exited(3, raw(1), false, 10);
    const { workers } = stats(slots);
    expect(workers[0]).toMatchObject({ slot: 0, pid: 102, state: 'starting', job: null, score: null, inFlight: 0 });
    expect(workers[1]).toMatchObject({ slot: 1, pid: null, generation: null, state: 'waiting', job: null });
  });

  it('add up what several lbs count', () => {
    const slots = table();
    slots.born({ role: 'lb', slot: 1 }, { pid: 109, generation: 9, socketPath: '', bornAtMs: 0 }, 100);
    for (const lb of [1, 9]) {
      slots.becameReady(lb, 1e9, 0);
      slots.heard(lb, { type: 'beat', beat: lbBeat([score(lb)]) }, 200, 1e9);
    }
    const { workers, queue } = stats(slots);
    expect(workers[0]).toMatchObject({ inFlight: 10, pixelsInFlight: 10_000 });
    expect(queue).toMatchObject({ jobs: 8, predictedWaitMs: 60 });
  });
});

describe('readiness', () => {
  it('needs an lb and a worker, and that nobody has asked to stop', () => {
    const slots = table();
    expect(isServing(slots.slots, false)).toBe(false);
    slots.becameReady(1, 1e9, 0);
    expect(isServing(slots.slots, false)).toBe(false);
    slots.becameReady(3, 1e9, 0);
    expect(isServing(slots.slots, false)).toBe(true);
    expect(isServing(slots.slots, true)).toBe(false);
    slots.exited(3, raw(null, 'SIGKILL'), false, 10);
    expect(isServing(slots.slots, false)).toBe(false);
  });
});
