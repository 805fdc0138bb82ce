import sharp from 'sharp';
import type { Picture, RunOptions } from '../../src/pipeline/run.ts';

/** Options under which nothing is in the way of a test. */
export const runOptions: RunOptions = {
  softMs: 60_000,
  assets: (name) => Promise.reject(new Error(`no asset ${name}`)),
  limits: { resultPixelsMax: 25_000_000, resultBytesMax: 32 * 1024 * 1024, svgBytesMax: 4 * 1024 * 1024 },
};

/** Decoded 8-bit pixels, frames one below the other. */
export type Raster = Readonly<{ bytes: Buffer; width: number; height: number; channels: number }>;

export type Pixel = readonly number[];

/** Decodes a file with sharp itself, all frames. */
export async function decode(file: Uint8Array): Promise<Raster> {
  const { data, info } = await sharp(Buffer.from(file), { pages: -1 }).raw().toBuffer({ resolveWithObject: true });
  return { bytes: data, width: info.width, height: info.height, channels: info.channels };
}

export const decodePicture = (picture: Picture): Promise<Raster> => decode(picture.bytes);

/** Channels of one pixel. */
export const pixelAt = ({ bytes, width, channels }: Raster, x: number, y: number): Pixel => [
  ...bytes.subarray((y * width + x) * channels, (y * width + x + 1) * channels),
];

/** A raster drawn by a function of the place. */
export function draw(width: number, height: number, channels: number, at: (x: number, y: number) => Pixel): Raster {
  const bytes = Buffer.alloc(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) bytes.set(at(x, y), (y * width + x) * channels);
  }
  return { bytes, width, height, channels };
}

/** A raster with the same pixels taken from elsewhere. */
export const rearrange = (
  raster: Raster,
  width: number,
  height: number,
  from: (x: number, y: number) => readonly [number, number],
): Raster => draw(width, height, raster.channels, (x, y) => pixelAt(raster, ...from(x, y)));

/** Greatest and mean difference of two rasters of equal shape. */
export function difference(one: Raster, other: Raster): Readonly<{ max: number; mean: number }> {
  if (one.bytes.length !== other.bytes.length) return { max: Number.POSITIVE_INFINITY, mean: Number.POSITIVE_INFINITY };
  let max = 0;
  let sum = 0;
  for (let at = 0; at < one.bytes.length; at++) {
    const apart = Math.abs((one.bytes[at] ?? 0) - (other.bytes[at] ?? 0));
    sum += apart;
    if (apart > max) max = apart;
  }
  return { max, mean: sum / one.bytes.length };
}

/** Is every channel within `tolerance`? */
export const near = (one: Pixel, other: Pixel, tolerance: number): boolean =>
  one.length === other.length && one.every((value, at) => Math.abs(value - (other[at] ?? 0)) <= tolerance);
