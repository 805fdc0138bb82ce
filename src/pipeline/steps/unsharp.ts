import type { ChainStep } from './chain-step.ts';

/** Nothing without an unsharp mask. A convolution; the numbers are divided here, since the engine takes whole divisors only. */
export const unsharp: ChainStep = (chain, segment) => {
  if (!segment.unsharp) return chain;
  const { weight, divider } = segment.unsharp;
  const around = -weight / divider;
  const kernel = [around, around, around, around, 1 - 8 * around, around, around, around, around];
  return chain.convolve({ width: 3, height: 3, kernel, scale: 1 });
};
