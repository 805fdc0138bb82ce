import type { Options } from '../config/config.ts';
import { optionTable } from '../config/options.ts';
import type { SourceFacts } from '../plan/header.ts';
import type { Plan, Step } from '../plan/plan.ts';
import { resolve } from '../plan/resolve.ts';
import type { Resolved } from '../plan/resolved.ts';

/** What a plan that stands in a report's arguments would do to a source, worked out with the widest limits: nothing is made of it. */
export function resolveForReport(planText: string, facts: SourceFacts): Resolved {
  const plan = JSON.parse(planText) as Plan;
  return resolve(plan, facts.header, { options: widest, animated: true, truncatedOk: true, assets: {} });
}

/** A plan as an argument of a report, without marks: they change no size, and their assets are not known there. */
export const planArgument = (plan: Plan, steps: readonly Step[]): string =>
  JSON.stringify({ ...plan, steps: steps.filter(({ op }) => op !== 'watermark' && op !== 'text') });

const widest = {
  ...Object.fromEntries(Object.entries(optionTable).map(([name, option]) => [name, option.default])),
  resultSideMax: optionTable.resultSideMax.max,
  resultPixelsMax: optionTable.resultPixelsMax.max,
  // Every option of the table is in it, which its type cannot say.
} as unknown as Options;
