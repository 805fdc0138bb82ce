import { headerPixels } from '../plan/header.ts';
import type { LogFields } from '../shared/log.ts';
import { clientAddress, type TrustedProxies } from './client-address.ts';
import type { Exchange } from './exchange.ts';
import { traceIdOf } from './trace-context.ts';

/**
 * The one line that a request leaves: who, what, how it ended, and the milliseconds of each phase. Fields that mean
 * nothing for a request are absent.
 */
export function accessLine(exchange: Exchange, status: number, totalMs: number, trusted: TrustedProxies): LogFields {
  const { req, parsed, report } = exchange;
  const forwardedFor = req.headers['x-forwarded-for'];
  const line: LogFields & Record<string, unknown> = {
    event: 'access',
    requestId: exchange.requestId,
    method: req.method,
    path: req.url,
    status,
    from: exchange.from,
    client: clientAddress(exchange.clientAddress, typeof forwardedFor === 'string' ? forwardedFor : undefined, trusted),
    outBytes: exchange.bodyBytes,
    totalMs: round(totalMs),
  };
  if (exchange.code !== null) line.code = exchange.code;
  else if (exchange.from === 'gone') line.code = 'client_gone';
  if (exchange.insteadOf !== null) line.insteadOf = exchange.insteadOf.code;
  if (parsed) line.ns = parsed.source.ns;
  if (exchange.worker !== null) line.worker = exchange.worker;
  if (exchange.traceparent !== null) line.traceId = traceIdOf(exchange.traceparent);
  if (report) {
    line.queueMs = round(exchange.queueMs);
    line.fetchMs = round(report.phases.fetchMs);
    line.waitMs = round(report.phases.waitMs);
    line.processMs = round(report.phases.processMs);
    line.sourceHit = report.sourceHit;
    if (report.facts) {
      line.inBytes = report.facts.bytes;
      line.inPixels = headerPixels(report.facts.header);
      line.inFormat = report.facts.header.format;
    }
  }
  return line;
}

const round = (ms: number): number => Math.round(ms * 10) / 10;
