import type { ChainStep } from './chain-step.ts';

/** Nothing without an unsharp mask. A convolution by shares, since the engine takes whole divisors only. */
export const unsharp: ChainStep = (chain, segment) => {
  if (!segment.unsharp) return chain;
  const around = -segment.unsharp.amount;
  const kernel = [around, around, around, around, 1 - 8 * around, around, around, around, around];
  return chain.convolve({ width: 3, height: 3, kernel, scale: 1 });
};
