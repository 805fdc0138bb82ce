import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NamespaceConfig } from '../config/config.ts';
import type { ParsedRequest } from '../dialects/dialect.ts';
import type { RawRequest } from '../dialects/registry.ts';
import type { JobReport } from '../ipc/order.ts';
import type { Clock } from '../shared/clock.ts';
import type { ErrorCode } from '../shared/errors.ts';
import type { ResponseOrigin } from './metrics.ts';
import type { AnswerContext } from './respond.ts';

/**
 * One request and its answer, as they become known: what the access line and the metrics say at the end, and what every
 * answer has to say of itself.
 */
export class Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly requestId: string;
  readonly traceparent: string | null;
  readonly startMs: number;
  /** Of the socket; asked for at once, since a closed socket has none. */
  readonly clientAddress: string;
  head = false;
  /** What grammars see of it; null until the door has let it in. */
  raw: RawRequest | null = null;
  namespace: NamespaceConfig | null = null;
  parsed: ParsedRequest | null = null;
  /** The error in whose place a fallback is answered, and the status that it has; null for the picture itself. */
  insteadOf: Readonly<{ code: ErrorCode; status: number }> | null = null;
  /** Headers that tell of the picture and its source, once they are known. */
  told: Readonly<Record<string, string>> = {};
  from: ResponseOrigin = 'error';
  code: ErrorCode | null = null;
  cause: unknown = null;
  joined = false;
  queueMs = 0;
  report: JobReport | null = null;
  worker: number | null = null;
  bodyBytes = 0;

  constructor(
    req: IncomingMessage,
    res: ServerResponse,
    requestId: string,
    traceparent: string | null,
    startMs: number,
  ) {
    this.req = req;
    this.res = res;
    this.requestId = requestId;
    this.traceparent = traceparent;
    this.startMs = startMs;
    this.clientAddress = req.socket.remoteAddress ?? '';
  }

  /** Seconds until the URL expires; null for never. */
  expiresInS(clock: Clock): number | null {
    const expiresAtS = this.parsed?.expiresAtS ?? null;
    return expiresAtS === null ? null : Math.max(0, Math.floor(expiresAtS - clock.wallMs() / 1000));
  }

  context(clock: Clock, closing: boolean): AnswerContext {
    const { parsed, report } = this;
    const nowMs = clock.nowMs();
    return {
      requestId: this.requestId,
      head: this.head,
      namespace: this.namespace,
      origin: this.req.headers.origin,
      negotiated: parsed !== null && parsed.negotiated !== null,
      contentLocation: parsed !== null && !parsed.isCanonical ? parsed.canonicalPath : null,
      expiresInS: this.expiresInS(clock),
      timings: report
        ? {
            queue: this.queueMs,
            fetch: report.phases.fetchMs,
            wait: report.phases.waitMs,
            process: report.phases.processMs,
            total: nowMs - this.startMs,
          }
        : { total: nowMs - this.startMs },
      answer: parsed?.answer ?? null,
      told: this.told,
      isFallback: this.insteadOf !== null,
      closing,
    };
  }
}
