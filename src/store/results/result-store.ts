/**
 * Where finished results are kept, seen from the lb. A store may forget anything at any time and never fails a
 * response: `get` gives null and `put` drops when something is wrong, and both count it.
 */
export type ResultStore = Readonly<{
  get: (ref: ResultRef) => Promise<StoredResult | null>;
  /** Write-behind: returns at once. Beyond the bounded backlog the result is not kept. */
  put: (ref: ResultRef, result: StoredResult) => void;
  /** Removes one result; says whether it was there. Throws `internal` where it cannot be removed. */
  remove: (ref: ResultRef) => Promise<boolean>;
  /** Removes all results of a source, or of a whole namespace; gives how many went. Throws `internal` as well. */
  purge: (scope: Readonly<{ ns: string; key: string | null }>) => Promise<number>;
  counters: () => ResultStoreCounters;
  stats: () => Readonly<{ bytes: number; entries: number; backlog: number }>;
  /** Resolves when the backlog is written. */
  flush: () => Promise<void>;
  close: () => Promise<void>;
}>;

/** Since the start. */
export type ResultStoreCounters = Readonly<{
  hits: number;
  misses: number;
  written: number;
  /** Not kept because the backlog was full or writing was paused. */
  dropped: number;
  writeErrors: number;
  /** Reads that failed or took longer than 500 ms. */
  readErrors: number;
  /** Torn or changed files, deleted when they were found. */
  corrupt: number;
  evicted: number;
  purged: number;
}>;

/** Where a store begins to count. */
export const noCounts = {
  hits: 0,
  misses: 0,
  written: 0,
  dropped: 0,
  writeErrors: 0,
  readErrors: 0,
  corrupt: 0,
  evicted: 0,
  purged: 0,
} satisfies ResultStoreCounters;

export type ResultRef = Readonly<{ ns: string; key: string; derivation: string }>;

export type ResultMeta = Readonly<{
  contentType: string;
  extension: string;
  width: number;
  height: number;
  frames: number;
  /** Version of the source it was made from. */
  version: string;
  /** Last-Modified of the source, wall milliseconds, or null. */
  modifiedMs: number | null;
}>;

export type StoredResult = Readonly<{ meta: ResultMeta; bytes: Buffer }>;
