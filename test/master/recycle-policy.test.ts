import { describe, expect, it } from 'vitest';
import { fatBeatsAfter, fatBeatsMax, recycleAfterJobs, recycleCause } from '../../src/master/recycle-policy.ts';
import type { Live } from '../../src/master/slot.ts';
import { seededRng } from '../../src/shared/rng.ts';
import { lbBeat, workerBeat } from './table.ts';

const limits = { recycleAgeMs: 0, workerRssMax: 500e6 };
const live = (over: Partial<Live> = {}): Live => ({
  readyAtMs: 1000,
  heardAtMs: 1000,
  beat: workerBeat(),
  beatAtMs: 1000,
  fatBeats: 0,
  recycleAfterJobs: Number.POSITIVE_INFINITY,
  jobs: [],
  ...over,
});

describe('recycle policy', () => {
  it('keeps a worker that is within all limits', () => {
    expect(recycleCause(live(), limits, 1e9)).toBeNull();
  });

  it('recycles after the jobs it was given for its life', () => {
    const worker = live({ beat: workerBeat({}, 100), recycleAfterJobs: 100 });
    expect(recycleCause(worker, limits, 2000)).toBe('jobs');
    expect(recycleCause({ ...worker, recycleAfterJobs: 101 }, limits, 2000)).toBeNull();
  });

  it('gives each worker another number of jobs, at most a tenth more', () => {
    const rng = seededRng(3);
    const numbers = Array.from({ length: 100 }, () => recycleAfterJobs(1000, rng));
    expect(Math.min(...numbers)).toBeGreaterThanOrEqual(1000);
    expect(Math.max(...numbers)).toBeLessThanOrEqual(1100);
    expect(new Set(numbers).size).toBeGreaterThan(20);
    expect(recycleAfterJobs(0, rng)).toBe(Number.POSITIVE_INFINITY);
  });

  it('recycles for memory only after several fat heartbeats in a row', () => {
    const fat = workerBeat({ rssBytes: 600e6 });
    const lean = workerBeat({ rssBytes: 400e6 });
    expect(fatBeatsAfter(1, fat, limits.workerRssMax)).toBe(2);
    expect(fatBeatsAfter(2, lean, limits.workerRssMax)).toBe(0);
    expect(recycleCause(live({ fatBeats: fatBeatsMax - 1 }), limits, 2000)).toBeNull();
    expect(recycleCause(live({ fatBeats: fatBeatsMax }), limits, 2000)).toBe('rss');
  });

  it('recycles for age where an age is set', () => {
    expect(recycleCause(live(), { ...limits, recycleAgeMs: 5000 }, 5999)).toBeNull();
    expect(recycleCause(live(), { ...limits, recycleAgeMs: 5000 }, 6000)).toBe('age');
  });

  it('never recycles an lb, or a worker that has not reported yet', () => {
    const old = { ...limits, recycleAgeMs: 1 };
    expect(recycleCause(live({ beat: lbBeat() }), old, 1e9)).toBeNull();
    expect(recycleCause(live({ beat: null }), old, 1e9)).toBeNull();
  });
});
