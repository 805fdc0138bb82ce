import type { Matrix } from './tone.ts';

/**
 * -100 grey, 0 the same, 100 twice as far from grey. The matrix of `feColorMatrix type="saturate"`
 * (W3C Filter Effects Module Level 1, section 9.6).
 */
export function saturationMatrix(amount: number): Matrix {
  const s = 1 + amount / 100;
  return [
    [0.213 + 0.787 * s, 0.715 - 0.715 * s, 0.072 - 0.072 * s],
    [0.213 - 0.213 * s, 0.715 + 0.285 * s, 0.072 - 0.072 * s],
    [0.213 - 0.213 * s, 0.715 - 0.715 * s, 0.072 + 0.928 * s],
  ];
}
