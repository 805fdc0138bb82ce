import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Config, optionsFor } from '../config/config.ts';
import type { Page } from '../dialects/dialect.ts';
import { corsOfPath, formatErrorAt, namespaceOfPath, pageAt, type RawRequest } from '../dialects/registry.ts';
import type { SourceFacts } from '../plan/header.ts';
import { asPileusError, errorEntry, PileusError } from '../shared/errors.ts';
import type { Ask } from './ask.ts';
import { etagOf, isForeignEtag, matchesEtag } from './conditional.ts';
import { contentDisposition } from './content-disposition.ts';
import { preflightHeaders } from './cors.ts';
import { Exchange } from './exchange.ts';
import { fallbackRequest } from './fallback.ts';
import type { Front } from './front.ts';
import { checkDoor, splitTarget } from './front-door.ts';
import type { Job, JobOutcome } from './job.ts';
import type { KnownUrl } from './known-urls.ts';
import { type Found, lookUp } from './lookup.ts';
import { sourceIdOf } from './quarantine-view.ts';
import { sendCanonical, sendElsewhere, sendError, sendNotModified, sendPicture, sendPlain } from './respond.ts';
import { sendOriginal } from './send-original.ts';
import { isUnmodified, type Known, tellHeaders } from './tell.ts';
import { readTraceparent } from './trace-context.ts';

/**
 * The story of one request: door, grammar and policy, what is already done, the job, the answer. Never throws; every
 * request ends in one answer and one access line.
 */
export async function handleRequest(front: Front, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const exchange = new Exchange(
    req,
    res,
    front.requestIdOf(req),
    readTraceparent(single(req.headers.traceparent)),
    front.clock.nowMs(),
  );
  front.opened();
  res.once('close', () => front.closed(exchange));
  if (res.socket === null) closeWithRequest(req, res);
  try {
    const door = checkDoor(
      { method: req.method ?? '', url: req.url ?? '', httpVersion: req.httpVersion, rawHeaders: req.rawHeaders },
      front.config.options,
    );
    const { config } = front;
    if (door.kind === 'preflight') return answerOptions(front, exchange, door.rawPath);
    exchange.head = door.head;
    if (door.kind === 'health') return answerHealth(front, exchange);

    exchange.raw = rawRequest(front, exchange, door);
    const page = pageAt(exchange.raw, 'GET', config);
    if (page) return answerPage(front, exchange, page);
    const url = front.urls.read(exchange.raw);
    const { parsed, namespace } = url;
    exchange.parsed = parsed;
    exchange.namespace = namespace;
    if (parsed.answer.redirect !== undefined)
      return sendElsewhere(res, front.contextOf(exchange), parsed.answer.redirect);
    if (
      config.options.canonicalRedirect &&
      parsed.dialect === 'native' &&
      !parsed.isCanonical &&
      parsed.canonicalPath !== null
    ) {
      return sendCanonical(res, front.contextOf(exchange), parsed.canonicalPath);
    }
    if (parsed.plan.view === 'original') return await sendOriginal(front, exchange, parsed, namespace);
    await answerPicture(front, exchange, url, config).catch((error) => answerInstead(front, exchange, url, error));
  } catch (error) {
    answerError(front, exchange, error);
  }
}

/** What grammars see of a request. Headers and the origin are for those that are mounted. */
function rawRequest(
  front: Front,
  { req }: Exchange,
  { rawPath, rawQuery }: ReturnType<typeof splitTarget>,
): RawRequest {
  const headers: Record<string, string> = {};
  for (const name of front.urls.headersRead) {
    const value = single(req.headers[name]);
    if (value !== undefined) headers[name] = value;
  }
  return {
    rawPath,
    rawQuery,
    accept: single(req.headers.accept) ?? '',
    headers,
    origin: front.config.mounts.length === 0 ? '' : front.originOf(req),
    nowS: front.clock.wallMs() / 1000,
  };
}

/**
 * An answer that stands behind another on its connection (pipelining) never hears of the connection's end: node closes
 * only the answer that is being written, and tells the requests.
 */
function closeWithRequest(req: IncomingMessage, res: ServerResponse): void {
  req.once('close', () => {
    if (res.writableFinished || res.closed) return;
    res.destroy();
    res.emit('close');
  });
}

/**
 * Answers with the fallback that the grammar names for a source that cannot be had; throws the error where there is none, or
 * where that cannot be had either.
 */
async function answerInstead(front: Front, exchange: Exchange, url: KnownUrl, thrown: unknown): Promise<void> {
  const error = asPileusError(thrown);
  const parsed = fallbackRequest(url.parsed, error.code);
  const wish = url.parsed.answer.fallback;
  if (parsed === null || wish === undefined || exchange.raw === null) throw thrown;
  try {
    const instead = front.urls.of(parsed);
    exchange.insteadOf = { code: error.code, status: wish.status || statusOf(front, exchange.raw, error) };
    exchange.parsed = parsed;
    exchange.namespace = instead.namespace;
    await answerPicture(front, exchange, instead, front.config);
  } catch (cause) {
    exchange.insteadOf = null;
    exchange.parsed = url.parsed;
    exchange.namespace = url.namespace;
    front.log.warn({ event: 'fallback-failed', requestId: exchange.requestId, err: cause });
    throw thrown;
  }
}

/** In the words of the grammar, where it has its own. */
const statusOf = ({ config }: Front, raw: RawRequest, error: PileusError): number =>
  formatErrorAt(raw, config, error, '')?.status ?? errorEntry(error.code).status;

async function answerPicture(front: Front, exchange: Exchange, url: KnownUrl, config: Config): Promise<void> {
  const { parsed } = url;
  const ask: Ask = {
    source: parsed.source,
    requestKey: url.requestKey,
    plan: parsed.plan,
    marks: url.marks,
    operation: url.operation,
    presets: parsed.presets,
    namespace: url.namespace,
    config,
    ifNoneMatch: conditionOf(exchange),
    isUnmodified: (facts) => hasUnmodified(exchange, facts),
  };
  const found = await lookUp(ask, front.library, front.quarantine, front.clock.nowMs());
  if (exchange.res.destroyed) return;
  switch (found.kind) {
    case 'not-modified':
      answerNotModified(front, exchange, found.etag);
      return;
    case 'hit':
      exchange.from = found.from;
      deliver(front, exchange, found.result.bytes, found.result.meta, found.etag);
      return;
    case 'refused':
      throw found.error;
    case 'miss':
      if (found.version === null && (await originHolds(front, exchange))) {
        exchange.from = 'not-modified';
        sendNotModified(exchange.res, front.contextOf(exchange), single(exchange.req.headers['if-none-match']) ?? null);
        return;
      }
      await answerByJob(front, exchange, ask, found);
  }
}

/**
 * Of a source that nobody here knows a client may have validators from elsewhere, those of the origin itself: then that is asked, where
 * the grammar wants it. Our own ETags are no business of the origin's.
 */
async function originHolds({ library }: Front, { req, parsed, insteadOf, res }: Exchange): Promise<boolean> {
  if (insteadOf !== null || !parsed?.answer.tells?.originConditions) return false;
  const ifNoneMatch = single(req.headers['if-none-match']) ?? null;
  const ifModifiedSince = ifNoneMatch === null ? (single(req.headers['if-modified-since']) ?? null) : null;
  const isTheirs = ifNoneMatch === null ? ifModifiedSince !== null : isForeignEtag(ifNoneMatch);
  if (!isTheirs) return false;
  // Whatever is wrong, the job will meet it as well, and say it.
  const holds = await library.holds(parsed.source, { ifNoneMatch, ifModifiedSince }).catch(() => false);
  return holds && !res.destroyed;
}

/** Joins the job that makes this picture, or begins it, and answers with its outcome. */
async function answerByJob(
  front: Front,
  exchange: Exchange,
  ask: Ask,
  found: Extract<Found, { kind: 'miss' }>,
): Promise<void> {
  const madeOf = found.madeOf === undefined ? found.version : found.madeOf;
  const late = madeOf === null ? null : front.library.inMemory(ask, madeOf);
  if (late) {
    // An equal job ended while the store was being asked.
    exchange.from = 'memory';
    return deliver(front, exchange, late.result.bytes, late.result.meta, etagOf(late.derivation));
  }
  // A draining lb serves on what comes over connections it still has: there are workers as long as there are requests.
  if (front.draining && front.workersReady === 0) throw new PileusError('draining', { retryAfterS: 1 });
  const membership = front.flights.join(ask.requestKey, ask.config.options.waitersMax, (settle) => {
    let timer: NodeJS.Timeout | undefined;
    const job = jobOf(front, exchange, ask, found, (outcome) => {
      clearTimeout(timer);
      settle(outcome);
    });
    front.dispatcher.submit(job);
    if (job.stage.at === 'settled') return job;
    timer = setTimeout(() => front.dispatcher.expire(job), job.deadlineMs - front.clock.nowMs());
    timer.unref();
    return job;
  });
  exchange.joined = membership.joined;
  const left = (): void => {
    if (membership.leave()) front.dispatcher.cancel(membership.job, new PileusError('client_gone'));
  };
  exchange.res.once('close', left);
  const outcome = await membership.outcome;
  exchange.res.off('close', left);
  if (exchange.res.destroyed) return;

  exchange.queueMs = membership.job.queueMs;
  exchange.report = outcome.report;
  exchange.worker = outcome.slot;
  if (!outcome.ok) throw outcome.error;
  const { result } = outcome.report;
  if (result === null) throw new PileusError('internal');
  exchange.from = membership.joined ? 'joined' : 'made';
  const etag = etagOf(result.derivation);
  deliver(front, exchange, outcome.bytes, result, etag);
}

function jobOf(
  front: Front,
  exchange: Exchange,
  ask: Ask,
  found: Extract<Found, { kind: 'miss' }>,
  settle: (outcome: JobOutcome) => void,
): Job {
  const options = optionsFor(ask.config, ask.namespace);
  const nowMs = front.clock.nowMs();
  const { purges } = front.library;
  const deadlineMs = exchange.startMs + options.requestMs;
  const job: Job = {
    jobId: front.nextJobId(),
    requestId: exchange.requestId,
    traceparent: exchange.traceparent,
    source: ask.source,
    sourceId: sourceIdOf(ask.source.ns, ask.source.key),
    plan: ask.plan,
    ...(ask.marks.length === 0
      ? {}
      : { markVersions: ask.marks.map((mark) => front.library.known(mark)?.version ?? null) }),
    operation: ask.operation,
    remote: ask.namespace.origin.kind !== 'file',
    enqueuedAtMs: nowMs,
    deadlineMs,
    price: front.prices.price(ask.plan, found.facts, ask.config, ask.namespace, {
      marks: front.library.knownMarks(ask.plan),
      resolved: found.resolved,
    }),
    knownVersion: found.version,
    facts: found.facts,
    stage: { at: 'queued' },
    attempt: 0,
    redirects: 0,
    retries: 0,
    deaths: 0,
    exclusive: false,
    avoid: null,
    isHeld: false,
    heldUntilMs: nowMs,
    waitingSinceMs: nowMs,
    queueMs: 0,
    settle: (outcome) => {
      front.keep(ask, job, outcome, purges);
      settle(outcome);
    },
  };
  return job;
}

/** Sends a finished result, within the cap on bytes that slow clients may hold. */
function deliver(
  front: Front,
  exchange: Exchange,
  bytes: Buffer,
  result: Readonly<{ contentType: string; extension: string; width: number; height: number }>,
  etag: string,
): void {
  const { res, parsed } = exchange;
  const { options } = front.config;
  const { contentType, extension } = result;
  const facts = factsOf(front, exchange);
  if (matchesEtag(conditionOf(exchange), etag) || (facts && hasUnmodified(exchange, facts))) {
    answerNotModified(front, exchange, etag);
    return;
  }
  tell(front, exchange, { facts, result });
  const context = front.contextOf(exchange);
  if (!front.buffered.fits(bytes.length, options.lbBufferedBytesMax))
    throw new PileusError('overloaded', { retryAfterS: 1 });
  exchange.bodyBytes = exchange.head ? 0 : bytes.length;
  const disposition = parsed?.answer.disposition;
  sendPicture(res, context, {
    status: exchange.insteadOf?.status ?? 200,
    bytes,
    contentType,
    etag: tellsEtag(exchange) ? etag : null,
    noStore: parsed?.plan.view === 'explain',
    disposition: parsed && disposition ? contentDisposition(disposition, parsed.source.key, extension) : null,
  });
  // Behind another answer of its connection it has no socket yet, and waits for that one's reader.
  if (!res.socket || res.socket.writableLength > 0) front.buffered.hold(res, bytes.length, options.writeTimeoutMs);
}

function answerNotModified(front: Front, exchange: Exchange, etag: string | null): void {
  exchange.from = 'not-modified';
  tell(front, exchange, { facts: factsOf(front, exchange), result: null });
  sendNotModified(exchange.res, front.contextOf(exchange), tellsEtag(exchange) ? etag : null);
}

/** Notes the headers that the grammar wants told; most grammars want none. */
function tell(front: Front, exchange: Exchange, known: Known): void {
  const wish = exchange.parsed?.answer.tells;
  if (wish === undefined) return;
  exchange.told = tellHeaders(wish, known, {
    nowMs: front.clock.wallMs(),
    expiresInS: exchange.expiresInS(front.clock),
  });
}

/** What is known of the source of the picture that is answered, where something of it is told. */
function factsOf({ library }: Front, { parsed, report }: Exchange): SourceFacts | null {
  if (parsed?.answer.tells === undefined) return null;
  return library.known(parsed.source)?.facts ?? report?.facts ?? null;
}

/** A fallback is no version of what was asked for, and some grammars go without. */
const tellsEtag = ({ parsed, insteadOf }: Exchange): boolean =>
  insteadOf === null && parsed?.answer.tells?.etag !== false;

const conditionOf = (exchange: Exchange): string | undefined =>
  tellsEtag(exchange) ? single(exchange.req.headers['if-none-match']) : undefined;

function hasUnmodified({ req, parsed, insteadOf }: Exchange, facts: SourceFacts): boolean {
  const conditions = {
    ifNoneMatch: single(req.headers['if-none-match']),
    ifModifiedSince: single(req.headers['if-modified-since']),
  };
  return insteadOf === null && isUnmodified(parsed?.answer.tells, conditions, facts);
}

function answerError(front: Front, exchange: Exchange, thrown: unknown): void {
  const error = asPileusError(thrown);
  exchange.from = 'error';
  exchange.code = error.code;
  exchange.cause = error.code === 'internal' ? (error.cause ?? thrown) : error.cause;
  const { res } = exchange;
  if (res.destroyed) return;
  if (res.headersSent) {
    // The status is out; a cut connection is the only honest way left to say that it went wrong.
    res.destroy();
    return;
  }
  // What could not be read belongs to the namespace that its path names, whose pages may want to read the error.
  const raw = exchange.raw ?? rawRequest(front, exchange, splitTarget(exchange.req.url ?? ''));
  exchange.namespace ??= namespaceOfPath(raw.rawPath, front.config);
  const refusedBody = error.code === 'bad_request' || error.code === 'method_not_allowed';
  const context = front.contextOf(exchange);
  const theirs = formatErrorAt(raw, front.config, error, exchange.requestId);
  exchange.bodyBytes = sendError(res, refusedBody ? { ...context, closing: true } : context, error, theirs);
}

/** OPTIONS: as the grammar of the place answers it, else a preflight. */
function answerOptions(front: Front, exchange: Exchange, rawPath: string): void {
  const page = pageAt(rawRequest(front, exchange, splitTarget(exchange.req.url ?? '')), 'OPTIONS', front.config);
  if (page) {
    answerPage(front, exchange, page);
    return;
  }
  const headers = preflightHeaders(corsOfPath(rawPath, front.config), exchange.req.headers.origin);
  if (headers === null) throw new PileusError('method_not_allowed');
  exchange.from = 'health';
  sendPlain(exchange.res, front.contextOf(exchange), 204, headers, '');
}

const answerHealth = (front: Front, exchange: Exchange): void => answerPage(front, exchange, ourHealth);

const text = { 'content-type': 'text/plain; charset=utf-8' };
const ourHealth: Page = { status: 200, headers: text, body: 'ok\n', isHealth: true };

/** A small answer without a source; where it says that the node is well, it says so only while it is. */
function answerPage(front: Front, exchange: Exchange, page: Page): void {
  exchange.from = 'health';
  const isWell = !front.draining && front.workersReady > 0;
  const { status, headers, body } =
    page.isHealth && !isWell ? { status: 503, headers: text, body: 'unavailable\n' } : page;
  sendPlain(exchange.res, front.contextOf(exchange), status, headers, body);
}

const single = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header[0] : header;
