import { describe, expect, it } from 'vitest';
import { smartWindowOps } from '../../../src/plan/resolve/smart-window.ts';
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

  it.each(['attention', 'entropy'] as const)('by %s finds a window without a scale, pixel by pixel', async (by) => {
    const source = busyRight();
    const window = smartWindowOps(source, { width: 40, height: 36 }, by);
    const made = await runOps(source, window);
    expect([made.width, made.height]).toEqual([40, 36]);
    // Exactly one place of the source is the window: the square in it has no two equal rows.
    const places = Array.from({ length: 121 * 25 }, (_, at) => ({ left: at % 121, top: Math.floor(at / 121) }));
    const place = places.find(({ left, top }) =>
      [0, 9, 18, 27, 35].every((y) =>
        [0, 13, 26, 39].every((x) => near(pixelAt(made, x, y), pixelAt(source, left + x, top + y), 0)),
      ),
    );
    expect(place).toBeDefined();
    const { left, top } = place ?? { left: 0, top: 0 };
    const cut = draw(40, 36, 3, (x, y) => pixelAt(source, left + x, top + y));
    expect(difference(made, cut).max).toBe(0);
    // The square from 115 to 145, 15 to 45, lies in it but for what does not fit.
    expect(left).toBeGreaterThan(100);
    expect(left).toBeLessThanOrEqual(120);
    expect(top).toBeGreaterThan(4);
    expect(top).toBeLessThanOrEqual(20);
  });

  it('to the size that is there changes nothing', async () => {
    const source = busyRight();
    const made = await runOps(source, [{ op: 'smartcrop', width: 160, height: 60, by: 'attention' }]);
    expect(difference(made, source).max).toBe(0);
  });
});
