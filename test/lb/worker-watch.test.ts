import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WorkerWatch } from '../../src/lb/worker-watch.ts';

describe('watch for workers', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function watchOf(workers: number) {
    const node = { workers, told: 0 };
    const watch = new WorkerWatch(
      { nowMs: () => performance.now() },
      { isWorkerless: () => node.workers === 0, patienceMs: () => 1000, onPatienceOver: () => node.told++ },
    );
    const become = (count: number): void => {
      watch.changed();
      node.workers = count;
      watch.changed();
    };
    return { node, watch, become };
  }

  it('is not hopeless while a worker may still be starting, and tells those who wait when it is', () => {
    const { node, watch } = watchOf(0);
    vi.advanceTimersByTime(999);
    expect([watch.isHopeless(), node.told]).toEqual([false, 0]);
    vi.advanceTimersByTime(1);
    expect([watch.isHopeless(), node.told]).toEqual([true, 1]);
  });

  it('counts from the moment at which the last one went, however long it had been there', () => {
    const { node, watch, become } = watchOf(2);
    vi.advanceTimersByTime(60_000);
    become(0);
    vi.advanceTimersByTime(999);
    expect([watch.isHopeless(), node.told]).toEqual([false, 0]);
    vi.advanceTimersByTime(1);
    expect([watch.isHopeless(), node.told]).toEqual([true, 1]);
  });

  it('tells nobody when one came in time', () => {
    const { node, watch, become } = watchOf(0);
    vi.advanceTimersByTime(500);
    become(1);
    vi.advanceTimersByTime(60_000);
    expect([watch.isHopeless(), node.told]).toEqual([false, 0]);
  });
});
