import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BackendLoad, loadScore, ramp } from '../../src/lb/load-score.ts';

const idle: BackendLoad = { costPixelsInFlight: 0, msPerCostPixel: 1e-5, cpuExcess: 0, bufferShare: 0 };
const anyNumber = fc.oneof(
  fc.double(),
  fc.constantFrom(0, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
);
const load = fc.record({
  costPixelsInFlight: fc.double({ min: 0, max: 1e9, noNaN: true }),
  msPerCostPixel: fc.double({ min: 1e-7, max: 1e-3, noNaN: true }),
  cpuExcess: fc.double({ min: 0, max: 2, noNaN: true }),
  bufferShare: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe('load score', () => {
  it('is finite and not negative for any input whatever', () => {
    fc.assert(
      fc.property(
        fc.record({
          costPixelsInFlight: anyNumber,
          msPerCostPixel: anyNumber,
          cpuExcess: anyNumber,
          bufferShare: anyNumber,
        }),
        anyNumber,
        (any, pixels) => {
          const score = loadScore(any, pixels);
          expect(Number.isFinite(score)).toBe(true);
          expect(score).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it.each(['costPixelsInFlight', 'msPerCostPixel', 'cpuExcess', 'bufferShare'] as const)(
    'never falls as %s rises',
    (term) => {
      fc.assert(
        fc.property(
          load,
          fc.double({ min: 0, max: 1e8, noNaN: true }),
          fc.double({ min: 0, max: 1, noNaN: true }),
          (base, pixels, more) => {
            const raised = { ...base, [term]: base[term] * (1 + more) + more * 1e-6 };
            expect(loadScore(raised, pixels)).toBeGreaterThanOrEqual(loadScore(base, pixels));
          },
        ),
      );
    },
  );

  it('is at most doubled by what a worker reported, so that a stale report never outweighs an empty worker', () => {
    fc.assert(
      fc.property(load, fc.double({ min: 1, max: 1e8, noNaN: true }), (base, pixels) => {
        const quiet = loadScore({ ...base, cpuExcess: 0, bufferShare: 0 }, pixels);
        expect(loadScore(base, pixels)).toBeLessThanOrEqual(2 * quiet * (1 + 1e-12));
      }),
    );
  });

  it('has no cliffs: a small change of a report changes it little', () => {
    for (let share = 0; share <= 1; share += 0.01) {
      const here = loadScore({ ...idle, bufferShare: share, cpuExcess: share }, 1e6);
      const next = loadScore({ ...idle, bufferShare: share + 0.01, cpuExcess: share + 0.01 }, 1e6);
      expect(next - here).toBeLessThanOrEqual(0.03 * here);
    }
  });

  it('counts the job itself, so that an idle slow worker is dearer than an idle fast one', () => {
    expect(loadScore({ ...idle, msPerCostPixel: 3e-5 }, 1e6)).toBe(3 * loadScore(idle, 1e6));
  });

  it.each([
    [0, 1],
    [0.5, 1],
    [0.7, 1.5],
    [0.9, 2],
    [5, 2],
    [Number.NaN, 1],
  ])('ramps %d between 0.5 and 0.9 to %d', (x, expected) => {
    expect(ramp(x, 0.5, 0.9)).toBeCloseTo(expected, 10);
  });
});
