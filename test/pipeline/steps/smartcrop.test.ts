import { describe, expect, it } from 'vitest';
import { seededRng } from '../../../src/shared/rng.ts';
import { difference, draw, near, pixelAt } from '../../helpers/pixels.ts';
import { runOps } from '../../helpers/run.ts';

/** Dull grey with one busy, colourful square near the right end. */
function busyRight(): ReturnType<typeof draw> {
  const rng = seededRng(7);
  return draw(160, 60, 3, (x, y) =>
    x >= 115 && x < 145 && y >= 15 && y < 45 ? [255 * rng(), 60 * rng(), 200 * rng()].map(Math.round) : [90, 90, 90],
  );
}

describe('smartcrop', () => {
  it.each(['attention', 'entropy'] as const)('by %s keeps the content and gives exactly the box', async (by) => {
    const made = await runOps(busyRight(), [{ op: 'smartcrop', width: 60, height: 60, by }]);
    expect([made.width, made.height]).toEqual([60, 60]);
    const busy = Array.from({ length: 60 }, (_, x) => pixelAt(made, x, 30)).filter((p) => !near(p, [90, 90, 90], 3));
    expect(busy.length).toBeGreaterThan(25);
  });

  it.each([5, 6, 7, 8])('finds it in a picture with orientation %i too', async (orientation) => {
    const made = await runOps(busyRight(), [
      { op: 'orient', orientation },
      { op: 'smartcrop', width: 40, height: 40, by: 'attention' },
    ]);
    expect([made.width, made.height]).toEqual([40, 40]);
    const busy = Array.from({ length: 40 }, (_, y) => pixelAt(made, 20, y)).filter((p) => !near(p, [90, 90, 90], 3));
    expect(busy.length).toBeGreaterThan(15);
  });

  it('to the size that is there changes nothing', async () => {
    const source = busyRight();
    const made = await runOps(source, [{ op: 'smartcrop', width: 160, height: 60, by: 'attention' }]);
    expect(difference(made, source).max).toBe(0);
  });
});
