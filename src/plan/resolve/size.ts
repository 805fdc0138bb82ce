import { traitsOf } from '../op-traits.ts';
import type { Rounding } from '../plan.ts';
import type { ResolvedOp } from '../resolved.ts';
import type { Size } from '../turn.ts';

/** Width and height of one frame, in pixels. */
export type { Size } from '../turn.ts';

export const sizeOf = (width: number, height: number): Size => ({ width, height });

export const sameSize = (one: Size, other: Size): boolean => one.width === other.width && one.height === other.height;

export const pixelsOf = (size: Size): number => size.width * size.height;

/** Integer from a fraction, as the plan wants it. */
export const roundBy = (rounding: Rounding, value: number): number =>
  rounding === 'floor' ? Math.floor(value) : Math.round(value);

/** What is left of a picture of this size after the op. */
export const sizeAfter = (op: ResolvedOp, size: Size): Size => traitsOf(op).sizeAfter(op, size);

/** The size that covers the window with the ratio kept; one side is exactly the window's. */
export function coverSize(size: Size, window: Size): Size {
  const shrink = Math.min(size.width / window.width, size.height / window.height);
  return sizeOf(
    Math.max(window.width, Math.round(size.width / shrink)),
    Math.max(window.height, Math.round(size.height / shrink)),
  );
}

/** The size that the steps of a plan begin with: that of a frame, or of all pages below one another. */
export const openingSize = (input: Size & Readonly<{ pages: number; stacked?: true }>): Size =>
  sizeOf(input.width, input.height * (input.stacked ? input.pages : 1));
