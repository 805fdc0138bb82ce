import type { z } from 'zod';
import type { Config, NamespaceConfig } from '../config/config.ts';
import type { Details } from '../plan/header/details.ts';
import type { SourceFacts } from '../plan/header.ts';
import type { Measured } from '../plan/measured.ts';
import type { Negotiated, Plan, SourceRef } from '../plan/plan.ts';
import type { PileusError } from '../shared/errors.ts';

/**
 * A URL grammar: raw request in, Plan out. Pure, no I/O; policy (signatures, presets, ladder, views) is
 * checked here too, so that nothing unauthorised ever reaches a queue.
 *
 * A grammar speaks only where the configuration mounts it. Everything that belongs to one stands in its own folder:
 * adding one touches the list in registry.ts and, where it has reports of its own, that in report-writers.ts.
 */
export type Dialect<Settings = unknown> = Readonly<{
  name: string;
  /** What a mount may set beside `grammar`, `at` and `namespace`; strict, with a default for everything. */
  settings: z.ZodType<Settings>;
  /** Namespaces that the settings name beside the mount's own: each has to be there. */
  namespaces?: (settings: Settings) => readonly string[];
  /** Request headers (lower case) that have a say in the plan, besides Accept; of all mounts, or by their settings. */
  headers?: readonly string[] | ((settings: Settings) => readonly string[]);
  /** Does this grammar claim the request? Cheap: it parses nothing. */
  match: (request: DialectRequest, mount: Mounted<Settings>) => boolean;
  /** Throws a PileusError of source `client` for anything that is not understood or not allowed. */
  parse: (request: DialectRequest, mount: Mounted<Settings>, config: Config) => DialectParse;
  /** An error as the grammar's clients expect it, where that is another than our JSON. */
  formatError?: (error: PileusError, requestId: string, mount: Mounted<Settings>) => FormattedError;
  /** Preflights are answered so, whatever the namespace says. */
  cors?: NonNullable<NamespaceConfig['cors']>;
  /** What is answered at this place without a source: a health check, OPTIONS. Asked before `match`; null for everything else. */
  page?: (request: DialectRequest, method: PageMethod, mount: Mounted<Settings>) => Page | null;
}>;

export type PageMethod = 'GET' | 'OPTIONS';

/** A small answer of the grammar's own. */
export type Page = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** Says that the node is well: 503 while it is not. */
  isHealth?: boolean;
}>;

/** A grammar at its place. */
export type Mounted<Settings = unknown> = Readonly<{
  /** Path prefix without a slash at its end; '' is the root. */
  at: string;
  /** The namespace whose keys URLs name here; null where they name it themselves. */
  namespace: NamespaceConfig | null;
  settings: Settings;
}>;

export type DialectRequest = Readonly<{
  /** The path as received, percent-encoding untouched, without the query. */
  rawPath: string;
  /** The path behind the mount's prefix; begins with a slash or is empty. */
  rest: string;
  /** The query as received without `?`, or null when there is none. */
  rawQuery: string | null;
  accept: string;
  /** Those of the grammar's `headers` that the request has. */
  headers: Readonly<Record<string, string>>;
  /** `http://host` or `https://host`, as the client sees it. */
  origin: string;
  /** Wall seconds since 1970, for expiry. */
  nowS: number;
}>;

/** What a grammar finds in a request; what is absent has the value that most of them mean. */
export type DialectParse = Readonly<{
  source: SourceRef;
  /** Presets expanded, `auto` joined with what was negotiated. */
  plan: Plan;
  /** Set when `Accept` had a say in the result: then `Vary: Accept` is sent. */
  negotiated?: Negotiated | null;
  /** Names of the presets in the URL, for purging by preset and for metrics. */
  presets?: readonly string[];
  signed?: boolean;
  /** Wall seconds since 1970 from which on this URL is refused; null for never. No answer may be kept longer. */
  expiresAtS?: number | null;
  answer?: AnswerWish;
}>;

/** What the answer says beyond the namespace's own rules. */
export type AnswerWish = Readonly<{
  /** Headers of every answer with a picture: names in lower case. */
  headers?: Readonly<Record<string, string>>;
  /** Seconds for Cache-Control instead of the namespace's. */
  maxAgeS?: number;
  /** `Content-Disposition`; `name` without an extension, null for the source's own. */
  disposition?: Readonly<{ kind: 'inline' | 'attachment'; name: string | null }>;
  /** Where a client is sent instead of an answer: 303. */
  redirect?: string;
  /** More names for `Vary`, separated by commas. */
  vary?: string;
  /** What the answer tells of the picture and its source. */
  tells?: TellWish;
  /** Another picture by the same plan, where the source cannot be had. */
  fallback?: FallbackWish;
}>;

/** Absent members mean: as all answers do. */
export type TellWish = Readonly<{
  /** false: no ETag, and no If-None-Match. */
  etag?: boolean;
  /** Last-Modified of the source, never earlier than this (wall milliseconds; 0: any time); If-Modified-Since counts. */
  lastModifiedMinMs?: number;
  /** Cache-Control as the origin said it, or what its Expires leaves, where it says anything; never longer than the URL lives. */
  originCaching?: boolean;
  /**
   * Conditions of clients are the origin's own validators while nothing is known of the source here: the origin is asked before
   * anything is made, and its 304 is handed on.
   */
  originConditions?: boolean;
  /** Bytes and size of the source and size of the result, as `X-Origin-*` and `X-Result-*`. */
  sizes?: boolean;
}>;

/** A picture that stands in for one whose source cannot be fetched or is no picture. */
export type FallbackWish = Readonly<{
  source: SourceRef;
  /** Status of the answer; 0: that of the error. */
  status: number;
  /** Headers of the answer instead of those in `AnswerWish.headers` of the same name. */
  headers?: Readonly<Record<string, string>>;
}>;

/** A request as the lb goes on with it. */
export type ParsedRequest = Readonly<{
  dialect: string;
  source: SourceRef;
  plan: Plan;
  /** The canonical native path of this plan, percent-encoded; signed URLs keep their signature. Null where it has none. */
  canonicalPath: string | null;
  /** The request was spelled canonically. */
  isCanonical: boolean;
  negotiated: Negotiated | null;
  presets: readonly string[];
  signed: boolean;
  expiresAtS: number | null;
  answer: AnswerWish;
}>;

/** An error's answer. Headers are set besides those that every error has. */
export type FormattedError = Readonly<{
  status: number;
  contentType: string;
  body: string;
  headers?: Readonly<Record<string, string>>;
}>;

/**
 * The body of a view of the header, or of what was measured. `args` are the plan's; `details` are there where the report says that it tells them,
 * `measured` what the plan's `measures` ask for. Pure.
 */
export type ReportWriter = (
  facts: SourceFacts,
  args: Readonly<Record<string, string | number | boolean>>,
  details?: Details,
  measured?: Measured,
) => Readonly<{ contentType: string; extension: string; body: string }>;
