import { clamp } from '../shared/units.ts';

/** What the score is made of. The first two are exact and current, the last two as old as the last report. */
export type BackendLoad = Readonly<{
  /** Cost pixels that this lb sent there and has not got back. */
  costPixelsInFlight: number;
  /** The worker's own pace: wall milliseconds per cost pixel. */
  msPerCostPixel: number;
  /** CPU share, 0..1, beyond what its own jobs explain: neighbours, throttling, garbage collection. */
  cpuExcess: number;
  /** Share of the blob buffer, 0..1, that is pinned by sources in use. */
  bufferShare: number;
}>;

export type ScoreTerms = Readonly<{ drainMs: number; cpu: number; buffer: number; score: number }>;

/**
 * Estimated milliseconds until a worker would have finished one more job of `costPixels`.
 *
 * What this lb knows itself steers; what the worker reported may at most double it, so that a stale report can
 * mislead a choice but never dominate it. (Picking by reports alone sends every request to the same worker
 * until the next report.) Finite and >= 0 for every input, rises with each argument, no steps. Whether a
 * worker may take a job at all is a separate question (`placement.ts`); no score stands for "forbidden".
 */
export function scoreTerms(load: BackendLoad, costPixels: number): ScoreTerms {
  const pixels = clamp(load.costPixelsInFlight, 0, pixelsMax) + clamp(costPixels, 0, pixelsMax);
  const drainMs = pixels * clamp(load.msPerCostPixel, 0, msPerPixelMax);
  const cpu = ramp(load.cpuExcess, 0.1, 0.6);
  const buffer = ramp(load.bufferShare, 0.5, 0.9);
  return { drainMs, cpu, buffer, score: drainMs * Math.max(cpu, buffer) };
}

export const loadScore = (load: BackendLoad, costPixels: number): number => scoreTerms(load, costPixels).score;

/** 1 up to `low`, 2 from `high` on, straight between. */
export const ramp = (x: number, low: number, high: number): number => 1 + clamp((x - low) / (high - low), 0, 1);

const pixelsMax = 1e13;
const msPerPixelMax = 1;
