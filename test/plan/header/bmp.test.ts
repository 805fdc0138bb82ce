import { describe, expect, it } from 'vitest';
import { readHeader } from '../../../src/plan/header/read-header.ts';
import { bitmap24, bitmapFile, bitmapIndexed, bitmapMasked } from '../../fixtures/bitmaps.ts';
import { gradient } from '../../fixtures/pictures.ts';
import { draw } from '../../helpers/pixels.ts';
import { headerOf, outcome } from './builders.ts';

const picture = gradient(7, 5);
const indexed = draw(7, 5, 1, (x) => [x % 2]);
const blackWhite = [
  [0, 0, 0],
  [255, 255, 255],
];
const bgra = [0xff0000, 0xff00, 0xff, 0xff000000];
const file = (wish: Parameters<typeof bitmapFile>[3], pixelBytes = 1000) =>
  bitmapFile(7, 5, Buffer.alloc(pixelBytes), wish);

describe('BMP', () => {
  it.each([40, 52, 56, 64, 108, 124, 16, 12])('reads a header of %i bytes', (headerBytes) => {
    expect(headerOf(bitmap24(picture, { headerBytes }))).toEqual({
      format: 'bmp',
      width: 7,
      height: 5,
      frames: 1,
      orientation: 1,
      alpha: false,
      bitsPerChannel: 8,
      space: 'rgb',
      progressive: false,
      icc: false,
      quality: null,
      lossless: true,
    });
  });

  it('takes a negative height for rows from the top', () => {
    expect(headerOf(bitmap24(picture, { topDown: true }))).toMatchObject({ width: 7, height: 5 });
  });

  it('has alpha where a mask says so, and nowhere else', () => {
    const four = gradient(7, 5, 4);
    expect(headerOf(bitmapMasked(four, 32, bgra, { headerBytes: 108 })).alpha).toBe(true);
    expect(headerOf(bitmapMasked(four, 32, bgra, { compression: 6 })).alpha).toBe(true);
    expect(headerOf(bitmapMasked(four, 32, bgra.slice(0, 3))).alpha).toBe(false);
    expect(headerOf(bitmapMasked(four, 32, bgra, { compression: 0 })).alpha).toBe(false);
  });

  it('knows everything before the first pixel', () => {
    const bytes = bitmap24(picture);
    expect(outcome(bytes.subarray(0, 49), false)).toBe('need-more');
    expect(readHeader(bytes.subarray(0, 54), false)).toMatchObject({ state: 'known', final: true });
  });

  it('is truncated where pixels are missing, not where only the padding of the last row is', () => {
    const bytes = bitmap24(picture);
    expect(outcome(bytes.subarray(0, bytes.length - 3))).toBe('known');
    expect(outcome(bytes.subarray(0, bytes.length - 4))).toBe('source_truncated');
    expect(outcome(bytes.subarray(0, 30))).toBe('source_truncated');
  });

  it.each([
    ['a size of no header', { headerBytes: 44 }],
    ['no plane', { planes: 0 }],
    ['three bits a pixel', { bits: 3 }],
    ['run lengths of another depth', { bits: 24, compression: 1 }],
    ['run lengths from the top', { bits: 8, compression: 1, topDown: true, palette: blackWhite }],
    ['masks for 24 bits', { bits: 24, compression: 3, masks: bgra }],
    ['masks that overlap', { bits: 32, compression: 3, masks: [0xff0000, 0x1ff00, 0xff] }],
    ['masks with holes', { bits: 32, compression: 3, masks: [0xf0f000, 0xf00, 0xff] }],
    ['masks beyond the pixel', { bits: 16, compression: 3, masks: [0xff0000, 0xff00, 0xff] }],
    ['no palette', { bits: 8 }],
    ['an unheard-of compression', { bits: 24, compression: 99 }],
  ] as const)('is undecodable with %s', (_name, wish) => {
    expect(outcome(file(wish))).toBe('undecodable');
  });

  it.each([
    ['a JPEG inside', { bits: 0, compression: 4 }],
    ['a PNG inside', { bits: 24, compression: 5 }],
    ['CMYK', { bits: 32, compression: 11 }],
    ['64 bits', { bits: 64 }],
    ["OS/2's Huffman code", { bits: 1, headerBytes: 64, compression: 3, palette: blackWhite }],
    ["OS/2's run lengths of 24 bits", { bits: 24, headerBytes: 64, compression: 4 }],
  ] as const)('is not decoded with %s', (_name, wish) => {
    expect(outcome(file(wish))).toBe('unsupported_format');
  });

  it('refuses pixels that begin within the header, and a width below zero', () => {
    const early = bitmap24(picture);
    early.writeUInt32LE(53, 10);
    expect(outcome(early)).toBe('undecodable');
    expect(outcome(bitmapFile(-7, 5, Buffer.alloc(1000)))).toBe('undecodable');
    expect(outcome(bitmapFile(0, 5, Buffer.alloc(1000)))).toBe('undecodable');
  });

  it('is not led astray by a palette that is said to be huge', () => {
    const bytes = bitmapIndexed(indexed, 1, blackWhite, { colours: 0xffff_ffff });
    expect(headerOf(bytes)).toMatchObject({ width: 7, height: 5 });
  });

  it('tells the largest sizes as they are', () => {
    const bytes = bitmapFile(0x7fff_ffff, 1, Buffer.alloc(8));
    bytes.writeInt32LE(-0x8000_0000, 22);
    expect(readHeader(bytes, false)).toMatchObject({ header: { width: 0x7fff_ffff, height: 0x8000_0000 } });
  });
});
