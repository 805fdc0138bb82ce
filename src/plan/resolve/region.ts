import { PileusError } from '../../shared/errors.ts';
import type { Step } from '../plan.ts';
import type { ResolvedOp } from '../resolved.ts';
import { cropOffset } from './gravity.ts';
import type { Size } from './size.ts';

type Region = Extract<Step, { op: 'region' }>;

/**
 * The rectangle in pixels, clipped to the picture. Both edges of a relative region are rounded for themselves, so
 * that neighbours share an edge and tile; it is never narrower than a pixel.
 *
 * Throws operation_unsupported when nothing of it lies in the picture.
 */
export function regionOps(step: Region, size: Size): ResolvedOp[] {
  const across = spanOf(step.x, step.w, step.unit, size.width);
  const down = spanOf(step.y, step.h, step.unit, size.height);
  if (across === null || down === null) {
    const { x, y, w, h, unit } = step;
    throw new PileusError('operation_unsupported', {
      detail: `The region ${x}.${y}.${w}.${h} (${unit}) lies outside the picture of ${size.width}x${size.height}.`,
    });
  }
  return extractOps(size, across.from, down.from, { width: across.length, height: down.length });
}

/** The centred square of the shorter side. */
export function squareOps(size: Size): ResolvedOp[] {
  const side = Math.min(size.width, size.height);
  const inner = { width: side, height: side };
  const { left, top } = cropOffset({ kind: 'compass', at: 'c' }, size, inner, 'nearest');
  return extractOps(size, left, top, inner);
}

/** An extract, or nothing where it would be the whole picture. */
export const extractOps = (size: Size, left: number, top: number, inner: Size): ResolvedOp[] =>
  inner.width === size.width && inner.height === size.height
    ? []
    : [{ op: 'extract', left, top, width: inner.width, height: inner.height }];

function spanOf(
  from: number,
  length: number,
  unit: 'px' | 'bp',
  side: number,
): Readonly<{ from: number; length: number }> | null {
  const whole = unit === 'px' ? side : 10_000;
  const start = Math.max(0, from);
  const end = Math.min(whole, from + length);
  if (end <= start) return null;
  if (unit === 'px') return { from: start, length: end - start };
  const left = Math.min(Math.round((start * side) / 10_000), side - 1);
  return { from: left, length: Math.max(1, Math.round((end * side) / 10_000) - left) };
}
