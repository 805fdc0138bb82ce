import type { ChainStep } from './chain-step.ts';

/** Least and greatest sigma that libvips takes. */
const sigmaMin = 0.000001;
const sigmaMax = 10;

/** Nothing at sigma 0. Unsharp mask on lightness (libvips sharpen), so that hues stay. */
export const sharpen: ChainStep = (chain, segment) =>
  segment.sharpen > 0 ? chain.sharpen({ sigma: Math.min(sigmaMax, Math.max(sigmaMin, segment.sharpen)) }) : chain;
