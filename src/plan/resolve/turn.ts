import { PileusError } from '../../shared/errors.ts';
import type { Rgba, Step } from '../plan.ts';
import type { ResolvedOp } from '../resolved.ts';
import { white } from './format.ts';

/** The EXIF orientation made upright; 1 is no op. */
export const orientOps = (orientation: number): ResolvedOp[] =>
  orientation === 1 ? [] : [{ op: 'orient', orientation }];

/** A mirror; none where neither is asked for. */
export const flipOps = (horizontal: boolean, vertical: boolean): ResolvedOp[] =>
  horizontal || vertical ? [{ op: 'flip', horizontal, vertical }] : [];

/**
 * Clockwise rotation by any angle. Half a turn is a flip both ways, with the same pixels and so the same key; a
 * quarter has no corners to fill.
 *
 * Throws operation_unsupported for an animation turned by an odd angle.
 */
export function rotateOps(step: Extract<Step, { op: 'rotate' }>, frames: number, background: Rgba): ResolvedOp[] {
  const degrees = ((step.degrees % 360) + 360) % 360;
  if (degrees === 0) return [];
  if (degrees === 180) return flipOps(true, true);
  if (degrees % 90 === 0) return [{ op: 'rotate', degrees, background: white }];
  if (frames > 1) {
    throw new PileusError('operation_unsupported', {
      detail: `rt_${degrees}: an animation turns by multiples of 90 degrees; fr_0 takes its first frame.`,
    });
  }
  return [{ op: 'rotate', degrees, background }];
}
