import type { EffectOp } from '../../plan/resolved.ts';
import type { Deadline } from '../deadline.ts';
import type { Pixels } from '../pixels.ts';

/**
 * A step that works on the pixels between two chains: one frame of sRGB in (8 bits, unless it says more), one of the same size out, with alpha
 * where it cuts something away. Only what has something to do gets here; the planner drops the rest.
 */
export type Effect<Op extends EffectOp['op']> = (
  pixels: Pixels,
  op: Extract<EffectOp, { op: Op }>,
  deadline: Deadline,
) => Promise<Pixels>;
