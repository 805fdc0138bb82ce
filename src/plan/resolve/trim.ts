import { PileusError } from '../../shared/errors.ts';
import type { Plan, Step } from '../plan.ts';

export type TrimStep = Extract<Step, { op: 'trim' }>;

/** What is left of a picture, in pixels of the picture upright. */
export type TrimBox = Readonly<{ x: number; y: number; w: number; h: number }>;

/** The trim that a plan begins with, or null. Throws operation_unsupported where one stands later. */
export function trimOf({ steps }: Pick<Plan, 'steps'>): TrimStep | null {
  if (steps.slice(1).some(({ op }) => op === 'trim')) {
    throw new PileusError('operation_unsupported', {
      detail: 'A picture is trimmed before anything else, or not at all.',
    });
  }
  const [first] = steps;
  return first?.op === 'trim' ? first : null;
}

/** The same plan with the box in place of its trim. */
export const closePlan = (plan: Plan, box: TrimBox): Plan => ({
  ...plan,
  steps: [{ op: 'region', unit: 'px', ...box }, ...plan.steps.slice(1)],
});

/** The plan whose result is searched for the border: the picture upright, and nothing else. */
export const trimProbe = (plan: Plan): Plan => ({
  ...plan,
  decode: { ...plan.decode, frames: typeof plan.decode.frames === 'number' ? plan.decode.frames : 'first' },
  steps: [],
  encode: { format: 'png', metadata: 'none' },
});
