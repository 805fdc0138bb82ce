import { markName } from './marks.ts';
import type { Plan, Step, StepOp } from './plan.ts';

/** Steps that only move, cut or scale: how large a picture comes out does not change what may go wrong with it. */
const geometricOps: ReadonlySet<StepOp> = new Set([
  'region',
  'square',
  'resize',
  'flip',
  'rotate',
  'crop',
  'scale',
  'pad',
  'canvas',
  'tile',
  'layout',
]);

/**
 * What kind of work a plan is, for blame: view, output format, all frames or one, and the operations beyond
 * geometry, sorted. Two sizes of one plan share a class, since a picture that kills a worker at 300 pixels kills
 * it at 301 too; another format or an added blur does not. Choosing a crop by content counts as an operation, and each
 * original that is drawn as a mark is one of its own.
 */
export function operationClass(plan: Plan): string {
  const ops = new Set<string>();
  for (const step of plan.steps) {
    if (step.op === 'watermark' && typeof step.asset !== 'string') ops.add(`watermark of ${markName(step.asset)}`);
    else if (!geometricOps.has(step.op)) ops.add(step.op);
    const holdsOn = step.op === 'resize' || step.op === 'crop' || step.op === 'canvas';
    if (holdsOn && step.gravity.kind === 'smart') ops.add(step.gravity.by);
    if (step.op === 'layout') addLayout(step, ops);
  }
  const names = ops.size === 0 ? 'plain' : [...ops].sort().join('+');
  return `${plan.view}/${outputOf(plan)}/${keepsFrames(plan) ? 'frames' : 'still'}/${names}`;
}

function addLayout({ anchor, crop, filters }: Extract<Step, { op: 'layout' }>, ops: Set<string>): void {
  if (anchor.kind === 'smart' || crop?.anchor.kind === 'smart') ops.add('attention');
  for (const filter of filters) ops.add(filter.op);
}

const outputOf = ({ encode }: Plan): string =>
  encode.format === 'auto' || encode.format === 'preferred' ? (encode.negotiated ?? 'plain') : encode.format;

/** Formats that hold one picture, so that `auto` frames mean the first. */
const stillFormats: ReadonlySet<string> = new Set(['jpg', 'png', 'avif', 'tif', 'bmp', 'ico']);

function keepsFrames({ decode, encode }: Plan): boolean {
  const { frames } = decode;
  if (frames === 'all') return true;
  // Pages without `still` are all frames where the source is an animation.
  return (frames === 'auto' || (typeof frames === 'object' && !frames.still)) && !stillFormats.has(encode.format);
}
