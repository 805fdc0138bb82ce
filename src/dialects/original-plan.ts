import type { Plan } from '../plan/plan.ts';

/** The original as it is stored. */
export const originalPlan: Plan = {
  view: 'original',
  decode: { orient: true, frames: 'auto' },
  steps: [],
  encode: { format: 'source' },
};
