import { describe, expect, it } from 'vitest';
import { encodeWithin } from '../../src/pipeline/budget.ts';
import { seededRng } from '../../src/shared/rng.ts';
import { png } from '../fixtures/pictures.ts';
import { draw } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { runFile } from '../helpers/run.ts';

/** An encoder whose result has `bytesPerQuality` bytes for each step of quality. */
function fakeEncoder(bytesPerQuality: number) {
  const tried: number[] = [];
  const run = (quality: number) => {
    tried.push(quality);
    return Promise.resolve(Buffer.alloc(quality * bytesPerQuality));
  };
  return { tried, run };
}

describe('byte budget', () => {
  it('encodes once when the first result fits', async () => {
    const { tried, run } = fakeEncoder(10);
    expect(await encodeWithin(run, { quality: 80, bytesMax: 800, encodesMax: 5 })).toMatchObject({ quality: 80 });
    expect(tried).toEqual([80]);
  });

  it.each([1, 2, 5, 16])(
    'never takes more than %i encodes and never exceeds a budget that some try met',
    async (encodesMax) => {
      for (let bytesMax = 1; bytesMax < 900; bytesMax += 37) {
        const { tried, run } = fakeEncoder(10);
        const found = await encodeWithin(run, { quality: 80, bytesMax, encodesMax });
        expect(tried.length).toBeLessThanOrEqual(encodesMax);
        const fits = tried.filter((quality) => quality * 10 <= bytesMax);
        expect(found.quality).toBe(fits.length > 0 ? Math.max(...fits) : Math.min(...tried));
      }
    },
  );

  it('with enough encodes finds the best quality there is', async () => {
    const { run } = fakeEncoder(10);
    expect((await encodeWithin(run, { quality: 80, bytesMax: 437, encodesMax: 16 })).quality).toBe(43);
  });

  it.each([
    [2, [80, 1]],
    [5, [80, 40, 20, 10, 1]],
  ])('that is too small for %i halvings is tried at quality 1 at last', async (encodesMax, qualities) => {
    const { tried, run } = fakeEncoder(10);
    expect((await encodeWithin(run, { quality: 80, bytesMax: 10, encodesMax })).quality).toBe(1);
    expect(tried).toEqual(qualities);
  });

  it('that nothing meets gives the smallest result, not an error', async () => {
    const found = await encodeWithin(fakeEncoder(10).run, { quality: 80, bytesMax: 3, encodesMax: 5 });
    expect([found.quality, found.bytes.length]).toEqual([1, 10]);
  });

  it.each(['jpg', 'webp', 'avif'] as const)('is respected by %s', async (format) => {
    const rng = seededRng(3);
    const noise = draw(120, 90, 3, () => [255 * rng(), 255 * rng(), 255 * rng()].map(Math.floor));
    const plan = (bytesMax: number) =>
      makeResolved({
        input: { width: 120, height: 90 },
        ops: [{ op: 'resize', width: 100, height: 75 }],
        encode: { format, quality: 85, effort: 0, bytesMax, ...(bytesMax > 0 ? { budgetEncodes: 5 } : {}) },
      });
    const free = await runFile(await png(noise), plan(0));
    const bytesMax = Math.floor(free.bytes.length * 0.6);
    const held = await runFile(await png(noise), plan(bytesMax));
    expect(held.bytes.length).toBeLessThanOrEqual(bytesMax);
    expect(held.quality).toBeLessThan(85);
    expect(held.quality).toBeGreaterThan(0);
    const wide = await runFile(await png(noise), plan(free.bytes.length * 2));
    expect(wide.quality).toBe(85);
  });
});
