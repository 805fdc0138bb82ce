import { compassGravity, type Plan } from '../plan.ts';
import { stillFrames } from './frames.ts';

/** Longest side of the picture that is averaged or measured: the scale before it has done most of the averaging. */
const sideMax = 64;

/**
 * What the average of a plan's result is made from: its first frame, scaled down, so that a JPEG decodes at an
 * eighth of its size; and in a format that costs next to nothing, since it is never written. What is measured keeps its ratio.
 */
export function averagedPlan(plan: Plan): Plan {
  const { frames } = plan.decode;
  const { background } = plan.encode;
  return {
    ...plan,
    decode: { ...plan.decode, frames: stillFrames(frames) },
    steps: [
      ...plan.steps,
      {
        op: 'resize',
        mode: plan.view === 'measured' ? 'fit' : 'exact',
        size: { by: 'box', w: sideMax, h: sideMax },
        dpr: 1,
        enlarge: 'no',
        gravity: compassGravity('c'),
        rounding: 'nearest',
      },
    ],
    encode: {
      format: 'png',
      progressive: false,
      metadata: 'none',
      ...(background === undefined ? {} : { background }),
    },
  };
}
