import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readHeader } from '../../../src/plan/header/read-header.ts';
import { ascii, gif, gifControl, gifFrame, gifTrailer, headerOf, outcome, u8 } from './builders.ts';

const comment = u8(0x21, 0xfe, 3, 0x2c, 0x3b, 0x21, 0);

describe('GIF', () => {
  it('reads what sharp writes, frame by frame', async () => {
    const frames = await sharp(Buffer.from([...Array(4 * 3 * 5 * 3)].map((_, i) => (i * 37) % 256)), {
      raw: { width: 4, height: 15, channels: 3, pageHeight: 3 },
    })
      .gif({ delay: [100, 100, 100, 100, 100] })
      .toBuffer();
    expect(headerOf(frames)).toMatchObject({ format: 'gif', width: 4, height: 3, frames: 5, lossless: true });
  });

  it('counts frames through extensions, comments and local colour tables', () => {
    const frame = gifFrame({ packed: 0x82 });
    const bytes = gif(
      4,
      3,
      gifControl(0),
      frame,
      comment,
      frame,
      u8(0x21, 0xff, 11),
      ascii('NETSCAPE2.0'),
      u8(3, 1, 0, 0, 0),
    );
    expect(headerOf(Buffer.concat([bytes, frame, gifTrailer])).frames).toBe(3);
  });

  it('has alpha when any frame is transparent', () => {
    expect(headerOf(gif(4, 3, gifControl(0), gifFrame(), gifTrailer)).alpha).toBe(false);
    expect(headerOf(gif(4, 3, gifFrame(), gifControl(1), gifFrame(), gifTrailer)).alpha).toBe(true);
  });

  it('is progressive when a frame is interlaced', () => {
    expect(headerOf(gif(4, 3, gifFrame({ packed: 0x40 }), gifTrailer)).progressive).toBe(true);
  });

  it('lets the first frame widen the canvas, later ones not', () => {
    const wide = gifFrame({ left: 10, width: 20, height: 2 });
    expect(headerOf(gif(4, 3, wide, gifTrailer))).toMatchObject({ width: 30, height: 3 });
    expect(headerOf(gif(4, 3, gifFrame(), wide, gifTrailer))).toMatchObject({ width: 4, height: 3 });
  });

  it.each([
    [0, 0],
    [640, 480],
    [1600, 1200],
    [2049, 10],
  ])('does not believe a screen of %i x %i', (width, height) => {
    expect(headerOf(gif(width, height, gifFrame({ width: 7, height: 5 }), gifTrailer))).toMatchObject({
      width: 7,
      height: 5,
    });
  });

  it('is truncated without its trailer, and tells what it had shown', () => {
    const bytes = gif(4, 3, gifFrame(), gifFrame());
    const result = readHeader(bytes, true);
    expect(result).toMatchObject({ state: 'refused', partial: { width: 4, height: 3, frames: 2 } });
    expect(outcome(bytes)).toBe('source_truncated');
    expect(outcome(bytes.subarray(0, bytes.length - 3))).toBe('source_truncated');
  });

  it('is known but not final from its first part', () => {
    const bytes = gif(4, 3, gifFrame(), gifFrame(), gifTrailer);
    expect(readHeader(bytes.subarray(0, 32), false)).toMatchObject({
      state: 'known',
      final: false,
      header: { width: 4, height: 3, frames: 1 },
    });
    expect(readHeader(bytes, false)).toMatchObject({ state: 'known', final: true, header: { frames: 2 } });
    expect(outcome(bytes.subarray(0, 25), false)).toBe('need-more');
  });

  it('ends at what is no block, once there is a frame', () => {
    expect(headerOf(gif(4, 3, gifFrame(), gifFrame(), u8(0, 0x3b))).frames).toBe(2);
    expect(outcome(gif(4, 3, u8(0, 0x3b)))).toBe('undecodable');
  });

  it('does not count a frame without pixels', () => {
    const empty = gifFrame().subarray(0, 10);
    expect(headerOf(gif(4, 3, gifFrame(), empty, gifTrailer)).frames).toBe(1);
    expect(outcome(gif(4, 3, empty, u8(12, 0), gifTrailer))).toBe('undecodable');
  });

  it('refuses a picture without frames', () => {
    expect(outcome(gif(4, 3, comment, gifTrailer))).toBe('undecodable');
  });
});
