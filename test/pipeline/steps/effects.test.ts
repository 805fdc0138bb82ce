import { describe, expect, it } from 'vitest';
import type { ResolvedOp } from '../../../src/plan/resolved.ts';
import { gradient } from '../../fixtures/pictures.ts';
import { difference, draw, type Pixel, pixelAt, type Raster } from '../../helpers/pixels.ts';
import { runOps } from '../../helpers/run.ts';

const perPixel = (source: Raster, of: (pixel: Pixel, x: number, y: number) => Pixel): Raster =>
  draw(source.width, source.height, source.channels, (x, y) => of(pixelAt(source, x, y), x, y));
const colours =
  (of: (value: number) => number) =>
  (pixel: Pixel): Pixel =>
    pixel.map((value, at) => (at < 3 ? of(value) : value));

describe('effects', () => {
  for (const channels of [3, 4]) {
    const source = gradient(64, 40, channels as 3 | 4);

    it(`negate turns every colour around (${channels} channels)`, async () => {
      const made = await runOps(source, [{ op: 'negate' }]);
      expect(
        difference(
          made,
          perPixel(
            source,
            colours((value) => 255 - value),
          ),
        ).max,
      ).toBeLessThanOrEqual(1);
    });

    it(`gamma follows its curve (${channels} channels)`, async () => {
      const made = await runOps(source, [{ op: 'gamma', gamma: 2.2 }]);
      const curve = colours((value) => Math.round(255 * (value / 255) ** (1 / 2.2)));
      expect(difference(made, perPixel(source, curve)).max).toBeLessThanOrEqual(1);
    });

    it(`pixelate gives blocks of one colour, the mean (${channels} channels)`, async () => {
      const made = await runOps(source, [{ op: 'pixelate', size: 16 }]);
      expect([made.width, made.height]).toEqual([64, 40]);
      for (const [x, y] of [
        [0, 0],
        [16, 16],
        [48, 32],
      ] as const) {
        expect(pixelAt(made, x + 7, y + 7)).toEqual(pixelAt(made, x, y));
        expect(pixelAt(made, x + 15, y)).toEqual(pixelAt(made, x, y));
      }
      expect(pixelAt(made, 15, 0)).not.toEqual(pixelAt(made, 16, 0));
    });
  }

  it('round cuts the corners off and nothing else', async () => {
    const made = await runOps(gradient(60, 60, 3), [{ op: 'round', rx: 20, ry: 20 }]);
    expect(pixelAt(made, 0, 0)[3]).toBe(0);
    expect(pixelAt(made, 59, 59)[3]).toBe(0);
    expect(pixelAt(made, 30, 0)[3]).toBe(255);
    expect(pixelAt(made, 30, 30)[3]).toBe(255);
    expect(pixelAt(made, 20, 0)[3]).toBe(255);
    expect(pixelAt(made, 0, 39)[3]).toBe(255);
    // On the arc, 45 degrees: r - r / sqrt(2) from either side, half covered at most.
    expect(pixelAt(made, 5, 5)[3]).toBeGreaterThan(0);
    expect(pixelAt(made, 5, 5)[3]).toBeLessThan(255);
    expect(pixelAt(made, 4, 4)[3]).toBe(0);
    expect(pixelAt(made, 7, 7)[3]).toBe(255);
  });

  it('tint keeps lightness and takes the colour', async () => {
    const made = await runOps(gradient(64, 40, 3), [{ op: 'tint', colour: 'ff0000ff' }]);
    const [r = 0, g = 0, b = 0] = pixelAt(made, 32, 20);
    expect(r).toBeGreaterThan(Math.max(g, b));
  });

  it('hue turns colours and leaves greys', async () => {
    const of = (pixel: Pixel): Raster => draw(8, 8, 3, () => pixel);
    const [r = 0, g = 0, b = 0] = pixelAt(await runOps(of([200, 60, 60]), [{ op: 'hue', degrees: 120 }]), 4, 4);
    expect(g).toBeGreaterThan(Math.max(r, b));
    expect(
      difference(await runOps(of([90, 90, 90]), [{ op: 'hue', degrees: 120 }]), of([90, 90, 90])).max,
    ).toBeLessThanOrEqual(2);
  });

  it('stand at their place among other ops', async () => {
    const ops: ResolvedOp[] = [
      { op: 'resize', width: 32, height: 20 },
      { op: 'negate' },
      { op: 'extend', left: 4, top: 4, right: 4, bottom: 4, background: '000000ff' },
    ];
    const made = await runOps(gradient(64, 40, 3), ops);
    expect([made.width, made.height]).toEqual([40, 28]);
    expect(pixelAt(made, 1, 1).slice(0, 3)).toEqual([0, 0, 0]);
  });
});
