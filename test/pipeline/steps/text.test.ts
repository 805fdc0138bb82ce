import { describe, expect, it } from 'vitest';
import type { ResolvedOp } from '../../../src/plan/resolved.ts';
import { blockFont } from '../../fixtures/font.ts';
import { difference, draw, near, pixelAt, type Raster } from '../../helpers/pixels.ts';
import { runOps } from '../../helpers/run.ts';

/** An em of 40 pixels: a character advances by 40 and has ink from 4 to 36, up to its height. */
const font = blockFont({ A: 800, b: 400, 水: 600, '<': 200, '&': 300 });
const assets = () => Promise.resolve(font);
const white = draw(200, 100, 3, () => [255, 255, 255]);

const text = (over: Partial<Extract<ResolvedOp, { op: 'text' }>> = {}): ResolvedOp => ({
  op: 'text',
  text: 'Ab水',
  font: 'sans',
  fontVersion: 'blocks1',
  size: 40,
  colour: 'ff0000ff',
  gravity: 'nw',
  dx: 10,
  dy: 20,
  opacity: 100,
  ...over,
});

const red = [255, 0, 0];
const isInk = (raster: Raster, x: number, y: number): boolean => near(pixelAt(raster, x, y), red, 2);
const isWhite = (raster: Raster, x: number, y: number): boolean => near(pixelAt(raster, x, y), [255, 255, 255], 2);

describe('text', () => {
  it('is drawn in its font, placed by its ink', async () => {
    const made = await runOps(white, [text()], { assets });
    // A: 32 wide and 32 high; b 16 high, 40 to the right; the Chinese sign 24 high.
    for (const [x, top] of [
      [10, 20],
      [50, 36],
      [90, 28],
    ] as const) {
      expect(isInk(made, x + 1, top + 1)).toBe(true);
      expect(isInk(made, x + 30, 50)).toBe(true);
      expect(isWhite(made, x + 1, top - 2)).toBe(true);
      expect(isWhite(made, x + 34, 50)).toBe(true);
    }
    expect(isWhite(made, 8, 30)).toBe(true);
    expect(isWhite(made, 12, 54)).toBe(true);
  });

  it('is plain: signs of markup are signs', async () => {
    const made = await runOps(white, [text({ text: '<b&' })], { assets });
    // The ink of `<` is 8 high, of `b` 16, of `&` 12; all stand on one line.
    expect(isInk(made, 60, 21)).toBe(true);
    expect(isInk(made, 20, 29)).toBe(true);
    expect(isWhite(made, 20, 26)).toBe(true);
    expect(isInk(made, 100, 26)).toBe(true);
    expect(isWhite(made, 100, 22)).toBe(true);
  });

  it('mixes by opacity and by its colour', async () => {
    const half = await runOps(white, [text({ text: 'A', opacity: 50 })], { assets });
    expect(near(pixelAt(half, 20, 30), [255, 127, 127], 2)).toBe(true);
    const faint = await runOps(white, [text({ text: 'A', colour: '0000ff80' })], { assets });
    expect(near(pixelAt(faint, 20, 30), [127, 127, 255], 2)).toBe(true);
  });

  it('at the lower right stands so far from the edges', async () => {
    const made = await runOps(white, [text({ text: 'A', gravity: 'se', dx: 10, dy: 5 })], { assets });
    expect(isInk(made, 189, 94)).toBe(true);
    expect(isInk(made, 159, 64)).toBe(true);
    expect(isWhite(made, 191, 94)).toBe(true);
    expect(isWhite(made, 189, 96)).toBe(true);
  });

  it('is cut where it hangs over, and nothing where it lies outside', async () => {
    const made = await runOps(white, [text({ text: 'A', dx: -10, dy: -10 })], { assets });
    expect(isInk(made, 0, 0)).toBe(true);
    expect(isWhite(made, 24, 10)).toBe(true);
    expect(difference(await runOps(white, [text({ text: 'A', dx: 300 })], { assets }), white).max).toBe(0);
  });

  it('turns by its degrees', async () => {
    // Two signs are 72 by 32; upright they are 32 by 72.
    const made = await runOps(white, [text({ text: 'AA', degrees: 90 })], { assets });
    expect(isInk(made, 12, 22)).toBe(true);
    expect(isInk(made, 40, 90)).toBe(true);
    expect(isWhite(made, 60, 30)).toBe(true);
  });

  it('has a shadow behind it, which does not move it', async () => {
    const made = await runOps(white, [text({ text: 'A', shadow: { sigma: 0, opacity: 100, dx: 5, dy: 5 } })], {
      assets,
    });
    expect(isInk(made, 11, 21)).toBe(true);
    expect(isInk(made, 40, 50)).toBe(true);
    expect(near(pixelAt(made, 45, 55), [0, 0, 0], 2)).toBe(true);
    expect(isWhite(made, 12, 55)).toBe(true);
  });

  it('is drawn in any number of copies', async () => {
    const axis = { by: 'start', gap: 8 } as const;
    const made = await runOps(white, [text({ text: 'A', tile: { x: axis, y: axis } })], { assets });
    for (const [x, y] of [
      [0, 0],
      [40, 0],
      [160, 40],
      [120, 80],
    ] as const) {
      expect(isInk(made, x + 2, y + 2)).toBe(true);
      expect(isWhite(made, x + 36, y + 10)).toBe(true);
    }
    const chess = await runOps(white, [text({ text: 'A', tile: { x: axis, y: axis, chess: true } })], { assets });
    expect(isInk(chess, 2, 2)).toBe(true);
    expect(isWhite(chess, 42, 2)).toBe(true);
    expect(isInk(chess, 42, 42)).toBe(true);
    expect(isWhite(chess, 2, 42)).toBe(true);
  });

  it('of blanks draws nothing', async () => {
    expect(difference(await runOps(white, [text({ text: '\u200b' })], { assets }), white).max).toBe(0);
  });

  it('that would have too many pixels is refused before it is drawn', async () => {
    const long = text({ text: 'A'.repeat(256), size: 1000 });
    await expect(runOps(white, [long], { assets })).rejects.toMatchObject({ code: 'result_too_large' });
  });
});
