import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Step } from '../../../src/plan/plan.ts';
import { blurLevels } from '../../../src/plan/resolve/blur.ts';
import { codeOf, resolveSteps } from './scene.ts';

const opsOf = (step: Step) => resolveSteps([step], { width: 40, height: 30 }).ops;

describe('effects', () => {
  it.each<Step>([
    { op: 'monochrome', colour: 'b3b3b3ff', mix: 0 },
    { op: 'progressiveBlur', sigma: 0, to: 30, start: 0, stop: 1 },
    { op: 'duotone', dark: '000000ff', light: 'ffffffff', mix: 0 },
    { op: 'colorize', colour: '000000ff', opacity: 0, keepAlpha: false },
    { op: 'gradient', colour: '000000ff', opacity: 0, to: 'down', start: 0, stop: 1 },
    { op: 'median', size: 1 },
    { op: 'lift', amount: 0 },
    { op: 'pad', top: 0, right: 0, bottom: 0, left: 0, fill: 'mirror' },
  ])('$op that changes nothing is no op', (step) => {
    expect(opsOf(step)).toEqual([]);
  });

  it.each([2, 17, 0])('a median of %i is refused', (size) => {
    expect(codeOf(() => opsOf({ op: 'median', size }))).toBe('bad_value');
  });

  it('a blur that grows is bounded as any other', () => {
    const ramp = { to: 'down', start: 0, stop: 1 } as const;
    expect(opsOf({ op: 'progressiveBlur', sigma: 900, ...ramp })).toEqual([
      { op: 'progressiveBlur', sigma: 250, ...ramp },
    ]);
    expect(opsOf({ op: 'progressiveBlur', sigma: 9, ...ramp })).toEqual([{ op: 'progressiveBlur', sigma: 9, ...ramp }]);
  });

  it('its levels rise to its sigma, none more than twice the one before', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 250, noNaN: true }), (sigma) => {
        const levels = blurLevels(sigma);
        expect(levels.at(-1)).toBe(sigma);
        for (const [at, level] of levels.slice(1).entries()) {
          expect(level).toBeGreaterThan(levels[at] ?? 0);
          expect(level).toBeLessThanOrEqual(2 * (levels[at] ?? 0));
        }
        expect(levels.length).toBeLessThanOrEqual(10);
      }),
    );
  });

  it('a border of the picture itself does not depend on the background', () => {
    expect(opsOf({ op: 'pad', top: 1, right: 2, bottom: 3, left: 4, fill: 'mirror' })).toEqual([
      { op: 'extend', top: 1, right: 2, bottom: 3, left: 4, background: 'ffffffff', fill: 'mirror' },
    ]);
  });
});
