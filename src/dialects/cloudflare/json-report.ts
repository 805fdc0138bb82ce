import type { ReportWriter } from '../dialect.ts';
import { resolveForReport } from '../resolve-report.ts';

/** `format=json`: sizes before and after, type and length of the source. */
export const jsonReport: ReportWriter = ({ header, bytes, ...facts }, args) => {
  const { width, height } = resolveForReport(String(args.plan), { header, bytes, ...facts });
  const format = header.format === 'svg' ? 'image/svg+xml' : `image/${header.format}`;
  const original = { file_size: bytes, width: header.width, height: header.height, format };
  return {
    contentType: 'application/json',
    extension: 'json',
    body: `${JSON.stringify({ width, height, original })}\n`,
  };
};
