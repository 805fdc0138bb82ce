import { PileusError } from '../../shared/errors.ts';
import type { EncodeWish, Plan, Step } from '../plan.ts';
import { stillFrames } from './frames.ts';

export type TrimStep = Extract<Step, { op: 'trim' }>;

/** What is left of a picture, in pixels of the picture as it stands before the trim. */
export type TrimBox = Readonly<{ x: number; y: number; w: number; h: number }>;

/** A trim, and where it stands in its plan. */
export type TrimPlace = Readonly<{ trim: TrimStep; at: number }>;

/** Each trim makes the picture once more, up to there. */
export const trimsMax = 4;

/** The first trim of a plan, or null. Throws operation_unsupported for more than `trimsMax` of them. */
export function trimOf({ steps }: Pick<Plan, 'steps'>): TrimPlace | null {
  const places = steps.flatMap((step, at) => (step.op === 'trim' ? [{ trim: step, at }] : []));
  if (places.length > trimsMax) {
    throw new PileusError('operation_unsupported', { detail: `A picture is trimmed at most ${trimsMax} times.` });
  }
  return places[0] ?? null;
}

/** The same plan with the box in place of its first trim. */
export const closePlan = (plan: Plan, { at }: TrimPlace, box: TrimBox): Plan => ({
  ...plan,
  steps: [...plan.steps.slice(0, at), { op: 'region', unit: 'px', ...box }, ...plan.steps.slice(at + 1)],
});

/** The plan whose result is searched for the border: everything before the trim, from the picture upright. */
export const trimProbe = (plan: Plan, { at }: TrimPlace): Plan => ({
  ...plan,
  decode: { ...plan.decode, frames: stillFrames(plan.decode.frames) },
  steps: plan.steps.slice(0, at),
  encode: { format: 'png', metadata: 'none', ...(at === 0 ? {} : fill(plan.encode)) },
});

/** What is added before the trim, and what is seen through it, is part of the picture. */
const fill = ({ background, flatten }: EncodeWish): Pick<EncodeWish, 'background' | 'flatten'> => ({
  ...(background === undefined ? {} : { background }),
  ...(flatten === undefined ? {} : { flatten }),
});
