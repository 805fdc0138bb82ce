import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../src/plan/plan.ts';
import type { ResolvedOp } from '../../src/plan/resolved.ts';
import { animatedGif, animatedWebp, colours, frameColours, frameDelaysMs, png } from '../fixtures/pictures.ts';
import { decodePicture, draw, near, type Pixel, pixelAt, type Raster } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { runFile } from '../helpers/run.ts';

const white: Pixel = [255, 255, 255];
const sources = { gif: animatedGif(), webp: animatedWebp() } as const;

const plan = (format: 'gif' | 'webp', to: OutputFormat, ops: readonly ResolvedOp[], pages = 4, page = 0) =>
  makeResolved({
    input: { format, width: 24, height: 16, pages, page },
    ops,
    encode: { format: to, lossless: to === 'webp', effort: 1, quality: to === 'jpg' ? 95 : 0 },
  });

/** Opaque colours of one frame at a place, counted from the frame's own corner. */
const inFrame = (raster: Raster, height: number, frame: number, x: number, y: number): Pixel =>
  pixelAt(raster, x, frame * height + y).slice(0, 3);

describe('animations', () => {
  for (const from of ['gif', 'webp'] as const) {
    for (const to of ['gif', 'webp'] as const) {
      it(`${from} to ${to} keeps frames, delays and loop`, async () => {
        const picture = await runFile(await sources[from], plan(from, to, [{ op: 'resize', width: 12, height: 8 }]));
        const made = await sharp(picture.bytes, { pages: -1 }).metadata();
        expect(picture).toMatchObject({ width: 12, height: 8, frames: 4, extension: to });
        expect(made).toMatchObject({ pages: 4, pageHeight: 8, loop: 3, delay: [...frameDelaysMs] });
        const pixels = await decodePicture(picture);
        for (const [index, colour] of frameColours.entries()) {
          expect(near(inFrame(pixels, 8, index, 9, 6), colour, 12)).toBe(true);
          expect(near(inFrame(pixels, 8, index, 2, 1), white, 12)).toBe(true);
        }
      });
    }
  }

  it('a range of frames brings its own delays', async () => {
    const picture = await runFile(await sources.gif, plan('gif', 'gif', [], 2, 1));
    expect(await sharp(picture.bytes, { pages: -1 }).metadata()).toMatchObject({ pages: 2, delay: [100, 150] });
  });

  it('a frame that stays for hours stays for a minute', async () => {
    const webp = Buffer.from(await sources.webp);
    webp.fill(0xff, webp.indexOf('ANMF') + 8 + 12, webp.indexOf('ANMF') + 8 + 15);
    const gif = Buffer.from(await sources.gif);
    const control = gif.indexOf(Buffer.from([0x21, 0xf9, 0x04]));
    gif.fill(0xff, control + 4, control + 6);
    for (const to of ['gif', 'webp'] as const) {
      for (const [from, file] of [['webp', webp] as const, ['gif', gif] as const]) {
        const picture = await runFile(file, plan(from, to, []));
        const { delay = [] } = await sharp(picture.bytes, { pages: -1 }).metadata();
        expect(delay.slice(1)).toEqual([...frameDelaysMs].slice(1));
        // GIF counts in hundredths.
        expect(Math.abs((delay[0] ?? 0) - 65_535)).toBeLessThan(10);
      }
    }
  });

  it.each([0, 1, 2, 3])('frame %i becomes a still', async (page) => {
    for (const from of ['gif', 'webp'] as const) {
      const picture = await runFile(await sources[from], plan(from, 'jpg', [], 1, page));
      const pixels = await decodePicture(picture);
      expect([pixels.width, pixels.height]).toEqual([24, 16]);
      expect(near(pixelAt(pixels, 20, 13), frameColours[page] ?? white, 6)).toBe(true);
    }
  });

  const perFrame: readonly (readonly [
    string,
    readonly ResolvedOp[],
    number,
    number,
    (i: number) => [number, number, Pixel][],
  ])[] = [
    [
      'crop',
      [{ op: 'extract', left: 8, top: 4, width: 10, height: 8 }],
      10,
      8,
      (i) => [
        [0, 0, white],
        [9, 7, frameColours[i] ?? white],
        [9, 0, frameColours[i] ?? white],
        [0, 7, frameColours[i] ?? white],
      ],
    ],
    [
      'pad',
      [{ op: 'extend', left: 2, top: 3, right: 4, bottom: 5, background: '0a141eff' }],
      30,
      24,
      (i) => [
        [0, 0, [10, 20, 30]],
        [29, 23, [10, 20, 30]],
        [2, 3, white],
        [25, 18, frameColours[i] ?? white],
      ],
    ],
    [
      'a border of its own outermost pixels',
      [{ op: 'extend', left: 2, top: 3, right: 4, bottom: 5, background: 'ffffffff', fill: 'copy' }],
      30,
      24,
      (i) => [
        [0, 0, white],
        [2, 3, white],
        [29, 23, frameColours[i] ?? white],
        [25, 18, frameColours[i] ?? white],
      ],
    ],
    [
      'mirror left to right',
      [{ op: 'flip', horizontal: true, vertical: false }],
      24,
      16,
      (i) => [
        [23, 0, white],
        [0, 0, frameColours[i] ?? white],
        [23, 15, frameColours[i] ?? white],
      ],
    ],
    [
      'mirror top to bottom',
      [{ op: 'flip', horizontal: false, vertical: true }],
      24,
      16,
      (i) => [
        [0, 15, white],
        [0, 0, frameColours[i] ?? white],
        [23, 15, frameColours[i] ?? white],
      ],
    ],
    [
      'quarter turn',
      [{ op: 'rotate', degrees: 90, background: 'ffffffff' }],
      16,
      24,
      (i) => [
        [15, 0, white],
        [0, 0, frameColours[i] ?? white],
        [15, 23, frameColours[i] ?? white],
      ],
    ],
    [
      'enlarge',
      [{ op: 'resize', width: 96, height: 64 }],
      96,
      64,
      (i) => [
        [0, 0, white],
        [95, 0, frameColours[i] ?? white],
        [0, 63, frameColours[i] ?? white],
        [95, 63, frameColours[i] ?? white],
      ],
    ],
    [
      'blur',
      [{ op: 'blur', sigma: 1.5 }],
      24,
      16,
      (i) => [
        [23, 0, frameColours[i] ?? white],
        [23, 15, frameColours[i] ?? white],
        [0, 15, frameColours[i] ?? white],
      ],
    ],
  ];
  it.each(perFrame)('%s acts on every frame alone', async (_name, ops, width, height, points) => {
    const picture = await runFile(await sources.webp, plan('webp', 'webp', ops));
    expect(picture).toMatchObject({ width, height, frames: 4 });
    const pixels = await decodePicture(picture);
    expect([pixels.width, pixels.height]).toEqual([width, height * 4]);
    for (const index of frameColours.keys())
      for (const [x, y, colour] of points(index))
        expect([index, x, y, near(inFrame(pixels, height, index, x, y), colour, 8)]).toEqual([index, x, y, true]);
  });

  it('a watermark lies on every frame', async () => {
    const asset = png(draw(4, 4, 3, () => [0, 0, 0]));
    const op: ResolvedOp = {
      op: 'watermark',
      asset: 'a',
      assetVersion: '1',
      left: 19,
      top: 11,
      width: 4,
      height: 4,
      opacity: 100,
    };
    const picture = await runFile(await sources.gif, plan('gif', 'webp', [op]), { assets: () => asset });
    const pixels = await decodePicture(picture);
    for (const index of frameColours.keys()) {
      expect(near(inFrame(pixels, 16, index, 20, 12), [0, 0, 0], 2)).toBe(true);
      expect(near(inFrame(pixels, 16, index, 17, 12), frameColours[index] ?? white, 12)).toBe(true);
    }
  });

  it('several chains keep delays and loop', async () => {
    const ops: ResolvedOp[] = [
      { op: 'resize', width: 12, height: 8 },
      { op: 'rotate', degrees: 180, background: 'ffffffff' },
      { op: 'blur', sigma: 0.5 },
      { op: 'resize', width: 6, height: 4 },
    ];
    const picture = await runFile(await sources.gif, plan('gif', 'gif', ops));
    expect(await sharp(picture.bytes, { pages: -1 }).metadata()).toMatchObject({
      pages: 4,
      pageHeight: 4,
      loop: 3,
      delay: [...frameDelaysMs],
    });
  });

  it('equal neighbouring frames of a GIF stay frames', async () => {
    const same = draw(8, 24, 3, () => colours.red);
    const file = await sharp(same.bytes, { raw: { width: 8, height: 24, channels: 3, pageHeight: 8 }, pages: -1 })
      .gif({ delay: [10, 20, 30], keepDuplicateFrames: true })
      .toBuffer();
    const resolved = makeResolved({
      input: { format: 'gif', width: 8, height: 8, pages: 3 },
      encode: { format: 'gif' },
    });
    expect((await sharp((await runFile(file, resolved)).bytes).metadata()).pages).toBe(3);
  });

  it('a crop by content is refused', async () => {
    const resolved = plan('gif', 'gif', [{ op: 'smartcrop', width: 8, height: 8, by: 'attention' }]);
    await expect(runFile(await sources.gif, resolved)).rejects.toMatchObject({ code: 'operation_unsupported' });
  });
});
