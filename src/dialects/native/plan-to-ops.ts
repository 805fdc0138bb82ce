import type { Plan, Step } from '../../plan/plan.ts';
import { noOps, type Ops } from './tokens.ts';

/**
 * The operations that mean a canonical plan, without those that say what is so anyway (`m_fit`, `up_0`, `g_c`).
 * null where the grammar has no words for it: other step orders, steps that stand twice, rounding down, a device
 * pixel ratio on a percentage, byte budgets that are not whole KiB.
 */
export function planToOps({ decode, steps, encode }: Plan): Ops | null {
  const ops = noOps();
  if (!decode.orient) ops.o = false;
  if (decode.frames !== 'auto') ops.fr = decode.frames === 'first' ? 0 : decode.frames;

  let place = 0;
  for (const step of steps) {
    const stepPlace = stepPlaces[step.op] ?? 0;
    if (stepPlace <= place || !addStep(ops, step)) return null;
    place = stepPlace;
  }

  const { quality, bytesMax } = encode;
  if (encode.background !== undefined) ops.bg = encode.background;
  if (quality?.kind === 'absolute') ops.q = quality.value;
  if (quality?.kind === 'source-capped') ops.qs = quality.value;
  if (quality?.kind === 'corrected') ops.qc = quality.value;
  if (bytesMax !== undefined) {
    if (bytesMax % 1024 !== 0) return null;
    ops.kb = bytesMax / 1024;
  }
  if (encode.lossless !== undefined) ops.ll = encode.lossless;
  if (encode.progressive !== undefined) ops.pg = encode.progressive;
  if (encode.metadata !== undefined) ops.md = encode.metadata;
  return ops;
}

/** The grammar's order of steps; those of one place exclude each other. */
const stepPlaces: Readonly<Partial<Record<Step['op'], number>>> = {
  region: 1,
  square: 1,
  resize: 2,
  flip: 3,
  rotate: 4,
  blur: 5,
  sharpen: 6,
  grey: 7,
  bitonal: 8,
  brightness: 9,
  contrast: 10,
  saturation: 11,
  watermark: 12,
};

/** False where the step cannot be said. */
function addStep(ops: Ops, step: Step): boolean {
  switch (step.op) {
    case 'region': {
      const { x, y, w, h } = step;
      if (step.unit === 'px') ops.c = { x, y, w, h };
      else ops.cp = { x, y, w, h };
      return true;
    }
    case 'square':
      ops.c = 'square';
      return true;
    case 'resize':
      return addResize(ops, step);
    case 'flip':
      ops.fl = { horizontal: step.horizontal, vertical: step.vertical };
      return true;
    case 'rotate':
      ops.rt = step.degrees;
      return true;
    case 'blur':
      ops.bl = step.sigma;
      return true;
    case 'sharpen':
      ops.sh = step.sigma;
      return true;
    case 'grey':
      ops.gr = true;
      return true;
    case 'bitonal':
      ops.bt = step.threshold;
      return true;
    case 'brightness':
      ops.br = step.amount;
      return true;
    case 'contrast':
      ops.ct = step.amount;
      return true;
    case 'saturation':
      ops.sa = step.amount;
      return true;
    case 'watermark': {
      const { op: _, oversize, within, tile, degrees, shadow, ...watermark } = step;
      if (oversize || within || tile || degrees || shadow) return false;
      ops.wm = watermark;
      return true;
    }
    default:
      return false;
  }
}

function addResize(ops: Ops, step: Extract<Step, { op: 'resize' }>): boolean {
  const { size, gravity } = step;
  if (step.rounding !== 'nearest' || step.dpr !== 1) return false;
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
  if (step.enlarge !== 'no') ops.up = step.enlarge;
  return true;
}
