import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { predictCost } from '../../../src/plan/cost/predict.ts';
import type { Plan, Step } from '../../../src/plan/plan.ts';
import { smallerEntry } from '../../../src/plan/resolve/pyramid.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import { makeContext, makeHeader, makePlan, makeResize } from './scene.ts';

const levels = [
  { page: 1, width: 6000, height: 4500 },
  { page: 2, width: 3000, height: 2250 },
  { page: 3, width: 1500, height: 1125 },
  { page: 4, width: 750, height: 562 },
];
const header = makeHeader({ format: 'tiff', width: 12_000, height: 9000, tiled: true, levels });
const tile = (x: number, y: number, side: number): Step => ({ op: 'region', unit: 'px', x, y, w: side, h: side });
const exactly = (w: number, h: number): Step => makeResize({ mode: 'exact', size: { by: 'box', w, h } });
const planned = (steps: readonly Step[], more: Partial<Plan> = {}) =>
  resolve({ ...makePlan({ steps }), ...more }, header, makeContext());

describe('a source with smaller copies of itself', () => {
  it('is read from the smallest one that is not smaller than the result', () => {
    const { input, ops } = planned([exactly(800, 600)]);
    expect(input).toMatchObject({ page: 3, pages: 1, width: 1500, height: 1125 });
    expect(ops).toEqual([{ op: 'resize', width: 800, height: 600 }]);
  });

  it('is not scaled at all where a copy is the result', () => {
    expect(planned([exactly(750, 562)])).toMatchObject({ input: { page: 4 }, ops: [], width: 750, height: 562 });
  });

  it('gives a tile of a grid from the copy in which it has its size', () => {
    const { input, ops } = planned([tile(4096, 4096, 2048), exactly(512, 512)]);
    expect(input.page).toBe(2);
    expect(ops).toEqual([{ op: 'extract', left: 1024, top: 1024, width: 512, height: 512 }]);
  });

  it("gives the last tile of a row, whose edge is the picture's", () => {
    const { input, ops } = planned([tile(8192, 8192, 8192), exactly(238, 50)]);
    expect(input.page).toBe(4);
    expect(ops).toEqual([{ op: 'extract', left: 512, top: 512, width: 238, height: 50 }]);
  });

  it.each<[string, readonly Step[], Partial<Plan>]>([
    ['a crop between two pixels of every copy', [tile(3, 3, 2001), exactly(500, 500)], {}],
    ['nothing that scales', [tile(0, 0, 512)], {}],
    [
      'a scale up',
      [tile(0, 0, 512), makeResize({ mode: 'exact', enlarge: 'yes', size: { by: 'box', w: 600, h: 600 } })],
      {},
    ],
    ['work on the pixels before the scale', [{ op: 'blur', sigma: 3 }, exactly(512, 384)], {}],
  ])('is read whole for %s', (_name, steps, more) => {
    expect(planned(steps, more).input).toMatchObject({ page: 0, width: 12_000 });
  });

  it('is read whole where it has to be turned first', () => {
    const turned = resolve(makePlan({ steps: [exactly(100, 100)] }), { ...header, orientation: 6 }, makeContext());
    expect(turned.input.page).toBe(0);
  });

  it('costs what the copy costs', () => {
    const whole = resolve(
      makePlan({ steps: [exactly(512, 384)] }),
      makeHeader({ ...header, levels: [] }),
      makeContext(),
    );
    expect(predictCost(planned([exactly(512, 384)])).decodeMs * 10).toBeLessThan(predictCost(whole).decodeMs);
  });

  it('never loses a pixel of the result, whatever is asked for', () => {
    const part = fc.integer({ min: 0, max: 8000 });
    const side = fc.integer({ min: 1, max: 4000 });
    fc.assert(
      fc.property(part, part, side, side, side, side, (left, top, width, height, w, h) => {
        const ops = [
          { op: 'extract', left, top, width: Math.min(width, 12_000 - left), height: Math.min(height, 9000 - top) },
          { op: 'resize', width: w, height: h },
        ] as const;
        const entry = smallerEntry(header, ops);
        if (entry === null) return;
        const [first] = entry.ops;
        const inner = first?.op === 'extract' ? first : { left: 0, top: 0, width: entry.width, height: entry.height };
        expect(inner.left + inner.width).toBeLessThanOrEqual(entry.width);
        expect(inner.top + inner.height).toBeLessThanOrEqual(entry.height);
        expect([inner.width >= w, inner.height >= h]).toEqual([true, true]);
      }),
    );
  });
});
