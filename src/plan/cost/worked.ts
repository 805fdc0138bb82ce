import { openingSize, type Size, sizeAfter, sizeOf } from '../resolve/size.ts';
import type { Resolved, ResolvedOp } from '../resolved.ts';
import { firstScale } from '../shrink-on-load.ts';
import { decodedSize } from './decode.ts';

/** An op with the sizes of a frame that it really works on. */
export type Worked = Readonly<{ op: ResolvedOp; before: Size; after: Size }>;

/**
 * The ops with the sizes that the engine meets: the decoder may have shrunk already, and where turns come before
 * the first resize, it is the small picture that is turned.
 */
export function workedOps(resolved: Resolved): Worked[] {
  const { ops } = resolved;
  const scale = firstScale(ops);
  let size = resolved.input.stacked ? openingSize(resolved.input) : decodedSize(resolved);
  return ops.map((op, at) => {
    const before = size;
    size = sizeAfter(op, before);
    if (scale === null || at >= scale.at) return { op, before, after: size };
    const turned = sizeOf(scale.op.width, scale.op.height);
    return { op, before: turned, after: turned };
  });
}
