import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../src/plan/plan.ts';
import type { ResolvedEncode } from '../../src/plan/resolved.ts';
import { gradient, png } from '../fixtures/pictures.ts';
import { decodePicture, difference } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { runFile } from '../helpers/run.ts';

const source = gradient(45, 31);
const run = async (encode: Partial<ResolvedEncode>, raster = source) =>
  runFile(await png(raster), makeResolved({ input: { width: raster.width, height: raster.height }, encode }));

describe('encode', () => {
  it.each([
    ['jpg', 'jpeg', 'image/jpeg', 80],
    ['png', 'png', 'image/png', 0],
    ['webp', 'webp', 'image/webp', 75],
    ['avif', 'heif', 'image/avif', 50],
    ['gif', 'gif', 'image/gif', 0],
    ['tif', 'tiff', 'image/tiff', 0],
  ] as const)('%s is what it says', async (format, sharpFormat, contentType, quality) => {
    const picture = await run({ format, quality, effort: 1 });
    expect(picture).toMatchObject({ width: 45, height: 31, frames: 1, contentType, extension: format, quality });
    const made = await sharp(picture.bytes).metadata();
    expect([made.format, made.width, made.height]).toEqual([sharpFormat, 45, 31]);
  });

  it.each(['jpg', 'png'] as const)('the progressive flag of %s is real', async (format) => {
    for (const progressive of [true, false]) {
      const picture = await run({ format, quality: format === 'jpg' ? 80 : 0, progressive });
      expect((await sharp(picture.bytes).metadata()).isProgressive).toBe(progressive);
    }
  });

  it.each([
    ['png', 3],
    ['png', 4],
    ['webp', 3],
    ['webp', 4],
    ['tif', 4],
    ['avif', 3],
  ] as const)('lossless %s with %i channels is exact', async (format, channels) => {
    const raster = gradient(45, 31, channels);
    expect(difference(await decodePicture(await run({ format, lossless: true, effort: 1 }, raster)), raster).max).toBe(
      0,
    );
  });

  it.each(['jpg', 'webp', 'avif'] as const)('more quality of %s is more bytes', async (format: OutputFormat) => {
    const noisy = { ...source, bytes: Buffer.from(source.bytes.map((value, at) => value ^ ((at * 37) & 31))) };
    const [low, high] = [await run({ format, quality: 20 }, noisy), await run({ format, quality: 90 }, noisy)];
    expect(high.bytes.length).toBeGreaterThan(low.bytes.length);
  });

  it('full chroma of JPEG is stored as 4:4:4', async () => {
    for (const [fullChroma, subsampling] of [
      [true, '4:4:4'],
      [false, '4:2:0'],
    ] as const) {
      const { bytes } = await run({ format: 'jpg', quality: 80, fullChroma });
      expect((await sharp(bytes).metadata()).chromaSubsampling).toBe(subsampling);
    }
  });

  it('the same plan gives the same bytes', async () => {
    for (const format of ['jpg', 'png', 'webp', 'avif', 'gif', 'tif', 'bmp', 'ico'] as const) {
      const wish = { format, quality: format === 'jpg' || format === 'webp' || format === 'avif' ? 60 : 0, effort: 1 };
      expect((await run(wish)).bytes.equals((await run(wish)).bytes)).toBe(true);
    }
  });
});
