import { pipeline } from 'node:stream/promises';
import type { NamespaceConfig } from '../config/config.ts';
import type { ParsedRequest } from '../dialects/dialect.ts';
import type { OriginalOrder } from '../ipc/order.ts';
import { msToNs } from '../shared/clock.ts';
import { isPileusError, PileusError } from '../shared/errors.ts';
import type { Exchange } from './exchange.ts';
import type { Front } from './front.ts';
import { sourceIdOf } from './quarantine-view.ts';
import { writeOriginalHead } from './respond.ts';
import type { OriginalAnswer } from './worker-client.ts';

/**
 * Streams an original from a worker to the client, byte-exact, with ranges and conditions answered by the worker, which
 * has the store. Past the blob buffer, the CPU place and single-flight; back-pressure reaches the origin.
 */
export async function sendOriginal(
  front: Front,
  exchange: Exchange,
  parsed: ParsedRequest,
  namespace: NamespaceConfig,
): Promise<void> {
  const { req, res } = exchange;
  const missing = front.library.missing(parsed.source, { config: front.config, namespace }, front.clock.nowMs());
  if (missing) throw missing;
  const abort = new AbortController();
  res.once('close', () => abort.abort());
  const header = (name: string): string | null => {
    const value = req.headers[name];
    return typeof value === 'string' ? value : null;
  };
  const order: OriginalOrder = {
    requestId: exchange.requestId,
    traceparent: exchange.traceparent,
    source: parsed.source,
    head: exchange.head,
    range: header('range'),
    ifNoneMatch: header('if-none-match'),
    ifRange: header('if-range'),
    ifModifiedSince: header('if-modified-since'),
    deadlineNs: msToNs(exchange.startMs + front.config.options.requestMs),
    configRevision: front.config.revision,
  };
  const { answer, slot } = await openOriginal(front, order, abort.signal);
  if (answer.error) {
    const contentRange = answer.headers['content-range'];
    if (typeof contentRange === 'string') res.setHeader('content-range', contentRange);
    if (answer.error.code === 'source_not_found') front.library.noteMissing(parsed.source);
    throw answer.error;
  }
  const headers: Record<string, string> = {};
  for (const name of handedOn) {
    const value = answer.headers[name];
    if (typeof value === 'string') headers[name] = value;
  }
  exchange.from = 'original';
  exchange.worker = slot;
  writeOriginalHead(res, front.contextOf(exchange), answer.status, headers);
  res.setTimeout(front.config.options.writeTimeoutMs, () => res.destroy());
  if (exchange.head || answer.status === 304) {
    answer.body.destroy();
    res.end();
    return;
  }
  // Counted as they go: an original that breaks off has sent what it has sent.
  exchange.bodyBytes = 0;
  answer.body.on('data', (chunk: Buffer) => {
    exchange.bodyBytes += chunk.length;
  });
  answer.body.once('error', (cause) => {
    // What breaks after the client has left is the leaving itself.
    if (!abort.signal.aborted) noteBroken(exchange, cause);
  });
  // Whoever breaks, the connection breaks with it: half an original must not look whole.
  await pipeline(answer.body, res).catch(() => {});
}

/**
 * A worker that dies before it has answered has given nothing away: another one is asked, once. While there is none, the
 * next is waited for, as a picture would.
 */
async function openOriginal(
  front: Front,
  order: OriginalOrder,
  signal: AbortSignal,
  isLastTry = false,
): Promise<Readonly<{ answer: OriginalAnswer; slot: number }>> {
  const { dispatcher } = front;
  if (!(await dispatcher.whenWorker()) || signal.aborted) throw noWorker();
  const backend = dispatcher.anyBackend(sourceIdOf(order.source.ns, order.source.key));
  if (!backend) throw noWorker();
  try {
    return { answer: await backend.client.openOriginal(order, signal), slot: backend.slot };
  } catch (cause) {
    if (isPileusError(cause)) throw cause;
    if (isLastTry || signal.aborted) throw noWorker(cause);
    dispatcher.noteBroken(backend);
    return openOriginal(front, order, signal, true);
  }
}

const noWorker = (cause?: unknown): PileusError => new PileusError('no_worker', { retryAfterS: 1, cause });

function noteBroken(exchange: Exchange, cause: unknown): void {
  exchange.from = 'error';
  exchange.code = 'origin_failed';
  exchange.cause = cause;
}

/** Headers of the worker's answer that belong to the original. */
const handedOn = ['content-type', 'content-length', 'content-range', 'accept-ranges', 'etag', 'last-modified'] as const;
