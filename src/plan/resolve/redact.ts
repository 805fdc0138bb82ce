import { PileusError } from '../../shared/errors.ts';
import type { RedactBy, Step } from '../plan.ts';
import type { Area, ResolvedOp } from '../resolved.ts';
import type { Rect } from '../turn.ts';
import { boundedSigma, sigmaMax } from './blur.ts';
import { follow } from './follow.ts';
import type { Size } from './size.ts';

export type RedactStep = Extract<Step, { op: 'redact' }>;

/** The size of the source as it is stored, and the ops behind it so far. */
export type Way = Readonly<{ stored: Size; ops: readonly ResolvedOp[] }>;

/** Most areas of one step. */
export const redactAreasMax = 32;

/** Largest blocks of an area, in pixels a side. */
export const blocksMax = 1000;

/**
 * The areas in pixels, clipped to the picture and never narrower than a pixel: edges are rounded outwards, so that nothing of what was to be hidden
 * shows. Areas outside are none. `way` is what has become of the source by now. Throws bad_value for too many, and for a sigma or blocks out of
 * bounds; operation_unsupported for areas of the source that cannot be followed.
 */
export function redactOps(
  { areas, how, of }: RedactStep,
  size: Size,
  way: Way = { stored: size, ops: [] },
): ResolvedOp[] {
  if (areas.length > redactAreasMax)
    throw new PileusError('bad_value', { detail: `At most ${redactAreasMax} areas, got ${areas.length}.` });
  checkStrength(how);
  const from = of === 'source' ? way : { stored: size, ops: [] };
  const inside = areas
    .map((area) => clipped(follow(rectOf(area, from.stored), from.stored, from.ops), size))
    .filter((area) => area !== null);
  const bounded = how.by === 'blur' ? { ...how, sigma: boundedSigma(how.sigma) } : how;
  return inside.length === 0 ? [] : [{ op: 'redact', areas: inside, how: bounded }];
}

function checkStrength(how: RedactBy): void {
  if (how.by === 'blur' && !(how.sigma > 0 && how.sigma <= sigmaMax))
    throw new PileusError('bad_value', { detail: `A blur of at most ${sigmaMax} pixels, got ${how.sigma}.` });
  if (how.by === 'pixelate' && !(how.size > 0 && how.size <= blocksMax))
    throw new PileusError('bad_value', { detail: `Blocks of at most ${blocksMax} pixels, got ${how.size}.` });
}

/** The step as it is for a picture `times` as large: blurs and blocks that come to the same once it is scaled down. */
export function redactLarger(step: RedactStep, times: number): RedactStep {
  const { how } = step;
  switch (how.by) {
    case 'blur':
      return { ...step, how: { by: 'blur', sigma: boundedSigma(how.sigma * times) } };
    case 'pixelate':
      return {
        ...step,
        how: { by: 'pixelate', size: Math.min(blocksMax, Math.max(1, Math.round(how.size * times))) },
      };
    case 'fill':
      return step;
  }
}

type Shares = Readonly<{ x: number; y: number; w: number; h: number }>;

// Each edge is multiplied out before it is divided, so that a whole pixel stays one.
function rectOf({ x, y, w, h }: Shares, { width, height }: Size): Rect {
  const [left, top] = [(x * width) / 10_000, (y * height) / 10_000];
  return { left, top, width: ((x + w) * width) / 10_000 - left, height: ((y + h) * height) / 10_000 - top };
}

function clipped(rect: Rect, size: Size): Area | null {
  const left = Math.max(0, floor(rect.left));
  const top = Math.max(0, floor(rect.top));
  const right = Math.min(size.width, ceil(rect.left + rect.width));
  const bottom = Math.min(size.height, ceil(rect.top + rect.height));
  return right > left && bottom > top ? { left, top, width: right - left, height: bottom - top } : null;
}

/** An edge that misses a whole pixel by no more than the error of its arithmetic lies on it. */
const tolerance = 1e-6;
const floor = (edge: number): number => Math.floor(edge + tolerance);
const ceil = (edge: number): number => Math.ceil(edge - tolerance);
