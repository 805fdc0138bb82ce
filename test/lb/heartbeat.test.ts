import { describe, expect, it } from 'vitest';
import { storeWatch } from '../../src/lb/heartbeat.ts';
import { noResultStore } from '../../src/store/results/no-result-store.ts';
import { fakeClock } from '../helpers/fake-clock.ts';

function open() {
  const clock = fakeClock();
  const warned: object[] = [];
  const counters = { store: noResultStore.counters(), journalErrors: 0 };
  const note = storeWatch({
    clock,
    library: { counters: () => counters },
    log: { warn: (fields: object) => warned.push(fields) },
  } as unknown as Parameters<typeof storeWatch>[0]);
  return { clock, warned, counters, note };
}

describe('a store that fails', () => {
  it('is warned of once a pause, and not while nothing fails', () => {
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
