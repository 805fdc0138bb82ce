/** A source of numbers in [0, 1). Passed in, so that every random choice can be replayed in a test. */
export type Rng = () => number;

export const systemRng: Rng = Math.random;

/** mulberry32: small, fast, good enough for jitter and simulations; same seed, same numbers. */
export function seededRng(seed: number): Rng {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
