import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { frame, headerOf, jpeg, scan, segment, u8, u16be } from './builders.ts';

describe('JPEG quality', () => {
  it.each(Array.from({ length: 100 }, (_, i) => i + 1))('is exact for a table scaled to %i', async (quality) => {
    const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: '#777' } });
    const bytes = await picture.jpeg({ quality, quantisationTable: 0 }).toBuffer();
    expect(headerOf(bytes).quality).toBe(quality);
  });

  it('is within the scale for a table of any other make', () => {
    const quality = (...entries: readonly Buffer[]) =>
      headerOf(jpeg(segment(0xdb, ...entries), frame(), scan())).quality;
    expect(quality(u8(0), Buffer.alloc(64, 1))).toBe(100);
    expect(quality(u8(0), Buffer.alloc(64, 255))).toBe(1);
    expect(quality(u8(0x10), ...Array.from({ length: 64 }, () => u16be(60_000)))).toBe(1);
  });

  it('is taken from the table that the first component names', () => {
    const tables = segment(0xdb, u8(1), Buffer.alloc(64, 255), u8(0), Buffer.alloc(64, 1));
    expect(headerOf(jpeg(tables, frame(), scan())).quality).toBe(100);
  });

  it('is unknown without a table, with half a one, and in a lossless frame', () => {
    expect(headerOf(jpeg(frame(), scan())).quality).toBeNull();
    expect(headerOf(jpeg(segment(0xdb, u8(0), Buffer.alloc(20, 1)), frame(), scan())).quality).toBeNull();
    const table = segment(0xdb, u8(0), Buffer.alloc(64, 1));
    expect(headerOf(jpeg(table, frame({ marker: 0xc3 }), scan())).quality).toBeNull();
  });
});
