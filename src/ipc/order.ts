import type { OriginCaching, SourceFacts } from '../plan/header.ts';
import type { KnownMark } from '../plan/marks.ts';
import type { Plan, SourceRef } from '../plan/plan.ts';
import type { WireError } from '../shared/errors.ts';

/**
 * What the lb and a worker say to each other. A job without a source goes over the link (link.ts), everything else
 * over HTTP on the worker's private unix socket:
 *
 *   POST /job         JobOrder, source     -> 200 result | 299 redirect | an error's status; always with a report
 *   POST /offered     OfferedOrder         -> the source that a redirect over the link has offered
 *   POST /revalidate  RevalidateOrder      -> 200 RevalidateAnswer | an error's status
 *   POST /original    OriginalOrder        -> 200/206 bytes | 304 | an error's status
 *
 * A job may carry source bytes that another worker had already fetched (after a redirect): then the body is the
 * order, its length in the `x-pileus-order-bytes` header, followed by the source.
 */

/** The lb's view of one job. Deadlines are points on the shared monotonic clock, in nanoseconds. */
export type JobOrder = Readonly<{
  jobId: string;
  requestId: string;
  /** W3C trace context to hand on to the origin, or null. */
  traceparent: string | null;
  /** 0 for the first try; redirects and retries both count. */
  attempt: number;
  source: SourceRef;
  /** Version that the lb's price and quarantine look-up were based on; null when nothing is known. */
  knownVersion: string | null;
  /** Presets expanded, negotiation done. */
  plan: Plan;
  /** Versions that are known of the other originals that the plan draws, in the order of `marksOf`. Absent: of none. */
  markVersions?: readonly (string | null)[];
  deadlineNs: number;
  configRevision: number;
  /** What the lb thinks it costs; the worker hands it back when the probe says it is heavy and this does not. */
  predictedMs: number;
  heavyGranted: boolean;
  /** The worker must run it, whatever else waits there (redirects are used up). */
  mustRun: boolean;
  /** Set when the source's bytes follow in the body: a redirect carried them over. */
  carried: Readonly<{
    bytes: number;
    facts: SourceFacts;
    /** From the report of the worker that had it; left out, it counts as checked when it arrives. */
    checkedAtMs?: number | null;
  }> | null;
}>;

export const redirectReasons = [
  'buffer_full',
  'draining',
  'heavier_than_announced',
  'heavy_before_light',
  'memory_full',
  'exclusive',
] as const;
export type RedirectReason = (typeof redirectReasons)[number];

/** Milliseconds of each phase of a job inside a worker. */
export type JobPhases = Readonly<{ fetchMs: number; waitMs: number; processMs: number }>;

/** What a worker says of itself with each answer and each heartbeat. */
export type WorkerLoad = Readonly<{
  /** CPU seconds per second since the last report, 0..about 1. */
  cpuShare: number;
  /** The part of `cpuShare` that its own running jobs explain. */
  cpuShareExplained: number;
  rssBytes: number;
  bufferBytesUsed: number;
  bufferBytesPinned: number;
  bufferBytes: number;
  /** Jobs under way in it: fetching, ready, running. */
  fetching: number;
  ready: number;
  running: number;
  pixelsInFlight: number;
}>;

/** Sent with every answer of a worker; over HTTP in the `x-pileus-report` header (JSON, ASCII only). */
export type JobReport = Readonly<{
  /** The source's version as soon as it is known, also when its header could not be read; else null. */
  version: string | null;
  /** When the origin was last asked for this version: a point on the shared clock. Absent with no version. */
  checkedAtMs?: number | null;
  facts: SourceFacts | null;
  /** The other originals that the plan draws, once all of them are there. Absent: it draws none, or they were not needed. */
  marks?: readonly (KnownMark & Readonly<{ checkedAtMs: number }>)[];
  phases: JobPhases;
  load: WorkerLoad;
  /** Present with a result. */
  result: JobResult | null;
  /** Present with a redirect; `carries`: the source's bytes come with it, or are offered. */
  redirect: Readonly<{ reason: RedirectReason; carries: boolean }> | null;
  /** Present with an error. */
  error: WireError | null;
  /** Price as the worker saw it and as it turned out, for learning. */
  cost: Readonly<{ predictedMs: number; costPixels: number; actualMs: number }> | null;
  /** Did another job's equal derivation answer this one? */
  joined: boolean;
  /** Were the source's bytes already in the blob buffer? */
  sourceHit: boolean;
}>;

export type JobResult = Readonly<{
  derivation: string;
  contentType: string;
  extension: string;
  width: number;
  height: number;
  frames: number;
}>;

/** Told over the link as it happens, so that the lb's places follow without waiting for the answer. */
export type WorkerEvent =
  | Readonly<{ type: 'fetched'; jobId: string; facts: SourceFacts | null; checkedAtMs?: number }>
  | Readonly<{ type: 'started'; jobId: string }>
  | Readonly<{ type: 'load'; load: WorkerLoad }>;

export type OfferedOrder = Readonly<{ jobId: string }>;

export type RevalidateOrder = Readonly<{
  requestId: string;
  source: SourceRef;
  knownVersion: string;
  /** Set where no version is known here, but the client has validators of the origin's. */
  conditions?: OriginConditions;
  deadlineNs: number;
  configRevision: number;
}>;
/** Conditions that a client has from elsewhere: validators of the origin itself. */
export type OriginConditions = Readonly<{ ifNoneMatch: string | null; ifModifiedSince: string | null }>;

/** `same`: the version stands, or the conditions say that the client has it (then `version` means nothing). */
export type RevalidateAnswer = Readonly<{ same: boolean; version: string; caching?: OriginCaching }>;

export type OriginalOrder = Readonly<{
  requestId: string;
  traceparent: string | null;
  source: SourceRef;
  head: boolean;
  /** Raw Range, If-None-Match, If-Range and If-Modified-Since headers of the client, or null. */
  range: string | null;
  ifNoneMatch: string | null;
  ifRange: string | null;
  ifModifiedSince: string | null;
  deadlineNs: number;
  configRevision: number;
}>;
