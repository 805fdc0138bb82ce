import type { Readable } from 'node:stream';
import type { JobOrder } from '../ipc/order.ts';
import type { SourceFacts } from '../plan/header.ts';
import { msToNs } from '../shared/clock.ts';
import type { Job } from './job.ts';

/** A source on its way from the worker that gave the job back to the next. */
export type Carried = Readonly<{ body: Readable; facts: SourceFacts; checkedAtMs: number | null }>;

/** What a worker is told of a job. `carried`: its source comes along. */
export const orderOf = (
  job: Job,
  heavyGranted: boolean,
  config: Readonly<{ revision: number; redirectsMax: number }>,
  carried: Carried | null,
): JobOrder => ({
  jobId: job.jobId,
  requestId: job.requestId,
  traceparent: job.traceparent,
  attempt: job.attempt,
  source: job.source,
  knownVersion: job.facts?.version ?? job.knownVersion,
  plan: job.plan,
  ...(job.markVersions === undefined ? {} : { markVersions: job.markVersions }),
  deadlineNs: msToNs(job.deadlineMs),
  configRevision: config.revision,
  predictedMs: job.price.ms,
  heavyGranted,
  mustRun: job.redirects >= config.redirectsMax,
  carried: carried ? { bytes: carried.facts.bytes, facts: carried.facts, checkedAtMs: carried.checkedAtMs } : null,
});
