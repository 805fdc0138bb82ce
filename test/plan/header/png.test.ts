import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { ascii, chunk, exif, headerOf, idat, ihdr, outcome, png, u8 } from './builders.ts';

const palette = chunk('PLTE', Buffer.alloc(12));

describe('PNG', () => {
  it('reads what sharp writes', async () => {
    const picture = sharp({ create: { width: 40, height: 30, channels: 4, background: '#a538' } });
    const bytes = await picture.withMetadata({ orientation: 6 }).png({ progressive: true }).toBuffer();
    expect(headerOf(bytes)).toEqual({
      format: 'png',
      width: 40,
      height: 30,
      frames: 1,
      orientation: 6,
      alpha: true,
      bitsPerChannel: 8,
      space: 'rgb',
      progressive: true,
      icc: true,
      quality: null,
      lossless: true,
    });
  });

  it.each([
    [0, 16, 'grey', false],
    [0, 1, 'grey', false],
    [2, 16, 'rgb', false],
    [4, 8, 'grey', true],
    [6, 16, 'rgb', true],
  ])('reads colour type %i of %i bits', (colour, bits, space, alpha) => {
    expect(headerOf(png(ihdr({ colour, bits }), idat))).toMatchObject({ space, alpha, bitsPerChannel: bits });
  });

  it('decodes a palette to 8 bits', () => {
    expect(headerOf(png(ihdr({ colour: 3, bits: 2 }), palette, idat))).toMatchObject({
      bitsPerChannel: 8,
      space: 'rgb',
    });
  });

  it.each([
    ['a grey', 0, chunk('tRNS', u8(0, 1)), true],
    ['a colour', 2, chunk('tRNS', Buffer.alloc(6)), true],
    ['a palette', 3, chunk('tRNS', u8(0)), true],
    ['a grey with a colour', 0, chunk('tRNS', Buffer.alloc(6)), false],
    ['an empty palette', 3, chunk('tRNS'), false],
  ])('has alpha from tRNS for %s', (_name, colour, trns, alpha) => {
    expect(headerOf(png(ihdr({ colour }), palette, trns, idat)).alpha).toBe(alpha);
  });

  it('reads orientation and profile before the pixels only, like libpng', () => {
    const profile = chunk('iCCP', ascii('a\0\0'), Buffer.alloc(20));
    expect(headerOf(png(ihdr(), profile, chunk('eXIf', exif(8)), idat))).toMatchObject({ icc: true, orientation: 8 });
    expect(headerOf(png(ihdr(), idat, profile, chunk('eXIf', exif(8))))).toMatchObject({ icc: false, orientation: 1 });
  });

  it.each([
    ['without a name', chunk('iCCP', u8(0, 0))],
    ['of an unknown compression', chunk('iCCP', ascii('a\0\x01x'))],
    ['whose name does not end', chunk('iCCP', Buffer.alloc(90, 0x61))],
  ])('has no profile from an iCCP %s', (_name, profile) => {
    expect(headerOf(png(ihdr(), profile, idat)).icc).toBe(false);
  });

  it('shows an APNG as one frame', () => {
    expect(headerOf(png(ihdr(), chunk('acTL', Buffer.alloc(8)), chunk('fcTL', Buffer.alloc(26)), idat)).frames).toBe(1);
  });

  it.each([
    ['no width', ihdr({ width: 0 })],
    ['a width beyond 2^31', ihdr({ width: 0x8000_0001 })],
    ['an unknown colour type', ihdr({ colour: 5 })],
    ['a depth that its colour type lacks', ihdr({ colour: 2, bits: 4 })],
    ['an unknown interlace', ihdr({ interlace: 2 })],
    ['an unknown chunk that decoders must know', Buffer.concat([ihdr(), chunk('ABCD')])],
    ['a chunk type that is no word', Buffer.concat([ihdr(), chunk('a\0cd')])],
    ['an end before the pixels', Buffer.concat([ihdr(), chunk('IEND')])],
    ['no palette where it needs one', ihdr({ colour: 3 })],
    ['another first chunk', chunk('sRGB', u8(0))],
  ])('refuses a picture with %s', (_name, chunks) => {
    expect(outcome(png(chunks, idat))).toBe('undecodable');
  });

  it('gives up on a flood of tiny chunks', () => {
    const flood = Array.from({ length: 66_000 }, () => chunk('tEXt'));
    expect(outcome(png(ihdr(), ...flood, idat))).toBe('undecodable');
  });

  it("refuses Apple's own kind as unsupported", () => {
    expect(outcome(png(chunk('CgBI', Buffer.alloc(4)), ihdr(), idat))).toBe('unsupported_format');
  });

  it('is decided at the first IDAT, not before', () => {
    expect(outcome(png(ihdr()), false)).toBe('need-more');
    expect(outcome(png(ihdr()))).toBe('source_truncated');
    expect(outcome(png(ihdr(), idat.subarray(0, 8)), false)).toBe('known');
  });
});
