import type { Gravity, Rgba, Step } from '../plan.ts';
import type { ResolvedOp } from '../resolved.ts';
import { cropOffset, placeOffset } from './gravity.ts';
import { withKernel } from './kernel.ts';
import { extractOps } from './region.ts';
import { allowedScale, areaSize, type Box, boxScale, enlargeRefused, scaledSize } from './scale.ts';
import { pixelsOf, roundBy, type Size, sameSize, sizeOf } from './size.ts';

type Resize = Extract<Step, { op: 'resize' }>;

/**
 * A resize in integers, in all modes and sizes. `only` with nothing to enlarge does nothing at all, neither crop
 * nor pad. A box with one free side neither crops nor pads along it, and has no ratio for `aspect`.
 *
 * Throws enlarge_refused under `error`.
 */
export const resizeOps = (step: Resize, size: Size, background: Rgba): ResolvedOp[] =>
  withKernel(sizedOps(step, size, background), step.kernel);

function sizedOps(step: Resize, size: Size, background: Rgba): ResolvedOp[] {
  const hundredths = Math.round(step.dpr * 100);
  switch (step.size.by) {
    case 'box':
      return boxOps(step, size, foldedBox(step.size.w, step.size.h, hundredths), background);
    case 'sides': {
      const box = foldedBox(step.size.long, step.size.short, hundredths);
      return boxOps(step, size, size.width >= size.height ? box : { w: box.h, h: box.w }, background);
    }
    case 'percent': {
      const scale = allowedScale({ times: step.size.percent * hundredths, over: 10_000 }, step.enlarge, size);
      return scale === null ? [] : scaleOps(size, scaledSize(size, scale, step.rounding));
    }
    case 'area':
      return areaOps(step, size, Math.max(1, Math.floor((step.size.pixels * hundredths ** 2) / 10_000)));
  }
}

const foldedBox = (w: number | null, h: number | null, hundredths: number): Box => ({
  w: w === null ? null : Math.max(1, Math.round((w * hundredths) / 100)),
  h: h === null ? null : Math.max(1, Math.round((h * hundredths) / 100)),
});

function boxOps(step: Resize, size: Size, box: Box, background: Rgba): ResolvedOp[] {
  switch (step.mode) {
    case 'exact':
      return exactOps(step, size, box);
    case 'aspect':
      return aspectOps(step, size, box);
    default:
      return ratioOps(step, size, box, background);
  }
}

/** The modes that keep the ratio: fit and pad scale into the box, cover and min around it. */
function ratioOps(step: Resize, size: Size, box: Box, background: Rgba): ResolvedOp[] {
  const wanted = boxScale(size, box, step.mode === 'fit' || step.mode === 'pad' ? 'inside' : 'around');
  if (wanted === null) return [];
  const scale = allowedScale(wanted, step.enlarge, size);
  if (scale === null) return [];
  const scaled = scaledSize(size, scale, step.rounding);
  if (step.mode === 'pad') return [...scaleOps(size, scaled), ...extendOps(step, scaled, box, background)];
  if (step.mode !== 'cover') return scaleOps(size, scaled);
  const window = sizeOf(Math.min(box.w ?? scaled.width, scaled.width), Math.min(box.h ?? scaled.height, scaled.height));
  if (isSmart(step.gravity) && !sameSize(window, scaled)) return [smartcropOp(step.gravity, window)];
  return [...scaleOps(size, scaled), ...cropOps(step, scaled, window)];
}

function exactOps(step: Resize, size: Size, box: Box): ResolvedOp[] {
  const scale = boxScale(size, box, 'inside');
  if (scale === null) return [];
  const free = scaledSize(size, scale, step.rounding);
  const target = sizeOf(box.w ?? free.width, box.h ?? free.height);
  const enlarges = target.width > size.width || target.height > size.height;
  if (step.enlarge === 'error' && enlarges) throw enlargeRefused(size);
  if (step.enlarge === 'only' && (target.width < size.width || target.height < size.height)) return [];
  if (step.enlarge !== 'no') return scaleOps(size, target);
  return scaleOps(size, sizeOf(Math.min(target.width, size.width), Math.min(target.height, size.height)));
}

function aspectOps(step: Resize, size: Size, { w, h }: Box): ResolvedOp[] {
  if (w === null || h === null) return [];
  const isTooWide = size.width * h > size.height * w;
  const window = isTooWide
    ? sizeOf(Math.max(1, roundBy(step.rounding, (size.height * w) / h)), size.height)
    : sizeOf(size.width, Math.max(1, roundBy(step.rounding, (size.width * h) / w)));
  if (isSmart(step.gravity) && !sameSize(window, size)) return [smartcropOp(step.gravity, window)];
  return cropOps(step, size, window);
}

function areaOps(step: Resize, size: Size, pixels: number): ResolvedOp[] {
  const scale = allowedScale({ times: pixels, over: pixelsOf(size) }, step.enlarge, size);
  if (scale === null || scale.times === scale.over) return [];
  return scaleOps(size, areaSize(size, pixels, step.rounding));
}

const scaleOps = (size: Size, target: Size): ResolvedOp[] =>
  sameSize(size, target) ? [] : [{ op: 'resize', width: target.width, height: target.height }];

function cropOps(step: Resize, size: Size, window: Size): ResolvedOp[] {
  const { left, top } = cropOffset(step.gravity, size, window, step.rounding);
  return extractOps(size, left, top, window);
}

function extendOps(step: Resize, size: Size, box: Box, background: Rgba): ResolvedOp[] {
  const canvas = sizeOf(Math.max(box.w ?? 0, size.width), Math.max(box.h ?? 0, size.height));
  if (sameSize(canvas, size)) return [];
  const { left, top } = placeOffset(step.gravity, canvas, size, step.rounding);
  const right = canvas.width - size.width - left;
  const bottom = canvas.height - size.height - top;
  return [{ op: 'extend', left, top, right, bottom, background }];
}

type Smart = Extract<Gravity, { kind: 'smart' }>;

const isSmart = (gravity: Gravity): gravity is Smart => gravity.kind === 'smart';

const smartcropOp = (gravity: Smart, window: Size): ResolvedOp => ({
  op: 'smartcrop',
  width: window.width,
  height: window.height,
  by: gravity.by,
});
