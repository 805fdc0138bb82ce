import { describe, expect, it } from 'vitest';
import { averageColour } from '../../src/pipeline/average.ts';
import { resolve } from '../../src/plan/resolve.ts';
import { animatedGif, colours, gradient, jpeg, png, quadrants } from '../fixtures/pictures.ts';
import { draw, runOptions } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { makeContext, makeHeader, makePlan } from '../plan/resolve/scene.ts';

describe('average colour', () => {
  it('is the mean of all pixels', async () => {
    const source = quadrants(400, 300);
    const mean = (at: 0 | 1 | 2) => (colours.red[at] + colours.green[at] + colours.blue[at] + colours.yellow[at]) / 4;
    const resolved = makeResolved({ input: { format: 'jpeg', width: 400, height: 300 } });
    const average = await averageColour(await jpeg(source), resolved, runOptions);
    expect(Math.abs(average.r - mean(0))).toBeLessThanOrEqual(2);
    expect(Math.abs(average.g - mean(1))).toBeLessThanOrEqual(2);
    expect(Math.abs(average.b - mean(2))).toBeLessThanOrEqual(2);
    expect(average.a).toBe(255);
    expect(average.hex).toBe([average.r, average.g, average.b].map((v) => v.toString(16).padStart(2, '0')).join(''));
  });

  it('weighs by alpha and gives it', async () => {
    const source = draw(20, 20, 4, (x) => (x < 10 ? [200, 100, 50, 255] : [0, 255, 0, 0]));
    const average = await averageColour(
      await png(source),
      makeResolved({ input: { width: 20, height: 20 } }),
      runOptions,
    );
    expect(average).toMatchObject({ r: 200, g: 100, b: 50, a: 128, hex: 'c8643280' });
  });

  it('is that of what the plan makes', async () => {
    const resolved = makeResolved({
      input: { width: 40, height: 24 },
      ops: [{ op: 'extract', left: 20, top: 12, width: 20, height: 12 }, { op: 'grey' }],
    });
    const { r, g, b } = await averageColour(await png(quadrants()), resolved, runOptions);
    expect([g, b]).toEqual([r, r]);
    expect(Math.abs(r - (0.2126 * 240 + 0.7152 * 220 + 0.0722 * 50))).toBeLessThanOrEqual(1);
  });

  it('of an animation is that of its first frame', async () => {
    const plan = { ...makePlan({ encode: { format: 'source' } }), view: 'average' } as const;
    const header = makeHeader({ format: 'gif', width: 24, height: 16, frames: 4 });
    const average = await averageColour(await animatedGif(), resolve(plan, header, makeContext()), runOptions);
    expect(average.r).toBeGreaterThan(average.b);
  });

  it('of one pixel is that pixel', async () => {
    const one = await averageColour(
      await png(gradient(2, 2)),
      makeResolved({ input: { width: 2, height: 2 }, ops: [{ op: 'extract', left: 0, top: 0, width: 1, height: 1 }] }),
      runOptions,
    );
    expect(one).toMatchObject({ r: 20, g: 30 });
  });
});
