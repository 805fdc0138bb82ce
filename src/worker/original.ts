import type { ServerResponse } from 'node:http';
import type { OriginalOrder } from '../ipc/order.ts';
import { PileusError } from '../shared/errors.ts';
import { KiB } from '../shared/units.ts';
import type { OpenOptions, OpenOriginal, OriginalStat, OriginalStore } from '../store/originals/original-store.ts';
import { readRange } from './byte-range.ts';
import { etagOf, httpDate, isNotModified, rangeHolds } from './conditional.ts';
import type { Namespace } from './config-revisions.ts';
import { contentTypeOf, sniffBytes } from './content-type.ts';
import { deadlineSignal } from './deadline.ts';
import type { JobDeps } from './job-story.ts';
import { emptyReport, encodeReport, reportHeader } from './report.ts';
import { sendChunks } from './send-chunks.ts';
import { deadlinesOf } from './source-table.ts';

/** A client may take so long for an original; stalls are ended by the lb, silence of the origin by its idle deadline. */
const streamMsMax = 600_000;
const chunkBytes = 64 * KiB;
/** After the head of an answer to HEAD the lb hangs up; if it does not, this does. */
const lingerMs = 1000;

export type OriginalDeps = Pick<JobDeps, 'revisions' | 'clock' | 'inside' | 'metrics'>;

type Part = Readonly<{ first: number; last: number }>;

/**
 * Streams an original as it is, at the reader's pace, past blob buffer and CPU place. One range, If-None-Match,
 * If-Modified-Since and If-Range are answered here. Throws PileusErrors until the head is written; then a fault breaks
 * the connection.
 */
export async function sendOriginal(
  order: OriginalOrder,
  response: ServerResponse,
  asker: AbortSignal,
  deps: OriginalDeps,
): Promise<void> {
  const namespace = deps.revisions.at(order.configRevision).namespaces.get(order.source.ns);
  if (!namespace) throw new PileusError('not_found');
  // The order's deadline holds until the first byte; after that only the asker ends the stream.
  const untilHead = deadlineSignal(asker, order.deadlineNs, deps.clock);
  try {
    untilHead.signal.throwIfAborted();
    await answer(order, response, namespace, untilHead, deps);
  } finally {
    untilHead.clear();
  }
}

async function answer(
  order: OriginalOrder,
  response: ServerResponse,
  { store, options }: Namespace,
  { signal, stopTimer }: { signal: AbortSignal; stopTimer: () => void },
  deps: OriginalDeps,
): Promise<void> {
  const { key } = order.source;
  const ask: Omit<OpenOptions, 'range'> = {
    signal,
    deadlines: { ...deadlinesOf(options), totalMs: streamMsMax },
    knownVersion: null,
    traceparent: order.traceparent,
    redirectsMax: options.originRedirectsMax,
    bytesMax: options.sourceBytesMax,
  };
  const head = (status: number, headers: Record<string, string | number>) => {
    deps.metrics.originals.inc({ status: String(status) });
    response.writeHead(status, { ...headers, [reportHeader]: encodeReport(emptyReport(deps.inside.load())) });
  };

  const stat = isPlain(order) ? null : await store.stat(key, ask);
  if (stat && isNotModified(order, validatorsOf(stat))) {
    head(304, headersOf(stat));
    response.end();
    return;
  }
  if (order.head && stat) {
    const type = await sniff(store, key, ask, stat);
    head(200, {
      ...headersOf(stat),
      'content-type': type,
      ...(stat.bytes === null ? {} : { 'content-length': stat.bytes }),
    });
    response.flushHeaders();
    const timer = setTimeout(() => response.destroy(), lingerMs);
    response.on('close', () => clearTimeout(timer));
    return;
  }

  const part = stat ? partOf(order, stat, response) : null;
  // A part tells the type only when it begins with all that is looked at.
  const tells = part !== null && part.first === 0 && part.last + 1 >= Math.min(sniffBytes, stat?.bytes ?? 0);
  const typeApart = stat && part && !tells ? await sniff(store, key, ask, stat) : null;
  const original = await store.open(key, { ...ask, range: part });
  try {
    if (stat && part && original.stat.version !== stat.version) {
      throw new PileusError('origin_failed', { cause: new Error('the original changed between two looks') });
    }
    const first = await readHead(original);
    const type = typeApart ?? contentTypeOf(first);
    const bytes = part ? part.last - part.first + 1 : original.stat.bytes;
    stopTimer();
    head(part ? 206 : 200, {
      ...headersOf(stat ?? original.stat),
      'content-type': type,
      ...(bytes === null ? {} : { 'content-length': bytes }),
      ...(part && stat ? { 'content-range': `bytes ${part.first}-${part.last}/${stat.bytes}` } : {}),
    });
    await sendChunks(response, chunksOf(original, first));
  } finally {
    await original.close();
  }
}

/** Nothing in it asks for more than the bytes: one request to the origin will do. */
const isPlain = (order: OriginalOrder): boolean =>
  !order.head && order.range === null && order.ifNoneMatch === null && order.ifModifiedSince === null;

const validatorsOf = ({ version, modifiedMs }: OriginalStat) => ({ etag: etagOf(version), modifiedMs });

function headersOf(stat: OriginalStat): Record<string, string> {
  const { etag, modifiedMs } = validatorsOf(stat);
  return {
    ...(etag === null ? {} : { etag }),
    ...(modifiedMs === null ? {} : { 'last-modified': httpDate(modifiedMs) }),
    'accept-ranges': stat.bytes === null ? 'none' : 'bytes',
  };
}

/** The range to send, or null for all of it. Throws 416, with the length that ranges have to lie in. */
function partOf(order: OriginalOrder, stat: OriginalStat, response: ServerResponse): Part | null {
  if (order.range === null || stat.bytes === null || !rangeHolds(order.ifRange, validatorsOf(stat))) return null;
  const range = readRange(order.range, stat.bytes);
  if (range.kind === 'all') return null;
  if (range.kind === 'part') return { first: range.first, last: range.last };
  response.setHeader('content-range', `bytes */${stat.bytes}`);
  throw new PileusError('range_not_satisfiable', { detail: `The original has ${stat.bytes} bytes.` });
}

async function sniff(
  store: OriginalStore,
  key: string,
  ask: Omit<OpenOptions, 'range'>,
  stat: OriginalStat,
): Promise<string> {
  if (stat.bytes === 0) return contentTypeOf(Buffer.alloc(0));
  const last = Math.min(sniffBytes, stat.bytes ?? sniffBytes) - 1;
  const original = await store.open(key, { ...ask, range: { first: 0, last } });
  try {
    return contentTypeOf(await readHead(original));
  } finally {
    await original.close();
  }
}

/** The first bytes, enough to sniff. */
async function readHead(original: OpenOriginal): Promise<Buffer> {
  const head = Buffer.alloc(sniffBytes);
  let filled = 0;
  while (filled < sniffBytes) {
    const count = await original.read(head.subarray(filled));
    if (count === 0) break;
    filled += count;
  }
  return head.subarray(0, filled);
}

/** The body, beginning with what has been read. Each chunk is its own: the socket keeps it until it is sent. */
function chunksOf(original: OpenOriginal, first: Buffer): () => Promise<Uint8Array | null> {
  let begun = false;
  return async () => {
    if (!begun) {
      begun = true;
      if (first.length > 0) return first;
    }
    const chunk = Buffer.allocUnsafeSlow(chunkBytes);
    const count = await original.read(chunk);
    return count === 0 ? null : chunk.subarray(0, count);
  };
}
