import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeResult, encodeResult } from '../../../src/store/results/result-file.ts';
import { meta, resultOf } from './samples.ts';

const encoded = (bytes: Buffer | string, derivation = 'd'): Buffer =>
  Buffer.concat(encodeResult(derivation, resultOf(bytes)));

describe('result file', () => {
  it('gives back what was encoded, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.boolean(), (bytes, checkHash) => {
        const decoded = decodeResult(encoded(Buffer.from(bytes)), 'd', checkHash);
        expect(decoded).toEqual({ meta, bytes: Buffer.from(bytes) });
      }),
    );
  });

  it('is refused at every length but its own', () => {
    const file = encoded('some bytes of a picture');
    for (let length = 0; length < file.length; length++) {
      expect(decodeResult(file.subarray(0, length), 'd', false)).toBeNull();
    }
    expect(decodeResult(Buffer.concat([file, Buffer.alloc(1)]), 'd', false)).toBeNull();
  });

  it('is refused when any single bit has flipped', () => {
    const file = encoded('some bytes of a picture');
    for (let bit = 0; bit < file.length * 8; bit++) {
      const flipped = Buffer.from(file);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(decodeResult(flipped, 'd', true)).toBeNull();
    }
  });

  it('is refused under the name of another derivation', () => {
    expect(decodeResult(encoded('bytes', 'one'), 'another', true)).toBeNull();
  });

  it('is refused when it is random', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(decodeResult(Buffer.from(bytes), 'd', true)).toBeNull();
      }),
    );
  });
});
