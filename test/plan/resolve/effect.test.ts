import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Header } from '../../../src/plan/header.ts';
import type { RedactBy, Step } from '../../../src/plan/plan.ts';
import { blurLevels } from '../../../src/plan/resolve/blur.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import { box, codeOf, makeContext, makeHeader, makePlan, makeResize, type PlanChanges, resolveSteps } from './scene.ts';

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

  it.each([
    ['png', [{ op: 'underlay', colour: 'ff000080' }]],
    ['jpg', []],
  ] as const)('a colour is laid under a %s here, or under all of it at the end', (format, ops) => {
    const steps = [{ op: 'underlay', colour: 'ff000080' } as const];
    const plan = makePlan({ steps, encode: { format, background: 'ff000080' } });
    const resolved = resolve(plan, makeHeader({ format: 'png', alpha: true }), makeContext());
    expect(resolved.ops).toEqual(ops);
    expect(resolved.encode.flatten).toBe(format === 'jpg' ? 'ff7f7fff' : null);
  });

  describe('a colour is laid under nothing', () => {
    const underlay = { op: 'underlay', colour: 'ff000080' } as const;
    const round = { op: 'round', shape: 'ellipse' } as const;
    const namesOf = (steps: readonly Step[], header: Partial<Header>, more: Partial<PlanChanges> = {}) => {
      const plan = makePlan({ steps, encode: { format: 'webp' }, ...more });
      return resolve(plan, makeHeader(header), makeContext()).ops.map(({ op }) => op);
    };

    it.each<[string, readonly Step[], Partial<Header>, readonly string[]]>([
      ['where nothing is transparent', [underlay], {}, []],
      ['before something is', [underlay, round], {}, ['round']],
      ['but what is', [underlay], { format: 'png', alpha: true }, ['underlay']],
      ['but what has become so', [round, underlay], {}, ['round', 'underlay']],
    ])('%s', (_, steps, header, names) => {
      expect(namesOf(steps, header)).toEqual(names);
    });

    it('but the later pages of a TIFF, of which nothing is known', () => {
      const tiff = { format: 'tiff', frames: 3 } as const;
      expect(namesOf([underlay], tiff)).toEqual([]);
      expect(namesOf([underlay], tiff, { frames: 1 })).toEqual(['underlay']);
      expect(namesOf([underlay], tiff, { frames: { page: 0, pages: 2 } })).toEqual(['underlay']);
    });
  });

  it('an unsharp mask may wait for a scale that makes smaller', () => {
    const unsharp = { op: 'unsharp', weight: 2, divider: 12, ifSmaller: true } as const;
    const last = (steps: readonly Step[]) => resolveSteps(steps, { width: 40, height: 30 }).ops.at(-1);
    const mask = { op: 'unsharp', amount: 0.166666666667 };
    const scale = (percent: number): Step => ({ op: 'scale', x: percent * 100, y: percent * 100 });
    expect(last([scale(50), unsharp])).toEqual(mask);
    expect(last([scale(200), unsharp])?.op).toBe('resize');
    expect(last([scale(50), scale(200), unsharp])?.op).toBe('resize');
    expect(last([unsharp])).toBeUndefined();
    expect(last([{ op: 'unsharp', weight: 2, divider: 12 }])).toEqual(mask);
    const smart = makeResize({ mode: 'cover', size: box(10, 20), gravity: { kind: 'smart', by: 'attention' } });
    expect(last([smart, unsharp])).toEqual(mask);
  });

  it.each([
    [2, 48],
    [0.1, 2.4],
    [0.3, 7.2],
  ])('an unsharp mask of %f / %f is one of 1 / 24', (weight, divider) => {
    const opsOf = (mask: Readonly<{ weight: number; divider: number }>) =>
      resolveSteps([{ op: 'unsharp', ...mask }], { width: 40, height: 30 }).ops;
    expect(opsOf({ weight, divider })).toEqual(opsOf({ weight: 1, divider: 24 }));
    expect(opsOf({ weight, divider })).not.toEqual(opsOf({ weight: 1, divider: 25 }));
  });

  it.each<[RedactBy, string | null]>([
    [{ by: 'blur', sigma: 1000 }, null],
    [{ by: 'blur', sigma: 1001 }, 'A blur of at most 1000 pixels, got 1001.'],
    [{ by: 'blur', sigma: 0 }, 'A blur of at most 1000 pixels, got 0.'],
    [{ by: 'pixelate', size: 1000 }, null],
    [{ by: 'pixelate', size: 1001 }, 'Blocks of at most 1000 pixels, got 1001.'],
    [{ by: 'fill', colour: '000000ff' }, null],
  ])('areas are made unreadable by %j: %s', (how, detail) => {
    const made = () => opsOf({ op: 'redact', areas: [{ x: 0, y: 0, w: 100, h: 100 }], how });
    if (detail === null) expect(made()).toHaveLength(1);
    else expect(made).toThrow(expect.objectContaining({ code: 'bad_value', detail }));
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
