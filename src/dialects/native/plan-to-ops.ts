import type { EncodeWish, Plan, Step } from '../../plan/plan.ts';
import { sayEncode } from './encode-words.ts';
import { noOps, type Ops, placeOf, type Stages, wordOf } from './tokens.ts';

/**
 * The operations that mean a canonical plan, without those that say what is so anyway (`m_fit`, `up_0`, `g_c`), in as few stages as
 * the order of its steps allows. `pinned`: what was negotiated is said too, whatever Accept gives. null where the grammar has no
 * words for it: a device pixel ratio on a percentage.
 */
export function planToOps(plan: Plan, pinned: boolean): Stages | null {
  const { decode, steps, encode, expects } = plan;
  const ops = noOps();
  if (!decode.orient) ops.o = false;
  if (decode.frames !== 'auto') ops.fr = decode.frames === 'first' ? 0 : decode.frames;
  if (decode.linear) ops.ln = true;
  const then = addStages(ops, steps);
  if (then === null) return null;
  if (expects !== undefined) ops.hs = expects;
  sayEncode(encode, ops);
  sayNegotiated(ops, encode, pinned);
  return { ops, then };
}

function addStages(first: Ops, steps: readonly Step[]): readonly Ops[] | null {
  const then: Ops[] = [];
  let stage = first;
  let last = -1;
  for (const step of steps) {
    const place = placeOf(step);
    if (place <= last) {
      stage = noOps();
      then.push(stage);
    }
    if (!addStep(stage, step)) return null;
    last = place;
  }
  return then;
}

function addStep(ops: Ops, step: Step): boolean {
  if (step.op === 'resize') return addResize(ops, step);
  const word = wordOf(step);
  if (word === null) return false;
  ops[word.name] = step;
  return true;
}

function addResize(ops: Ops, step: Extract<Step, { op: 'resize' }>): boolean {
  const { size, gravity } = step;
  if (step.dpr !== 1) return false;
  if (step.mode !== 'fit') ops.m = step.mode;
  switch (size.by) {
    case 'box':
      if (size.w !== null) ops.w = size.w;
      if (size.h !== null) ops.h = size.h;
      break;
    case 'sides':
      if (size.long !== null) ops.l = size.long;
      if (size.short !== null) ops.s = size.short;
      break;
    case 'percent':
      ops.p = size.percent;
      break;
    case 'area':
      ops.a = size.pixels;
      break;
  }
  if (gravity.kind !== 'compass' || gravity.at !== 'c') ops.g = gravity;
  if (step.rounding !== 'nearest') ops.rd = step.rounding;
  if (step.kernel !== undefined) ops.kn = step.kernel;
  if (step.enlarge !== 'no') ops.up = step.enlarge;
  return true;
}

/** Only where the format is left to be chosen does it mean anything what was negotiated. */
function sayNegotiated(ops: Ops, { format, negotiated }: EncodeWish, pinned: boolean): void {
  ops.nt = pinned && (format === 'auto' || format === 'preferred') ? (negotiated ?? 'none') : undefined;
}
