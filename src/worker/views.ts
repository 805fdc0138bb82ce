import type { ReportWriter } from '../dialects/dialect.ts';
import { reportWriter } from '../dialects/report-writers.ts';
import type { JobResult } from '../ipc/order.ts';
import type { Details } from '../plan/header/details.ts';
import { orientedSize, type SourceFacts } from '../plan/header.ts';
import type { Measured } from '../plan/measured.ts';
import type { Plan } from '../plan/plan.ts';
import { shortHash } from '../shared/short-hash.ts';

/** A finished answer: a picture, or facts as JSON. */
export type Made = Readonly<{ body: Uint8Array; result: JobResult }>;

/** What `~info.json` says of a source: its size as a viewer sees it, and its version only as a hash. */
export function infoOf(facts: SourceFacts, plan: Plan): Record<string, unknown> {
  const { header } = facts;
  return {
    format: header.format,
    ...orientedSize(header, plan.decode.orient),
    frames: header.frames,
    orientation: header.orientation,
    alpha: header.alpha,
    bytes: facts.bytes,
    version: shortHash(facts.version),
    space: header.space,
    bitsPerChannel: header.bitsPerChannel,
    icc: header.icc,
    quality: header.quality,
  };
}

/** Facts as a result. Its key is a hash of its type and its bytes: equal bytes may be sent as two types. */
export const jsonResult = (value: unknown, facts: SourceFacts, plan: Plan): Made =>
  textResult(
    { contentType: 'application/json', extension: 'json', body: `${JSON.stringify(value, null, 2)}\n` },
    facts,
    plan,
  );

/** Facts in the words of another grammar. */
export const reportResult = (
  report: NonNullable<Plan['report']>,
  facts: SourceFacts,
  plan: Plan,
  details?: Details,
  measured?: Measured,
): Made => textResult(reportWriter(report.as)(facts, report.args, details, measured), facts, plan);

function textResult(text: ReturnType<ReportWriter>, facts: SourceFacts, plan: Plan): Made {
  const body = Buffer.from(text.body);
  return {
    body,
    result: {
      derivation: shortHash(`${text.contentType}\n${text.body}`),
      contentType: text.contentType,
      extension: text.extension,
      ...orientedSize(facts.header, plan.decode.orient),
      frames: facts.header.frames,
    },
  };
}
