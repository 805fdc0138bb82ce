import type { ChainStep } from './chain-step.ts';

/** Least sigma that libvips takes; below it a blur changes nothing that could be seen. */
const sigmaMin = 0.3;

/** Nothing at sigma 0. Gaussian. */
export const blur: ChainStep = (chain, segment) =>
  segment.blur > 0 ? chain.blur(Math.max(sigmaMin, segment.blur)) : chain;
