import { describe, expect, it } from 'vitest';
import type { ResolvedOp } from '../../../src/plan/resolved.ts';
import { gradient as picture } from '../../fixtures/pictures.ts';
import { difference, draw, near, type Pixel, pixelAt, type Raster } from '../../helpers/pixels.ts';
import { runOps } from '../../helpers/run.ts';

const mix = (under: number, over: number, share: number): number => Math.round(under + (over - under) * share);
const mapped = (source: Raster, of: (pixel: Pixel, x: number, y: number) => Pixel): Raster =>
  draw(source.width, source.height, source.channels, (x, y) => of(pixelAt(source, x, y), x, y));
const lumaOf = ([r = 0, g = 0, b = 0]: Pixel): number => 0.2126 * r + 0.7152 * g + 0.0722 * b;

describe.each([3, 4] as const)('on %i channels', (channels) => {
  const source = picture(48, 32, channels);

  it('a duotone goes from the one colour to the other by luma', async () => {
    const op: ResolvedOp = { op: 'duotone', dark: '102030ff', light: 'ffe0c0ff', mix: 100 };
    const expected = mapped(source, (pixel) => {
      const share = lumaOf(pixel) / 255;
      return [mix(16, 255, share), mix(32, 224, share), mix(48, 192, share), ...pixel.slice(3)];
    });
    expect(difference(await runOps(source, [op]), expected).max).toBeLessThanOrEqual(1);
    const half = await runOps(source, [{ ...op, mix: 50 }]);
    const between = mapped(source, (pixel, x, y) =>
      pixel.map((value, at) => mix(value, pixelAt(expected, x, y)[at] ?? 0, 0.5)),
    );
    expect(difference(half, between).max).toBeLessThanOrEqual(1);
  });

  it('a gradient begins at its start, ends at its stop, and leaves alpha', async () => {
    const op: ResolvedOp = { op: 'gradient', colour: 'ff0000ff', opacity: 80, to: 'down', start: 0.25, stop: 0.75 };
    const expected = mapped(source, (pixel, _, y) => {
      const share = 0.8 * Math.min(1, Math.max(0, ((y + 0.5) / 32 - 0.25) / 0.5));
      return pixel.map((value, at) => (at < 3 ? mix(value, at === 0 ? 255 : 0, share) : value));
    });
    expect(difference(await runOps(source, [op]), expected).max).toBeLessThanOrEqual(1);
  });

  it.each([
    ['up', 24, 1, 24, 30],
    ['left', 1, 16, 46, 16],
    ['right', 46, 16, 1, 16],
  ] as const)('a gradient may go %s', async (to, x1, y1, x0, y0) => {
    const op: ResolvedOp = { op: 'gradient', colour: '000000ff', opacity: 100, to, start: 0, stop: 1 };
    const made = await runOps(source, [op]);
    const dark = (x: number, y: number) => lumaOf(pixelAt(made, x, y)) / Math.max(1, lumaOf(pixelAt(source, x, y)));
    expect(dark(x1, y1)).toBeLessThan(0.1);
    expect(dark(x0, y0)).toBeGreaterThan(0.9);
  });

  it('a gradient of an angle goes from one corner to the one across from it', async () => {
    const op: ResolvedOp = { op: 'gradient', colour: '000000ff', opacity: 100, to: 45, start: 0, stop: 1 };
    const expected = mapped(source, (pixel, x, y) => {
      const share = (48 - (x + 0.5) + (y + 0.5)) / (48 + 32);
      return pixel.map((value, at) => (at < 3 ? mix(value, 0, share) : value));
    });
    expect(difference(await runOps(source, [op]), expected).max).toBeLessThanOrEqual(1);
  });

  it('in shades of one colour luma is kept and the colour itself stays', async () => {
    const op: ResolvedOp = { op: 'monochrome', colour: 'c08040ff', mix: 100 };
    const made = await runOps(source, [op]);
    for (let y = 0; y < 32; y += 3)
      for (let x = 0; x < 48; x += 3)
        expect(Math.abs(lumaOf(pixelAt(made, x, y)) - lumaOf(pixelAt(source, x, y)))).toBeLessThanOrEqual(1);
    const plain = draw(4, 4, channels, () => [192, 128, 64, 255].slice(0, channels));
    expect(difference(await runOps(plain, [op]), plain).max).toBeLessThanOrEqual(1);
    for (const colour of ['000000ff', 'b3b3b3ff', 'ffffffff']) {
      const grey = await runOps(source, [{ ...op, colour }]);
      const wanted = mapped(source, (pixel) => [...[0, 0, 0].map(() => Math.round(lumaOf(pixel))), ...pixel.slice(3)]);
      expect(difference(grey, wanted).max).toBeLessThanOrEqual(1);
    }
  });

  it('flattening lays the picture on a colour and removes its alpha', async () => {
    const made = await runOps(source, [{ op: 'flatten', colour: '00ff00ff' }]);
    const expected = draw(48, 32, 3, (x, y) => {
      const [r = 0, g = 0, b = 0, alpha = 255] = pixelAt(source, x, y);
      return [mix(0, r, alpha / 255), mix(255, g, alpha / 255), mix(0, b, alpha / 255)];
    });
    expect(difference(made, expected).max).toBeLessThanOrEqual(2);
  });
});

describe('a colour over the picture', () => {
  const source = draw(4, 4, 4, (x) => (x < 2 ? [200, 100, 0, 255] : [0, 0, 0, 0]));
  const over = { op: 'colorize', colour: '0000ffff', opacity: 50 } as const;

  it('covers what is transparent too, or leaves it', async () => {
    const all = await runOps(source, [{ ...over, keepAlpha: false }]);
    expect(near(pixelAt(all, 0, 0), [100, 50, 128, 255], 1)).toBe(true);
    expect(near(pixelAt(all, 3, 0), [0, 0, 255, 128], 1)).toBe(true);
    const kept = await runOps(source, [{ ...over, keepAlpha: true }]);
    expect(near(pixelAt(kept, 0, 0), [100, 50, 128, 255], 1)).toBe(true);
    expect(pixelAt(kept, 3, 0)[3]).toBe(0);
  });

  it('colours a grey picture', async () => {
    const grey = draw(6, 6, 1, () => [100]);
    const made = await runOps(grey, [{ ...over, opacity: 100, keepAlpha: true }]);
    expect(pixelAt(made, 3, 3).slice(0, 3)).toEqual([0, 0, 255]);
    const flat = await runOps(
      draw(6, 6, 2, () => [100, 0]),
      [{ op: 'flatten', colour: 'ff0000ff' }],
    );
    expect(pixelAt(flat, 3, 3)).toEqual([255, 0, 0]);
  });
});

describe('a colour under the picture', () => {
  const source = draw(6, 4, 4, (x) => (x < 2 ? [200, 100, 0, 255] : x < 4 ? [200, 100, 0, 128] : [9, 9, 9, 0]));

  it('shows where that is transparent, as far as it is opaque itself', async () => {
    const made = await runOps(source, [{ op: 'underlay', colour: '0000ff80' }]);
    expect(pixelAt(made, 0, 0)).toEqual([200, 100, 0, 255]);
    expect(near(pixelAt(made, 5, 0), [0, 0, 255, 128], 1)).toBe(true);
    // 128 of the picture over 128 of what is left: 128 + 127 * 128 / 255.
    expect(near(pixelAt(made, 3, 0), [134, 67, 85, 192], 2)).toBe(true);
  });

  it('leaves opaque pictures, and is all of it under nothing where it is opaque', async () => {
    const opaque = picture(20, 10, 3);
    expect(difference(await runOps(opaque, [{ op: 'underlay', colour: '0000ff80' }]), opaque).max).toBe(0);
    const made = await runOps(source, [{ op: 'underlay', colour: '0000ffff' }]);
    expect(pixelAt(made, 5, 3)).toEqual([0, 0, 255, 255]);
  });

  it('colours a grey picture', async () => {
    const made = await runOps(
      draw(6, 6, 2, () => [100, 0]),
      [{ op: 'underlay', colour: 'ff000080' }],
    );
    expect(pixelAt(made, 3, 3)).toEqual([255, 0, 0, 128]);
  });
});

describe('tones', () => {
  it('sepia follows its matrix', async () => {
    const source = draw(8, 8, 3, (x, y) => [20 * x, 15 * y, 60]);
    const expected = mapped(source, ([r = 0, g = 0, b = 0]) =>
      [0.393 * r + 0.769 * g + 0.189 * b, 0.349 * r + 0.686 * g + 0.168 * b, 0.272 * r + 0.534 * g + 0.131 * b].map(
        (value) => Math.min(255, Math.round(value)),
      ),
    );
    expect(difference(await runOps(source, [{ op: 'sepia' }]), expected).max).toBeLessThanOrEqual(1);
  });

  it('lift adds to every channel and stays in range', async () => {
    const source = picture(30, 20);
    for (const amount of [40, -90, 255]) {
      const expected = mapped(source, (pixel) => pixel.map((value) => Math.min(255, Math.max(0, value + amount))));
      expect(difference(await runOps(source, [{ op: 'lift', amount }]), expected).max).toBeLessThanOrEqual(1);
    }
  });

  it('a lift that is clipped is clipped before what follows', async () => {
    const source = draw(4, 4, 3, () => [200, 200, 200]);
    const made = await runOps(source, [
      { op: 'lift', amount: 100 },
      { op: 'lift', amount: -100 },
    ]);
    expect(pixelAt(made, 1, 1)).toEqual([155, 155, 155]);
  });

  it('a median removes single pixels and keeps edges', async () => {
    const source = draw(20, 20, 3, (x, y) =>
      x === 5 && y === 5 ? [255, 0, 0] : x < 10 ? [50, 50, 50] : [200, 200, 200],
    );
    const made = await runOps(source, [{ op: 'median', size: 3 }]);
    expect(pixelAt(made, 5, 5)).toEqual([50, 50, 50]);
    expect(pixelAt(made, 9, 10)).toEqual([50, 50, 50]);
    expect(pixelAt(made, 10, 10)).toEqual([200, 200, 200]);
  });
});
