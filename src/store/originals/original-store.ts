import type { OriginCaching } from '../../plan/header.ts';

/**
 * Where originals live, seen from a worker. One interface for files, HTTP origins and object stores; one
 * contract test suite (test/store/originals/contract.ts) is run against each.
 *
 * Errors are PileusErrors: source_not_found, source_too_large (announced length), origin_failed, origin_busy,
 * origin_unreachable, origin_truncated, origin_timeout, bad_key. Store-specific reasons travel in `cause`, for the log only.
 */
export type OriginalStore = Readonly<{
  /** For logs only: nothing may depend on it. */
  kind: string;
  /** Remote stores get more fetch places: their fetches wait, they do not work. */
  remote: boolean;
  /**
   * Opens an original for reading from the start, or from `range`. The bytes come even when `knownVersion` still
   * holds. Throws range_not_satisfiable where the range begins behind the end. The caller closes it, always.
   */
  open: (key: string, options: OpenOptions) => Promise<OpenOriginal>;
  /**
   * What the origin says of the original without its bytes. With `knownVersion` a store may ask conditionally;
   * `same` then says that nothing changed.
   */
  stat: (key: string, options: StatOptions) => Promise<OriginalStat>;
  /** Ends pooled connections. */
  close: () => Promise<void>;
}>;

export type FetchDeadlines = Readonly<{
  connectMs: number;
  headersMs: number;
  idleMs: number;
  totalMs: number;
}>;

export type StatOptions = Readonly<{
  signal: AbortSignal;
  deadlines: FetchDeadlines;
  knownVersion: string | null;
  /** For HTTP origins, instead of what follows from `knownVersion`; a 304 is `same`. */
  conditions?: Readonly<{ ifNoneMatch: string | null; ifModifiedSince: string | null }>;
  /** Handed on to HTTP origins. */
  traceparent: string | null;
  redirectsMax: number;
}>;

export type OpenOptions = StatOptions &
  Readonly<{
    /** Inclusive byte range, or null for all of it. A `last` behind the end is cut. */
    range: Readonly<{ first: number; last: number }> | null;
    /** More than this is source_too_large, announced or counted; with a range, its own bytes count. */
    bytesMax: number;
  }>;

export type OriginalStat = Readonly<{
  /** Opaque; equal means the same bytes. null where the origin gives neither ETag nor Last-Modified: then the bytes are hashed. */
  version: string | null;
  /** Length of the whole original, also where a range of it was opened; null where the origin does not say. */
  bytes: number | null;
  modifiedMs: number | null;
  /** True when the origin confirmed `knownVersion`. */
  same: boolean;
  /** Absent where the origin says nothing of it. */
  caching?: OriginCaching;
}>;

export type OpenOriginal = Readonly<{
  stat: OriginalStat;
  /**
   * Fills `into` from its start with the next bytes; gives how many, 0 at the end. Throws origin_truncated when
   * the end comes before the announced length, source_too_large beyond `bytesMax`, origin_timeout on a deadline.
   */
  read: (into: Uint8Array) => Promise<number>;
  close: () => Promise<void>;
}>;
