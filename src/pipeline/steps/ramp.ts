import { vectorOf } from '../../plan/direction.ts';
import type { Ramp } from '../../plan/plan.ts';
import type { Size } from '../../plan/turn.ts';

/**
 * How far a ramp has come at each pixel, 0..1, measured at its middle. The way is as long as the picture in that direction, so that
 * of an odd angle one corner is its beginning and the corner across from it its end, as of a gradient in CSS (Images Level 3, section 3.1).
 */
export function rampOver({ width, height }: Size, { to, start, stop }: Ramp): (x: number, y: number) => number {
  const { x: dx, y: dy } = vectorOf(to);
  const length = width * Math.abs(dx) + height * Math.abs(dy);
  const across = placesAlong(width, dx, length);
  const down = placesAlong(height, dy, length);
  return (x, y) => {
    const place = (across[x] ?? 0) + (down[y] ?? 0);
    const way = stop === start ? (place < start ? 0 : 1) : (place - start) / (stop - start);
    return Math.min(1, Math.max(0, way));
  };
}

/** What each pixel of a side adds to the way. */
const placesAlong = (side: number, step: number, length: number): Float64Array =>
  Float64Array.from({ length: side }, (_, at) => ((step < 0 ? side - at - 0.5 : at + 0.5) * Math.abs(step)) / length);
