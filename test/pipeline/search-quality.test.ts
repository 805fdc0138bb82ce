import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { encodeNear } from '../../src/pipeline/search-quality.ts';
import type { ResolvedEncode } from '../../src/plan/resolved.ts';
import { seededRng } from '../../src/shared/rng.ts';
import { png } from '../fixtures/pictures.ts';
import { draw } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { runFile } from '../helpers/run.ts';

/** An encoder whose loss is 0.001 for each step of quality below 100. */
function fakeEncoder() {
  const tried: number[] = [];
  const run = (quality: number) => {
    tried.push(quality);
    return Promise.resolve(Buffer.from([quality]));
  };
  return { tried, run, lossOf: ([quality = 0]: Buffer) => Promise.resolve((100 - quality) / 1000) };
}

describe('a search for a loss', () => {
  it.each([1, 2, 3, 7])('takes at most %i encodes, within its bounds, and the nearest of them', async (encodesMax) => {
    for (let wanted = 0; wanted <= 110; wanted += 7) {
      const { tried, run, lossOf } = fakeEncoder();
      const target = (100 - wanted) / 1000;
      const { quality } = await encodeNear(run, lossOf, { min: 40, max: 90, target, error: 0, encodesMax });
      expect(tried.length).toBeLessThanOrEqual(encodesMax);
      expect(tried.every((each) => each >= 40 && each <= 90)).toBe(true);
      expect(Math.abs(quality - wanted)).toBe(Math.min(...tried.map((each) => Math.abs(each - wanted))));
    }
  });

  it('finds the quality with encodes enough, and stops where the error allows', async () => {
    const [exact, loose] = [fakeEncoder(), fakeEncoder()];
    const wish = { min: 1, max: 100, target: 0.037, encodesMax: 16 };
    expect((await encodeNear(exact.run, exact.lossOf, { ...wish, error: 0 })).quality).toBe(63);
    expect((await encodeNear(loose.run, loose.lossOf, { ...wish, error: 0.02 })).quality).toBe(50);
    expect(loose.tried).toEqual([50]);
  });
});

describe('the quality that is searched for', () => {
  const rng = seededRng(9);
  const [width, height] = [96, 80];
  const noise = draw(width, height, 3, (x, y) => [x, y, 90].map((base) => Math.floor(base + 60 * rng())));
  const run = async (encode: Partial<ResolvedEncode>) =>
    runFile(await png(noise), makeResolved({ input: { width, height }, encode: { effort: 0, ...encode } }));
  const search = { by: 'dssim', target: 0.02, error: 0.0005, min: 10, encodes: 8 } as const;

  it.each(['jpg', 'webp', 'avif'] as const)('of %s is higher where less may be lost', async (format) => {
    const coarse = await run({ format, quality: 95, search: { ...search, target: 0.1 } });
    const fine = await run({ format, quality: 95, search: { ...search, target: 0.01 } });
    expect(fine.quality).toBeGreaterThan(coarse.quality);
    expect(fine.bytes.length).toBeGreaterThan(coarse.bytes.length);
    for (const { quality } of [coarse, fine]) {
      expect(quality).toBeGreaterThanOrEqual(10);
      expect(quality).toBeLessThanOrEqual(95);
    }
  });

  it('gives way to the byte budget', async () => {
    const free = await run({ format: 'jpg', quality: 95, search });
    const bytesMax = Math.floor(free.bytes.length / 2);
    const bound = await run({ format: 'jpg', quality: 95, search, bytesMax, budgetEncodes: 8 });
    expect(bound.bytes.length).toBeLessThanOrEqual(bytesMax);
  });

  it('by bytes ends within its bounds', async () => {
    const by = async (target: number) =>
      run({ format: 'jpg', quality: 80, search: { ...search, by: 'bytes', target, min: 60 } });
    const [small, large] = [await by(1), await by(1e6)];
    expect([small.quality, large.quality]).toEqual([60, 80]);
    const between = await by(Math.floor((small.bytes.length + large.bytes.length) / 2));
    expect(between.quality).toBeGreaterThan(60);
    expect(between.quality).toBeLessThan(80);
  });

  it('compares with the picture before it was encoded where metadata is kept', async () => {
    const picture = await run({ format: 'jpg', quality: 95, search, metadata: 'all' });
    expect(picture.quality).toBe((await run({ format: 'jpg', quality: 95, search })).quality);
    expect((await sharp(picture.bytes).metadata()).width).toBe(width);
  });
});
