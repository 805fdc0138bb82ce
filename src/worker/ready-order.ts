import { clamp } from '../shared/units.ts';

/** A fetched job that waits for the CPU place. */
export type ReadyJob = Readonly<{ predictedMs: number; readyAtMs: number }>;

/** Milliseconds of predicted cost that a waiting job is forgiven for each millisecond of waiting. */
export const ageingMsPerMs = 1;

/**
 * What a job counts as after waiting: its price less its wait. Below zero it goes before any newcomer, so a job
 * waits at most `predictedMs / ageingMsPerMs` for jobs that came after it.
 */
export const effectiveMs = (job: ReadyJob, nowMs: number): number =>
  clamp(job.predictedMs, 0, Number.MAX_SAFE_INTEGER) - ageingMsPerMs * (nowMs - job.readyAtMs);

/** Cheapest first with ageing; between equals the one that waits longer. Pure, total, for Array.sort. */
export const compareReady =
  (nowMs: number) =>
  (a: ReadyJob, b: ReadyJob): number =>
    effectiveMs(a, nowMs) - effectiveMs(b, nowMs) || a.readyAtMs - b.readyAtMs;
