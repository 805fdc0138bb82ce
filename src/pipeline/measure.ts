import { createHash } from 'node:crypto';
import { encode as encodeBlurhash } from 'blurhash';
import { rgbaToThumbHash } from 'thumbhash';
import type { Measured, MeasuredColour } from '../plan/measured.ts';
import type { HashName, Measures } from '../plan/plan.ts';
import type { Resolved } from '../plan/resolved.ts';
import { meanOf } from './average.ts';
import { dominantColours, dominantOf, withMissingBuilt } from './measures/dominant.ts';
import { paletteOf } from './measures/palette.ts';
import { perceptualHash } from './measures/perceptual-hash.ts';
import { hasAlphaChannel, type Pixels } from './pixels.ts';
import { type RunOptions, runToPixels } from './run.ts';

/**
 * Measures what `resolved` makes of the source: it is resolved from a plan of the view `measured`, which leaves at most 64 x 64 pixels
 * and says what is asked for. Sums are over the source's bytes. Errors as `runPicture`.
 */
export async function measure(source: Uint8Array, resolved: Resolved, options: RunOptions): Promise<Measured> {
  const { measures = {} } = resolved;
  const pixels = await runToPixels(source, resolved, options);
  const { palette, blurhash, hashsums } = measures;
  const { width, height } = pixels;
  return {
    ...(measures.average ? { average: averageOf(pixels, measures.average) } : {}),
    ...(palette === undefined ? {} : { palette: paletteOf(pixels, palette).map(opaque) }),
    ...(measures.dominant ? { dominant: dominant(pixels, measures.dominant) } : {}),
    ...(blurhash === undefined
      ? {}
      : { blurhash: encodeBlurhash(new Uint8ClampedArray(rgba(pixels)), width, height, blurhash.x, blurhash.y) }),
    ...(measures.thumbhash
      ? { thumbhash: Buffer.from(rgbaToThumbHash(width, height, rgba(pixels))).toString('base64') }
      : {}),
    ...(measures.perceptual ? { perceptual: perceptualHash(pixels) } : {}),
    ...(measures.transparency ? { transparency: isTransparent(pixels) } : {}),
    ...(hashsums === undefined ? {} : { hashsums: sumsOf(source, hashsums) }),
  };
}

const opaque = ({ r, g, b }: Omit<MeasuredColour, 'a'>): MeasuredColour => ({ r, g, b, a: 255 });

function averageOf(pixels: Pixels, which: NonNullable<Measures['average']>): MeasuredColour {
  const { r, g, b, a } = meanOf(pixels, which !== 'all');
  return { r, g, b, a };
}

function dominant(pixels: Pixels, which: NonNullable<Measures['dominant']>): NonNullable<Measured['dominant']> {
  const found = dominantOf(paletteOf(pixels, dominantColours));
  const told = which === 'built' ? withMissingBuilt(found) : found;
  return Object.fromEntries(Object.entries(told).map(([kind, colour]) => [kind, opaque(colour)]));
}

function rgba(pixels: Pixels): Uint8Array {
  const { bytes, width, height, channels } = pixels;
  if (channels === 4) return bytes;
  const hasAlpha = hasAlphaChannel(pixels);
  const to = new Uint8Array(width * height * 4);
  for (let at = 0, out = 0; at < bytes.length; at += channels) {
    for (let channel = 0; channel < 3; channel++) to[out++] = bytes[at + (channels < 3 ? 0 : channel)] ?? 0;
    to[out++] = hasAlpha ? (bytes[at + channels - 1] ?? 0) : 255;
  }
  return to;
}

function isTransparent(pixels: Pixels): boolean {
  const { bytes, channels } = pixels;
  if (!hasAlphaChannel(pixels)) return false;
  for (let at = channels - 1; at < bytes.length; at += channels) if (bytes[at] !== 255) return true;
  return false;
}

const sumsOf = (source: Uint8Array, names: readonly HashName[]): NonNullable<Measured['hashsums']> =>
  Object.fromEntries(names.map((name) => [name, createHash(name).update(source).digest('hex')]));
