import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../src/plan/plan.ts';
import type { ResolvedOp } from '../../src/plan/resolved.ts';
import {
  cmykJpeg,
  colours,
  deepPng,
  gradient,
  greyAlphaPng,
  greyJpeg,
  png,
  wideGamutPng,
} from '../fixtures/pictures.ts';
import { decode, decodePicture, difference, draw, near, pixelAt } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { runFile } from '../helpers/run.ts';

const flat = draw(20, 14, 3, () => [200, 80, 40]);
const input = { width: 20, height: 14 } as const;
const pad: ResolvedOp = { op: 'extend', left: 2, top: 0, right: 0, bottom: 0, background: 'cc5533ff' };

describe('colour', () => {
  it('a wide-gamut picture comes out as the same colours in sRGB, without a profile', async () => {
    const file = await wideGamutPng(flat);
    expect(near(pixelAt(await decodeAsStored(file), 5, 5), [200, 80, 40], 8)).toBe(false);
    const picture = await runFile(file, makeResolved({ input }));
    expect(near(pixelAt(await decodePicture(picture), 5, 5), [200, 80, 40], 2)).toBe(true);
    expect((await sharp(picture.bytes).metadata()).icc).toBeUndefined();
  });

  it.each([
    ['nothing else', []],
    ['a scale', [{ op: 'resize', width: 10, height: 7 }]],
    ['a tone', [{ op: 'brightness', amount: -1 }]],
  ] as const)('16 bits in Display P3 with %s come out in sRGB', async (_name, ops) => {
    const file = await deepPng(flat, 'p3');
    const made = await decodePicture(await runFile(file, makeResolved({ input, ops })));
    // Display P3 (200, 80, 40) in sRGB.
    expect(near(pixelAt(made, 5, 5), [216, 69, 19], 3)).toBe(true);
  });

  it('a background is sRGB whatever the source is', async () => {
    for (const file of [
      await deepPng(flat, 'p3'),
      await wideGamutPng(flat),
      await deepPng(flat),
      await greyJpeg(flat),
    ]) {
      const format = file[0] === 0xff ? 'jpeg' : 'png';
      const made = await decodePicture(await runFile(file, makeResolved({ input: { ...input, format }, ops: [pad] })));
      expect(near(pixelAt(made, 0, 5), [0xcc, 0x55, 0x33], 1)).toBe(true);
    }
  });

  it('a watermark keeps its colours whatever the source is', async () => {
    const logo = png(draw(4, 4, 3, () => [0xcc, 0x55, 0x33]));
    const op: ResolvedOp = {
      op: 'watermark',
      asset: 'a',
      assetVersion: '1',
      left: 2,
      top: 2,
      width: 4,
      height: 4,
      opacity: 100,
    };
    for (const file of [
      await deepPng(flat, 'p3'),
      await wideGamutPng(flat),
      await greyJpeg(flat),
      await greyAlphaPng(),
    ]) {
      const format = file[0] === 0xff ? 'jpeg' : 'png';
      const resolved = makeResolved({ input: { ...input, format }, ops: [op] });
      const made = await decodePicture(await runFile(file, resolved, { assets: () => logo }));
      expect(near(pixelAt(made, 3, 3).slice(0, 3), [0xcc, 0x55, 0x33], 1)).toBe(true);
    }
  });

  it('16 bits become 8 and the values stay', async () => {
    const source = gradient(20, 14);
    const made = await decodePicture(await runFile(await deepPng(source), makeResolved({ input })));
    expect(difference(made, source).max).toBe(0);
    const toned = await runFile(await deepPng(source), makeResolved({ input, ops: [{ op: 'contrast', amount: -50 }] }));
    const plain = await runFile(await png(source), makeResolved({ input, ops: [{ op: 'contrast', amount: -50 }] }));
    expect(difference(await decodePicture(toned), await decodePicture(plain)).max).toBeLessThanOrEqual(1);
  });

  it('CMYK becomes RGB', async () => {
    const file = await cmykJpeg(draw(20, 14, 3, () => colours.yellow));
    expect((await sharp(file).metadata()).space).toBe('cmyk');
    const picture = await runFile(file, makeResolved({ input: { ...input, format: 'jpeg' } }));
    const made = await decodePicture(picture);
    expect(made.channels).toBe(3);
    // The inks of the profile reach less far into blue than the screen does.
    expect(near(pixelAt(made, 5, 5), colours.yellow, 40)).toBe(true);
  });

  it.each([
    ['jpg', 1],
    ['png', 1],
    ['tif', 1],
    ['webp', 3],
    ['avif', 3],
  ] as const)('grey stays grey in %s', async (format, channels) => {
    const file = await greyJpeg(gradient(20, 14));
    const resolved = makeResolved({
      input: { ...input, format: 'jpeg' },
      ops: [{ op: 'resize', width: 10, height: 7 }],
      encode: { format, quality: 90, effort: 1 },
    });
    const made = await sharp((await runFile(file, resolved)).bytes).metadata();
    expect([made.space, made.channels]).toEqual([channels === 1 ? 'b-w' : 'srgb', channels]);
  });

  it('grey with alpha keeps both through one chain and through two', async () => {
    const file = await greyAlphaPng();
    const stored = await decode(file);
    const one = await runFile(file, makeResolved({ input }));
    expect((await sharp(one.bytes).metadata()).channels).toBe(2);
    expect(difference(await decodePicture(one), stored).max).toBe(0);
    const two = await runFile(
      file,
      makeResolved({
        input,
        ops: [
          { op: 'extend', left: 1, top: 0, right: 0, bottom: 0, background: 'ffffffff' },
          { op: 'extract', left: 1, top: 0, width: 20, height: 14 },
        ],
      }),
    );
    expect(difference(await decodePicture(two), stored).max).toBe(0);
  });
});

describe('flattening', () => {
  const half = draw(20, 14, 4, (x) => (x < 10 ? [200, 100, 0, 128] : [200, 100, 0, 0]));
  const flatten = '00ff80ff';

  it.each([
    ['jpg', []],
    ['jpg', [{ op: 'resize', width: 20, height: 28 }]],
    ['png', [{ op: 'saturation', amount: 0 }]],
  ] as const)('into %s blends alpha with the background', async (format: OutputFormat, ops) => {
    const resolved = makeResolved({ input, ops, encode: { format, quality: 100, fullChroma: true, flatten } });
    const made = await decodePicture(await runFile(await png(half), resolved));
    expect(made.channels).toBe(3);
    expect(near(pixelAt(made, 2, 5), [100, 177, 64], 3)).toBe(true);
    expect(near(pixelAt(made, 17, 5), [0, 255, 128], 3)).toBe(true);
  });

  it('comes behind the tones: the background keeps its colour', async () => {
    const resolved = makeResolved({ input, ops: [{ op: 'brightness', amount: -50 }], encode: { flatten } });
    const made = await decodePicture(await runFile(await png(half), resolved));
    expect(near(pixelAt(made, 17, 5), [0, 255, 128], 1)).toBe(true);
    expect(near(pixelAt(made, 2, 5), [50, 152, 64], 2)).toBe(true);
  });

  it('of grey with alpha onto a colour is that colour', async () => {
    const resolved = makeResolved({ input, encode: { flatten } });
    const made = await decodePicture(await runFile(await greyAlphaPng(), resolved));
    expect(pixelAt(made, 10, 0)).toEqual([0, 255, 128]);
  });

  it('happens only when asked for', async () => {
    expect((await decodePicture(await runFile(await png(half), makeResolved({ input })))).channels).toBe(4);
  });
});

/** The file's own values, whatever profile they are in. */
async function decodeAsStored(file: Buffer): Promise<ReturnType<typeof draw>> {
  const { data, info } = await sharp(file, { ignoreIcc: true }).raw().toBuffer({ resolveWithObject: true });
  return { bytes: data, width: info.width, height: info.height, channels: info.channels };
}
