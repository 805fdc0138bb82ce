import type { Compass, SourceRef, Step, TileAxis } from '../../plan/plan.ts';
import { markNamed } from '../mark-named.ts';
import type { Arguments } from './arguments.ts';
import { type Draft, unsupported } from './draft.ts';

type Watermark = Extract<Step, { op: 'watermark' }>;

/** Where a mark holds on along one axis, and how far it is from there: below 1 a share; or its copies. */
export type Place = Readonly<{ side: 'start' | 'middle' | 'end'; offset: number; tile?: TileAxis }>;

export type ReadPlace = (args: Arguments, raw: string, axis: 'x' | 'y') => Place;

const offsetMax = 10_000;

/**
 * `watermark(name,x,y,alpha[,width[,height]])`: a registered asset, by its own name or by the one that the mount has for it, or an original
 * of the mount's `marks`. Alpha 0 is opaque, 100 cannot be seen. It keeps its size unless told otherwise, and is cut at the edges. Throws bad_value or operation_unsupported.
 */
export function readWatermark(
  args: Arguments,
  draft: Draft,
  readPlace: ReadPlace,
  defaults: readonly string[],
): Watermark {
  const asset = pictureOf(args, draft);
  const x = readPlace(args, args.text(defaults[0]), 'x');
  const y = readPlace(args, args.text(defaults[1]), 'y');
  const alpha = args.number(0, 100, defaults[2] === undefined ? undefined : Number(defaults[2]));
  const width = args.text('none');
  const height = args.text('none');
  if (height !== 'none') throw unsupported('watermark(): a mark is sized by its width only.');
  const scalePercent = width === 'none' ? 0 : Number(width);
  if (!Number.isInteger(scalePercent) || scalePercent < 0 || scalePercent > 100) {
    throw args.bad('a width of 1 to 100 percent or none', width);
  }
  return {
    op: 'watermark',
    asset,
    gravity: gravityOf(x, y),
    dx: x.offset,
    dy: y.offset,
    opacity: Math.round(100 - alpha),
    scalePercent,
    oversize: true,
    ...(x.tile || y.tile ? { tile: { x: x.tile ?? null, y: y.tile ?? null } } : {}),
  };
}

/** The place of a mark out of those along its axes. */
export const gravityOf = (x: Place, y: Place): Compass => gravities[y.side][x.side];

/** `repeat` with the copies of a server. */
export const copies = (tile: TileAxis): Place => ({ side: 'start', offset: 0, tile });

/** A share of the side as a place, from the far edge where it is negative; null for a whole side and more. */
export function sharePlace(share: number): Place | null {
  if (Math.abs(share) >= 1) return null;
  return share < 0 ? { side: 'end', offset: -share } : { side: 'start', offset: share };
}

/** Pixels or percent (`20p`) from the near edge, with a minus from the far one; `center`, or `repeat` with equal gaps. */
export function thumborPlace(args: Arguments, raw: string): Place {
  if (raw === 'center') return { side: 'middle', offset: 0 };
  if (raw === 'repeat') return copies({ by: 'even' });
  const percent = /^(-?[0-9]{1,2})p$/.exec(raw)?.[1];
  const share = percent === undefined ? null : sharePlace(Number(percent) / 100);
  if (share !== null) return share;
  if (!/^-?[0-9]{1,5}$/.test(raw) || Math.abs(Number(raw)) > offsetMax) {
    throw args.bad(`pixels up to ${offsetMax}, percent below 100, center or repeat`, raw);
  }
  return raw.startsWith('-') ? { side: 'end', offset: Number(raw.slice(1)) } : { side: 'start', offset: Number(raw) };
}

function pictureOf(args: Arguments, draft: Draft): string | SourceRef {
  const name = args.text();
  const mark = markNamed(name, draft.settings, draft.config);
  if (mark === null) throw args.bad('the name of a registered asset, or of a picture that may be drawn here', name);
  return mark;
}

const gravities: Readonly<Record<Place['side'], Readonly<Record<Place['side'], Compass>>>> = {
  start: { start: 'nw', middle: 'n', end: 'ne' },
  middle: { start: 'w', middle: 'c', end: 'e' },
  end: { start: 'sw', middle: 's', end: 'se' },
};
