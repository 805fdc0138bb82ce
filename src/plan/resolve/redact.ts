import { PileusError } from '../../shared/errors.ts';
import type { Step } from '../plan.ts';
import type { Area, ResolvedOp } from '../resolved.ts';
import { boundedSigma } from './blur.ts';
import type { Size } from './size.ts';

/** Most areas of one step. */
export const redactAreasMax = 32;

/** Largest sigma that libvips takes. */
const strengthMax = 1000;

/**
 * The areas in pixels, clipped to the picture and never narrower than a pixel: edges are rounded outwards, so that nothing of what was to be hidden
 * shows. Areas outside are none. Throws bad_value for too many, and for a sigma or blocks out of
 * bounds.
 */
export function redactOps({ areas, how }: Extract<Step, { op: 'redact' }>, size: Size): ResolvedOp[] {
  if (areas.length > redactAreasMax)
    throw new PileusError('bad_value', { detail: `At most ${redactAreasMax} areas, got ${areas.length}.` });
  const strength = how.by === 'blur' ? how.sigma : how.by === 'pixelate' ? how.size : strengthMax;
  if (!(strength > 0 && strength <= strengthMax))
    throw new PileusError('bad_value', {
      detail: `A blur or blocks of at most ${strengthMax} pixels, got ${strength}.`,
    });
  const inside = areas.map((area) => areaIn(area, size)).filter((area) => area !== null);
  const bounded = how.by === 'blur' ? { ...how, sigma: boundedSigma(how.sigma) } : how;
  return inside.length === 0 ? [] : [{ op: 'redact', areas: inside, how: bounded }];
}

function areaIn({ x, y, w, h }: Readonly<{ x: number; y: number; w: number; h: number }>, size: Size): Area | null {
  const left = Math.max(0, Math.floor((x * size.width) / 10_000));
  const top = Math.max(0, Math.floor((y * size.height) / 10_000));
  const right = Math.min(size.width, Math.ceil(((x + w) * size.width) / 10_000));
  const bottom = Math.min(size.height, Math.ceil(((y + h) * size.height) / 10_000));
  return right > left && bottom > top ? { left, top, width: right - left, height: bottom - top } : null;
}
