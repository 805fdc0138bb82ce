import { describe, expect, it } from 'vitest';
import { isFont, renamedFace } from '../../src/shared/font-face.ts';
import { blockFont } from '../fixtures/font.ts';

const font = blockFont({ A: 800, b: 400 }, 'Blocks');
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/** A collection of one face, which begins behind a header of 16 bytes; offsets of tables count from the file's beginning. */
function collectionOf(face: Buffer): Buffer {
  const head = Buffer.alloc(16);
  head.write('ttcf', 0, 'latin1');
  head.writeUInt32BE(0x00010000, 4);
  head.writeUInt32BE(1, 8);
  head.writeUInt32BE(16, 12);
  const moved = Buffer.from(face);
  for (let index = 0; index < moved.readUInt16BE(4); index++) {
    const at = 12 + 16 * index + 8;
    moved.writeUInt32BE(moved.readUInt32BE(at) + 16, at);
  }
  return Buffer.concat([head, moved]);
}

describe('a renamed face', () => {
  it('has the new family and not the old one', () => {
    const renamed = Buffer.from(renamedFace(font, 'pileus-1') ?? []);
    expect(renamed.includes(utf16('pileus-1'))).toBe(true);
    expect(renamed.includes(utf16('Blocks'))).toBe(false);
    expect(isFont(renamed)).toBe(true);
  });

  it('is the same whether it came alone or in a collection', () => {
    expect(renamedFace(collectionOf(font), 'x')).toEqual(renamedFace(font, 'x'));
  });

  it('stays as it is when it is renamed twice to the same', () => {
    const once = renamedFace(font, 'x');
    expect(once && renamedFace(once, 'x')).toEqual(once);
  });

  it('is none of what is no font, and an error of what is cut short', () => {
    expect(renamedFace(Buffer.from('\x89PNG and so on and on'), 'x')).toBeNull();
    expect(renamedFace(Buffer.alloc(3), 'x')).toBeNull();
    expect(() => renamedFace(font.subarray(0, font.length - 60), 'x')).toThrow(RangeError);
    expect(() => renamedFace(font.subarray(0, 20), 'x')).toThrow(RangeError);
  });
});
