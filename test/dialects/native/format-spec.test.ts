import { describe, expect, it } from 'vitest';
import { formatSpec } from '../../../src/dialects/native/format-spec.ts';
import type { Plan, Step } from '../../../src/plan/plan.ts';
import { parseSpec } from './sample-config.ts';

const plan = (steps: readonly Step[], changes: Partial<Plan> = {}): Plan => ({
  view: 'image',
  decode: { orient: true, frames: 'auto' },
  steps,
  encode: { format: 'webp' },
  ...changes,
});

const resize: Extract<Step, { op: 'resize' }> = {
  op: 'resize',
  mode: 'cover',
  size: { by: 'box', w: 300, h: 200 },
  dpr: 1,
  enlarge: 'no',
  gravity: { kind: 'compass', at: 'c' },
  rounding: 'nearest',
};
const flip: Step = { op: 'flip', horizontal: true, vertical: false };
const blur: Extract<Step, { op: 'blur' }> = { op: 'blur', sigma: 2 };

describe('the native spec of a plan', () => {
  it.each<[string, Plan]>([
    ['m_cover,w_300,h_200', plan([resize])],
    ['m_cover,w_600,h_400', plan([{ ...resize, dpr: 2 }])],
    ['w_300,h_200', plan([{ ...resize, mode: 'fit', gravity: { kind: 'compass', at: 'nw' } }])],
    ['fl_h,bl_2', plan([flip, blur])],
    ['m_fit', plan([])],
    ['info', plan([], { view: 'info', encode: { format: 'source' } })],
    ['orig', plan([], { view: 'original', encode: { format: 'source' } })],
    ['explain,fl_h', plan([flip], { view: 'explain' })],
    ['fr_0', plan([], { decode: { orient: true, frames: 0 } })],
    ['o_0', plan([], { decode: { orient: false, frames: 'auto' } })],
    ['qc_75,kb_4', plan([], { encode: { format: 'jpg', quality: { kind: 'corrected', value: 75 }, bytesMax: 4096 } })],
  ])('is %s', (spec, given) => {
    expect(formatSpec(given)).toBe(spec);
  });

  it.each<[string, Plan]>([
    ['bl_2,-,fl_h', plan([blur, flip])],
    ['m_cover,w_300,h_200,-,c_sq', plan([resize, { op: 'square' }])],
    ['bl_2,-,bl_2', plan([blur, blur])],
    ['c_0.0.9.9,-,c_sq', plan([{ op: 'region', unit: 'px', x: 0, y: 0, w: 9, h: 9 }, { op: 'square' }])],
  ])('needs stages: %s', (spec, given) => {
    expect(formatSpec(given)).toBe(spec);
  });

  it.each<[string, Plan]>([
    ['a sigma out of range', plan([{ op: 'blur', sigma: 1001 }])],
    [
      'a text of which the URL would be too long',
      plan([
        {
          op: 'text',
          text: '文'.repeat(256),
          font: 'sans',
          size: 9,
          colour: '000000ff',
          gravity: 'c',
          dx: 0,
          dy: 0,
          opacity: 100,
        },
      ]),
    ],
    [
      'a layout with a filter that stands twice',
      plan(
        parseSpec('ly_bl_1.webp').plan.steps.map((step) =>
          step.op === 'layout' ? { ...step, filters: [blur, { op: 'blur', sigma: 3 }] as const } : step,
        ),
      ),
    ],
    ['a turn back', plan([{ op: 'rotate', degrees: -90 }])],
    ['a pixel ratio on a percentage', plan([{ ...resize, size: { by: 'percent', percent: 50 }, dpr: 2 }])],
    ['operations beside a view that takes none', plan([blur], { view: 'info' })],
    ['a side beyond any limit', plan([{ ...resize, size: { by: 'box', w: 70_000, h: null } }])],
    [
      'two kinds of quality',
      plan([], { encode: { format: 'jpg', quality: { kind: 'absolute', value: 1 }, qualities: { jpg: 2 } } }),
    ],
  ])('does not exist for %s', (_, given) => {
    expect(formatSpec(given)).toBeNull();
  });

  it('of a preset is its long form', () => {
    expect(formatSpec(parseSpec('card,dpr_2.auto').plan)).toBe('m_cover,w_600,h_400,q_80');
  });
});
