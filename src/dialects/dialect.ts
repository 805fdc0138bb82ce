import type { Config } from '../config/config.ts';
import type { Negotiated, Plan, SourceRef } from '../plan/plan.ts';
import type { PileusError } from '../shared/errors.ts';

/**
 * A URL grammar: raw request in, Plan out. Pure, no I/O; policy (signatures, presets, ladder, views) is
 * checked here too, so that nothing unauthorised ever reaches a queue.
 */
export type Dialect = Readonly<{
  name: string;
  /** Does this grammar claim the request? Cheap: it parses nothing. What a namespace is mounted as stands in the configuration. */
  match: (request: DialectRequest, config: Config) => boolean;
  /** Throws a PileusError of source `client` for anything that is not understood or not allowed. */
  parse: (request: DialectRequest, config: Config) => ParsedRequest;
  /** The body of an error, where the grammar's clients expect another than our JSON; the status is the table's. */
  formatError?: (error: PileusError, requestId: string) => Readonly<{ contentType: string; body: string }>;
}>;

export type DialectRequest = Readonly<{
  /** The path as received, percent-encoding untouched, without the query. */
  rawPath: string;
  /** The query as received without `?`, or null when there is none. */
  rawQuery: string | null;
  accept: string;
  /** Wall seconds since 1970, for expiry. */
  nowS: number;
}>;

export type ParsedRequest = Readonly<{
  dialect: string;
  source: SourceRef;
  /** Presets expanded, `auto` joined with what was negotiated. */
  plan: Plan;
  /** The canonical native path of this plan, percent-encoded; signed URLs keep their signature. Null where it has none. */
  canonicalPath: string | null;
  /** The request was spelled canonically. */
  isCanonical: boolean;
  /** Set when `Accept` had a say in the result: then `Vary: Accept` is sent. */
  negotiated: Negotiated | null;
  /** Names of the presets in the URL, for purging by preset and for metrics. */
  presets: readonly string[];
  signed: boolean;
  /** Wall seconds since 1970 from which on this URL is refused; null for never. No answer may be kept longer. */
  expiresAtS: number | null;
}>;
