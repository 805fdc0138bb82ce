import { PileusError } from '../../shared/errors.ts';
import type { ResolvedOp } from '../resolved.ts';
import { orientationTurn, quarterTurns, type Rect, turnRect } from '../turn.ts';
import { type Size, sizeAfter } from './size.ts';

/**
 * Where a rectangle of a picture of `size` lies behind these ops, in pixels that need not be whole; it may lie outside, and what a crop
 * has cut away is gone. Throws
 * operation_unsupported behind a crop by content, of which nobody knows yet where it is, and behind a turn by an odd angle.
 */
export function follow(rect: Rect, size: Size, ops: readonly ResolvedOp[]): Rect {
  let [at, now] = [rect, size];
  for (const op of ops) {
    at = followOne(at, now, op);
    now = sizeAfter(op, now);
  }
  return at;
}

function followOne(rect: Rect, size: Size, op: ResolvedOp): Rect {
  switch (op.op) {
    case 'orient':
      return turnRect(rect, size, orientationTurn(op.orientation));
    case 'flip':
      return turnRect(rect, size, { flip: op.vertical, flop: op.horizontal, quarter: false });
    case 'rotate':
      if (op.degrees % 90 !== 0) throw lost('a turn by an odd angle');
      return turnRect(rect, size, quarterTurns(op.degrees));
    case 'smartcrop':
      throw lost('a crop by content');
    case 'extract':
      return cutTo({ ...rect, left: rect.left - op.left, top: rect.top - op.top }, op);
    case 'extend':
      return { ...rect, left: rect.left + op.left, top: rect.top + op.top };
    case 'resize': {
      const [x, y] = [op.width / size.width, op.height / size.height];
      return { left: rect.left * x, top: rect.top * y, width: rect.width * x, height: rect.height * y };
    }
    default:
      return rect;
  }
}

/** What a crop takes away comes back with no border that is laid around it later. */
function cutTo({ left, top, width, height }: Rect, size: Size): Rect {
  const [x, y] = [clamped(left, size.width), clamped(top, size.height)];
  return {
    left: x,
    top: y,
    width: clamped(left + width, size.width) - x,
    height: clamped(top + height, size.height) - y,
  };
}

const clamped = (at: number, side: number): number => Math.min(Math.max(at, 0), side);

const lost = (what: string): PileusError =>
  new PileusError('operation_unsupported', { detail: `Areas of the source cannot be followed through ${what}.` });
