import { describe, expect, it } from 'vitest';
import type { ResolvedEncode } from '../../src/plan/resolved.ts';
import { seededRng } from '../../src/shared/rng.ts';
import { png } from '../fixtures/pictures.ts';
import { draw, type Raster } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { runFile } from '../helpers/run.ts';

const [width, height] = [96, 80];
const rng = seededRng(4);
const photograph = draw(width, height, 3, (x, y) => [x, y, 90].map((base) => Math.floor(base + 60 * rng())));
const flat = draw(width, height, 3, (x) => (x < 48 ? [255, 255, 255] : [0, 0, 0]));

const run = async (
  raster: Raster,
  encode: Partial<ResolvedEncode>,
  others: readonly Partial<ResolvedEncode>[] = [],
) => {
  const resolved = (wish: Partial<ResolvedEncode>) => makeResolved({ input: { width, height }, encode: wish });
  const more = others.map((other) => resolved(other).encode);
  return runFile(await png(raster), { ...resolved(encode), ...(more.length === 0 ? {} : { others: more }) });
};

const jpg = { format: 'jpg', quality: 60 } as const;
const lossless = { format: 'png', lossless: true } as const;

describe('the smallest of several formats', () => {
  it.each([
    ['a photograph', photograph, 'image/jpeg'],
    ['two colours', flat, 'image/png'],
  ])('of %s is %s', async (_, raster, contentType) => {
    for (const [first, ...others] of [
      [jpg, lossless],
      [lossless, jpg],
    ] as const) {
      const best = await run(raster, first, others);
      const alone = [await run(raster, jpg), await run(raster, lossless)];
      expect(best.contentType).toBe(contentType);
      expect(best.bytes.length).toBe(Math.min(...alone.map(({ bytes }) => bytes.length)));
      expect(alone.some(({ bytes }) => bytes.equals(best.bytes))).toBe(true);
    }
  });

  it('keeps the first of equal ones, and its quality', async () => {
    expect(await run(photograph, jpg, [jpg])).toMatchObject({ extension: 'jpg', quality: 60 });
  });
});
