import type { Beat } from '../ipc/messages.ts';
import type { Rng } from '../shared/rng.ts';
import type { Live } from './slot.ts';

/** Why a worker has served long enough. */
export type RecycleCause = 'jobs' | 'rss' | 'age';

export type RecycleLimits = Readonly<{
  /** 0 = never. */
  recycleAgeMs: number;
  workerRssMax: number;
}>;

/** One heartbeat over the limit may be one large picture; this many in a row are a leak or fragmentation. */
export const fatBeatsMax = 3;

/** Up to a tenth more at random, so that workers that were born together do not leave together. */
export const recycleAfterJobs = (recycleRequests: number, rng: Rng): number =>
  recycleRequests === 0 ? Number.POSITIVE_INFINITY : Math.ceil(recycleRequests * (1 + rng() / 10));

/** Heartbeats in a row over the limit, this one included. */
export const fatBeatsAfter = (before: number, beat: Beat, workerRssMax: number): number =>
  beat.role === 'worker' && beat.load.rssBytes > workerRssMax ? before + 1 : 0;

/** Whether a ready worker should be replaced, and why. The loop does it one at a time, replacement first. */
export function recycleCause(live: Live, limits: RecycleLimits, nowMs: number): RecycleCause | null {
  if (live.beat?.role !== 'worker') return null;
  if (live.beat.jobsDone >= live.recycleAfterJobs) return 'jobs';
  if (live.fatBeats >= fatBeatsMax) return 'rss';
  if (limits.recycleAgeMs > 0 && nowMs - live.readyAtMs >= limits.recycleAgeMs) return 'age';
  return null;
}
