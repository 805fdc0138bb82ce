import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { box, codeOf, makeResize, resolveSteps } from './scene.ts';

type Rectangle = readonly [x: number, y: number, w: number, h: number];

const region = (unit: 'px' | 'bp', [x, y, w, h]: Rectangle) => ({ op: 'region', unit, x, y, w, h }) as const;

describe('region', () => {
  it.each([
    ['px', [10, 20, 100, 50], { left: 10, top: 20, width: 100, height: 50 }],
    ['px', [900, 500, 500, 500], { left: 900, top: 500, width: 100, height: 100 }],
    ['px', [-50, -50, 100, 100], { left: 0, top: 0, width: 50, height: 50 }],
    ['bp', [2500, 0, 5000, 10_000], { left: 250, top: 0, width: 500, height: 600 }],
    ['bp', [9999, 9999, 1, 1], { left: 999, top: 599, width: 1, height: 1 }],
  ] as const)('%s %j is clipped to the picture', (unit, rectangle, expected) => {
    expect(resolveSteps([region(unit, rectangle)], { width: 1000, height: 600 }).ops).toEqual([
      { op: 'extract', ...expected },
    ]);
  });

  it.each([
    ['px', [1000, 0, 10, 10]],
    ['px', [-10, 0, 10, 10]],
    ['px', [0, 600, 10, 10]],
    ['bp', [10_000, 0, 100, 100]],
  ] as const)('%s %j outside the picture is refused', (unit, rectangle) => {
    expect(codeOf(() => resolveSteps([region(unit, rectangle)], { width: 1000, height: 600 }))).toBe(
      'operation_unsupported',
    );
  });

  it('is no op where it is the whole picture', () => {
    expect(resolveSteps([region('bp', [0, 0, 10_000, 10_000])], { width: 1000, height: 600 }).ops).toEqual([]);
  });

  it('relative neighbours tile the picture without gap or overlap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 8000 }), fc.integer({ min: 500, max: 9500 }), (width, cut) => {
        const [left] = resolveSteps([region('bp', [0, 0, cut, 10_000])], { width, height: 7 }).ops;
        const [right] = resolveSteps([region('bp', [cut, 0, 10_000 - cut, 10_000])], { width, height: 7 }).ops;
        expect(left).toMatchObject({ op: 'extract', left: 0 });
        expect(right).toMatchObject({ op: 'extract' });
        if (left?.op !== 'extract' || right?.op !== 'extract') return;
        expect(left.width).toBe(right.left);
        expect(right.left + right.width).toBe(width);
      }),
    );
  });

  it('joins crops that follow one another', () => {
    const steps = [region('px', [100, 50, 800, 400]), { op: 'square' } as const];
    expect(resolveSteps(steps, { width: 1000, height: 600 }).ops).toEqual([
      { op: 'extract', left: 300, top: 50, width: 400, height: 400 },
    ]);
  });

  it('counts in the oriented picture', () => {
    const steps = [region('px', [0, 900, 10, 10])];
    expect(resolveSteps(steps, { width: 1000, height: 600, orientation: 6 }).ops).toEqual([
      { op: 'orient', orientation: 6 },
      { op: 'extract', left: 0, top: 900, width: 10, height: 10 },
    ]);
  });

  it('works on the picture as the step before left it', () => {
    const steps = [makeResize({ size: box(100, null) }), region('bp', [5000, 0, 5000, 10_000])];
    expect(resolveSteps(steps, { width: 1000, height: 600 })).toMatchObject({ width: 50, height: 60 });
  });
});

describe('square', () => {
  it.each([
    [1000, 600, { left: 200, top: 0, width: 600, height: 600 }],
    [600, 1000, { left: 0, top: 200, width: 600, height: 600 }],
  ])('takes the middle of %ix%i', (width, height, expected) => {
    expect(resolveSteps([{ op: 'square' }], { width, height }).ops).toEqual([{ op: 'extract', ...expected }]);
  });
});
