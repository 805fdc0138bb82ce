import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ResolvedOp } from '../../../src/plan/resolved.ts';
import { alphaSquares, colours, gradient, quadrants } from '../../fixtures/pictures.ts';
import { decode, difference, draw, near, pixelAt } from '../../helpers/pixels.ts';
import { runOps } from '../../helpers/run.ts';

describe('the kernel of a scale', () => {
  const source = draw(64, 64, 3, (x, y) => [(x * 37 + y * 11) % 256, x * 4, y * 4]);
  const kernels = ['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', undefined] as const;

  it('is the one that was asked for, and each makes other pixels', async () => {
    const seen = new Set<string>();
    for (const kernel of kernels) {
      const op: ResolvedOp = { op: 'resize', width: 23, height: 19, ...(kernel === undefined ? {} : { kernel }) };
      const made = await runOps(source, [op]);
      const file = await sharp(source.bytes, { raw: { width: 64, height: 64, channels: 3 } })
        .resize(23, 19, { fit: 'fill', kernel: kernel ?? 'lanczos3' })
        .png()
        .toBuffer();
      expect(difference(made, await decode(file)).max).toBe(0);
      seen.add(made.bytes.toString('base64'));
    }
    expect(seen.size).toBe(kernels.length);
  });

  it('is kept where the scale is turned, and where a crop by content scales', async () => {
    const nearest = { kernel: 'nearest' } as const;
    const turned = await runOps(source, [
      { op: 'rotate', degrees: 90, background: 'ffffffff' },
      { op: 'resize', width: 16, height: 32, ...nearest },
    ]);
    const cut = await runOps(source, [{ op: 'smartcrop', width: 16, height: 32, by: 'attention', ...nearest }]);
    const values = new Set(Array.from({ length: 64 * 64 }, (_, at) => source.bytes[at * 3]));
    for (const { bytes } of [turned, cut])
      for (let at = 0; at < bytes.length; at += 3) expect(values.has(bytes[at])).toBe(true);
  });
});

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
