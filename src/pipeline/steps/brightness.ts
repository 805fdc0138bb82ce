import type { Line } from './tone.ts';

/** -100 black, 0 the same, 100 twice as bright (CSS `brightness()`: a multiplier on stored values). */
export const brightnessLine = (amount: number): Line => ({ slope: 1 + amount / 100, intercept: 0 });
