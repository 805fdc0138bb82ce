import { colour } from '../colour.ts';
import type { ChainStep } from './chain-step.ts';

/** Nothing without margins. A background that is not opaque gives the picture an alpha channel. */
export const extend: ChainStep = (chain, segment) => {
  if (!segment.extend) return chain;
  const { left, top, right, bottom, background, fill } = segment.extend;
  return chain.extend({
    left,
    top,
    right,
    bottom,
    ...(fill === undefined ? { background: colour(background) } : { extendWith: fill }),
  });
};
