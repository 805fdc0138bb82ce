import type { Resolved } from '../plan/resolved.ts';
import type { Pixels } from './pixels.ts';
import { type RunOptions, runToPixels } from './run.ts';

/** Mean colour of a picture: 8-bit sRGB, weighted by alpha; `hex` is rrggbb, with aa where it is not opaque. */
export type AverageColour = Readonly<{ r: number; g: number; b: number; a: number; hex: string }>;

/**
 * Mean colour of what `resolved` makes of the source, pixel by pixel: it is resolved from a plan of the view
 * `average`, which leaves few. Errors as `runPicture`.
 */
export const averageColour = async (
  source: Uint8Array,
  resolved: Resolved,
  options: RunOptions,
): Promise<AverageColour> => meanOf(await runToPixels(source, resolved, options));

/** Mean colour of pixels, each by its alpha; or each like any other. */
export function meanOf({ bytes, channels }: Pixels, byAlpha = true): AverageColour {
  const step = channels;
  const hasAlpha = channels === 4 || channels === 2;
  const greenAt = channels > 2 ? 1 : 0;
  const blueAt = channels > 2 ? 2 : 0;
  let red = 0;
  let green = 0;
  let blue = 0;
  let weight = 0;
  let opacity = 0;
  for (let at = 0; at < bytes.length; at += step) {
    const alpha = hasAlpha ? (bytes[at + step - 1] ?? 0) : 255;
    const share = byAlpha ? alpha : 255;
    red += (bytes[at] ?? 0) * share;
    green += (bytes[at + greenAt] ?? 0) * share;
    blue += (bytes[at + blueAt] ?? 0) * share;
    weight += share;
    opacity += alpha;
  }
  const mean = (sum: number): number => (weight === 0 ? 0 : Math.round(sum / weight));
  const pixels = bytes.length / step;
  const colour = { r: mean(red), g: mean(green), b: mean(blue), a: Math.round(opacity / pixels) };
  const shown = colour.a === 255 ? [colour.r, colour.g, colour.b] : [colour.r, colour.g, colour.b, colour.a];
  return { ...colour, hex: shown.map((value) => value.toString(16).padStart(2, '0')).join('') };
}
