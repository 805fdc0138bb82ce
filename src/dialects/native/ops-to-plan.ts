import { canonicalPlan } from '../../plan/canonical-plan.ts';
import type { EncodeWish, FormatWish, Measures, Negotiated, Plan, Step, View } from '../../plan/plan.ts';
import { compassGravity } from '../../plan/plan.ts';
import { meanEncode } from './encode-words.ts';
import { isAfter, isBefore, namesIn, type Ops, type Stages, type StepName } from './tokens.ts';

/** What the operations are applied for. */
export type PlanFrame = Readonly<{ view: View; format: FormatWish; negotiated: Negotiated | null }>;

/** The plan that operations mean, in canonical form. Its steps are those of one stage after another. */
export function opsToPlan({ ops, then }: Stages, frame: PlanFrame, sideMax: number): Plan {
  const plan: Plan = {
    view: frame.view,
    decode: { orient: ops.o !== false, frames: ops.fr ?? 'auto', ...(ops.ln ? { linear: true } : {}) },
    steps: stepsOf({ ops, then }),
    encode: encodeOf(ops, frame),
    ...(ops.hs === undefined ? {} : { expects: ops.hs }),
    ...(frame.view === 'measured' ? { measures: placeholders } : {}),
  };
  return canonicalPlan(plan, sideMax);
}

/** What `ph` tells: all that a page can show before the picture. */
const placeholders: Measures = { average: true, palette: 6, blurhash: { x: 4, y: 3 }, thumbhash: true };

/** The steps of all stages as they are written, those that do nothing included. */
export function stepsOf({ ops, then }: Stages): readonly Step[] {
  const steps: Step[] = [];
  addStage(ops, ops.dpr, steps);
  for (const stage of then) addStage(stage, ops.dpr, steps);
  return steps;
}

/** In the order of the table: what comes before the resize, the resize, what comes after it. */
function addStage(ops: Ops, dpr: number | undefined, steps: Step[]): void {
  const names = namesIn(ops);
  addSteps(ops, names.filter(isBefore), steps);
  const size = sizeOf(ops);
  if (size !== null) {
    steps.push({
      op: 'resize',
      mode: ops.m ?? 'fit',
      size,
      // A share of the source or a number of pixels is not a size on a screen.
      dpr: size.by === 'box' || size.by === 'sides' ? (dpr ?? 1) : 1,
      enlarge: ops.up ?? 'no',
      gravity: ops.g ?? compassGravity('c'),
      rounding: ops.rd ?? 'nearest',
      ...(ops.kn === undefined || ops.kn === 'lanczos3' ? {} : { kernel: ops.kn }),
    });
  }
  addSteps(ops, names.filter(isAfter), steps);
}

function addSteps(ops: Ops, names: readonly StepName[], steps: Step[]): void {
  for (const name of names) {
    const step = ops[name];
    if (step) steps.push(step);
  }
}

type Size = Extract<Step, { op: 'resize' }>['size'];

function sizeOf({ w, h, l, s, p, a }: Ops): Size | null {
  if (w !== undefined || h !== undefined) return { by: 'box', w: w ?? null, h: h ?? null };
  if (l !== undefined || s !== undefined) return { by: 'sides', long: l ?? null, short: s ?? null };
  if (p !== undefined) return { by: 'percent', percent: p };
  return a === undefined ? null : { by: 'area', pixels: a };
}

/** A list of preferred formats stands for `auto`; what was negotiated may be fixed in the URL. */
function encodeOf(ops: Ops, { format, negotiated }: PlanFrame): EncodeWish {
  return {
    format: format === 'auto' && ops.pf !== undefined ? 'preferred' : format,
    ...(negotiated === null || ops.nt !== undefined ? {} : { negotiated }),
    ...meanEncode(ops),
  };
}
