import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markBox, placeMark, shadowMargin } from '../../../src/plan/resolve/mark.ts';
import { resolveSteps as resolved } from './scene.ts';

const picture = { width: 100, height: 60 };
const wish = { gravity: 'nw', dx: 0, dy: 0 } as const;
const tiled = (axis: Parameters<typeof placeMark>[3]['tile']) => ({ ...wish, ...(axis ? { tile: axis } : {}) });

describe('the copies of a mark', () => {
  it('stand around one in the middle', () => {
    const axis = { by: 'centre', gap: 10 } as const;
    const place = placeMark({ width: 20, height: 20 }, 0, picture, tiled({ x: axis, y: axis }));
    // Five of 30 across are 150 wide, 25 too many on either side; the middle one begins at 40.
    expect(place).toEqual({ left: -20, top: -10, repeat: { across: 5, down: 3, stepX: 30, stepY: 30 } });
    expect(place.left + 2 * 30).toBe(40);
  });

  it('take a gap below 1 as a share of the side', () => {
    const axis = { by: 'centre', gap: 0.1 } as const;
    expect(placeMark({ width: 20, height: 20 }, 0, picture, tiled({ x: axis, y: axis })).repeat).toMatchObject({
      stepX: 30,
      stepY: 26,
    });
  });

  it('begin at the edge, or leave equal gaps', () => {
    const start = { by: 'start', gap: 5 } as const;
    expect(placeMark({ width: 20, height: 20 }, 0, picture, tiled({ x: start, y: start }))).toEqual({
      left: 0,
      top: 0,
      repeat: { across: 4, down: 3, stepX: 25, stepY: 25 },
    });
    const even = { by: 'even' } as const;
    expect(placeMark({ width: 30, height: 40 }, 0, picture, tiled({ x: even, y: null }))).toEqual({
      left: 2,
      top: 0,
      repeat: { across: 3, down: 1, stepX: 32, stepY: 40 },
    });
  });

  it('cover the whole picture, and none lies beyond it', () => {
    const side = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(side, side, side, side, fc.nat(50), fc.constantFrom('centre', 'start'), (w, h, pw, ph, gap, by) => {
        const axis = { by, gap } as const;
        const { left, repeat } = placeMark(
          { width: w, height: h },
          0,
          { width: pw, height: ph },
          tiled({ x: axis, y: axis }),
        );
        if (!repeat) throw new Error('no copies');
        expect(left).toBeLessThanOrEqual(gap);
        expect(left + repeat.across * repeat.stepX).toBeGreaterThanOrEqual(pw - gap);
        expect(left + (repeat.across - 1) * repeat.stepX).toBeLessThan(pw + gap);
      }),
      // Two copies fill it, and an odd number is one more.
      { examples: [[1, 1, 2, 2, 0, 'centre']] },
    );
  });
});

describe('a mark with a shadow', () => {
  const shadow = { sigma: 2, opacity: 50, dx: 3, dy: -1 };

  it('has a box that holds it, and stands where it would stand without one', () => {
    expect(shadowMargin({ shadow })).toBe(9);
    expect(markBox({ width: 20, height: 10, shadow })).toEqual({ width: 38, height: 28 });
    const place = placeMark({ width: 38, height: 28 }, 9, picture, { gravity: 'se', dx: 5, dy: 5 });
    expect(place).toEqual({ left: 100 - 20 - 5 - 9, top: 60 - 10 - 5 - 9 });
  });
});

describe('a mark that is turned', () => {
  it('is placed by the box of what it becomes', () => {
    expect(markBox({ width: 20, height: 10, degrees: 90 })).toEqual({ width: 10, height: 20 });
    const step = {
      op: 'watermark',
      asset: 'logo',
      gravity: 'se',
      dx: 0,
      dy: 0,
      opacity: 100,
      scalePercent: 0,
      degrees: 90,
    } as const;
    expect(resolved([step], { width: 1000, height: 600 }).ops[0]).toMatchObject({
      left: 900,
      top: 400,
      width: 200,
      height: 100,
      degrees: 90,
    });
  });
});
