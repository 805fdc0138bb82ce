import type { Options } from '../../config/config.ts';
import { optionTable } from '../../config/options.ts';
import type { SourceFacts } from '../../plan/header.ts';
import { orientedSize } from '../../plan/header.ts';
import type { Plan, Step } from '../../plan/plan.ts';
import { resolve } from '../../plan/resolve.ts';
import type { Resolved, ResolvedOp } from '../../plan/resolved.ts';
import type { ReportWriter } from '../dialect.ts';

/** What `meta` would do to a source, worked out with the widest limits: nothing is made of it. */
export function resolveForReport(planText: string, facts: SourceFacts): Resolved {
  const plan = JSON.parse(planText) as Plan;
  return resolve(plan, facts.header, { options: widest, animated: true, truncatedOk: true, assets: {} });
}

/** A plan as an argument of a report, without marks: they change no size, and their assets are not known there. */
export const planArgument = (plan: Plan, steps: readonly Step[]): string =>
  JSON.stringify({ ...plan, steps: steps.filter(({ op }) => op !== 'watermark') });

const widest = {
  ...Object.fromEntries(Object.entries(optionTable).map(([name, option]) => [name, option.default])),
  resultSideMax: optionTable.resultSideMax.max,
  resultPixelsMax: optionTable.resultPixelsMax.max,
  // Every option of the table is in it, which its type cannot say.
} as unknown as Options;

/** thumbor's `meta`: the source, the operations on it, and the size that they end in. */
export const metaReport: ReportWriter = (facts, args) => {
  const plan = JSON.parse(String(args.plan)) as Plan;
  const resolved = resolveForReport(String(args.plan), facts);
  const body = {
    thumbor: {
      source: { url: args.url, ...orientedSize(facts.header, plan.decode.orient) },
      operations: resolved.ops.flatMap(operationsOf),
      target: { width: resolved.width, height: resolved.height },
    },
  };
  return { contentType: 'application/json', extension: 'json', body: `${JSON.stringify(body)}\n` };
};

function operationsOf(op: ResolvedOp): readonly Readonly<Record<string, string | number>>[] {
  switch (op.op) {
    case 'extract':
      return [{ type: 'crop', left: op.left, top: op.top, right: op.left + op.width, bottom: op.top + op.height }];
    case 'resize':
    case 'smartcrop':
      return [{ type: 'resize', width: op.width, height: op.height }];
    case 'flip':
      return [
        ...(op.horizontal ? [{ type: 'flip_horizontally' }] : []),
        ...(op.vertical ? [{ type: 'flip_vertically' }] : []),
      ];
    default:
      return [];
  }
}
