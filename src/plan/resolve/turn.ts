import { PileusError } from '../../shared/errors.ts';
import type { Rgba, Step } from '../plan.ts';
import type { ResolvedOp } from '../resolved.ts';
import { white } from './format.ts';

/**
 * The EXIF orientation made upright. The frames of an animation can be mirrored but not turned, so that there it
 * is written as a flip.
 *
 * Throws operation_unsupported for an animation that lies on its side.
 */
export function orientOps(orientation: number, frames: number): ResolvedOp[] {
  if (orientation === 1) return [];
  if (frames === 1) return [{ op: 'orient', orientation }];
  if (orientation > 4) throw turnUnsupported('o_', `orientation ${orientation}`);
  return flipOps(orientation !== 4, orientation !== 2);
}

export const flipOps = (horizontal: boolean, vertical: boolean): ResolvedOp[] =>
  horizontal || vertical ? [{ op: 'flip', horizontal, vertical }] : [];

/**
 * Clockwise rotation by any angle. Half a turn is a flip both ways, with the same pixels and so the same key; a
 * quarter has no corners to fill.
 *
 * Throws operation_unsupported for an animation turned by anything but half a turn.
 */
export function rotateOps(step: Extract<Step, { op: 'rotate' }>, frames: number, background: Rgba): ResolvedOp[] {
  const degrees = ((step.degrees % 360) + 360) % 360;
  if (degrees === 0) return [];
  if (degrees === 180) return flipOps(true, true);
  if (frames > 1) throw turnUnsupported('rt_', `${degrees} degrees`);
  return [{ op: 'rotate', degrees, background: degrees % 90 === 0 ? white : background }];
}

const turnUnsupported = (token: string, what: string): PileusError =>
  new PileusError('operation_unsupported', {
    detail: `${token}: an animation cannot be turned (${what}); fr_0 takes its first frame.`,
  });
