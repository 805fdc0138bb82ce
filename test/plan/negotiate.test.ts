import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { negotiate } from '../../src/plan/negotiate.ts';

describe('negotiating a format', () => {
  it.each([
    // browsers
    ['image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8', 'avif'],
    ['image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5', 'avif'],
    ['image/webp,image/apng,image/*,*/*;q=0.8', 'webp'],
    ['image/webp,*/*;q=0.8', 'webp'],
    ['image/png,image/svg+xml,image/*;q=0.8,video/*;q=0.8,*/*;q=0.5', 'plain'],
    ['*/*', 'plain'],
    ['', 'plain'],
    // AVIF needs WebP beside it
    ['image/avif', 'plain'],
    ['image/avif,*/*', 'plain'],
    // weights
    ['image/avif;q=0.1,image/webp;q=1', 'avif'],
    ['image/avif;q=0,image/webp', 'webp'],
    ['image/avif;q=0.000,image/webp;q=0.5', 'webp'],
    ['image/avif,image/webp;q=0', 'plain'],
    ['image/webp;q=0,image/webp', 'plain'],
    ['image/webp,image/webp;q=0', 'plain'],
    ['image/webp;q=0.001', 'webp'],
    ['image/webp;v=1;q=0', 'plain'],
    ['image/webp;q=abc', 'plain'],
    ['image/webp;q=-1', 'plain'],
    ['image/webp;q=1e9', 'plain'],
    // spelling
    ['IMAGE/WEBP , Image/Avif ; Q=0.9', 'avif'],
    [' image/webp ; q = 0', 'webp'],
    ['image/webpx,ximage/webp', 'plain'],
    ['image/webp2,image/webp', 'webp'],
  ])('%j is %s', (accept, bucket) => {
    expect(negotiate(accept)).toBe(bucket);
  });

  it('gives a bucket for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), fc.string({ maxLength: 100 }), (before, after) => {
        expect(['avif', 'webp', 'plain']).toContain(negotiate(`${before},image/webp${after}`));
      }),
    );
  });

  it.each([',', ';', 'image/webp,', 'image/webp;q=0;', ' ', ';q=', '"'])(
    'takes a header of a megabyte of %j in its stride',
    (unit) => {
      // Anything quadratic would outlast the test's own time limit.
      const accept = `image/webp${unit.repeat(1_000_000 / unit.length)}`;
      expect(['webp', 'plain']).toContain(negotiate(accept));
    },
  );
});

describe('where AVIF stands alone', () => {
  it.each([
    ['image/avif', 'avif'],
    ['image/avif,image/png,*/*', 'avif'],
    ['image/avif;q=0', 'plain'],
    ['image/webp', 'webp'],
    ['image/avif,image/webp', 'avif'],
    ['image/*', 'plain'],
  ])('%s allows %s', (accept, allowed) => {
    expect(negotiate(accept, { avifAlone: true })).toBe(allowed);
  });

  it('is not what our own grammar does', () => {
    expect(negotiate('image/avif')).toBe('plain');
  });
});
