import type { JobReport } from '../ipc/order.ts';
import type { SourceFacts } from '../plan/header.ts';
import type { Plan, SourceRef } from '../plan/plan.ts';
import type { PileusError } from '../shared/errors.ts';

/** What a job is expected to cost; `known` says whether the source's header was known or means were used. */
export type Price = Readonly<{ ms: number; costPixels: number; heavy: boolean; known: boolean; bytes: number }>;

/** How a job ended: the encoded result, or why not. */
export type JobOutcome =
  | Readonly<{ ok: true; bytes: Buffer; report: JobReport; slot: number }>
  | Readonly<{ ok: false; error: PileusError; report: JobReport | null; slot: number | null }>;

/**
 * A job's place in a worker, held from the moment it is sent until the worker has answered or is known to be dead;
 * also when nobody waits for the answer any more.
 */
export type Ticket = {
  readonly job: Job;
  readonly slot: number;
  readonly generation: number;
  readonly abort: AbortController;
  /** The worker was told that it may run it although it may be heavy. */
  readonly heavyGranted: boolean;
  /** Where it is inside the worker, as far as the worker's events told. */
  inside: 'fetching' | 'ready' | 'running';
};

/** queued -> sent -> settled; back to queued after a redirect or retry; held while an obituary is awaited. */
export type JobStage =
  | Readonly<{ at: 'queued' }>
  | Readonly<{ at: 'sent'; ticket: Ticket }>
  | Readonly<{ at: 'held'; ticket: Ticket }>
  | Readonly<{ at: 'settled' }>;

/** One order on its way through this lb. */
export type Job = {
  readonly jobId: string;
  readonly requestId: string;
  readonly traceparent: string | null;
  readonly source: SourceRef;
  /** `ns/key`: for locks and affinity. */
  readonly sourceId: string;
  readonly plan: Plan;
  /** As `JobOrder.markVersions`. */
  readonly markVersions?: readonly (string | null)[];
  readonly operation: string;
  readonly remote: boolean;
  readonly enqueuedAtMs: number;
  readonly deadlineMs: number;
  price: Price;
  /** The last known version; where only that is known, `facts` are null. */
  readonly knownVersion: string | null;
  /** What is known of the source; grows with the worker's events. */
  facts: SourceFacts | null;
  stage: JobStage;
  attempt: number;
  redirects: number;
  retries: number;
  /** Workers that died violently with it inside before it had started. */
  deaths: number;
  /** Alone in its worker, since a worker died under it. */
  exclusive: boolean;
  /** Where it was handed back, and until when it does not go there again. */
  avoid: Readonly<{ slot: number; untilMs: number }> | null;
  /** Does it wait for its origin, or for another job on its source, and not for a worker? And until when did it last? */
  isHeld: boolean;
  heldUntilMs: number;
  /** Since when it stands in the queue this time, and how long it stood there in all. */
  waitingSinceMs: number;
  queueMs: number;
  /**
   * Called with the outcome; twice when the job's deadline passed while it ran: those who wait get the deadline, and
   * the result, when it comes, is kept for others.
   */
  readonly settle: (outcome: JobOutcome) => void;
};
