import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readHeader } from '../../../src/plan/header/read-header.ts';
import { anmf, ascii, exif, headerOf, outcome, riffChunk, u8, vp8, vp8l, vp8x, webp } from './builders.ts';

const flags = { animation: 0x02, exif: 0x08, alpha: 0x10, icc: 0x20 };

describe('WebP', () => {
  it.each([
    ['lossy', { quality: 80 }, { lossless: false, alpha: false }, '#a53f'],
    ['lossless', { lossless: true }, { lossless: true, alpha: false }, '#a53f'],
    ['with alpha', { quality: 80 }, { lossless: false, alpha: true }, '#a538'],
  ])('reads what sharp writes: %s', async (_name, options, expected, background) => {
    const bytes = await sharp({ create: { width: 40, height: 30, channels: 4, background } })
      .webp(options)
      .toBuffer();
    expect(headerOf(bytes)).toMatchObject({
      format: 'webp',
      width: 40,
      height: 30,
      frames: 1,
      icc: false,
      ...expected,
    });
  });

  it('reads orientation and profile that sharp writes', async () => {
    const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: '#a53' } });
    const bytes = await picture.withMetadata({ orientation: 6 }).webp().toBuffer();
    expect(headerOf(bytes)).toMatchObject({ width: 40, height: 30, orientation: 6, icc: true });
  });

  it('reads a lone bitstream of either kind', () => {
    expect(headerOf(webp(vp8(400, 300)))).toMatchObject({ width: 400, height: 300, alpha: false, lossless: false });
    expect(headerOf(webp(vp8l(16_384, 300, true)))).toMatchObject({
      width: 16_384,
      height: 300,
      alpha: true,
      lossless: true,
    });
  });

  it('does not take the scaling bits of VP8 for size', () => {
    expect(headerOf(webp(vp8(400 | 0x4000, 300 | 0x8000)))).toMatchObject({ width: 400, height: 300 });
  });

  it('takes the canvas of VP8X, and believes its flags', () => {
    const bytes = webp(vp8x(flags.alpha | flags.icc, 500, 400), riffChunk('ICCP', u8(1)), vp8l());
    expect(headerOf(bytes)).toMatchObject({ width: 500, height: 400, alpha: true, icc: true, lossless: true });
    expect(headerOf(webp(vp8x(0), vp8(), riffChunk('EXIF', exif(6)))).orientation).toBe(1);
  });

  it('needs the EXIF behind the pixels when it is announced', () => {
    const bytes = webp(vp8x(flags.exif), vp8(), riffChunk('EXIF', ascii('Exif\0\0'), exif(6)));
    expect(outcome(bytes.subarray(0, bytes.length - 10), false)).toBe('need-more');
    expect(readHeader(bytes, false)).toMatchObject({ state: 'known', final: true, header: { orientation: 6 } });
    expect(headerOf(webp(vp8x(flags.exif), vp8())).orientation).toBe(1);
  });

  it('counts the frames of an animation', () => {
    const bytes = webp(
      vp8x(flags.animation),
      riffChunk('ANIM', Buffer.alloc(6)),
      anmf(vp8l()),
      anmf(vp8()),
      anmf(vp8()),
    );
    expect(headerOf(bytes)).toMatchObject({ frames: 3, lossless: true });
    expect(readHeader(bytes.subarray(0, bytes.length - 45), false)).toMatchObject({
      state: 'known',
      final: false,
      header: { frames: 2 },
    });
    expect(outcome(bytes.subarray(0, 50), false)).toBe('need-more');
  });

  it('takes a frame behind an alpha chunk for lossy', () => {
    expect(headerOf(webp(vp8x(flags.animation | flags.alpha), anmf(riffChunk('ALPH', u8(0, 0))))).lossless).toBe(false);
  });

  it('is truncated when the container announces more than there is', () => {
    const bytes = webp(vp8(), riffChunk('XMP ', Buffer.alloc(100)));
    expect(outcome(bytes.subarray(0, 60))).toBe('source_truncated');
    expect(outcome(bytes.subarray(0, 60), false)).toBe('known');
    expect(outcome(Buffer.concat([bytes, Buffer.alloc(9)]))).toBe('known');
  });

  it.each([
    ['an interframe', webp(riffChunk('VP8 ', u8(0x11, 0, 0, 0x9d, 0x01, 0x2a, 4, 0, 4, 0)))],
    ['no start code', webp(riffChunk('VP8 ', Buffer.alloc(10)))],
    ['no width', webp(vp8(0, 30))],
    ['a lossless bitstream without signature', webp(riffChunk('VP8L', Buffer.alloc(5)))],
    ['a later version of lossless', webp(riffChunk('VP8L', u8(0x2f, 0, 0, 0, 0x20)))],
    ['no pixels', webp(vp8x(0), riffChunk('XMP ', u8(1)))],
    ['no frames', webp(vp8x(flags.animation), vp8())],
    ['an unknown first chunk', webp(riffChunk('ABCD', Buffer.alloc(20)))],
    ['a short VP8X', webp(riffChunk('VP8X', Buffer.alloc(8)), vp8())],
  ])('refuses a picture with %s', (_name, bytes) => {
    expect(outcome(bytes)).toBe('undecodable');
  });
});
