import type { Line } from './tone.ts';

/** -100 flat mid-grey, 0 the same, 100 twice the distance from mid-grey (CSS `contrast()`). */
export const contrastLine = (amount: number): Line => {
  const slope = 1 + amount / 100;
  return { slope, intercept: 127.5 * (1 - slope) };
};
