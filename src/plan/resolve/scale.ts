import { PileusError } from '../../shared/errors.ts';
import type { Enlarge, Rounding } from '../plan.ts';
import { roundBy, type Size, sizeOf } from './size.ts';

/** A factor as a fraction: sides are multiplied before they are divided, so that no side is off by rounding. */
export type Scale = Readonly<{ times: number; over: number }>;

export const noScale: Scale = { times: 1, over: 1 };

/** A box with free sides (null), in pixels. */
export type Box = Readonly<{ w: number | null; h: number | null }>;

/** Scale to the box's tighter (`inside`) or wider (`around`) side; null when both are free. */
export function boxScale(size: Size, box: Box, side: 'inside' | 'around'): Scale | null {
  const across = box.w === null ? null : { times: box.w, over: size.width };
  const down = box.h === null ? null : { times: box.h, over: size.height };
  if (across === null || down === null) return across ?? down;
  const acrossIsSmaller = across.times * down.over <= down.times * across.over;
  return acrossIsSmaller === (side === 'inside') ? across : down;
}

/**
 * The scale that the plan's rule on enlarging leaves of it; null when the step does nothing.
 *
 * Throws enlarge_refused under `error`.
 */
export function allowedScale(scale: Scale, enlarge: Enlarge, size: Size): Scale | null {
  const enlarges = scale.times > scale.over;
  if (enlarge === 'only') return enlarges ? scale : null;
  if (!enlarges || enlarge === 'yes') return scale;
  if (enlarge === 'error') throw enlargeRefused(size);
  return noScale;
}

export const enlargeRefused = (size: Size): PileusError =>
  new PileusError('enlarge_refused', { detail: `The picture has ${size.width}x${size.height} pixels.` });

/** The scaled size; no side falls under one pixel. */
export const scaledSize = (size: Size, scale: Scale, rounding: Rounding): Size =>
  sizeOf(
    Math.max(1, roundBy(rounding, (size.width * scale.times) / scale.over)),
    Math.max(1, roundBy(rounding, (size.height * scale.times) / scale.over)),
  );

/** The largest size with at most so many pixels, ratio kept as well as integers allow. */
export function areaSize(size: Size, pixels: number, rounding: Rounding): Size {
  const width = Math.sqrt((pixels * size.width) / size.height);
  const height = Math.sqrt((pixels * size.height) / size.width);
  if (width < 1) return sizeOf(1, Math.max(1, Math.floor(Math.min(height, pixels))));
  if (height < 1) return sizeOf(Math.max(1, Math.floor(Math.min(width, pixels))), 1);
  let best = sizeOf(Math.floor(width), Math.floor(height));
  if (rounding === 'floor') return best;
  for (const w of [Math.floor(width), Math.ceil(width)]) {
    for (const h of [Math.floor(height), Math.ceil(height)]) {
      if (w * h <= pixels && w * h > best.width * best.height) best = sizeOf(w, h);
    }
  }
  return best;
}
