import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readHeader } from '../../../src/plan/header/read-header.ts';
import { headerOf, outcome, type TiffField, tiff, tiffFields } from './builders.ts';

const page = (...more: readonly TiffField[]): Buffer => tiff({ pages: [tiffFields(40, 30, ...more)] });

describe('TIFF', () => {
  it.each([
    { compression: 'none' },
    { compression: 'jpeg' },
    { compression: 'webp' },
    { compression: 'lzw', tile: true },
    { compression: 'deflate', bigtiff: true },
  ] as const)('reads what sharp writes: %j', async (options) => {
    const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: '#a53' } });
    const bytes = await picture.withMetadata({ orientation: 6 }).tiff(options).toBuffer();
    expect(headerOf(bytes)).toEqual({
      format: 'tiff',
      width: 40,
      height: 30,
      frames: 1,
      orientation: 6,
      alpha: false,
      bitsPerChannel: 8,
      space: 'rgb',
      progressive: false,
      icc: true,
      quality: null,
      lossless: options.compression !== 'jpeg' && options.compression !== 'webp',
      ...('tile' in options ? { tiled: true } : {}),
    });
  });

  for (const little of [true, false]) {
    for (const big of [true, false]) {
      it(`reads ${little ? 'little' : 'big'} endian ${big ? 'BigTIFF' : 'TIFF'} of three pages`, () => {
        const pages = [tiffFields(40, 30, [274, 3, 8]), tiffFields(9, 9), tiffFields(9, 9)];
        expect(headerOf(tiff({ little, big, pages }))).toMatchObject({
          width: 40,
          height: 30,
          frames: 3,
          orientation: 8,
        });
      });
    }
  }

  const reduced: TiffField = [254, 4, 1];

  it('takes smaller copies of the first page for levels, not for pages', async () => {
    const pyramid = sharp({ create: { width: 1001, height: 600, channels: 3, background: '#a53' } });
    const bytes = await pyramid.tiff({ tile: true, pyramid: true, tileWidth: 128, tileHeight: 128 }).toBuffer();
    expect(headerOf(bytes)).toMatchObject({
      frames: 1,
      tiled: true,
      levels: [
        { page: 1, width: 500, height: 300 },
        { page: 2, width: 250, height: 150 },
        { page: 3, width: 125, height: 75 },
      ],
    });
  });

  it.each<[string, readonly (readonly TiffField[])[]]>([
    ['is not marked as reduced', [tiffFields(20, 15)]],
    ['is not smaller', [tiffFields(40, 30, reduced)]],
    ['is of another ratio', [tiffFields(20, 30, reduced)]],
    ['is larger than the one before it', [tiffFields(10, 8, reduced), tiffFields(20, 15, reduced)]],
    ['is a page behind a smaller copy', [tiffFields(20, 15, reduced), tiffFields(40, 30)]],
  ])('knows pages and no levels where one of them %s', (_name, pages) => {
    const header = headerOf(tiff({ pages: [tiffFields(40, 30), ...pages] }));
    expect(header.frames).toBe(1 + pages.length);
    expect(header.levels).toBeUndefined();
  });

  it('counts a chain that comes back to an earlier page once', () => {
    expect(headerOf(tiff({ last: 8 })).frames).toBe(1);
    expect(headerOf(tiff({ pages: [tiffFields(), tiffFields()], last: 8 })).frames).toBe(2);
  });

  it('counts whole pages when the chain leads out of the file', () => {
    expect(headerOf(tiff({ pages: [tiffFields(), tiffFields()], last: 1 << 30 })).frames).toBe(2);
  });

  it('stops counting at a bound', () => {
    const first = tiff({ last: tiff().length });
    const pages = Buffer.alloc(18 * 150_000);
    for (let at = 0; at < pages.length; at += 18) {
      pages.writeUInt16LE(1, at);
      pages.writeUInt32LE(first.length + at + 18, at + 14);
    }
    expect(headerOf(Buffer.concat([first, pages])).frames).toBe(100_001);
  });

  it('is known but not final when only the first page has arrived', () => {
    const bytes = tiff({ pages: [tiffFields(), tiffFields()] });
    expect(readHeader(bytes.subarray(0, 100), false)).toMatchObject({
      state: 'known',
      final: false,
      header: { frames: 1 },
    });
    expect(readHeader(bytes, false)).toMatchObject({ state: 'known', final: true, header: { frames: 2 } });
  });

  it('needs the first directory, wherever it lies', () => {
    const bytes = tiff();
    expect(outcome(bytes.subarray(0, 40), false)).toBe('need-more');
    expect(outcome(bytes.subarray(0, 40))).toBe('source_truncated');
  });

  it.each([
    ['black is zero', 1, 1, 'grey', false],
    ['white is zero', 0, 1, 'grey', false],
    ['grey and alpha', 1, 2, 'grey', true],
    ['RGB and alpha', 2, 4, 'rgb', true],
    ['palette', 3, 1, 'rgb', false],
    ['CMYK', 5, 4, 'cmyk', false],
    ['YCbCr through RGBA', 6, 3, 'rgb', true],
  ])('reads %s', (_name, photometric, samples, space, alpha) => {
    expect(headerOf(page([262, 3, photometric], [277, 3, samples]))).toMatchObject({ space, alpha });
  });

  it.each([
    ['old-style JPEG', [259, 3, 6]],
    ['LZMA', [259, 3, 34_925]],
    ['Zstandard', [259, 3, 50_000]],
    ['8-bit Lab', [262, 3, 8]],
    ['LogLuv', [262, 3, 32_845]],
    ['12 bits', [258, 3, 12]],
    ['ten samples', [277, 3, 10]],
  ] as const)('refuses %s as unsupported', (_name, field) => {
    expect(outcome(page(field))).toBe('unsupported_format');
  });

  it.each([
    ['no width', page([256, 3, 0])],
    ['no samples', page([277, 3, 0])],
    ['a width that is a text', page([256, 2, 40])],
    ['no height', tiff({ pages: [tiffFields().filter(([tag]) => tag !== 257)] })],
    ['an empty directory', tiff({ pages: [[]] })],
  ])('refuses a picture with %s', (_name, bytes) => {
    expect(outcome(bytes)).toBe('undecodable');
  });

  it('believes the first of two fields, and no broken orientation', () => {
    const twice = [...tiffFields(), [256, 3, 9] as const];
    expect(headerOf(tiff({ pages: [twice] })).width).toBe(40);
    expect(headerOf(page([274, 2, 6])).orientation).toBe(1);
    expect(headerOf(page([274, 3, 9])).orientation).toBe(1);
  });
});
