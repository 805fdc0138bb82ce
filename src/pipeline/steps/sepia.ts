import type { Matrix } from './tone.ts';

/** CSS `sepia()` at its full amount (W3C Filter Effects Module Level 1, section 9.6); alpha stays. */
export const sepiaMatrix: Matrix = [
  [0.393, 0.769, 0.189],
  [0.349, 0.686, 0.168],
  [0.272, 0.534, 0.131],
];
