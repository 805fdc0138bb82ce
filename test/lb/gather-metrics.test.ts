import { expect, it } from 'vitest';
import { showStore } from '../../src/lb/gather-metrics.ts';
import { openLbMetrics } from '../../src/lb/metrics.ts';
import { noResultStore } from '../../src/store/results/no-result-store.ts';

it('shows what the store counts as it is, however often it is gathered', async () => {
  const metrics = openLbMetrics();
  const store = { ...noResultStore.counters(), written: 7, dropped: 3, corrupt: 2, writeErrors: 1 };
  const front = { metrics, library: { counters: () => ({ store, journalErrors: 0 }) } } as unknown as Parameters<
    typeof showStore
  >[0];
  showStore(front);
  showStore(front);
  const text = await metrics.registry.metrics();
  expect(text).toContain('pileus_store_written_total 7\n');
  expect(text).toContain('pileus_store_dropped_total 3\n');
  expect(text).toContain('pileus_store_corrupt_total 2\n');
  expect(text).toContain('pileus_store_errors_total{doing="write"} 1\n');
});
