import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dssim, type Luma, lumaOf } from '../../src/pipeline/dssim.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { opened } from '../fixtures/pictures.ts';
import { draw } from '../helpers/pixels.ts';

const luma = (width: number, height: number, at: (x: number, y: number) => number): Luma => ({
  width,
  height,
  bytes: draw(width, height, 1, (x, y) => [at(x, y)]).bytes,
});

const side = fc.integer({ min: 1, max: 40 });
const picture = fc
  .tuple(side, side)
  .chain(([width, height]) =>
    fc
      .tuple(...[0, 1].map(() => fc.uint8Array({ minLength: width * height, maxLength: width * height })))
      .map((pair) => pair.map((bytes) => ({ width, height, bytes }))),
  );

describe('DSSIM', () => {
  it('is 0 of a picture and itself, never below, at most 1, and the same both ways', () => {
    fc.assert(
      fc.property(picture, ([one, other]) => {
        if (!one || !other) throw new Error('two pictures');
        expect(dssim(one, one)).toBeCloseTo(0, 12);
        const value = dssim(one, other);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(dssim(other, one)).toBeCloseTo(value, 12);
      }),
    );
  });

  it('grows with noise', () => {
    const clean = luma(64, 64, (x, y) => (3 * x + y) % 200);
    const noisy = (by: number) => luma(64, 64, (x, y) => ((3 * x + y) % 200) + ((x * 7 + y * 13) % by));
    expect(dssim(clean, noisy(8))).toBeLessThan(dssim(clean, noisy(30)));
  });

  it('of one window is that of its formula', () => {
    // Means 100 and 110, no variance: (2*100*110 + C1) / (100^2 + 110^2 + C1).
    const [one, other] = [luma(8, 8, () => 100), luma(8, 8, () => 110)];
    const steady = 6.5025;
    expect(dssim(one, other)).toBeCloseTo((1 - (22_000 + steady) / (22_100 + steady)) / 2, 12);
  });

  it('looks at windows that stand apart where a picture is large', () => {
    const [width, height] = [2048, 1024];
    const plain = luma(width, height, () => 128);
    const marked = (left: number) => luma(width, height, (x, y) => (x >= left && x < left + 8 && y < 8 ? 255 : 128));
    expect(dssim(plain, marked(0))).toBeGreaterThan(0);
    expect(dssim(plain, marked(8))).toBe(0);
  });

  it('refuses pictures of two sizes', () => {
    expect(() =>
      dssim(
        luma(8, 8, () => 0),
        luma(8, 9, () => 0),
      ),
    ).toThrow(RangeError);
  });

  it('takes no notice of colours that nobody sees', async () => {
    const deadline = { atMs: systemClock.nowMs() + 10_000, clock: systemClock };
    const lumaWith = (grey: number) =>
      lumaOf(opened(draw(8, 8, 4, (x) => [grey, grey, grey, x < 4 ? 255 : 0])), deadline);
    const { bytes } = await lumaWith(40);
    expect([...bytes.subarray(0, 8)]).toEqual([40, 40, 40, 40, 128, 128, 128, 128]);
  });
});
