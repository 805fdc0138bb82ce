import type { TrimBox, TrimStep } from '../plan/resolve/trim.ts';
import type { Resolved } from '../plan/resolved.ts';
import { colour } from './colour.ts';
import type { Pixels } from './pixels.ts';
import { type RunOptions, runToPixels } from './run.ts';

/** What transparent pixels look like to the search: a colour that borders seldom have. */
const magenta = [255, 0, 255] as const;

/**
 * The box that a trim leaves of a picture. `resolved` is the picture upright and whole. All of it where nothing is left: a picture of one
 * colour is not trimmed. After libvips' find_trim, whose median filter is taken where it is asked for.
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
  const corner = trim.corner === 'se' ? width * height - 1 : 0;
  const border = trim.colour === null ? colourAt(pixels, corner) : toArray(trim.colour);
  const differs = trim.median ? smoothed(pixels, border, trim.threshold) : differing(pixels, border, trim.threshold);
  let [left, right, top, bottom] = [width, width, -1, 0];
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let first = 0;
    while (first < width && !differs(row + first)) first++;
    if (first === width) continue;
    if (top < 0) top = y;
    bottom = height - 1 - y;
    left = Math.min(left, first);
    let last = width - 1;
    while (width - 1 - last < right && !differs(row + last)) last--;
    right = Math.min(right, width - 1 - last);
  }
  return top < 0 ? null : { left, top, right, bottom };
}

/** Is the median of the nine pixels around this one further from the border? Beyond the edges the outermost pixels count again. */
function smoothed(pixels: Pixels, border: readonly number[], threshold: number): (index: number) => boolean {
  const { width, height } = pixels;
  const isFar = differing(pixels, border, threshold);
  const isAbove = [0, 1, 2].map((channel) => beyond(pixels, border, threshold, channel, 1));
  const isBelow = [0, 1, 2].map((channel) => beyond(pixels, border, threshold, channel, -1));
  const around = new Int32Array(9);
  const isMost = (test: (index: number) => boolean): boolean => {
    let count = 0;
    for (const index of around) if (test(index)) count++;
    return count >= 5;
  };
  return (index) => {
    const x = index % width;
    const row = index - x;
    const left = x > 0 ? -1 : 0;
    const right = x < width - 1 ? 1 : 0;
    for (let at = 0; at < 3; at++) {
      const line = at === 0 && row > 0 ? row - width : at === 2 && row < (height - 1) * width ? row + width : row;
      around[3 * at] = line + x + left;
      around[3 * at + 1] = line + x;
      around[3 * at + 2] = line + x + right;
    }
    // A median is above a limit where most of the nine are, so five have to be far before a channel is looked at.
    return isMost(isFar) && (isAbove.some(isMost) || isBelow.some(isMost));
  };
}

/** Is this channel of a pixel beyond the threshold on one side of the border's? */
function beyond(
  { bytes, channels }: Pixels,
  border: readonly number[],
  threshold: number,
  channel: number,
  side: 1 | -1,
): (index: number) => boolean {
  const wanted = border[channel] ?? 0;
  const at = channels < 3 ? 0 : channel;
  const alphaAt = channels % 2 === 0 ? channels - 1 : -1;
  return (index) => {
    const alpha = alphaAt < 0 ? 255 : (bytes[index * channels + alphaAt] ?? 0);
    const value = bytes[index * channels + at] ?? 0;
    const seen = alpha === 255 ? value : blended(value, alpha, channel);
    return side * (seen - wanted) > threshold;
  };
}

/**
 * Is the pixel with this index further from the border than the threshold in any channel? It is asked for every pixel of a border, so
 * that it makes no objects.
 */
function differing(
  { bytes, channels }: Pixels,
  border: readonly number[],
  threshold: number,
): (index: number) => boolean {
  const [red = 0, green = 0, blue = 0] = border;
  const greenAt = channels < 3 ? 0 : 1;
  const blueAt = channels < 3 ? 0 : 2;
  const alphaAt = channels % 2 === 0 ? channels - 1 : -1;
  const isFar = (value: number, alpha: number, channel: 0 | 1 | 2, wanted: number): boolean =>
    Math.abs((alpha === 255 ? value : blended(value, alpha, channel)) - wanted) > threshold;
  return (index) => {
    const at = index * channels;
    const alpha = alphaAt < 0 ? 255 : (bytes[at + alphaAt] ?? 0);
    return (
      isFar(bytes[at] ?? 0, alpha, 0, red) ||
      isFar(bytes[at + greenAt] ?? 0, alpha, 1, green) ||
      isFar(bytes[at + blueAt] ?? 0, alpha, 2, blue)
    );
  };
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
  const alpha = channels % 2 === 0 ? (bytes[at + channels - 1] ?? 0) : 255;
  return ([0, 1, 2] as const).map((channel) => {
    const value = bytes[channels < 3 ? at : at + channel] ?? 0;
    return alpha === 255 ? value : blended(value, alpha, channel);
  });
}

const blended = (value: number, alpha: number, channel: number): number =>
  Math.round((value * alpha + (magenta[channel] ?? 0) * (255 - alpha)) / 255);

const toArray = (hex: string): readonly number[] => {
  const { r, g, b } = colour(hex);
  return [r, g, b];
};
