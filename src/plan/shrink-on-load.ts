import type { Resolved, ResolvedOp } from './resolved.ts';

/**
 * By how much (linear, at least 1) the decoder itself shrinks the picture: 1, 2, 4 or 8 for JPEG, any factor for
 * WebP, 1 for everything else.
 *
 * It applies when nothing but orientation precedes the first resize or smartcrop; the engine orients after the
 * resize by swapping its sides. The rule is that of sharp 0.35.5 (`src/pipeline.cc`, ResolveShrink and "Lower
 * shrink-on-load for known libjpeg rounding errors").
 */
export function shrinkOnLoad({ input, ops }: Pick<Resolved, 'input' | 'ops'>): number {
  if (input.format !== 'jpeg' && input.format !== 'webp') return 1;
  const first = firstScale(ops);
  if (first === null) return 1;
  const [width, height] = first.swapped ? [first.op.height, first.op.width] : [first.op.width, first.op.height];
  const shrink = Math.min(input.width / width, input.height / height);
  return input.format === 'jpeg' ? jpegFactor(shrink) : Math.max(1, shrink);
}

type ScaleOp = Extract<ResolvedOp, { op: 'resize' | 'smartcrop' }>;

/** The op that scales the stored picture, where nothing but orientation precedes it, and whether that swaps sides. */
export function firstScale(ops: readonly ResolvedOp[]): Readonly<{ op: ScaleOp; swapped: boolean }> | null {
  const orient = ops[0]?.op === 'orient' ? ops[0] : null;
  const op = ops[orient === null ? 0 : 1];
  if (op?.op !== 'resize' && op?.op !== 'smartcrop') return null;
  return { op, swapped: orient !== null && orient.orientation >= 5 };
}

function jpegFactor(shrink: number): number {
  const factor = shrink >= 8 ? 8 : shrink >= 4 ? 4 : shrink >= 2 ? 2 : 1;
  // libjpeg rounds badly where the decoder would do the whole shrink, so sharp leaves a rest for the resize.
  return factor > 1 && Math.trunc(shrink) === factor ? factor / 2 : factor;
}
