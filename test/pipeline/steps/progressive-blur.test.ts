import { describe, expect, it } from 'vitest';
import type { ResolvedOp } from '../../../src/plan/resolved.ts';
import { difference, draw, pixelAt, type Raster } from '../../helpers/pixels.ts';
import { runOps } from '../../helpers/run.ts';

/** Fine bars of black and white. */
const bars = (channels: 1 | 3): Raster =>
  draw(60, 40, channels, (x) => Array.from({ length: channels }, () => (x % 4 < 2 ? 0 : 255)));
const contrastAt = (raster: Raster, y: number): number => {
  const row = Array.from({ length: 20 }, (_, at) => pixelAt(raster, 20 + at, y)[0] ?? 0);
  return Math.max(...row) - Math.min(...row);
};
const op = (changes: Partial<Extract<ResolvedOp, { op: 'progressiveBlur' }>> = {}): ResolvedOp => ({
  op: 'progressiveBlur',
  sigma: 6,
  to: 'down',
  start: 0.25,
  stop: 0.75,
  ...changes,
});

describe('a blur that grows', () => {
  it.each([1, 3] as const)('leaves what is before its start and grows from there (%i channels)', async (channels) => {
    const source = bars(channels);
    const made = await runOps(source, [op()]);
    for (let y = 0; y < 10; y++) expect(contrastAt(made, y)).toBe(255);
    let before = 255;
    for (let y = 11; y < 30; y++) {
      const now = contrastAt(made, y);
      // The engine cuts its kernels off, so that a wider one leaves a little more of such fine bars than a narrower one.
      expect(now).toBeLessThanOrEqual(before + 10);
      before = now;
    }
    expect(contrastAt(made, 35)).toBeLessThan(5);
  });

  it('ends as the plain blur of its sigma', async () => {
    const source = draw(60, 40, 3, (x, y) => [(37 * x + 11 * y) % 256, x < 30 ? 20 : 230, y * 6]);
    const [made, plain] = [await runOps(source, [op()]), await runOps(source, [{ op: 'blur', sigma: 6 }])];
    for (let y = 30; y < 40; y++)
      for (let x = 0; x < 60; x++) expect(pixelAt(made, x, y)).toEqual(pixelAt(plain, x, y));
  });

  it('has about the blur in between that its sigma there would give', async () => {
    const source = draw(80, 40, 3, (x) => (x < 40 ? [0, 0, 0] : [255, 255, 255]));
    const made = await runOps(source, [op({ sigma: 6, start: 0, stop: 1 })]);
    const half = await runOps(source, [{ op: 'blur', sigma: 3 }]);
    for (let x = 0; x < 80; x++)
      expect(Math.abs((pixelAt(made, x, 20)[0] ?? 0) - (pixelAt(half, x, 20)[0] ?? 0))).toBeLessThan(12);
  });

  it.each([
    ['up', 20, 37],
    ['left', 57, 20],
    ['right', 2, 20],
    [45, 59, 0],
  ] as const)('to %s leaves the side that it comes from', async (to, x, y) => {
    const source = draw(60, 40, 3, (column, row) => ((column + row) % 2 ? [255, 255, 255] : [0, 0, 0]));
    const made = await runOps(source, [op({ to })]);
    expect(pixelAt(made, x, y)).toEqual(pixelAt(source, x, y));
    expect(pixelAt(made, 59 - x, 39 - y)).not.toEqual(pixelAt(source, 59 - x, 39 - y));
  });

  it('mixes no colour of what is transparent in', async () => {
    const source = draw(60, 40, 4, (x) => (x < 30 ? [255, 0, 0, 255] : [0, 255, 0, 0]));
    const made = await runOps(source, [op({ start: 0, stop: 1 })]);
    for (let y = 0; y < 40; y++)
      for (let x = 0; x < 60; x++) {
        const [, green = 0, , alpha = 0] = pixelAt(made, x, y);
        if (alpha > 8) expect(green).toBeLessThan(32);
      }
  });

  it('does nothing to a picture of one colour', async () => {
    const source = draw(30, 20, 3, () => [40, 90, 200]);
    expect(difference(await runOps(source, [op()]), source).max).toBe(0);
  });
});
