import { type BackoffConfig, backoffMs } from '../shared/backoff.ts';
import type { Rng } from '../shared/rng.ts';

/**
 * When a place is filled again.
 *
 * A child that served and died is replaced at once: it lost one job to one picture, and the place is needed. A child
 * that died before it was ready would probably do so again, so its place waits, longer each time. One that died
 * right after it was ready has proven nothing and counts as a failed start, else such a loop would spin.
 */
const bootBackoff: BackoffConfig = { baseMs: 100, factor: 2, capMs: 10_000, jitter: 0.2 };

/** Up this long after ready, a child has proven that it can run. Short: one poisoned request proves nothing of it. */
export const minUptimeMs = 250;

/** Failed starts are counted over this window for the restart intensity. */
export const intensityWindowMs = 60_000;

/** Failed starts in a row after this death. `uptimeMs` counts from ready; null: it never was. */
export const bootFailuresAfter = (before: number, uptimeMs: number | null): number =>
  uptimeMs !== null && uptimeMs >= minUptimeMs ? 0 : before + 1;

/** How long the place waits. */
export const respawnDelayMs = (bootFailures: number, rng: Rng): number => backoffMs(bootFailures, bootBackoff, rng);

/** Gives up when starts keep failing while nobody of that role serves; the system above us may do better. */
export const isHopeless = (failedStarts: number, failedStartsMax: number, ready: number): boolean =>
  ready === 0 && failedStarts >= failedStartsMax;
