import { hasAlphaChannel, type Pixels } from '../pixels.ts';

/** A colour and the share of the picture that it stands for, 0..1. */
export type Swatch = Readonly<{ r: number; g: number; b: number; share: number }>;

type Point = readonly [number, number, number];

/** Less than half opaque pixels are not seen. */
const alphaMin = 128;

/**
 * At most so many colours that stand for a picture, the most frequent first: median cut (Heckbert 1982), always of the box that
 * spreads most over its pixels. None of a picture without a visible pixel.
 */
export function paletteOf(pixels: Pixels, colours: number): readonly Swatch[] {
  const points = visiblePoints(pixels);
  if (points.length === 0) return [];
  const boxes: Box[] = [boxOf(points)];
  while (boxes.length < colours) {
    const widest = boxes.reduce((best, box) => (box.weight > best.weight ? box : best));
    if (widest.weight === 0) break;
    boxes.splice(boxes.indexOf(widest), 1, ...halves(widest));
  }
  const swatches = boxes.map((box) => swatchOf(box, points.length));
  return swatches.sort((one, other) => other.share - one.share);
}

function visiblePoints(pixels: Pixels): Point[] {
  const { bytes, channels } = pixels;
  const points: Point[] = [];
  for (let at = 0; at < bytes.length; at += channels) {
    if (hasAlphaChannel(pixels) && (bytes[at + channels - 1] ?? 0) < alphaMin) continue;
    const red = bytes[at] ?? 0;
    points.push(channels < 3 ? [red, red, red] : [red, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0]);
  }
  return points;
}

/** `weight`: the longest edge times the pixels; 0 where all are alike. */
type Box = Readonly<{ points: readonly Point[]; channel: 0 | 1 | 2; weight: number }>;

function boxOf(points: readonly Point[]): Box {
  let channel: Box['channel'] = 0;
  let edge = 0;
  for (const each of [0, 1, 2] as const) {
    let [least, most] = [255, 0];
    for (const point of points) {
      least = Math.min(least, point[each]);
      most = Math.max(most, point[each]);
    }
    if (most - least > edge) [channel, edge] = [each, most - least];
  }
  return { points, channel, weight: edge * points.length };
}

/** Cut at the median, moved to where the values change, so that neither half is empty and equal colours stay together. */
function halves({ points, channel }: Box): readonly [Box, Box] {
  const sorted = [...points].sort((one, other) => one[channel] - other[channel]);
  const middle = sorted[sorted.length >> 1]?.[channel] ?? 0;
  const first = sorted.findIndex((point) => point[channel] >= middle);
  const cut = first > 0 ? first : sorted.findIndex((point) => point[channel] > middle);
  return [boxOf(sorted.slice(0, cut)), boxOf(sorted.slice(cut))];
}

function swatchOf({ points }: Box, all: number): Swatch {
  const mean = (channel: 0 | 1 | 2): number =>
    Math.round(points.reduce((sum, point) => sum + point[channel], 0) / points.length);
  return { r: mean(0), g: mean(1), b: mean(2), share: points.length / all };
}
