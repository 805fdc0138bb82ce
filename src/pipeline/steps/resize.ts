import type { ChainStep } from './chain-step.ts';

/**
 * Nothing without a size. Exactly this size, ratio or not: what the plan wanted is settled in the integers. Alpha
 * is premultiplied by sharp around the scale, so that hidden colours do not bleed.
 */
export const resize: ChainStep = (chain, segment) =>
  segment.resize
    ? chain.resize(segment.resize.width, segment.resize.height, {
        fit: 'fill',
        kernel: segment.resize.kernel ?? 'lanczos3',
      })
    : chain;
