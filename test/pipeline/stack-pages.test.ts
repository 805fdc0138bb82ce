import { describe, expect, it } from 'vitest';
import { animatedGif, animatedWebp, frameColours } from '../fixtures/pictures.ts';
import { decodePicture, near, pixelAt } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { runFile } from '../helpers/run.ts';

/** Pages 1 to 3 of a picture of 24 x 16, as one. */
const stacked = (format: 'gif' | 'webp') => {
  const resolved = makeResolved({
    input: { format, width: 24, height: 48, page: 1 },
    ops: [{ op: 'resize', width: 12, height: 24 }],
  });
  return { ...resolved, input: { ...resolved.input, height: 16, pages: 3, stacked: true as const }, frames: 1 };
};

describe('pages below one another', () => {
  it.each([
    ['gif', animatedGif],
    ['webp', animatedWebp],
  ] as const)('of a %s are one picture in their order', async (format, make) => {
    const picture = await runFile(await make(), stacked(format));
    expect(picture).toMatchObject({ width: 12, height: 24, frames: 1 });
    const made = await decodePicture(picture);
    for (const [at, y] of [4, 12, 20].entries())
      expect(near(pixelAt(made, 6, y).slice(0, 3), frameColours[at + 1] ?? [], 4), `page ${at + 1}`).toBe(true);
  });

  it('that the source does not have are an error of the source', async () => {
    const resolved = stacked('gif');
    const beyond = { ...resolved, input: { ...resolved.input, page: 2 } };
    await expect(runFile(await animatedGif(), beyond)).rejects.toMatchObject({ status: 422 });
  });
});
