import type { Rounding } from '../plan.ts';
import type { ResolvedOp } from '../resolved.ts';

/** Width and height of one frame, in pixels. */
export type Size = Readonly<{ width: number; height: number }>;

export const sizeOf = (width: number, height: number): Size => ({ width, height });

export const sameSize = (one: Size, other: Size): boolean => one.width === other.width && one.height === other.height;

export const pixelsOf = (size: Size): number => size.width * size.height;

/** Integer from a fraction, as the plan wants it. */
export const roundBy = (rounding: Rounding, value: number): number =>
  rounding === 'floor' ? Math.floor(value) : Math.round(value);

/** What is left of a picture of this size after the op. */
export function sizeAfter(op: ResolvedOp, size: Size): Size {
  switch (op.op) {
    case 'orient':
      return op.orientation >= 5 ? sizeOf(size.height, size.width) : size;
    case 'extract':
    case 'resize':
    case 'smartcrop':
      return sizeOf(op.width, op.height);
    case 'extend':
      return sizeOf(size.width + op.left + op.right, size.height + op.top + op.bottom);
    case 'rotate':
      return rotatedSize(size, op.degrees);
    default:
      return size;
  }
}

/**
 * Bounding box of a picture turned by any angle, in the arithmetic of libvips (`vips__transform_forward_rect`:
 * four corners, spans rounded half to even), so that it is the size that vips_rotate gives.
 */
export function rotatedSize(size: Size, degrees: number): Size {
  if (degrees % 180 === 0) return size;
  if (degrees % 90 === 0) return sizeOf(size.height, size.width);
  const radians = (degrees / 360) * 2 * Math.PI;
  const cos = Math.cos(radians);
  const sin = Math.sin(radians);
  const { width, height } = size;
  const xs = [0, cos * width, -sin * height, cos * width - sin * height];
  const ys = [0, sin * width, cos * height, sin * width + cos * height];
  return sizeOf(Math.max(1, spanOf(xs)), Math.max(1, spanOf(ys)));
}

const spanOf = (points: readonly number[]): number => roundHalfToEven(Math.max(...points) - Math.min(...points));

function roundHalfToEven(value: number): number {
  const nearest = Math.round(value);
  return value % 1 === 0.5 && nearest % 2 !== 0 ? nearest - 1 : nearest;
}
