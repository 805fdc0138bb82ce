import type { MatrixOp } from '../../plan/program.ts';
import type { ChainStep } from './chain-step.ts';
import { greyMatrix } from './grey.ts';
import { saturationMatrix } from './saturation.ts';
import { sepiaMatrix } from './sepia.ts';
import type { Matrix } from './tone.ts';

type Row = Matrix[0];

/** Nothing without grey, bitonal, saturation or sepia. Several are multiplied into one pass. */
export const matrix: ChainStep = (chain, segment) => {
  const [first, ...others] = segment.matrix.map(matrixOf);
  if (!first) return chain;
  const [red, green, blue] = others.reduce(multiply, first);
  return chain.recomb([[...red], [...green], [...blue]]);
};

function matrixOf(op: MatrixOp): Matrix {
  if (op.op === 'sepia') return sepiaMatrix;
  return op.op === 'saturation' ? saturationMatrix(op.amount) : greyMatrix;
}

/** `first` acts first. */
function multiply(first: Matrix, then: Matrix): Matrix {
  const row = (shares: Row): Row => [column(shares, first, 0), column(shares, first, 1), column(shares, first, 2)];
  return [row(then[0]), row(then[1]), row(then[2])];
}

const column = (shares: Row, of: Matrix, at: 0 | 1 | 2): number =>
  shares[0] * of[0][at] + shares[1] * of[1][at] + shares[2] * of[2][at];
