import type { Compass, MarkLook, TileAxis } from '../plan.ts';
import type { Repeat } from '../resolved.ts';
import { rotatedSize } from '../turn.ts';
import { compassShares } from './gravity.ts';
import { type Size, sizeOf } from './size.ts';

/** Where a mark is to be, before its size is known. */
export type MarkWish = Readonly<{ gravity: Compass; dx: number; dy: number; tile?: NonNullable<MarkLook['tile']> }>;

/** The mark with its offsets and gaps in pixels of this ratio, where it follows that of a layout. */
export function atRatio<Mark extends MarkWish & Pick<MarkLook, 'dpr'>>(mark: Mark, ratio: number): Omit<Mark, 'dpr'> {
  const { dpr, ...plain } = mark;
  if (!dpr || ratio === 1) return plain;
  // Shares of the picture stay what they are.
  const times = (offset: number): number => (Math.abs(offset) < 1 ? offset : Math.round(offset * ratio));
  const along = (axis: TileAxis | null): TileAxis | null =>
    axis === null || axis.by === 'even' ? axis : { ...axis, gap: times(axis.gap) };
  const { tile } = plain;
  return {
    ...plain,
    dx: times(plain.dx),
    dy: times(plain.dy),
    ...(tile === undefined ? {} : { tile: { ...tile, x: along(tile.x), y: along(tile.y) } }),
  };
}

/** Its top left corner with its shadow (of the first copy), and the copies. */
export type MarkPlace = Readonly<{ left: number; top: number; repeat?: Repeat }>;

/**
 * Places a mark of this size, shadow included, on a picture: by gravity and offset (inwards from the edge that the gravity names; from
 * the centre right and down) as if it had no shadow, or as copies all over it. It may hang over the edges.
 */
export function placeMark(mark: Size, margin: number, picture: Size, wish: MarkWish): MarkPlace {
  const { gravity, dx, dy, tile } = wish;
  const share = compassShares[gravity];
  const free = sizeOf(picture.width - mark.width + 2 * margin, picture.height - mark.height + 2 * margin);
  const [x0, y0] = [offsetOf(dx, picture.width), offsetOf(dy, picture.height)];
  const left = Math.round(free.width * share.x) + (share.x === 1 ? -x0 : x0) - margin;
  const top = Math.round(free.height * share.y) + (share.y === 1 ? -y0 : y0) - margin;
  if (tile === undefined) return { left, top };
  const x = copiesOf(tile.x, mark.width, picture.width, left);
  const y = copiesOf(tile.y, mark.height, picture.height, top);
  return {
    left: x.from,
    top: y.from,
    repeat: {
      across: x.count,
      down: y.count,
      stepX: x.step,
      stepY: y.step,
      ...(tile.chess === undefined ? {} : { chess: tile.chess }),
    },
  };
}

const offsetOf = (offset: number, side: number): number =>
  Math.abs(offset) < 1 ? Math.round(offset * side) : Math.round(offset);

/** The box of a mark behind its turn, with its shadow. */
export function markBox(mark: Size & Pick<MarkLook, 'degrees' | 'shadow'>): Size {
  const { degrees = 0 } = mark;
  const turned = degrees === 0 ? mark : rotatedSize(mark, degrees);
  const margin = shadowMargin(mark);
  return sizeOf(turned.width + 2 * margin, turned.height + 2 * margin);
}

/** How far a mark's shadow reaches beyond it, in pixels; three sigmas are what can be seen of a Gaussian. */
export const shadowMargin = ({ shadow }: Pick<MarkLook, 'shadow'>): number =>
  shadow === undefined ? 0 : Math.ceil(3 * shadow.sigma + Math.max(Math.abs(shadow.dx), Math.abs(shadow.dy)));

type Copies = Readonly<{ from: number; step: number; count: number }>;

function copiesOf(axis: TileAxis | null, mark: number, side: number, from: number): Copies {
  switch (axis?.by) {
    case undefined:
      return { from, step: mark, count: 1 };
    case 'even': {
      const count = Math.max(1, Math.floor(side / mark));
      const gap = Math.max(0, Math.floor((side - count * mark) / (count + 1)));
      return { from: gap, step: mark + gap, count };
    }
    case 'start': {
      const step = mark + axis.gap;
      return { from: 0, step, count: Math.ceil(side / step) };
    }
    case 'centre': {
      const gap = axis.gap < 1 ? Math.round(axis.gap * side) : Math.round(axis.gap);
      const step = mark + gap;
      // An odd number of them, cut to the picture on both sides alike.
      const enough = Math.ceil(side / step);
      const count = enough % 2 === 0 ? enough + 1 : enough;
      const first = Math.floor(gap / 2) - Math.floor((count * step - side) / 2);
      // The last one may begin where the picture ends, or beyond it by no more than its gap.
      return { from: first, step, count: Math.min(count, Math.ceil((side + gap - first) / step)) };
    }
  }
}
