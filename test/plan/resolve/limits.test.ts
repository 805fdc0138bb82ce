import { describe, expect, it } from 'vitest';
import type { FormatWish, Gravity } from '../../../src/plan/plan.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import { isPileusError } from '../../../src/shared/errors.ts';
import { box, codeOf, makeContext, makeHeader, makeOptions, makePlan, makeResize } from './scene.ts';

const enlarged = (w: number, h: number, format: FormatWish, limits: object = {}, mode: 'exact' | 'cover' = 'exact') =>
  resolve(
    makePlan({ steps: [makeResize({ mode, size: box(w, h), enlarge: 'yes' })], encode: { format } }),
    makeHeader({ width: 100, height: 1, format: 'gif', frames: 3 }),
    makeContext({ options: makeOptions({ resultSideMax: 65_535, resultPixelsMax: 1_000_000, ...limits }) }),
  );

describe('limits of the result', () => {
  it.each([
    [1000, 1000, 'jpg', {}, null],
    [1001, 1000, 'jpg', {}, 'result_too_large'],
    [500, 500, 'gif', {}, null],
    // three frames
    [600, 600, 'gif', {}, 'result_too_large'],
    [8192, 10, 'jpg', { resultSideMax: 8192 }, null],
    [8193, 10, 'jpg', { resultSideMax: 8192 }, 'result_too_large'],
    [16_383, 1, 'webp', {}, null],
    [16_384, 1, 'webp', {}, 'result_too_large'],
    [16_384, 1, 'avif', {}, null],
    [16_385, 1, 'avif', {}, 'result_too_large'],
    [65_535, 1, 'jpg', {}, null],
    [256, 256, 'ico', {}, null],
    [257, 1, 'ico', {}, 'result_too_large'],
    [65_535, 1, 'bmp', {}, null],
  ] as const)('%ix%i as %s under %j: %s', (w, h, format, limits, code) => {
    expect(codeOf(() => enlarged(w, h, format, limits))).toBe(code);
  });

  it('hold on the way to it too', () => {
    expect(codeOf(() => enlarged(200, 200, 'jpg', {}, 'cover'))).toBe('result_too_large');
  });

  it('hold where a crop by content scales first', () => {
    const smart = (gravity: Gravity) =>
      resolve(
        makePlan({ steps: [makeResize({ mode: 'cover', size: box(8000, 3000), enlarge: 'yes', gravity })] }),
        makeHeader({ width: 10_000, height: 20 }),
        makeContext(),
      );
    expect(codeOf(() => smart({ kind: 'smart', by: 'attention' }))).toBe('result_too_large');
    expect(codeOf(() => smart({ kind: 'compass', at: 'c' }))).toBe('result_too_large');
  });

  it('do not count what has to be decoded anyway', () => {
    const header = makeHeader({ width: 6000, height: 4000 });
    const options = makeOptions({ resultPixelsMax: 100_000 });
    const steps = [{ op: 'grey' } as const, makeResize({ size: box(300, 200) })];
    expect(resolve(makePlan({ steps }), header, makeContext({ options }))).toMatchObject({ width: 300, height: 200 });
  });

  it('are named with their figures', () => {
    try {
      enlarged(20_000, 10, 'webp');
      expect.unreachable();
    } catch (error) {
      expect(isPileusError(error) && error.detail).toContain('20000x10 pixels, at most 16383');
    }
  });
});
