import { describe, expect, it } from 'vitest';
import type { ResolvedOp } from '../../../src/plan/resolved.ts';
import { draw, pixelAt } from '../../helpers/pixels.ts';
import { runOps } from '../../helpers/run.ts';

const op: ResolvedOp = { op: 'unsharp', amount: 1 / 24 };

describe('an unsharp mask', () => {
  it.each([
    [1, 24],
    [0.5, 10.5],
    [3, 7],
  ])('of weight %f and divider %f is its matrix', async (weight, divider) => {
    const source = draw(24, 16, 3, (x, y) => [(x * 5 + y * 3) % 256, 60 + ((x * y) % 40), x < 12 ? 40 : 160]);
    const made = await runOps(source, [{ op: 'unsharp', amount: weight / divider }]);
    for (let y = 1; y < 15; y++)
      for (let x = 1; x < 23; x++)
        for (let channel = 0; channel < 3; channel++) {
          const value = (dx: number, dy: number): number => pixelAt(source, x + dx, y + dy)[channel] ?? 0;
          let around = -value(0, 0);
          for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) around += value(dx, dy);
          const wanted = value(0, 0) + (weight * (8 * value(0, 0) - around)) / divider;
          const clipped = Math.min(255, Math.max(0, wanted));
          expect(Math.abs((pixelAt(made, x, y)[channel] ?? 0) - clipped)).toBeLessThanOrEqual(1);
        }
  });

  it.each([1, 2, 3, 4])('leaves what is even as it is (%i channels)', async (channels) => {
    const pixel = { 1: [70], 2: [70, 255], 3: [70, 90, 200], 4: [70, 90, 200, 255] }[channels] ?? [];
    const made = await runOps(
      draw(12, 9, channels, () => pixel),
      [op],
    );
    for (let x = 0; x < 12; x++)
      expect(pixelAt(made, x, 4).slice(0, pixel.length > 2 ? 4 : 1)).toEqual(pixel.length > 2 ? pixel : [70]);
  });

  it('is clipped before what follows', async () => {
    const source = draw(12, 9, 3, (x) => (x < 6 ? [0, 0, 0] : [255, 255, 255]));
    const made = await runOps(source, [op, { op: 'brightness', amount: -50 }]);
    expect(pixelAt(made, 6, 4)).toEqual([127, 127, 127]);
    expect(pixelAt(made, 5, 4)).toEqual([0, 0, 0]);
  });
});
