import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../src/plan/plan.ts';
import type { ResolvedEncode } from '../../src/plan/resolved.ts';
import { seededRng } from '../../src/shared/rng.ts';
import { gradient, png } from '../fixtures/pictures.ts';
import { decodePicture, difference, draw } from '../helpers/pixels.ts';
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

  describe('tuned', () => {
    const rng = seededRng(5);
    const noisy = gradient(96, 64);
    for (let at = 0; at < noisy.bytes.length; at++) noisy.bytes[at] = (noisy.bytes[at] ?? 0) ^ Math.floor(40 * rng());
    const bytesOf = async (encode: Partial<ResolvedEncode>) => (await run(encode, noisy)).bytes;

    it.each<[string, Partial<ResolvedEncode>]>([
      ['a trellis', { jpeg: { trellis: true } }],
      ['a table', { jpeg: { table: 3 } }],
      ['searched scans', { progressive: true, jpeg: { scans: true } }],
    ])('%s makes a JPEG smaller', async (_, tuned) => {
      const plain = await bytesOf({ format: 'jpg', quality: 80, progressive: tuned.progressive ?? false });
      expect((await bytesOf({ format: 'jpg', quality: 80, ...tuned })).length).toBeLessThan(plain.length);
    });

    it('deringing changes the edges of what is white', async () => {
      const letter = draw(32, 32, 3, (x, y) => ((x + y) % 16 < 2 ? [0, 0, 0] : [255, 255, 255]));
      const [plain, deringed] = await Promise.all(
        [{}, { jpeg: { deringing: true as const } }].map((tuned) =>
          run({ format: 'jpg', quality: 50, ...tuned }, letter),
        ),
      );
      expect(plain?.bytes.equals(deringed?.bytes as Buffer)).toBe(false);
    });

    it.each([
      [2, 1],
      [4, 2],
      [16, 4],
      [256, 8],
    ] as const)('a palette of %i colours has %i bits a pixel', async (colours, bits) => {
      const bytes = await bytesOf({ format: 'png', colours });
      const indexed = 3;
      expect([bytes[24], bytes[25]]).toEqual([bits, indexed]);
    });

    it('nearly lossless is larger than lossy and nearer to the picture', async () => {
      const [lossy, near] = await Promise.all(
        [{}, { webp: { near: true as const } }].map((tuned) =>
          run({ format: 'webp', quality: 60, effort: 0, ...tuned }, noisy),
        ),
      );
      if (!lossy || !near) throw new Error('two pictures');
      expect(near.bytes.length).toBeGreaterThan(lossy.bytes.length);
      const errorOf = async (picture: typeof lossy) => difference(await decodePicture(picture), noisy).max;
      expect(await errorOf(near)).toBeLessThan(await errorOf(lossy));
    });

    it.each<[string, ResolvedEncode['webp']]>([
      ['careful chroma', { smartChroma: true }],
      ['a preset', { preset: 'text' }],
    ])('%s makes another WebP', async (_, webp = {}) => {
      const plain = await bytesOf({ format: 'webp', quality: 60, effort: 0 });
      expect((await bytesOf({ format: 'webp', quality: 60, effort: 0, webp })).equals(plain)).toBe(false);
    });

    it.each([
      [true, 0],
      [false, 3],
    ])('full chroma of AVIF, %s, is what its decoder is told', async (fullChroma, halved) => {
      const bytes = await bytesOf({ format: 'avif', quality: 60, fullChroma });
      // Behind the name of the box: profile and level, then one bit for each axis of chroma (AV1 in ISOBMFF, 2.3.3).
      expect(((bytes[bytes.indexOf('av1C') + 6] ?? 0) >> 2) & 3).toBe(halved);
    });
  });

  it('the same plan gives the same bytes', async () => {
    for (const format of ['jpg', 'png', 'webp', 'avif', 'gif', 'tif', 'bmp', 'ico'] as const) {
      const wish = { format, quality: format === 'jpg' || format === 'webp' || format === 'avif' ? 60 : 0, effort: 1 };
      expect((await run(wish)).bytes.equals((await run(wish)).bytes)).toBe(true);
    }
  });
});
