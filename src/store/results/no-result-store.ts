import { noCounts, type ResultStore } from './result-store.ts';

/** Keeps nothing: for a node without `dataDir` or with `resultStoreBytes` 0. */
export const noResultStore: ResultStore = {
  get: async () => null,
  put: () => {},
  remove: async () => false,
  purge: async () => 0,
  counters: () => noCounts,
  stats: () => ({ bytes: 0, entries: 0, backlog: 0 }),
  flush: async () => {},
  close: async () => {},
};
