import { describe, expect, it } from 'vitest';
import { canonicalPlan } from '../../src/plan/canonical-plan.ts';
import type { EncodeWish, Plan, Step } from '../../src/plan/plan.ts';

const plan = (steps: readonly Step[], encode: EncodeWish = { format: 'webp' }): Plan => ({
  view: 'image',
  decode: { orient: true, frames: 'auto' },
  steps,
  encode,
});

type Resize = Extract<Step, { op: 'resize' }>;
const resize = (changes: Partial<Resize> = {}): Resize => ({
  op: 'resize',
  mode: 'cover',
  size: { by: 'box', w: 300, h: 200 },
  dpr: 1,
  enlarge: 'yes',
  gravity: { kind: 'compass', at: 'nw' },
  rounding: 'floor',
  ...changes,
});
const stepsOf = (steps: readonly Step[], sideMax = 8192): readonly Step[] => canonicalPlan(plan(steps), sideMax).steps;

describe('the canonical plan', () => {
  it.each<[string, Step]>([
    ['a region of the whole picture', { op: 'region', unit: 'bp', x: 0, y: 0, w: 10_000, h: 10_000 }],
    ['a resize to no size', resize({ size: { by: 'box', w: null, h: null } })],
    ['a resize to no sides', resize({ size: { by: 'sides', long: null, short: null } })],
    ['a resize to 100 %', resize({ size: { by: 'percent', percent: 100 } })],
    ['a flip of neither axis', { op: 'flip', horizontal: false, vertical: false }],
    ['a full turn', { op: 'rotate', degrees: 360 }],
    ['brightness as it is', { op: 'brightness', amount: 0 }],
    ['contrast as it is', { op: 'contrast', amount: 0 }],
    ['saturation as it is', { op: 'saturation', amount: 0 }],
    ['a blur that never grows', { op: 'progressiveBlur', sigma: 0, to: 'down', start: 0, stop: 1 }],
    ['shades that are not mixed in', { op: 'monochrome', colour: 'b3b3b3ff', mix: 0 }],
    ['tones that are not mixed in', { op: 'duotone', dark: '000000ff', light: 'ffffffff', mix: 0 }],
    ['a colour that nobody sees', { op: 'colorize', colour: '000000ff', opacity: 0, keepAlpha: false }],
    ['a gradient that nobody sees', { op: 'gradient', colour: '000000ff', opacity: 0, to: 'down', start: 0, stop: 1 }],
    ['a median of one pixel', { op: 'median', size: 1 }],
    [
      'a watermark that nobody sees',
      { op: 'watermark', asset: 'logo', gravity: 'se', dx: 0, dy: 0, opacity: 0, scalePercent: 0 },
    ],
  ])('has no %s', (_, step) => {
    expect(stepsOf([step, { op: 'grey' }])).toEqual([{ op: 'grey' }]);
  });

  it.each<[string, Step]>([
    ['a region in pixels, which may be the whole picture or not', { op: 'region', unit: 'px', x: 0, y: 0, w: 9, h: 9 }],
    ['a resize that holds on to a corner', resize()],
    [
      '100 % at another density',
      resize({ mode: 'fit', gravity: { kind: 'compass', at: 'c' }, size: { by: 'percent', percent: 100 }, dpr: 2 }),
    ],
    ['black and white at 0', { op: 'bitonal', threshold: 0 }],
  ])('keeps %s', (_, step) => {
    expect(stepsOf([step])).toEqual([step]);
  });

  it('has no box beside a share of the picture, which goes first', () => {
    const mark = { op: 'watermark', asset: 'logo', gravity: 'se', dx: 0, dy: 0, opacity: 50 } as const;
    const box = { w: 20, h: 0 };
    expect(stepsOf([{ ...mark, scalePercent: 10, box }])).toEqual([{ ...mark, scalePercent: 10 }]);
    expect(stepsOf([{ ...mark, scalePercent: 0, box }])).toEqual([{ ...mark, scalePercent: 0, box }]);
  });

  it.each<[Plan['decode']['frames'], Plan['decode']['frames']]>([
    [0, 'first'],
    [{ page: 0, pages: 1 }, 'auto'],
    [{ page: 0, pages: 1, still: true }, 'first'],
    [
      { page: 0, pages: 2 },
      { page: 0, pages: 2 },
    ],
    // A format without pages has a page 1 here, and no frame 1.
    [
      { page: 1, pages: 1, still: true },
      { page: 1, pages: 1, still: true },
    ],
  ])('takes the frames %j as %j', (frames, canonical) => {
    const given = { ...plan([]), decode: { orient: true, frames } };
    expect(canonicalPlan(given, 8192).decode.frames).toEqual(canonical);
  });

  it('keeps the order of steps, and two of a kind', () => {
    const steps: readonly Step[] = [{ op: 'blur', sigma: 2 }, resize(), { op: 'grey' }, { op: 'blur', sigma: 2 }];
    expect(stepsOf(steps)).toEqual(steps);
  });

  it.each(['fit', 'min', 'exact'] as const)('holds on to nothing where %s crops nothing', (mode) => {
    expect(stepsOf([resize({ mode })])).toEqual([resize({ mode, gravity: { kind: 'compass', at: 'c' } })]);
  });

  it('multiplies the density into the long and short sides, within the limit and in proportion', () => {
    const size = { by: 'sides', long: 300, short: 100 } as const;
    expect(stepsOf([resize({ size, dpr: 1.5 })])).toEqual([resize({ size: { by: 'sides', long: 450, short: 150 } })]);
    expect(stepsOf([resize({ size, dpr: 5 })], 600)).toEqual([
      resize({ size: { by: 'sides', long: 600, short: 200 } }),
    ]);
  });

  it('wishes nothing of the encoder that is so anyway', () => {
    const encode: EncodeWish = { format: 'webp', lossless: false, background: 'ffffffff', progressive: false };
    expect(canonicalPlan(plan([], encode), 8192).encode).toEqual({ format: 'webp', progressive: false });
    const kept: EncodeWish = { format: 'webp', lossless: true, background: 'ffffff00' };
    expect(canonicalPlan(plan([], kept), 8192).encode).toEqual(kept);
  });

  it('is its own canonical form', () => {
    const once = canonicalPlan(plan([resize({ mode: 'aspect', dpr: 2.5 }), { op: 'rotate', degrees: 90 }]), 8192);
    expect(canonicalPlan(once, 8192)).toEqual(once);
  });
});
