import { createHash } from 'node:crypto';
import { isBlurhashValid } from 'blurhash';
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA } from 'thumbhash';
import { describe, expect, it } from 'vitest';
import { measure } from '../../src/pipeline/measure.ts';
import { dominantOf, withMissingBuilt } from '../../src/pipeline/measures/dominant.ts';
import { paletteOf } from '../../src/pipeline/measures/palette.ts';
import { perceptualHash } from '../../src/pipeline/measures/perceptual-hash.ts';
import type { Pixels } from '../../src/pipeline/pixels.ts';
import { readHeader } from '../../src/plan/header/read-header.ts';
import type { Measured } from '../../src/plan/measured.ts';
import type { Measures } from '../../src/plan/plan.ts';
import { resolve } from '../../src/plan/resolve.ts';
import { colours, gradient, greyAlphaPng, jpeg, png, quadrants } from '../fixtures/pictures.ts';
import { draw, near, type Raster, runOptions } from '../helpers/pixels.ts';
import { makeContext, makePlan } from '../plan/resolve/scene.ts';

async function measured(file: Buffer, measures: Measures): Promise<Measured> {
  const known = readHeader(file, true);
  if (known.state !== 'known') throw new Error('no header');
  const plan = { ...makePlan({ encode: { format: 'source' } }), view: 'measured', measures } as const;
  return measure(file, resolve(plan, known.header, makeContext()), runOptions);
}

const asPixels = (raster: Raster): Pixels => ({
  ...raster,
  channels: raster.channels as Pixels['channels'],
  frames: 1,
});

describe('measures', () => {
  it('are those that are asked for, and no others', async () => {
    const file = await png(quadrants());
    expect(await measured(file, {})).toEqual({});
    const all: Measures = {
      average: true,
      palette: 4,
      dominant: true,
      blurhash: { x: 4, y: 3 },
      thumbhash: true,
      perceptual: true,
      transparency: true,
      hashsums: ['md5'],
    };
    expect(Object.keys(await measured(file, all)).sort()).toEqual(Object.keys(all).sort());
  });

  it('the palette of a picture in few colours is those colours, with the most frequent first', async () => {
    const raster = draw(40, 40, 3, (x, y) => (y < 30 ? colours.red : x < 30 ? colours.blue : colours.yellow));
    const { palette = [] } = await measured(await png(raster), { palette: 3 });
    const wanted = [colours.red, colours.blue, colours.yellow];
    expect(palette.every(({ r, g, b }, at) => near([r, g, b], wanted[at] ?? [], 1))).toBe(true);
  });

  it('a blurhash has as many components as were asked for, and the mean as its first', async () => {
    const { blurhash = '' } = await measured(await png(draw(50, 20, 3, () => [255, 0, 0])), {
      blurhash: { x: 3, y: 2 },
    });
    expect(isBlurhashValid(blurhash).result).toBe(true);
    // One sign of size, one of the greatest component, four of the mean, two for each other component.
    expect(blurhash).toHaveLength(1 + 1 + 4 + 2 * (3 * 2 - 1));
    // Base 83 of 0xff0000, and of no difference anywhere.
    expect(blurhash.slice(2, 6)).toBe('TI:j');
  });

  it('a thumbhash has the ratio and the mean of the picture', async () => {
    const { thumbhash = '' } = await measured(await jpeg(gradient(300, 150)), { thumbhash: true });
    const hash = Buffer.from(thumbhash, 'base64');
    expect(thumbHashToApproximateAspectRatio(hash)).toBeCloseTo(7 / 4, 5);
    const { average } = await measured(await jpeg(gradient(300, 150)), { average: true });
    const mean = thumbHashToAverageRGBA(hash);
    const seen = [mean.r, mean.g, mean.b].map((value) => 255 * value);
    expect(near(seen, [average?.r ?? 0, average?.g ?? 0, average?.b ?? 0], 8)).toBe(true);
  });

  it('an average is of what is seen, or of everything', async () => {
    const file = await png(draw(40, 40, 4, (x) => (x < 20 ? [200, 100, 0, 255] : [0, 0, 0, 0])));
    expect((await measured(file, { average: true })).average).toEqual({ r: 200, g: 100, b: 0, a: 128 });
    expect((await measured(file, { average: 'all' })).average).toEqual({ r: 100, g: 50, b: 0, a: 128 });
  });

  it('dominant colours that a picture does not have can be built', async () => {
    const file = await png(draw(40, 40, 3, () => [200, 40, 40]));
    expect(Object.keys((await measured(file, { dominant: true })).dominant ?? {})).toEqual(['vibrant']);
    expect(Object.keys((await measured(file, { dominant: 'built' })).dominant ?? {})).toHaveLength(6);
  });

  it('transparency is asked of the pixels, not of the format', async () => {
    const transparency = async (alpha: number) =>
      (await measured(await png(draw(9, 9, 4, () => [1, 2, 3, alpha])), { transparency: true })).transparency;
    expect(await transparency(255)).toBe(false);
    expect(await transparency(254)).toBe(true);
  });

  it('sums are of the bytes of the source', async () => {
    const file = await png(quadrants());
    const { hashsums } = await measured(file, { hashsums: ['sha256', 'sha1'] });
    expect(hashsums).toEqual({
      sha256: createHash('sha256').update(file).digest('hex'),
      sha1: createHash('sha1').update(file).digest('hex'),
    });
  });

  it('grey with alpha can be measured too', async () => {
    const made = await measured(await greyAlphaPng(), { palette: 2, blurhash: { x: 1, y: 1 }, thumbhash: true });
    expect(made.palette?.every(({ r, g, b }) => r === g && g === b)).toBe(true);
    expect(made.blurhash).toHaveLength(6);
  });
});

describe('palette', () => {
  it('of one colour has one entry, and of nothing visible none', () => {
    expect(paletteOf(asPixels(draw(8, 8, 3, () => [9, 8, 7])), 16)).toEqual([{ r: 9, g: 8, b: 7, share: 1 }]);
    expect(paletteOf(asPixels(draw(8, 8, 4, () => [9, 8, 7, 0])), 16)).toEqual([]);
  });

  it('shares add up, and there are never more colours than asked for', () => {
    for (const count of [2, 5, 16, 256]) {
      const swatches = paletteOf(asPixels(gradient()), count);
      expect(swatches.length).toBeLessThanOrEqual(count);
      expect(swatches.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
    }
  });
});

describe('dominant colours', () => {
  it('are told apart by lightness and saturation', () => {
    const swatch = (r: number, g: number, b: number) => ({ r, g, b, share: 0.25 });
    const found = dominantOf([swatch(220, 30, 30), swatch(90, 5, 5), swatch(150, 130, 120), swatch(240, 230, 235)]);
    expect(found.vibrant).toMatchObject({ r: 220 });
    expect(found.dark_vibrant).toMatchObject({ r: 90 });
    expect(found.muted).toMatchObject({ r: 150 });
    expect(found.light_muted).toMatchObject({ r: 240 });
    expect(found).not.toHaveProperty('dark_muted');
  });
});

describe('dominant colours that are missing', () => {
  it('are made of those of their family', () => {
    const built = withMissingBuilt({ vibrant: { r: 204, g: 51, b: 51 }, muted: { r: 100, g: 140, b: 100 } });
    expect(Object.keys(built)).toHaveLength(6);
    expect(built.vibrant).toEqual({ r: 204, g: 51, b: 51 });
    // Saturation 0.6 of the hue 0, at lightness 0.74 and 0.26.
    expect(built.light_vibrant).toEqual({ r: 228, g: 149, b: 149 });
    expect(built.dark_vibrant).toEqual({ r: 106, g: 27, b: 27 });
    expect(built.dark_muted?.g).toBeGreaterThan(built.dark_muted?.r ?? 255);
  });

  it('are made of the other family where theirs has none, as saturated as their kind may be', () => {
    const { muted } = withMissingBuilt({ vibrant: { r: 0, g: 0, b: 255 } });
    // Saturation 0.4 of blue at lightness 0.5.
    expect(muted).toEqual({ r: 77, g: 77, b: 179 });
  });

  it('are grey where there is nothing else, and none where there is nothing', () => {
    const built = withMissingBuilt({ muted: { r: 128, g: 128, b: 128 } });
    expect(Object.values(built).every(({ r, g, b }) => r === g && g === b)).toBe(true);
    expect(withMissingBuilt({})).toEqual({});
  });

  it('have the hue of what they are made of', () => {
    for (const base of [
      { r: 200, g: 60, b: 60 },
      { r: 60, g: 200, b: 60 },
      { r: 60, g: 60, b: 200 },
      { r: 200, g: 200, b: 60 },
      { r: 60, g: 200, b: 200 },
      { r: 200, g: 60, b: 200 },
    ]) {
      const { light_vibrant: light = base } = withMissingBuilt({ vibrant: base });
      const high = ({ r, g, b }: typeof base) => [r, g, b].map((value) => value === Math.max(r, g, b));
      expect(high(light)).toEqual(high(base));
    }
  });
});

describe('perceptual hash', () => {
  const apart = (one: string, other: string): number =>
    [...(BigInt(`0x${one}`) ^ BigInt(`0x${other}`)).toString(2)].filter((bit) => bit === '1').length;
  const busy = (shift: number) =>
    draw(64, 48, 3, (x, y) => {
      const value = Math.round(128 + 60 * Math.sin((x + 2 * y) / 9) + 50 * Math.cos(y / 5)) + shift;
      return [value, value, value];
    });

  it('hardly changes with lightness, and much with the picture', () => {
    const one = perceptualHash(asPixels(busy(0)));
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect(apart(one, perceptualHash(asPixels(busy(15))))).toBeLessThanOrEqual(4);
    expect(apart(one, perceptualHash(asPixels(gradient(64, 48))))).toBeGreaterThan(12);
  });
});
