import type { Segment } from '../plan/program.ts';
import { colour } from './colour.ts';
import type { Chain } from './sharp.ts';
import { blur } from './steps/blur.ts';
import type { ChainStep } from './steps/chain-step.ts';
import { extend } from './steps/extend.ts';
import { extractAfter, extractBefore } from './steps/extract.ts';
import { line } from './steps/line.ts';
import { matrix } from './steps/matrix.ts';
import { orient } from './steps/orient.ts';
import { resize } from './steps/resize.ts';
import { rotate } from './steps/rotate.ts';
import { sharpen } from './steps/sharpen.ts';
import { smartcrop } from './steps/smartcrop.ts';
import { unsharp } from './steps/unsharp.ts';
import { type Overlay, watermark } from './steps/watermark.ts';

/** Nothing unless alpha has to go. The engine blends right behind the decoder, before it scales. */
const flatten: ChainStep = (chain, segment) =>
  segment.flatten === null ? chain : chain.flatten({ background: colour(segment.flatten) });

/**
 * Calls in the order that sharp's interface wants. A crop counts as "before" when no resize was called yet; rotations
 * come last, since one that is called before a resize or a crop is also run before it, at full size.
 */
const steps: readonly ChainStep[] = [
  flatten,
  extractBefore,
  resize,
  smartcrop,
  extractAfter,
  extend,
  blur,
  unsharp,
  matrix,
  sharpen,
  line,
  rotate,
  orient,
];

/** Adds a whole segment to a chain. `opaque`: the pixels that come in have no alpha channel. */
export function applySegment(chain: Chain, segment: Segment, overlays: readonly Overlay[], opaque: boolean): Chain {
  const stepped = steps.reduce((built, step) => step(built, segment), chain);
  return watermark(stepped, overlays, opaque && !addsAlpha(segment));
}

/** Does a background of this segment let something shine through? */
const addsAlpha = ({ extend: margins, rotate: rotation }: Segment): boolean =>
  [margins?.background, rotation?.background].some((hex) => hex !== undefined && colour(hex).alpha < 1);
