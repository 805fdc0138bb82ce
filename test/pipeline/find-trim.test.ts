import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { findTrim } from '../../src/pipeline/find-trim.ts';
import type { TrimStep } from '../../src/plan/resolve/trim.ts';
import { seededRng } from '../../src/shared/rng.ts';
import { png } from '../fixtures/pictures.ts';
import { draw, type Pixel, type Raster, runOptions } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';

const trim = (over: Partial<TrimStep> = {}): TrimStep => ({
  op: 'trim',
  threshold: 10,
  colour: null,
  equalX: false,
  equalY: false,
  ...over,
});
const boxOf = async (raster: Raster, step: TrimStep) =>
  findTrim(
    await png(raster),
    makeResolved({ input: { format: 'png', width: raster.width, height: raster.height } }),
    step,
    runOptions,
  );

/** Grey 200, with a dark window of 20 x 10 at (8, 4) in 40 x 30. */
const isWindow = (x: number, y: number): boolean => x >= 8 && x < 28 && y >= 4 && y < 14;
const framed = (outside: Pixel, inside: Pixel): Raster =>
  draw(40, 30, outside.length, (x, y) => (isWindow(x, y) ? inside : outside));

describe('the border of a picture', () => {
  it('is what differs little from its top left pixel', async () => {
    expect(await boxOf(framed([200, 200, 200], [30, 30, 30]), trim())).toEqual({ x: 8, y: 4, w: 20, h: 10 });
    expect(await boxOf(framed([200, 200, 200], [191, 200, 200]), trim())).toEqual({ x: 0, y: 0, w: 40, h: 30 });
    expect(await boxOf(framed([200, 200, 200], [189, 200, 200]), trim())).toEqual({ x: 8, y: 4, w: 20, h: 10 });
  });

  it('is what differs little from a given colour', async () => {
    const raster = framed([200, 200, 200], [30, 30, 30]);
    expect(await boxOf(raster, trim({ colour: 'c8c8c8ff' }))).toEqual({ x: 8, y: 4, w: 20, h: 10 });
    expect(await boxOf(raster, trim({ colour: '000000ff' }))).toEqual({ x: 0, y: 0, w: 40, h: 30 });
  });

  it('may be that of the bottom right pixel', async () => {
    const raster = draw(40, 30, 3, (x) => (x < 8 ? [20, 20, 20] : x < 28 ? [90, 90, 90] : [200, 200, 200]));
    expect(await boxOf(raster, trim())).toEqual({ x: 8, y: 0, w: 32, h: 30 });
    expect(await boxOf(raster, trim({ corner: 'se' }))).toEqual({ x: 0, y: 0, w: 28, h: 30 });
  });

  it('is as wide on both sides where that is asked for', async () => {
    const raster = framed([200, 200, 200], [30, 30, 30]);
    expect(await boxOf(raster, trim({ equalX: true, equalY: true }))).toEqual({ x: 8, y: 4, w: 24, h: 22 });
  });

  it('may be transparent', async () => {
    expect(await boxOf(framed([0, 0, 0, 0], [0, 0, 0, 255]), trim())).toEqual({ x: 8, y: 4, w: 20, h: 10 });
  });
});

describe('a border with specks', () => {
  const specks = new Set(['2,2', '35,25', '0,29', '39,0', '20,1']);
  const sprinkled = draw(40, 30, 3, (x, y) =>
    specks.has(`${x},${y}`) ? [0, 0, 0] : isWindow(x, y) ? [30, 30, 30] : [200, 200, 200],
  );

  it('ends at them, or where the median does', async () => {
    expect(await boxOf(sprinkled, trim())).toEqual({ x: 0, y: 0, w: 40, h: 30 });
    expect(await boxOf(sprinkled, trim({ median: true }))).toEqual({ x: 8, y: 4, w: 20, h: 10 });
  });

  it('is found as by the median of the whole picture', async () => {
    const rng = seededRng(11);
    for (let round = 0; round < 40; round++) {
      const channels = round % 2 === 0 ? 3 : 1;
      const noisy = draw(17, 13, channels, (x, y) =>
        Array.from({ length: channels }, () =>
          Math.round(x > 4 && x < 12 && y > 3 && y < 9 ? 255 * rng() : rng() < 0.15 ? 255 * rng() : 100),
        ),
      );
      const { data, info } = await sharp(noisy.bytes, { raw: { width: 17, height: 13, channels } })
        .median(3)
        .raw()
        .toBuffer({ resolveWithObject: true });
      const filtered = { bytes: data, width: 17, height: 13, channels: info.channels };
      const step = trim({ colour: '646464ff', threshold: 20 });
      expect(await boxOf(noisy, { ...step, median: true })).toEqual(await boxOf(filtered, step));
    }
  });
});
