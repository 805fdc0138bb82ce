import { PileusError } from '../../shared/errors.ts';
import type { ColourEffect } from '../plan.ts';
import type { ResolvedOp } from '../resolved.ts';
import { boundedSigma } from './blur.ts';

/** Largest side of a median's square: its time grows with the square of it. */
export const medianMax = 15;

/** The effect with bounds kept, or none where it changes nothing. Throws bad_value for a median of a size that is not odd or too large. */
export function effectOps(step: ColourEffect): ResolvedOp[] {
  switch (step.op) {
    case 'monochrome':
    case 'duotone':
      return step.mix === 0 ? [] : [step];
    case 'colorize':
    case 'gradient':
      return step.opacity === 0 ? [] : [step];
    case 'progressiveBlur':
      return step.sigma === 0 ? [] : [{ ...step, sigma: boundedSigma(step.sigma) }];
    case 'median':
      if (step.size % 2 !== 1 || step.size > medianMax)
        throw new PileusError('bad_value', { detail: `median: an odd size up to ${medianMax}, got ${step.size}.` });
      return step.size === 1 ? [] : [step];
    case 'flatten':
    case 'underlay':
      return [step];
  }
}
