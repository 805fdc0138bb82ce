import { describe, expect, it } from 'vitest';
import { rotatedSize } from '../../../src/plan/turn.ts';
import { colours, gradient } from '../../fixtures/pictures.ts';
import { difference, draw, near, pixelAt, rearrange } from '../../helpers/pixels.ts';
import { runOps } from '../../helpers/run.ts';

const white = 'ffffffff';

describe('rotate', () => {
  const source = gradient(45, 31);

  it('by a quarter clockwise brings the left column to the top row', async () => {
    const made = await runOps(source, [{ op: 'rotate', degrees: 90, background: white }]);
    const expected = rearrange(source, 31, 45, (x, y) => [y, 30 - x]);
    expect(difference(made, expected).max).toBe(0);
  });

  it.each([90, 180, 270])('four, two or four times %i degrees is nothing', async (degrees) => {
    const op = { op: 'rotate', degrees, background: white } as const;
    const times = degrees === 180 ? 2 : 4;
    expect(difference(await runOps(source, Array<typeof op>(times).fill(op)), source).max).toBe(0);
  });

  it.each([1, 7.5, 33, 45, 89, 91, 123, 200, 301.25])(
    'by %f degrees has the size that was planned',
    async (degrees) => {
      for (const [width, height] of [
        [45, 31],
        [8, 90],
        [1, 1],
      ] as const) {
        const made = await runOps(gradient(width + 1, height + 1), [{ op: 'rotate', degrees, background: white }]);
        expect({ width: made.width, height: made.height }).toEqual(
          rotatedSize({ width: width + 1, height: height + 1 }, degrees),
        );
      }
    },
  );

  it('fills the corners of an odd angle with the background and turns clockwise', async () => {
    const blueLeft = draw(40, 40, 3, (x) => (x < 20 ? colours.blue : colours.red));
    const made = await runOps(blueLeft, [{ op: 'rotate', degrees: 45, background: '0a141eff' }]);
    const [last, middle] = [made.width - 1, Math.floor(made.width / 2)];
    for (const [x, y] of [
      [0, 0],
      [last, 0],
      [0, last],
      [last, last],
    ] as const)
      expect(near(pixelAt(made, x, y), [10, 20, 30], 1)).toBe(true);
    // The left half goes up and to the left.
    expect(near(pixelAt(made, middle - 10, middle - 10), colours.blue, 2)).toBe(true);
    expect(near(pixelAt(made, middle + 10, middle + 10), colours.red, 2)).toBe(true);
  });

  it('leaves the corners transparent where the background is', async () => {
    const made = await runOps(gradient(30, 30), [{ op: 'rotate', degrees: 30, background: '00000000' }]);
    expect(made.channels).toBe(4);
    expect(pixelAt(made, 0, 0)[3]).toBe(0);
    expect(pixelAt(made, 20, 20)[3]).toBe(255);
  });
});
