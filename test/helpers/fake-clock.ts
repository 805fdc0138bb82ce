import type { Clock } from '../../src/shared/clock.ts';

/** A clock that stands still until it is told to go on. */
export type FakeClock = Clock & { advance: (ms: number) => void };

export function fakeClock(startMs = 1_000_000): FakeClock {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    wallMs: () => 1_700_000_000_000 + nowMs,
    advance: (ms) => {
      nowMs += ms;
    },
  };
}
