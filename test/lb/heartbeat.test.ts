import { describe, expect, it } from 'vitest';
import { storeWatch } from '../../src/lb/heartbeat.ts';
import { openLbMetrics } from '../../src/lb/metrics.ts';
import { noResultStore } from '../../src/store/results/no-result-store.ts';
import { fakeClock } from '../helpers/fake-clock.ts';

function open() {
  const clock = fakeClock();
  const warned: object[] = [];
  const counters = { store: noResultStore.counters(), journalErrors: 0 };
  const metrics = openLbMetrics();
  const note = storeWatch({
    clock,
    metrics,
    library: { counters: () => counters },
    log: { warn: (fields: object) => warned.push(fields) },
  } as unknown as Parameters<typeof storeWatch>[0]);
  return { clock, warned, counters, metrics, note };
}

describe('what the store counts', () => {
  it('reaches the metrics as it is, however often it is noted', async () => {
    const { counters, metrics, note } = open();
    counters.store = { ...counters.store, written: 7, dropped: 3, corrupt: 2, writeErrors: 1 };
    note();
    note();
    const text = await metrics.registry.metrics();
    expect(text).toContain('pileus_store_written_total 7\n');
    expect(text).toContain('pileus_store_dropped_total 3\n');
    expect(text).toContain('pileus_store_corrupt_total 2\n');
    expect(text).toContain('pileus_store_errors_total{doing="write"} 1\n');
  });

  it('is warned of once a pause when it fails, and not while nothing fails', () => {
    const { clock, warned, counters, note } = open();
    note();
    expect(warned).toEqual([]);
    counters.store = { ...counters.store, writeErrors: 1 };
    note();
    counters.store = { ...counters.store, writeErrors: 2 };
    note();
    expect(warned).toMatchObject([{ event: 'store-failed', writeErrors: 1 }]);
    clock.advance(30_000);
    note();
    note();
    expect(warned).toHaveLength(2);
  });
});
