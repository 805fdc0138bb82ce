import { canonicalPlan } from '../../plan/canonical-plan.ts';
import type { EncodeWish, FormatWish, Measures, Negotiated, Plan, Quality, Step, View } from '../../plan/plan.ts';
import { compassGravity } from '../../plan/plan.ts';
import type { Ops } from './tokens.ts';

/** What the operations are applied for. */
export type PlanFrame = Readonly<{ view: View; format: FormatWish; negotiated: Negotiated | null }>;

/**
 * The plan that operations mean, in canonical form. The order of its steps is the grammar's: region, resize,
 * flip, rotate, blur, sharpen, grey, bitonal, brightness, contrast, saturation, watermark.
 */
export function opsToPlan(ops: Ops, frame: PlanFrame, sideMax: number): Plan {
  const plan: Plan = {
    view: frame.view,
    decode: { orient: ops.o !== false, frames: ops.fr ?? 'auto' },
    steps: stepsOf(ops),
    encode: encodeOf(ops, frame),
    ...(frame.view === 'measured' ? { measures: placeholders } : {}),
  };
  return canonicalPlan(plan, sideMax);
}

/** What `ph` tells: all that a page can show before the picture. */
const placeholders: Measures = { average: true, palette: 6, blurhash: { x: 4, y: 3 }, thumbhash: true };

function stepsOf(ops: Ops): readonly Step[] {
  const steps: Step[] = [];
  if (ops.c === 'square') steps.push({ op: 'square' });
  else if (ops.c !== undefined) steps.push({ op: 'region', unit: 'px', ...ops.c });
  if (ops.cp !== undefined) steps.push({ op: 'region', unit: 'bp', ...ops.cp });
  const size = sizeOf(ops);
  if (size !== null) {
    steps.push({
      op: 'resize',
      mode: ops.m ?? 'fit',
      size,
      // A share of the source or a number of pixels is not a size on a screen.
      dpr: size.by === 'box' || size.by === 'sides' ? (ops.dpr ?? 1) : 1,
      enlarge: ops.up ?? 'no',
      gravity: ops.g ?? compassGravity('c'),
      rounding: 'nearest',
    });
  }
  if (ops.fl !== undefined) steps.push({ op: 'flip', ...ops.fl });
  if (ops.rt !== undefined) steps.push({ op: 'rotate', degrees: ops.rt });
  if (ops.bl !== undefined) steps.push({ op: 'blur', sigma: ops.bl });
  if (ops.sh !== undefined) steps.push({ op: 'sharpen', sigma: ops.sh });
  if (ops.gr === true) steps.push({ op: 'grey' });
  if (ops.bt !== undefined) steps.push({ op: 'bitonal', threshold: ops.bt });
  if (ops.br !== undefined) steps.push({ op: 'brightness', amount: ops.br });
  if (ops.ct !== undefined) steps.push({ op: 'contrast', amount: ops.ct });
  if (ops.sa !== undefined) steps.push({ op: 'saturation', amount: ops.sa });
  if (ops.wm !== undefined) steps.push({ op: 'watermark', ...ops.wm });
  return steps;
}

type Size = Extract<Step, { op: 'resize' }>['size'];

function sizeOf({ w, h, l, s, p, a }: Ops): Size | null {
  if (w !== undefined || h !== undefined) return { by: 'box', w: w ?? null, h: h ?? null };
  if (l !== undefined || s !== undefined) return { by: 'sides', long: l ?? null, short: s ?? null };
  if (p !== undefined) return { by: 'percent', percent: p };
  return a === undefined ? null : { by: 'area', pixels: a };
}

function encodeOf(ops: Ops, { format, negotiated }: PlanFrame): EncodeWish {
  const quality = qualityOf(ops);
  return {
    format,
    ...(negotiated === null ? {} : { negotiated }),
    ...(quality === null ? {} : { quality }),
    ...(ops.ll === undefined ? {} : { lossless: ops.ll }),
    ...(ops.pg === undefined ? {} : { progressive: ops.pg }),
    ...(ops.md === undefined ? {} : { metadata: ops.md }),
    ...(ops.kb === undefined ? {} : { bytesMax: ops.kb * 1024 }),
    ...(ops.bg === undefined ? {} : { background: ops.bg }),
  };
}

function qualityOf({ q, qs, qc }: Ops): Quality | null {
  if (q !== undefined) return { kind: 'absolute', value: q };
  if (qs !== undefined) return { kind: 'source-capped', value: qs };
  return qc === undefined ? null : { kind: 'corrected', value: qc };
}
