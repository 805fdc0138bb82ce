import { describe, expect, it } from 'vitest';
import { ByteView } from '../../../src/plan/header/byte-view.ts';
import { exifOrientation } from '../../../src/plan/header/exif-orientation.ts';
import { ascii, exif } from './builders.ts';

const orientationOf = (block: Buffer): number => exifOrientation(ByteView.of(block).part(0, block.length));

describe('EXIF orientation', () => {
  for (const little of [true, false]) {
    it.each([1, 2, 3, 4, 5, 6, 7, 8])(`reads %i in ${little ? 'little' : 'big'} endian`, (orientation) => {
      expect(orientationOf(exif(orientation, little))).toBe(orientation);
    });
  }

  it('takes the block with its prefix too', () => {
    expect(orientationOf(Buffer.concat([ascii('Exif\0\0'), exif(6)]))).toBe(6);
  });

  it.each([1, 3, 4, 8, 9])('takes field type %i', (type) => {
    expect(orientationOf(exif(6, true, type))).toBe(6);
    expect(orientationOf(exif(6, false, type))).toBe(6);
  });

  it.each([
    ['0', exif(0)],
    ['9', exif(9)],
    ['65535', exif(65_535)],
    ['a text', exif(6, true, 2)],
    ['another tag', exif(6, true, 3, 0x0100)],
    ['an empty block', Buffer.alloc(0)],
    ['only the prefix', ascii('Exif\0\0')],
    ['no byte order', Buffer.alloc(40)],
    ['a directory outside', Buffer.concat([ascii('II*\0'), Buffer.alloc(4, 0xff)])],
    ['a directory cut short', exif(6).subarray(0, 16)],
  ])('is 1 for %s', (_name, block) => {
    expect(orientationOf(block)).toBe(1);
  });
});
