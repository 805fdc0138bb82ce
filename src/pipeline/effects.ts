import type { SegmentEffect } from '../plan/program.ts';
import type { Deadline } from './deadline.ts';
import { frameOf, joinFrames, type Pixels } from './pixels.ts';
import { extendDeep, flattenDeep } from './steps/deep-background.ts';
import { gamma } from './steps/gamma.ts';
import { pixelate } from './steps/pixelate.ts';
import { progressiveBlur } from './steps/progressive-blur.ts';
import { redact } from './steps/redact.ts';
import { round } from './steps/round.ts';
import { tones } from './steps/tones.ts';
import { colorize, duotone, gradient, monochrome, underlay } from './steps/wash.ts';

/** Runs an effect on every frame. */
export async function runEffect(pixels: Pixels, op: SegmentEffect, deadline: Deadline): Promise<Pixels> {
  const frames: Pixels[] = [];
  for (let index = 0; index < pixels.frames; index++) frames.push(await runOnce(frameOf(pixels, index), op, deadline));
  const [first] = frames;
  return frames.length === 1 && first ? first : joinFrames(frames);
}

function runOnce(frame: Pixels, op: SegmentEffect, deadline: Deadline): Promise<Pixels> {
  switch (op.op) {
    case 'round':
      return round(frame, op, deadline);
    case 'pixelate':
      return pixelate(frame, op, deadline);
    case 'extend':
      return Promise.resolve(extendDeep(frame, op));
    case 'flattenDeep':
      return Promise.resolve(flattenDeep(frame, op));
    case 'gamma':
      return gamma(frame, op, deadline);
    case 'monochrome':
      return monochrome(frame, op, deadline);
    case 'progressiveBlur':
      return progressiveBlur(frame, op, deadline);
    case 'duotone':
      return duotone(frame, op, deadline);
    case 'colorize':
      return colorize(frame, op, deadline);
    case 'underlay':
      return underlay(frame, op, deadline);
    case 'gradient':
      return gradient(frame, op, deadline);
    case 'redact':
      return redact(frame, op, deadline);
    default:
      return tones(frame, op, deadline);
  }
}
