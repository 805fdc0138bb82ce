import { PileusError } from '../../shared/errors.ts';
import type { Gravity, Rgba, Step } from '../plan.ts';
import type { ResolvedOp } from '../resolved.ts';
import { white } from './format.ts';
import { compassShares, cropOffset } from './gravity.ts';
import { extractOps } from './region.ts';
import { type Size, sizeOf } from './size.ts';
import { smartWindowOps } from './smart-window.ts';

type StepOf<Name extends Step['op']> = Extract<Step, { op: Name }>;

/**
 * A window of the picture, clipped to it.
 *
 * Throws operation_unsupported when nothing of the window lies in the picture.
 */
export function cropOps(step: StepOf<'crop'>, size: Size): ResolvedOp[] {
  const inner = sizeOf(Math.min(step.w ?? size.width, size.width), Math.min(step.h ?? size.height, size.height));
  if (step.gravity.kind === 'smart') return smartWindowOps(size, inner, step.gravity.by);
  // The window keeps its size where it fits, and is placed by what was asked for where it does not.
  const wanted = sizeOf(step.w ?? size.width, step.h ?? size.height);
  const { left, top } = shifted(step, size, wanted);
  const across = clip(left, wanted.width, size.width);
  const down = clip(top, wanted.height, size.height);
  if (across === null || down === null) {
    throw new PileusError('operation_unsupported', {
      detail: `The window ${wanted.width}x${wanted.height} at ${left},${top} lies outside the picture of ${size.width}x${size.height}.`,
    });
  }
  return extractOps(size, across.from, down.from, sizeOf(across.length, down.length));
}

/** The picture on a canvas: cut where it is larger, padded where it is smaller. */
export function canvasOps(step: StepOf<'canvas'>, size: Size, background: Rgba): ResolvedOp[] {
  const canvas = sizeOf(step.w ?? size.width, step.h ?? size.height);
  const cut = sizeOf(Math.min(canvas.width, size.width), Math.min(canvas.height, size.height));
  const crop = cropOps({ ...step, op: 'crop', w: cut.width, h: cut.height, dx: 0, dy: 0 }, size);
  const free = sizeOf(canvas.width - cut.width, canvas.height - cut.height);
  if (free.width === 0 && free.height === 0) return crop;
  const share = sharesOf(step.gravity);
  const left = within(Math.round(free.width * share.x) + (share.x === 1 ? -step.dx : step.dx), free.width);
  const top = within(Math.round(free.height * share.y) + (share.y === 1 ? -step.dy : step.dy), free.height);
  return [...crop, { op: 'extend', left, top, right: free.width - left, bottom: free.height - top, background }];
}

/** Each side by its own share; never under one pixel. */
export function scaleOps({ x, y }: StepOf<'scale'>, size: Size): ResolvedOp[] {
  const width = Math.max(1, Math.round((size.width * x) / 10_000));
  const height = Math.max(1, Math.round((size.height * y) / 10_000));
  return width === size.width && height === size.height ? [] : [{ op: 'resize', width, height }];
}

export const padOps = ({ op: _, fill, ...margins }: StepOf<'pad'>, background: Rgba): ResolvedOp[] => {
  if (margins.top + margins.right + margins.bottom + margins.left === 0) return [];
  return fill === undefined
    ? [{ op: 'extend', ...margins, background }]
    : [{ op: 'extend', ...margins, background: white, fill }];
};

/** Throws operation_unsupported for a slice that the picture does not have. */
export function tileOps({ axis, size: length, index }: StepOf<'tile'>, size: Size): ResolvedOp[] {
  const side = axis === 'x' ? size.width : size.height;
  const from = index * length;
  if (from >= side) {
    throw new PileusError('operation_unsupported', {
      detail: `There is no slice ${index} of ${length} pixels in ${side}.`,
    });
  }
  const rest = Math.min(length, side - from);
  return axis === 'x'
    ? extractOps(size, from, 0, sizeOf(rest, size.height))
    : extractOps(size, 0, from, sizeOf(size.width, rest));
}

/** Radii in pixels, at most half of each side. */
export function roundOps(step: StepOf<'round'>, size: Size): ResolvedOp[] {
  const half = { x: size.width / 2, y: size.height / 2 };
  if (step.shape === 'ellipse') return [{ op: 'round', rx: half.x, ry: half.y }];
  const unit = step.unit === 'px' ? 1 : Math.min(size.width, size.height) / 10_000;
  const rx = Math.min(half.x, step.x * unit);
  const ry = Math.min(half.y, step.y * unit);
  return rx === 0 || ry === 0 ? [] : [{ op: 'round', rx, ry }];
}

/** Top left corner of the window, moved by the step's offset. */
function shifted(step: StepOf<'crop'>, size: Size, inner: Size): Readonly<{ left: number; top: number }> {
  const { gravity, dx, dy } = step;
  if (gravity.kind !== 'compass')
    return cropOffset(
      gravity,
      size,
      sizeOf(Math.min(inner.width, size.width), Math.min(inner.height, size.height)),
      'nearest',
    );
  const share = compassShares[gravity.at];
  return {
    left: Math.round((size.width - inner.width) * share.x) + (share.x === 1 ? -dx : dx),
    top: Math.round((size.height - inner.height) * share.y) + (share.y === 1 ? -dy : dy),
  };
}

const sharesOf = (gravity: Gravity): Readonly<{ x: number; y: number }> => {
  if (gravity.kind === 'compass') return compassShares[gravity.at];
  return gravity.kind === 'focal' ? { x: gravity.x / 10_000, y: gravity.y / 10_000 } : compassShares.c;
};

const within = (value: number, max: number): number => Math.min(Math.max(value, 0), max);

function clip(from: number, length: number, side: number): Readonly<{ from: number; length: number }> | null {
  const first = Math.max(0, from);
  const last = Math.min(side, from + length);
  return last > first ? { from: first, length: last - first } : null;
}
