import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ResolvedEncode } from '../../src/plan/resolved.ts';
import { gradient, jpeg, png } from '../fixtures/pictures.ts';
import { decodePicture, difference } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { runFile } from '../helpers/run.ts';

const size = { width: 45, height: 31 };
const densityOf = async (encode: Partial<ResolvedEncode>, source = png(gradient())) => {
  const { bytes } = await runFile(await source, makeResolved({ input: size, encode }));
  return (await sharp(bytes).metadata()).density;
};

describe('the density of a result', () => {
  it.each(['jpg', 'png', 'tif'] as const)('stands in a %s without metadata', async (format) => {
    expect(await densityOf({ format, quality: format === 'jpg' ? 80 : 0, dpi: 300 })).toBe(300);
  });

  it('takes the place of that of the EXIF that is kept', async () => {
    const source = sharp(await jpeg(gradient()))
      .withMetadata({ density: 96 })
      .jpeg()
      .toBuffer();
    const resolved = (encode: Partial<ResolvedEncode>) =>
      makeResolved({
        input: { format: 'jpeg', ...size },
        encode: { format: 'jpg', quality: 80, metadata: 'all', ...encode },
      });
    const density = async (encode: Partial<ResolvedEncode>) =>
      (await sharp((await runFile(await source, resolved(encode))).bytes).metadata()).density;
    expect(await density({})).toBe(96);
    expect(await density({ dpi: 200 })).toBe(200);
  });

  it('brings no metadata along and changes no pixel', async () => {
    const run = async (encode: Partial<ResolvedEncode>) =>
      runFile(await png(gradient()), makeResolved({ input: size, encode: { format: 'jpg', quality: 80, ...encode } }));
    const [plain, dense] = [await run({}), await run({ dpi: 300 })];
    expect((await sharp(dense.bytes).metadata()).exif).toBeUndefined();
    expect(dense.bytes.length - plain.bytes.length).toBe(18);
    expect(difference(await decodePicture(dense), await decodePicture(plain)).max).toBe(0);
  });
});
