import { orientedSize } from '../../plan/header.ts';
import type { Plan } from '../../plan/plan.ts';
import type { ResolvedOp } from '../../plan/resolved.ts';
import type { ReportWriter } from '../dialect.ts';
import { resolveForReport } from '../resolve-report.ts';

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
