import type { Header, Level } from '../header.ts';
import type { ResolvedOp } from '../resolved.ts';
import { type Size, sizeOf } from './size.ts';

type Crop = Extract<ResolvedOp, { op: 'extract' }>;

/** A smaller copy of the source to begin with, and what is left to do to it. */
export type Entry = Level & Readonly<{ ops: readonly ResolvedOp[] }>;

/**
 * The smallest of the source's own copies from which these ops still only scale down: a viewer that zooms out over 100
 * megapixels then decodes a few tiles. Null where there is none, or where the ops begin with anything but a crop and a scale.
 *
 * A crop is taken over only where its edges fall on whole pixels of the copy (tiles of a grid do), so nothing moves.
 */
export function smallerEntry(header: Header, ops: readonly ResolvedOp[]): Entry | null {
  const crop = ops[0]?.op === 'extract' ? ops[0] : null;
  const [scale, ...rest] = crop === null ? ops : ops.slice(1);
  if (header.levels === undefined || scale?.op !== 'resize') return null;
  const wanted = sizeOf(scale.width, scale.height);
  for (const level of [...header.levels].reverse()) {
    const inner =
      crop === null ? { left: 0, top: 0, ...sizeOf(level.width, level.height) } : cropOn(level, crop, header);
    if (inner === null || inner.width < wanted.width || inner.height < wanted.height) continue;
    const isWhole = inner.width === level.width && inner.height === level.height;
    const isScaled = inner.width !== wanted.width || inner.height !== wanted.height;
    const { left, top, width, height } = inner;
    const cut: ResolvedOp[] = isWhole ? [] : [{ op: 'extract', left, top, width, height }];
    return { ...level, ops: [...cut, ...(isScaled ? [scale] : []), ...rest] };
  }
  return null;
}

/** The crop in pixels of the copy, or null where an edge would fall between two of them. */
function cropOn(level: Size, crop: Crop, whole: Size): Omit<Crop, 'op'> | null {
  // Copies are halved again and again, with a last odd pixel dropped or kept: the longer side tells it best.
  const factor = Math.round(Math.max(whole.width, whole.height) / Math.max(level.width, level.height));
  const across = spanOn(crop.left, crop.width, factor, whole.width, level.width);
  const down = spanOn(crop.top, crop.height, factor, whole.height, level.height);
  return across && down && { left: across.from, top: down.from, width: across.length, height: down.length };
}

function spanOn(
  from: number,
  length: number,
  factor: number,
  whole: number,
  side: number,
): Readonly<{ from: number; length: number }> | null {
  const first = from / factor;
  const last = from + length === whole ? side : (from + length) / factor;
  if (!Number.isInteger(first) || !Number.isInteger(last) || last <= first || last > side) return null;
  return { from: first, length: last - first };
}
