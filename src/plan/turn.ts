/**
 * The eight ways to lay a picture without scaling it: mirrored or not, turned by a quarter or not.
 *
 * A turn is kept in the order in which sharp applies its parts (mirror top to bottom, mirror left to right, then a
 * quarter turn clockwise), and every composition comes back to that form. Rectangles and margins can be carried
 * through a turn, so a crop before it becomes a crop after it and the other way round.
 */

export type Size = Readonly<{ width: number; height: number }>;
export type Rect = Readonly<{ left: number; top: number; width: number; height: number }>;
export type Margins = Readonly<{ left: number; top: number; right: number; bottom: number }>;

/** Mirror top to bottom (`flip`), then left to right (`flop`), then a quarter turn clockwise. */
export type Turn = Readonly<{ flip: boolean; flop: boolean; quarter: boolean }>;

export const upright: Turn = { flip: false, flop: false, quarter: false };

export const isUpright = (turn: Turn): boolean => !turn.flip && !turn.flop && !turn.quarter;

/** The turn that makes a picture with this EXIF orientation (1..8) upright. */
export function orientationTurn(orientation: number): Turn {
  switch (orientation) {
    case 2:
      return { flip: false, flop: true, quarter: false };
    case 3:
      return { flip: true, flop: true, quarter: false };
    case 4:
      return { flip: true, flop: false, quarter: false };
    case 5:
      return { flip: true, flop: false, quarter: true };
    case 6:
      return { flip: false, flop: false, quarter: true };
    case 7:
      return { flip: false, flop: true, quarter: true };
    case 8:
      return { flip: true, flop: true, quarter: true };
    default:
      return upright;
  }
}

/** Clockwise by 0, 90, 180 or 270 degrees. */
export const quarterTurns = (degrees: number): Turn => orientationTurn([1, 6, 3, 8][(degrees / 90) % 4] ?? 1);

/** First `first`, then `then`. */
export function composeTurns(first: Turn, then: Turn): Turn {
  // A mirror after a quarter turn is the other mirror before it.
  const flip = first.flip !== (first.quarter ? then.flop : then.flip);
  const flop = first.flop !== (first.quarter ? then.flip : then.flop);
  const both = first.quarter && then.quarter;
  return { flip: flip !== both, flop: flop !== both, quarter: first.quarter !== then.quarter };
}

export const turnSize = (size: Size, turn: Turn): Size =>
  turn.quarter ? { width: size.height, height: size.width } : size;

/** Where a rectangle of a picture of `size` lies after the turn. */
export function turnRect(rect: Rect, size: Size, turn: Turn): Rect {
  const mirrored = mirrorRect(rect, size, turn);
  return turn.quarter
    ? {
        left: size.height - mirrored.top - mirrored.height,
        top: mirrored.left,
        width: mirrored.height,
        height: mirrored.width,
      }
    : mirrored;
}

/** Which rectangle of a picture of `size` lies at `rect` once that picture is turned. */
export function unturnRect(rect: Rect, size: Size, turn: Turn): Rect {
  const unquartered = turn.quarter
    ? { left: rect.top, top: size.height - rect.left - rect.width, width: rect.height, height: rect.width }
    : rect;
  return mirrorRect(unquartered, size, turn);
}

/** Margins that were added before the turn, as they lie after it. */
export function turnMargins(margins: Margins, turn: Turn): Margins {
  const mirrored = {
    left: turn.flop ? margins.right : margins.left,
    right: turn.flop ? margins.left : margins.right,
    top: turn.flip ? margins.bottom : margins.top,
    bottom: turn.flip ? margins.top : margins.bottom,
  };
  return turn.quarter
    ? { left: mirrored.bottom, top: mirrored.left, right: mirrored.top, bottom: mirrored.right }
    : mirrored;
}

/**
 * Size of a picture of `size` turned clockwise by any angle, with its corners inside. It is libvips' own rounding
 * (vips_affine: the bounding box's sides to the nearest integer), so a plan made with it comes out exactly.
 */
export function rotatedSize(size: Size, degrees: number): Size {
  const angle = (degrees * Math.PI) / 180;
  const cos = Math.abs(Math.cos(angle));
  const sin = Math.abs(Math.sin(angle));
  return {
    width: Math.round(size.width * cos + size.height * sin),
    height: Math.round(size.width * sin + size.height * cos),
  };
}

const mirrorRect = (rect: Rect, size: Size, turn: Turn): Rect => ({
  ...rect,
  left: turn.flop ? size.width - rect.left - rect.width : rect.left,
  top: turn.flip ? size.height - rect.top - rect.height : rect.top,
});
