import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ResolvedOp } from '../../../src/plan/resolved.ts';
import { jpeg, quadrants } from '../../fixtures/pictures.ts';
import { decode, decodePicture, difference, type Raster, rearrange } from '../../helpers/pixels.ts';
import { makeResolved } from '../../helpers/resolved.ts';
import { runFile } from '../../helpers/run.ts';

const upright = quadrants(48, 32);

/** How each orientation stores the upright picture: where the stored pixel (x, y) is taken from. */
const stored: Record<number, (w: number, h: number) => Raster> = {
  1: (w, h) => rearrange(upright, w, h, (x, y) => [x, y]),
  2: (w, h) => rearrange(upright, w, h, (x, y) => [w - 1 - x, y]),
  3: (w, h) => rearrange(upright, w, h, (x, y) => [w - 1 - x, h - 1 - y]),
  4: (w, h) => rearrange(upright, w, h, (x, y) => [x, h - 1 - y]),
  5: (w, h) => rearrange(upright, h, w, (x, y) => [y, x]),
  6: (w, h) => rearrange(upright, h, w, (x, y) => [w - 1 - y, x]),
  7: (w, h) => rearrange(upright, h, w, (x, y) => [w - 1 - y, h - 1 - x]),
  8: (w, h) => rearrange(upright, h, w, (x, y) => [y, h - 1 - x]),
};

const orientations = [1, 2, 3, 4, 5, 6, 7, 8] as const;

const plans: Record<string, readonly ResolvedOp[]> = {
  'nothing else': [],
  resize: [{ op: 'resize', width: 24, height: 16 }],
  'a strong shrink': [{ op: 'resize', width: 6, height: 4 }],
  'crop, then resize': [
    { op: 'extract', left: 20, top: 10, width: 16, height: 20 },
    { op: 'resize', width: 8, height: 10 },
  ],
  'resize, then crop': [
    { op: 'resize', width: 24, height: 16 },
    { op: 'extract', left: 10, top: 5, width: 8, height: 9 },
  ],
  crop: [{ op: 'extract', left: 20, top: 10, width: 16, height: 20 }],
  flip: [{ op: 'flip', horizontal: true, vertical: false }],
  'resize, flip, quarter turn': [
    { op: 'resize', width: 24, height: 16 },
    { op: 'flip', horizontal: false, vertical: true },
    { op: 'rotate', degrees: 270, background: 'ffffffff' },
  ],
  'resize, pad, flip': [
    { op: 'resize', width: 24, height: 16 },
    { op: 'extend', left: 1, top: 2, right: 3, bottom: 4, background: '102030ff' },
    { op: 'flip', horizontal: true, vertical: false },
  ],
};

async function storedFile(orientation: number): Promise<{ file: Buffer; width: number; height: number }> {
  const raster = (stored[orientation] as (w: number, h: number) => Raster)(48, 32);
  return { file: await jpeg(raster, { orientation }), width: raster.width, height: raster.height };
}

describe('orient', () => {
  for (const [name, ops] of Object.entries(plans)) {
    it.each(orientations)(`orientation %i with ${name} equals the upright picture`, async (orientation) => {
      const { file, width, height } = await storedFile(orientation);
      const oriented: ResolvedOp[] = orientation === 1 ? [] : [{ op: 'orient', orientation }];
      const made = await decodePicture(
        await runFile(file, makeResolved({ input: { format: 'jpeg', width, height }, ops: [...oriented, ...ops] })),
      );
      const plain = await storedFile(1);
      const expected = await decodePicture(
        await runFile(plain.file, makeResolved({ input: { format: 'jpeg', width: 48, height: 32 }, ops })),
      );
      expect([made.width, made.height]).toEqual([expected.width, expected.height]);
      // Flat quarters: only pixels at their borders may differ, by the asymmetry of shrink-on-load.
      expect(difference(made, expected).mean).toBeLessThan(2.5);
    });
  }

  it.each(orientations)('orientation %i is turned as sharp itself turns it', async (orientation) => {
    const { file, width, height } = await storedFile(orientation);
    const ops = [{ op: 'orient', orientation }, ...(plans.resize ?? [])] as const;
    const made = await decodePicture(
      await runFile(file, makeResolved({ input: { format: 'jpeg', width, height }, ops })),
    );
    const expected = await sharp(file).autoOrient().resize(24, 16, { fit: 'fill' }).png().toBuffer();
    expect(difference(made, await decode(expected)).max).toBe(0);
  });

  it.each(orientations)('without the op, orientation %i stays as it is stored', async (orientation) => {
    const { file, width, height } = await storedFile(orientation);
    const made = await decodePicture(
      await runFile(file, makeResolved({ input: { format: 'jpeg', width, height }, ops: [] })),
    );
    expect(difference(made, await decode(file)).max).toBe(0);
  });
});
