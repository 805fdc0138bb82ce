import type { Resolved, ResolvedEncode, ResolvedOp } from '../../src/plan/resolved.ts';
import { orientationTurn, quarterTurns, rotatedSize, type Size, turnSize } from '../../src/plan/turn.ts';

type Draft = Readonly<{
  input?: Partial<Resolved['input']>;
  ops?: readonly ResolvedOp[];
  encode?: Partial<ResolvedEncode>;
}>;

/** A Resolved made by hand: the size of the result follows from the ops; a lossless PNG unless told otherwise. */
export function makeResolved(draft: Draft): Resolved {
  const input = { format: 'png', width: 8, height: 6, page: 0, pages: 1, truncatedOk: false, ...draft.input } as const;
  const ops = draft.ops ?? [];
  const size = ops.reduce(sizeAfter, { width: input.width, height: input.height });
  return {
    input,
    ops,
    width: size.width,
    height: size.height,
    frames: input.pages,
    encode: {
      format: 'png',
      quality: 0,
      effort: 3,
      lossless: false,
      progressive: false,
      fullChroma: false,
      metadata: 'none',
      bytesMax: 0,
      flatten: null,
      ...draft.encode,
    },
  };
}

/** Size of a frame behind one op. */
export function sizeAfter(size: Size, op: ResolvedOp): Size {
  switch (op.op) {
    case 'orient':
      return turnSize(size, orientationTurn(op.orientation));
    case 'rotate':
      return op.degrees % 90 === 0 ? turnSize(size, quarterTurns(op.degrees)) : rotatedSize(size, op.degrees);
    case 'extract':
    case 'resize':
    case 'smartcrop':
      return { width: op.width, height: op.height };
    case 'extend':
      return { width: size.width + op.left + op.right, height: size.height + op.top + op.bottom };
    default:
      return size;
  }
}
