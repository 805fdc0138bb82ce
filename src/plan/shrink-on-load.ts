import { coverSize } from './resolve/size.ts';
import type { Resolved, ResolvedOp } from './resolved.ts';
import { orientationTurn, quarterTurns, type Size, type Turn } from './turn.ts';

/**
 * By how much (linear, at least 1) the decoder itself shrinks the picture: 1, 2, 4 or 8 for JPEG, any factor for
 * WebP, 1 for everything else.
 *
 * It applies when nothing but turns (orientation, mirrors, quarter turns) precedes the first resize or smartcrop, which does not
 * work in linear light or on a stack of pages: the engine turns after the resize, with its sides swapped. The rule is that of sharp 0.35.5 (`src/pipeline.cc`, ResolveShrink and "Lower
 * shrink-on-load for known libjpeg rounding errors").
 */
export function shrinkOnLoad({ input, ops, linear }: Pick<Resolved, 'input' | 'ops' | 'linear'>): number {
  if (linear || input.stacked) return 1;
  if (input.format !== 'jpeg' && input.format !== 'webp') return 1;
  const first = firstScale(ops);
  if (first === null) return 1;
  const [width, height] = first.swapped ? [first.op.height, first.op.width] : [first.op.width, first.op.height];
  const shrink = Math.min(input.width / width, input.height / height);
  return input.format === 'jpeg' ? jpegFactor(shrink) : Math.max(1, shrink);
}

/** The size in which a vector picture is drawn, where its first op scales it; null: in its own. */
export function drawnSize({ input, ops: [first] }: Pick<Resolved, 'input' | 'ops'>): Size | null {
  if (first?.op === 'resize') return { width: first.width, height: first.height };
  return first?.op === 'smartcrop' ? coverSize(input, first) : null;
}

type ScaleOp = Extract<ResolvedOp, { op: 'resize' | 'smartcrop' }>;

/** Where the stored picture is scaled: the op, its place, and whether the turns before it swap its sides. */
type FirstScale = Readonly<{ op: ScaleOp; at: number; swapped: boolean }>;

/** The first op that scales, where nothing but turns precedes it; else null. */
export function firstScale(ops: readonly ResolvedOp[]): FirstScale | null {
  let swapped = false;
  for (const [at, op] of ops.entries()) {
    if (op.op === 'resize' || op.op === 'smartcrop') return { op, at, swapped };
    const turn = turnOf(op);
    if (turn === null) return null;
    swapped = swapped !== turn.quarter;
  }
  return null;
}

function turnOf(op: ResolvedOp): Turn | null {
  if (op.op === 'orient') return orientationTurn(op.orientation);
  if (op.op === 'flip') return { flip: op.vertical, flop: op.horizontal, quarter: false };
  return op.op === 'rotate' && op.degrees % 90 === 0 ? quarterTurns(op.degrees) : null;
}

function jpegFactor(shrink: number): number {
  const factor = shrink >= 8 ? 8 : shrink >= 4 ? 4 : shrink >= 2 ? 2 : 1;
  // libjpeg rounds badly where the decoder would do the whole shrink, so sharp leaves a rest for the resize.
  return factor > 1 && Math.trunc(shrink) === factor ? factor / 2 : factor;
}
