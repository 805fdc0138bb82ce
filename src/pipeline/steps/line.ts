import type { LineOp } from '../../plan/program.ts';
import { bitonalLine } from './bitonal.ts';
import { brightnessLine } from './brightness.ts';
import type { ChainStep } from './chain-step.ts';
import { contrastLine } from './contrast.ts';
import type { Line } from './tone.ts';

/** Nothing without brightness, contrast or bitonal. Several are multiplied into one pass; alpha stays. */
export const line: ChainStep = (chain, segment) => {
  const [first, ...others] = segment.line.map(lineOf);
  if (!first) return chain;
  const { slope, intercept } = others.reduce(follow, first);
  return chain.linear(slope, intercept);
};

function lineOf(op: LineOp): Line {
  switch (op.op) {
    case 'bitonal':
      return bitonalLine(op.threshold);
    case 'brightness':
      return brightnessLine(op.amount);
    case 'lift':
      return { slope: 1, intercept: op.amount };
    case 'contrast':
      return contrastLine(op.amount);
  }
}

const follow = (first: Line, then: Line): Line => ({
  slope: first.slope * then.slope,
  intercept: first.intercept * then.slope + then.intercept,
});
