import type { ChainStep } from './chain-step.ts';

/** Nothing without a smart crop. Scales to cover the box, then crops where libvips sees the content. */
export const smartcrop: ChainStep = (chain, segment) =>
  segment.smartcrop
    ? chain.resize(segment.smartcrop.width, segment.smartcrop.height, {
        fit: 'cover',
        position: segment.smartcrop.by,
        kernel: segment.smartcrop.kernel ?? 'lanczos3',
      })
    : chain;
