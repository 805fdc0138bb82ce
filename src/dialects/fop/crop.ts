import type { Compass, Step } from '../../plan/plan.ts';
import { compassGravity } from '../../plan/plan.ts';
import { badValue, readInteger } from '../native/values.ts';
import { resizeStep } from '../resize-step.ts';
import { isCentred } from './gravity.ts';
import { sideMax, sideOf } from './thumbnail.ts';

type Crop = Extract<Step, { op: 'crop' }>;

/** How `crop` gives its window: a size of which one side may be free, and an offset or none. */
export type CropGeometry = Readonly<{
  w: number | null;
  h: number | null;
  /** Below zero: so many pixels less of that side. */
  offset: Readonly<{ dx: number; dy: number }> | null;
}>;

const form = '300x200, 300x, x200 or !300x200a10a10';

/** Reads `300x200`, `300x`, `x200` and `!{size}a<dx>a<dy>` with `-` for either `a`. Throws bad_value. */
export function readCrop(raw: string): CropGeometry {
  const [, bang, width = '', height = '', signX, dx = '', signY, dy = ''] =
    /^(!?)([0-9]*)x([0-9]*)(?:([a-])([0-9]+)([a-])([0-9]+))?$/.exec(raw) ?? [];
  const w = sideOf(width, 'crop');
  const h = sideOf(height, 'crop');
  if ((w === null && h === null) || (signX !== undefined && bang === '')) throw badValue('crop', form, raw);
  const offset = signX === undefined ? null : { dx: offsetOf(signX, dx), dy: offsetOf(signY, dy) };
  return { w, h, offset };
}

function offsetOf(sign: string | undefined, digits: string): number {
  const pixels = readInteger(digits, 'crop', 0, sideMax);
  return sign === '-' && pixels > 0 ? -pixels : pixels;
}

/**
 * The window at its own size. An offset moves it inwards from the edge that the gravity names; one below zero leaves it there and takes
 * as much from its side (`!300x300-30a100` is 270x300). Throws bad_value where nothing is left.
 */
export function windowStep({ w, h, offset }: CropGeometry, at: Compass): Crop {
  const across = spanOf(w, offset?.dx ?? 0);
  const down = spanOf(h, offset?.dy ?? 0);
  return { op: 'crop', w: across.side, h: down.side, gravity: compassGravity(at), dx: across.shift, dy: down.shift };
}

/** Of a free side an offset below zero takes what then hangs over the edge. */
function spanOf(side: number | null, offset: number): Readonly<{ side: number | null; shift: number }> {
  if (offset >= 0 || side === null) return { side, shift: offset };
  if (side + offset < 1) throw badValue('crop', 'an offset that leaves something', String(offset));
  return { side: side + offset, shift: 0 };
}

/**
 * Scaled down until it covers the window, then cut: how Tencent crops. With one side, or with an offset, nothing is scaled. Throws
 * bad_value.
 */
export function scaledCropStep(geometry: CropGeometry, gravity: Compass | null): Step {
  const { w, h, offset } = geometry;
  if (offset !== null) return windowStep(geometry, gravity ?? 'nw');
  if (w === null || h === null) return windowStep(geometry, gravity ?? 'c');
  return { ...resizeStep('cover', { by: 'box', w, h }, 'no'), gravity: compassGravity(gravity ?? 'c') };
}

/** `<w>x<h>x<dx>x<dy>`: a window whose distance counts only along axes on which the gravity holds on to an edge. */
export function cutStep(raw: string, gravity: Compass | null): Step {
  const [w = '', h = '', dx = '', dy, ...rest] = raw.split('x');
  if (dy === undefined || rest.length > 0) throw badValue('cut', '<width>x<height>x<dx>x<dy>', raw);
  const at = gravity ?? 'nw';
  const shiftX = readInteger(dx, 'cut', 0, cutOffsetMax);
  const shiftY = readInteger(dy, 'cut', 0, cutOffsetMax);
  return {
    op: 'crop',
    w: readInteger(w, 'cut', 1, sideMax),
    h: readInteger(h, 'cut', 1, sideMax),
    gravity: compassGravity(at),
    dx: isCentred(at, 'x') ? 0 : shiftX,
    dy: isCentred(at, 'y') ? 0 : shiftY,
  };
}

/** As long as the longest side of a source. */
const cutOffsetMax = 50_000;
