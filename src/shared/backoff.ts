import type { Rng } from './rng.ts';

export type BackoffConfig = Readonly<{ baseMs: number; factor: number; capMs: number; jitter: number }>;

/**
 * Capped exponential back-off with jitter: 0 for no failures, then base, base x factor, ... up to the cap,
 * each spread by +-`jitter` (a share, 0..1). Capped, because an unbounded wait is an outage of its own.
 */
export function backoffMs(failures: number, config: BackoffConfig, rng: Rng): number {
  if (failures <= 0) return 0;
  const exact = Math.min(config.capMs, config.baseMs * config.factor ** Math.min(failures - 1, 64));
  return Math.round(exact * (1 + config.jitter * (2 * rng() - 1)));
}
