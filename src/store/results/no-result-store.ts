import type { ResultStore } from './result-store.ts';

/** Keeps nothing: for a node without `dataDir` or with `resultStoreBytes` 0. */
export const noResultStore: ResultStore = {
  get: async () => null,
  put: () => {},
  remove: async () => false,
  purge: async () => 0,
  counters: () => ({
    hits: 0,
    misses: 0,
    written: 0,
    dropped: 0,
    writeErrors: 0,
    readErrors: 0,
    corrupt: 0,
    evicted: 0,
    purged: 0,
  }),
  stats: () => ({ bytes: 0, entries: 0, backlog: 0 }),
  flush: async () => {},
  close: async () => {},
};
