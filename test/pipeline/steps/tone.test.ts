import { describe, expect, it } from 'vitest';
import type { ResolvedOp } from '../../../src/plan/resolved.ts';
import { gradient } from '../../fixtures/pictures.ts';
import { difference, draw, type Pixel, pixelAt, type Raster } from '../../helpers/pixels.ts';
import { runOps } from '../../helpers/run.ts';

const clamp = (value: number): number => Math.min(255, Math.max(0, value));
const perPixel = (source: Raster, of: (pixel: Pixel) => Pixel): Raster =>
  draw(source.width, source.height, source.channels, (x, y) =>
    of(pixelAt(source, x, y)).map((v) => clamp(Math.round(v))),
  );
const rgb =
  (of: (v: number) => number) =>
  (pixel: Pixel): Pixel =>
    pixel.map((v, at) => (at < 3 ? of(v) : v));
const lumaOf = ([r = 0, g = 0, b = 0]: Pixel): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;
const saturated =
  (s: number) =>
  (pixel: Pixel): Pixel => {
    const [r = 0, g = 0, b = 0, ...alpha] = pixel;
    const grey = 0.213 * r + 0.715 * g + 0.072 * b;
    return [grey + s * (r - grey), grey + s * (g - grey), grey + s * (b - grey), ...alpha];
  };

const table: readonly (readonly [string, ResolvedOp, (pixel: Pixel) => Pixel])[] = [
  ['brightness -100', { op: 'brightness', amount: -100 }, rgb(() => 0)],
  ['brightness -40', { op: 'brightness', amount: -40 }, rgb((v) => v * 0.6)],
  ['brightness 0', { op: 'brightness', amount: 0 }, rgb((v) => v)],
  ['brightness 60', { op: 'brightness', amount: 60 }, rgb((v) => v * 1.6)],
  ['contrast -100', { op: 'contrast', amount: -100 }, rgb(() => 127.5)],
  ['contrast 0', { op: 'contrast', amount: 0 }, rgb((v) => v)],
  ['contrast 70', { op: 'contrast', amount: 70 }, rgb((v) => (v - 127.5) * 1.7 + 127.5)],
  ['saturation -100', { op: 'saturation', amount: -100 }, saturated(0)],
  ['saturation -30', { op: 'saturation', amount: -30 }, saturated(0.7)],
  ['saturation 0', { op: 'saturation', amount: 0 }, saturated(1)],
  ['saturation 80', { op: 'saturation', amount: 80 }, saturated(1.8)],
];

describe('brightness, contrast and saturation', () => {
  for (const channels of [3, 4]) {
    const source = gradient(37, 29, channels);
    it.each(table)(`%s is the published formula on ${channels} channels, and alpha stays`, async (_name, op, of) => {
      expect(difference(await runOps(source, [op]), perPixel(source, of)).max).toBeLessThanOrEqual(1);
    });
  }
});

describe('grey', () => {
  it('is luma by ITU-R BT.709, stored as one channel', async () => {
    const source = gradient(37, 29);
    const made = await runOps(source, [{ op: 'grey' }]);
    const expected = draw(37, 29, made.channels, (x, y) =>
      Array<number>(made.channels).fill(Math.floor(lumaOf(pixelAt(source, x, y)))),
    );
    expect(difference(made, expected).max).toBeLessThanOrEqual(1);
  });

  it('keeps alpha', async () => {
    const source = gradient(37, 29, 4);
    const made = await runOps(source, [{ op: 'grey' }]);
    expect(pixelAt(made, 30, 20)[3]).toBe(pixelAt(source, 30, 20)[3]);
    const [red, green, blue] = pixelAt(made, 30, 20);
    expect([green, blue]).toEqual([red, red]);
  });

  it('before an op that brings colour leaves that colour', async () => {
    const made = await runOps(gradient(10, 10), [
      { op: 'grey' },
      { op: 'extend', left: 2, top: 0, right: 0, bottom: 0, background: 'ff8000ff' },
    ]);
    expect(pixelAt(made, 0, 5)).toEqual([255, 128, 0]);
  });
});

describe('bitonal', () => {
  const ramp = draw(256, 2, 3, (x) => [x, x, x]);

  it.each([0, 1, 77, 128, 254, 255])('at %i is white from that value on and black below', async (threshold) => {
    const made = await runOps(ramp, [{ op: 'bitonal', threshold }]);
    const expected = draw(256, 2, made.channels, (x) => Array<number>(made.channels).fill(x >= threshold ? 255 : 0));
    expect(difference(made, expected).max).toBe(0);
  });

  it('knows only black and white, on colours too, and keeps alpha', async () => {
    const source = gradient(60, 40, 4);
    const made = await runOps(source, [{ op: 'bitonal', threshold: 120 }]);
    for (let at = 0; at < made.bytes.length; at += 4) {
      expect([0, 255]).toContain(made.bytes[at]);
      expect(made.bytes[at + 3]).toBe(source.bytes[at + 3]);
    }
    expect(new Set([made.bytes[0], made.bytes[made.bytes.length - 4]]).size).toBeGreaterThanOrEqual(1);
  });

  it('knows only black and white behind a scale', async () => {
    const made = await runOps(gradient(60, 40, 4), [
      { op: 'resize', width: 23, height: 17 },
      { op: 'bitonal', threshold: 120 },
    ]);
    for (let at = 0; at < made.bytes.length; at += 4) expect([0, 255]).toContain(made.bytes[at]);
  });
});
