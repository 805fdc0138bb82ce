import type { Kernel } from '../plan.ts';
import type { ResolvedOp } from '../resolved.ts';

/** The ops with a kernel for those that scale. */
export const withKernel = (ops: readonly ResolvedOp[], kernel: Kernel | undefined): ResolvedOp[] =>
  ops.map((op) => (kernel !== undefined && (op.op === 'resize' || op.op === 'smartcrop') ? { ...op, kernel } : op));
