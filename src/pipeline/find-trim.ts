import type { TrimBox, TrimStep } from '../plan/resolve/trim.ts';
import type { Resolved } from '../plan/resolved.ts';
import { colour } from './colour.ts';
import type { Pixels } from './pixels.ts';
import { type RunOptions, runToPixels } from './run.ts';

/** What transparent pixels look like to the search: a colour that borders seldom have. */
const magenta = [255, 0, 255] as const;

/**
 * The box that a trim leaves of a picture. `resolved` is the picture upright and whole. All of it where nothing is left: a picture of one
 * colour is not trimmed. After libvips' find_trim, without its median filter.
 */
export async function findTrim(
  source: Uint8Array,
  resolved: Resolved,
  trim: TrimStep,
  options: RunOptions,
): Promise<TrimBox> {
  const pixels = await runToPixels(source, resolved, options);
  const box = boxOf(pixels, trim);
  return box === null ? { x: 0, y: 0, w: pixels.width, h: pixels.height } : evened(box, pixels, trim);
}

type Edges = Readonly<{ left: number; top: number; right: number; bottom: number }>;

/** Margins of what differs from the border, or null where nothing does. */
function boxOf(pixels: Pixels, trim: TrimStep): Edges | null {
  const { width, height } = pixels;
  const border = trim.colour === null ? colourAt(pixels, 0) : toArray(trim.colour);
  const differs = (x: number, y: number): boolean => {
    const seen = colourAt(pixels, y * width + x);
    return seen.some((value, channel) => Math.abs(value - (border[channel] ?? 0)) > trim.threshold);
  };
  let [left, right, top, bottom] = [width, width, -1, 0];
  for (let y = 0; y < height; y++) {
    let first = 0;
    while (first < width && !differs(first, y)) first++;
    if (first === width) continue;
    if (top < 0) top = y;
    bottom = height - 1 - y;
    left = Math.min(left, first);
    let last = width - 1;
    while (width - 1 - last < right && !differs(last, y)) last--;
    right = Math.min(right, width - 1 - last);
  }
  return top < 0 ? null : { left, top, right, bottom };
}

function evened(edges: Edges, { width, height }: Pixels, { equalX, equalY }: TrimStep): TrimBox {
  const x = equalX ? Math.min(edges.left, edges.right) : edges.left;
  const y = equalY ? Math.min(edges.top, edges.bottom) : edges.top;
  return {
    x,
    y,
    w: width - x - (equalX ? x : edges.right),
    h: height - y - (equalY ? y : edges.bottom),
  };
}

function colourAt({ bytes, channels }: Pixels, index: number): readonly number[] {
  const at = index * channels;
  const value = (channel: number): number => bytes[at + channel] ?? 0;
  if (channels < 3) {
    const grey = value(0);
    return channels === 2 ? blended([grey, grey, grey], value(1)) : [grey, grey, grey];
  }
  const seen = [value(0), value(1), value(2)];
  return channels === 4 ? blended(seen, value(3)) : seen;
}

const blended = (seen: readonly number[], alpha: number): readonly number[] =>
  alpha === 255
    ? seen
    : seen.map((value, channel) => Math.round((value * alpha + (magenta[channel] ?? 0) * (255 - alpha)) / 255));

const toArray = (hex: string): readonly number[] => {
  const { r, g, b } = colour(hex);
  return [r, g, b];
};
