import type { Compass, Gravity, Rounding } from '../plan.ts';
import { roundBy, type Size } from './size.ts';

type Offset = Readonly<{ left: number; top: number }>;

/**
 * Where a window of size `inner` lies in a picture of size `outer`. A focal point is in the middle of the window
 * where the picture's edges allow it. `smart` is the engine's to decide; here it means the centre.
 */
export function cropOffset(gravity: Gravity, outer: Size, inner: Size, rounding: Rounding): Offset {
  if (gravity.kind !== 'focal') return placeOffset(gravity, outer, inner, rounding);
  return {
    left: focalOffset(gravity.x, outer.width, inner.width, rounding),
    top: focalOffset(gravity.y, outer.height, inner.height, rounding),
  };
}

/** Where a picture of size `inner` is put on a canvas of size `outer`: the free space is shared out by gravity. */
export function placeOffset(gravity: Gravity, outer: Size, inner: Size, rounding: Rounding): Offset {
  const share = sharesOf(gravity);
  return {
    left: roundBy(rounding, (outer.width - inner.width) * share.x),
    top: roundBy(rounding, (outer.height - inner.height) * share.y),
  };
}

/** How much of the free space lies before the picture: 0 left or top, 0.5 centre, 1 right or bottom. */
export const compassShares: Readonly<Record<Compass, Readonly<{ x: number; y: number }>>> = {
  nw: { x: 0, y: 0 },
  n: { x: 0.5, y: 0 },
  ne: { x: 1, y: 0 },
  w: { x: 0, y: 0.5 },
  c: { x: 0.5, y: 0.5 },
  e: { x: 1, y: 0.5 },
  sw: { x: 0, y: 1 },
  s: { x: 0.5, y: 1 },
  se: { x: 1, y: 1 },
};

function sharesOf(gravity: Gravity): Readonly<{ x: number; y: number }> {
  if (gravity.kind === 'compass') return compassShares[gravity.at];
  if (gravity.kind === 'focal') return { x: gravity.x / 10_000, y: gravity.y / 10_000 };
  return compassShares.c;
}

function focalOffset(point: number, outer: number, inner: number, rounding: Rounding): number {
  const wanted = roundBy(rounding, (outer * point) / 10_000 - inner / 2);
  return Math.min(Math.max(wanted, 0), outer - inner);
}
