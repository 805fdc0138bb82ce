import type { JobReport, WorkerLoad } from '../ipc/order.ts';

/** The header that every answer carries. */
export const reportHeader = 'x-pileus-report';

/** A report of which nothing is known but the load. */
export const emptyReport = (load: WorkerLoad): JobReport => ({
  version: null,
  facts: null,
  checkedAtMs: null,
  phases: { fetchMs: 0, waitMs: 0, processMs: 0 },
  load,
  result: null,
  redirect: null,
  error: null,
  cost: null,
  joined: false,
  sourceHit: false,
});

/** A report as a header's value: JSON in ASCII, whatever a version or a detail holds. */
export const encodeReport = (report: JobReport): string =>
  JSON.stringify(report).replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
