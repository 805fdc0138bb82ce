import { withDeadline } from '../deadline.ts';
import { openPixels, toPixels } from '../pixels.ts';
import type { Effect } from './effect.ts';

/** Edge pixels are looked at in so many places along each side, for a smooth edge. */
const samples = 4;

/** Corners cut off by elliptic arcs: what lies outside becomes transparent. */
export const round: Effect<'round'> = async (pixels, { rx, ry }, deadline) => {
  const opened = withDeadline(openPixels(pixels), deadline).toColourspace('srgb').ensureAlpha();
  const { bytes, width, height, channels } = await toPixels(opened, pixels, 1);
  const rows = Math.ceil(ry);
  const columns = Math.ceil(rx);
  const fade = (row: number, column: number, covered: number): void => {
    const at = (row * width + column) * channels + 3;
    bytes[at] = Math.round((bytes[at] ?? 0) * covered);
  };
  for (let y = 0; y < rows; y++) {
    const below = height - 1 - y;
    for (let x = 0; x < columns; x++) {
      const covered = coverage(x, y, rx, ry);
      if (covered === 1) break;
      const right = width - 1 - x;
      fade(y, x, covered);
      // The middle row and column of an odd side are their own mirror.
      if (right !== x) fade(y, right, covered);
      if (below !== y) fade(below, x, covered);
      if (right !== x && below !== y) fade(below, right, covered);
    }
  }
  return { ...pixels, bytes, channels };
};

/** How much of the pixel (x, y) of the top left corner lies inside the arc, 0..1. */
function coverage(x: number, y: number, rx: number, ry: number): number {
  if (isInside(x, y, rx, ry)) return 1;
  if (!isInside(x + 1, y + 1, rx, ry)) return 0;
  let inside = 0;
  for (let row = 0; row < samples; row++) {
    for (let column = 0; column < samples; column++) {
      if (isInside(x + (column + 0.5) / samples, y + (row + 0.5) / samples, rx, ry)) inside++;
    }
  }
  return inside / samples ** 2;
}

const isInside = (x: number, y: number, rx: number, ry: number): boolean => {
  const dx = Math.max(0, rx - x) / rx;
  const dy = Math.max(0, ry - y) / ry;
  return dx * dx + dy * dy <= 1;
};
