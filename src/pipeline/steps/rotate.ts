import { colour } from '../colour.ts';
import type { ChainStep } from './chain-step.ts';

/** Nothing without an odd angle. Clockwise; the corners take the background. */
export const rotate: ChainStep = (chain, segment) =>
  segment.rotate ? chain.rotate(segment.rotate.degrees, { background: colour(segment.rotate.background) }) : chain;
