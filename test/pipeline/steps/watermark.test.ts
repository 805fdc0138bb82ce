import { describe, expect, it } from 'vitest';
import type { ResolvedOp } from '../../../src/plan/resolved.ts';
import { colours, gradient, jpeg, png } from '../../fixtures/pictures.ts';
import { decode, decodePicture, difference, draw, near, pixelAt } from '../../helpers/pixels.ts';
import { makeResolved } from '../../helpers/resolved.ts';
import { runFile, runOps } from '../../helpers/run.ts';

const source = gradient(40, 30);
/** Opaque yellow above, half transparent blue below. */
const logo = png(draw(8, 8, 4, (_, y) => (y < 4 ? [...colours.yellow, 255] : [...colours.blue, 128])));
const options = { assets: () => logo };

const mark = (over: Partial<Extract<ResolvedOp, { op: 'watermark' }>> = {}): ResolvedOp => ({
  op: 'watermark',
  asset: 'logo',
  assetVersion: '1',
  left: 10,
  top: 5,
  width: 8,
  height: 8,
  opacity: 100,
  ...over,
});

describe('watermark', () => {
  it('lies where it was put and nowhere else', async () => {
    const made = await runOps(source, [mark()], options);
    expect(near(pixelAt(made, 10, 5), colours.yellow, 1)).toBe(true);
    expect(near(pixelAt(made, 17, 8), colours.yellow, 1)).toBe(true);
    const inside = (x: number, y: number) => x >= 10 && x < 18 && y >= 5 && y < 13;
    const around = (raster: typeof source) =>
      draw(40, 30, 3, (x, y) => (inside(x, y) ? [0, 0, 0] : pixelAt(raster, x, y)));
    expect(difference(around(made), around(source)).max).toBe(0);
  });

  it('mixes by its own alpha and by opacity', async () => {
    const half = await runOps(source, [mark({ opacity: 50 })], options);
    const blend = (under: readonly number[], over: readonly number[], share: number) =>
      under.map((value, at) => value + ((over[at] ?? 0) - value) * share);
    expect(near(pixelAt(half, 12, 6), blend(pixelAt(source, 12, 6), colours.yellow, 0.5), 2)).toBe(true);
    expect(near(pixelAt(half, 12, 11), blend(pixelAt(source, 12, 11), colours.blue, 0.25), 2)).toBe(true);
  });

  it.each([
    ['top left', { left: -5, top: -6 }, { x: 0, y: 0 }, { x: 3, y: 2 }],
    ['bottom right', { left: 36, top: 27 }, { x: 39, y: 29 }, { x: 36, y: 27 }],
  ] as const)('may hang over the %s edge', async (_name, place, corner, other) => {
    const opaque = png(draw(8, 8, 3, () => colours.red));
    const made = await runOps(source, [mark(place)], { assets: () => opaque });
    expect([made.width, made.height]).toEqual([40, 30]);
    expect(near(pixelAt(made, corner.x, corner.y), colours.red, 1)).toBe(true);
    expect(
      near(pixelAt(made, other.x, other.y), place.left < 0 ? pixelAt(source, other.x, other.y) : colours.red, 1),
    ).toBe(true);
  });

  it('may be larger than the picture', async () => {
    const opaque = png(draw(8, 8, 3, () => colours.red));
    const made = await runOps(source, [mark({ left: -20, top: -20, width: 100, height: 100 })], {
      assets: () => opaque,
    });
    expect(near(pixelAt(made, 20, 15), colours.red, 1)).toBe(true);
  });

  it.each([
    ['outside', mark({ left: 40 })],
    ['outside', mark({ top: -8 })],
    ['without opacity', mark({ opacity: 0 })],
  ])('%s changes nothing and reads no asset', async (_name, op) => {
    const assets = () => Promise.reject(new Error('asked for an asset'));
    expect(difference(await runOps(source, [op], { assets }), source).max).toBe(0);
  });

  it('comes in the order of the plan: before a blur it is blurred, behind it sharp', async () => {
    const blurred = await runOps(source, [mark(), { op: 'blur', sigma: 4 }], options);
    const sharp = await runOps(source, [{ op: 'blur', sigma: 4 }, mark()], options);
    expect(near(pixelAt(sharp, 10, 5), colours.yellow, 1)).toBe(true);
    expect(near(pixelAt(blurred, 10, 5), colours.yellow, 20)).toBe(false);
  });

  it('leaves an opaque picture without an alpha channel', async () => {
    const file = await jpeg(source);
    const resolved = makeResolved({ input: { format: 'jpeg', width: 40, height: 30 }, ops: [mark()] });
    const picture = await runFile(file, resolved, options);
    expect((await decode(picture.bytes)).channels).toBe(3);
    expect((await decodePicture(picture)).channels).toBe(3);
  });

  it('is repeated as often as it is told, cut at the edges', async () => {
    const opaque = png(draw(8, 8, 3, (x) => (x < 4 ? colours.red : colours.blue)));
    const repeat = { across: 4, down: 3, stepX: 12, stepY: 14 };
    const made = await runOps(source, [mark({ left: -6, top: -2, repeat })], { assets: () => opaque });
    const expected = draw(40, 30, 3, (x, y) => {
      const [inX, inY] = [(x + 6) % 12, (y + 2) % 14];
      if (inX >= 8 || inY >= 8) return pixelAt(source, x, y);
      return inX < 4 ? colours.red : colours.blue;
    });
    expect(difference(made, expected).max).toBeLessThanOrEqual(1);
  });

  it('on a chessboard leaves out every other copy', async () => {
    const opaque = png(draw(8, 8, 3, () => colours.red));
    const repeat = { across: 5, down: 4, stepX: 8, stepY: 8, chess: true } as const;
    const made = await runOps(source, [mark({ left: 0, top: 0, repeat })], { assets: () => opaque });
    const isField = (x: number, y: number) => (Math.floor(x / 8) + Math.floor(y / 8)) % 2 === 0;
    const expected = draw(40, 30, 3, (x, y) => (isField(x, y) ? colours.red : pixelAt(source, x, y)));
    expect(difference(made, expected).max).toBeLessThanOrEqual(1);
  });

  it('turned by a quarter has its right side below', async () => {
    const halves = png(draw(8, 4, 3, (x) => (x < 4 ? colours.red : colours.blue)));
    const op = mark({ width: 8, height: 4, degrees: 90 });
    const made = await runOps(source, [op], { assets: () => halves });
    expect(near(pixelAt(made, 11, 6), colours.red, 1)).toBe(true);
    expect(near(pixelAt(made, 11, 11), colours.blue, 1)).toBe(true);
    expect(near(pixelAt(made, 15, 6), pixelAt(source, 15, 6), 1)).toBe(true);
  });

  it('throws a shadow of its own shape', async () => {
    const opaque = png(draw(8, 8, 3, () => colours.red));
    const shadow = { sigma: 0, opacity: 50, dx: 2, dy: 3 };
    // The box of mark and shadow begins three pixels up and to the left.
    const made = await runOps(source, [mark({ left: 7, top: 2, shadow })], { assets: () => opaque });
    expect(near(pixelAt(made, 10, 5), colours.red, 1)).toBe(true);
    expect(near(pixelAt(made, 17, 12), colours.red, 1)).toBe(true);
    const dark = (x: number, y: number) => pixelAt(source, x, y).map((value) => value / 2);
    expect(near(pixelAt(made, 19, 15), dark(19, 15), 2)).toBe(true);
    expect(near(pixelAt(made, 10, 14), pixelAt(source, 10, 14), 1)).toBe(true);
  });

  it('with a soft shadow grows darker towards itself', async () => {
    const opaque = png(draw(8, 8, 3, () => colours.red));
    const white = draw(40, 30, 3, () => [255, 255, 255]);
    const shadow = { sigma: 2, opacity: 100, dx: 0, dy: 0 };
    const made = await runOps(white, [mark({ left: 4, top: 4, shadow })], { assets: () => opaque });
    const lightness = [18, 19, 20, 22].map((x) => pixelAt(made, x, 14)[0] ?? 0);
    expect([...lightness].sort((one, other) => one - other)).toEqual(lightness);
    expect(lightness[0]).toBeLessThan(lightness[3] ?? 0);
    expect(near(pixelAt(made, 12, 12), colours.red, 1)).toBe(true);
  });
});
