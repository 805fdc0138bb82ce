import { describe, expect, it } from 'vitest';
import { alphaSquares, colours, gradient, quadrants } from '../../fixtures/pictures.ts';
import { difference, near, pixelAt } from '../../helpers/pixels.ts';
import { runOps } from '../../helpers/run.ts';

describe('resize', () => {
  it.each([
    [1, 1],
    [7, 3],
    [40, 1],
    [13, 24],
    [120, 72],
  ])('gives exactly %i x %i', async (width, height) => {
    const made = await runOps(quadrants(), [{ op: 'resize', width, height }]);
    expect([made.width, made.height]).toEqual([width, height]);
  });

  it.each([
    [20, 12],
    [400, 240],
    [9, 31],
  ])('keeps flat colours flat at %i x %i', async (width, height) => {
    const made = await runOps(quadrants(), [{ op: 'resize', width, height }]);
    const [left, right] = [Math.floor(width / 10), Math.floor((width * 9) / 10)];
    const [top, bottom] = [Math.floor(height / 10), Math.floor((height * 9) / 10)];
    expect(near(pixelAt(made, left, top), colours.red, 2)).toBe(true);
    expect(near(pixelAt(made, right, top), colours.green, 2)).toBe(true);
    expect(near(pixelAt(made, left, bottom), colours.blue, 2)).toBe(true);
    expect(near(pixelAt(made, right, bottom), colours.yellow, 2)).toBe(true);
  });

  it('to the same size changes nothing', async () => {
    const source = gradient();
    expect(difference(await runOps(source, [{ op: 'resize', width: 45, height: 31 }]), source).max).toBe(0);
  });

  it('does not let colours of transparent pixels bleed', async () => {
    const made = await runOps(alphaSquares(32, 32, 1), [{ op: 'resize', width: 8, height: 8 }]);
    const [red, green, , alpha] = pixelAt(made, 4, 4);
    expect(red).toBeGreaterThan(250);
    expect(green).toBeLessThan(5);
    expect(alpha).toBeGreaterThan(120);
    expect(alpha).toBeLessThan(135);
  });
});
