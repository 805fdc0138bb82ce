import { describe, expect, it } from 'vitest';
import { readHeader } from '../../../src/plan/header/read-header.ts';
import { bitmap24, bitmapFile, bitmapIndexed, bitmapMasked } from '../../fixtures/bitmaps.ts';
import { iconBitmap, iconFile } from '../../fixtures/icons.ts';
import { gradient, png } from '../../fixtures/pictures.ts';
import { draw } from '../../helpers/pixels.ts';
import { chunk, headerOf, ihdr, outcome, png as pngHeader } from './builders.ts';

const small = gradient(4, 4);
const large = gradient(9, 6, 4);
const bitmap = (raster = small): Buffer => iconBitmap(bitmap24(raster), raster, () => false);

describe('ICO', () => {
  it('is its largest picture', async () => {
    const file = iconFile([
      { payload: bitmap(), width: 4, height: 4 },
      { payload: await png(large), width: 9, height: 6 },
      { payload: bitmap(), width: 4, height: 4 },
    ]);
    expect(headerOf(file)).toMatchObject({ format: 'ico', width: 9, height: 6, frames: 1, alpha: true });
  });

  it('is the deepest of equal pictures', () => {
    const shallow = iconBitmap(
      bitmapIndexed(
        draw(4, 4, 1, () => [1]),
        1,
        [[0], [9]],
      ),
      small,
      () => false,
    );
    const deep = iconBitmap(bitmapMasked(gradient(4, 2, 4), 32, [0xff0000, 0xff00, 0xff], { compression: 0 }), {
      width: 4,
      height: 2,
    });
    const file = iconFile([
      { payload: shallow, width: 4, height: 4, bits: 1 },
      { payload: deep, width: 4, height: 4, bits: 32 },
    ]);
    expect(headerOf(file)).toMatchObject({ width: 4, height: 2 });
  });

  it('takes a side of 0 for 256, and the size from the picture', () => {
    const file = iconFile([
      { payload: bitmap(), width: 255, height: 255 },
      { payload: bitmap(gradient(9, 6)), width: 256, height: 256 },
    ]);
    expect(headerOf(file)).toMatchObject({ width: 9, height: 6, alpha: true });
  });

  it('passes over lengths that are not true', () => {
    for (const bytes of [0, 1, 0xffff_ffff])
      expect(headerOf(iconFile([{ payload: bitmap(), width: 4, height: 4, bytes }]))).toMatchObject({
        width: 4,
        height: 4,
      });
  });

  it('waits for the picture, and is truncated without it', () => {
    const file = iconFile([{ payload: bitmap(), width: 4, height: 4 }]);
    expect(outcome(file.subarray(0, 40), false)).toBe('need-more');
    expect(outcome(file.subarray(0, 40))).toBe('source_truncated');
    expect(readHeader(file.subarray(0, 80), false)).toMatchObject({ state: 'known', final: true });
    // The mask may be missing, pixels may not.
    expect(outcome(file.subarray(0, file.length - 16))).toBe('known');
    expect(outcome(file.subarray(0, file.length - 17))).toBe('source_truncated');
  });

  it('tells what a PNG in it tells', () => {
    const payload = pngHeader(ihdr({ colour: 0 }), chunk('IDAT', Buffer.alloc(4)));
    const { format, space, alpha } = headerOf(iconFile([{ payload, width: 1, height: 1 }]));
    expect({ format, space, alpha }).toEqual({ format: 'ico', space: 'grey', alpha: false });
  });

  it('is undecodable without entries, with a picture in its directory, and with a bitmap that is none', () => {
    expect(outcome(Buffer.concat([iconFile([]), Buffer.alloc(64)]))).toBe('undecodable');
    expect(outcome(iconFile([{ payload: bitmap(), width: 4, height: 4, at: 8 }]))).toBe('undecodable');
    expect(outcome(iconFile([{ payload: Buffer.alloc(64, 7), width: 4, height: 4 }]))).toBe('undecodable');
    expect(
      outcome(iconFile([{ payload: iconBitmap(bitmap24(small), { width: 4, height: 0 }), width: 4, height: 4 }])),
    ).toBe('undecodable');
    const odd = bitmapFile(4, 5, Buffer.alloc(200)).subarray(14);
    expect(outcome(iconFile([{ payload: odd, width: 4, height: 4 }]))).toBe('undecodable');
    const runs = bitmapFile(4, 4, Buffer.alloc(64), { bits: 8, compression: 1, palette: [[1]] }).subarray(14);
    expect(outcome(iconFile([{ payload: runs, width: 4, height: 4 }]))).toBe('undecodable');
  });

  it('looks at no more than 256 entries', () => {
    const entry = { payload: Buffer.alloc(0), width: 4, height: 4 };
    const head = iconFile(Array.from({ length: 300 }, () => ({ ...entry, at: 6 + 300 * 16 })));
    expect(headerOf(Buffer.concat([head, bitmap()]))).toMatchObject({ width: 4, height: 4 });
    const late = iconFile([
      ...Array.from({ length: 256 }, () => ({ ...entry, at: 6 + 257 * 16 })),
      { ...entry, width: 99, at: 0 },
    ]);
    expect(headerOf(Buffer.concat([late, bitmap()]))).toMatchObject({ width: 4, height: 4 });
  });
});
