import type { ServerResponse } from 'node:http';
import type { NamespaceConfig } from '../config/config.ts';
import type { AnswerWish, FormattedError } from '../dialects/dialect.ts';
import { errorEntry, type PileusError } from '../shared/errors.ts';
import { corsHeaders } from './cors.ts';

/** What is said about every answer, whatever it is. */
export type AnswerContext = Readonly<{
  requestId: string;
  head: boolean;
  /** The namespace, once it is known. */
  namespace: NamespaceConfig | null;
  /** The client's Origin header. */
  origin: string | undefined;
  /** `Accept` had a say. */
  negotiated: boolean;
  /** The canonical path where the request was spelled otherwise, or null. */
  contentLocation: string | null;
  /** Whole seconds until the URL expires, or null. */
  expiresInS: number | null;
  /** What the grammar wants the answer to say, once it is known. */
  answer: AnswerWish | null;
  /** Headers that tell of the picture and its source. */
  told: Readonly<Record<string, string>>;
  /** The picture stands in for another, whatever its status. */
  isFallback: boolean;
  /** Phases for Server-Timing, in milliseconds. */
  timings: Readonly<Record<string, number>>;
  /** The node is draining: the connection is closed after this answer. */
  closing: boolean;
}>;

export type PictureAnswer = Readonly<{
  status: number;
  bytes: Buffer;
  contentType: string;
  /** null: the answer names no version of the picture that was asked for. */
  etag: string | null;
  /** Never kept anywhere (`~explain.json`). */
  noStore: boolean;
  /** Content-Disposition, where the grammar wants one. */
  disposition: string | null;
}>;

/** A picture or a JSON view: 200, or the status of a fallback. */
export function sendPicture(res: ServerResponse, context: AnswerContext, answer: PictureAnswer): void {
  write(res, context, answer.status, {
    'content-type': answer.contentType,
    'content-length': answer.bytes.length,
    ...(answer.etag === null ? {} : { etag: answer.etag }),
    'cache-control': answer.noStore ? 'no-store' : cacheControl(context),
    ...(answer.disposition === null ? {} : { 'content-disposition': answer.disposition }),
  });
  res.end(context.head ? undefined : answer.bytes);
}

/** 304: what the client has is what it would get. */
export function sendNotModified(res: ServerResponse, context: AnswerContext, etag: string | null): void {
  const headers: Record<string, string> = { 'cache-control': cacheControl(context) };
  if (etag !== null) headers.etag = etag;
  write(res, context, 304, headers);
  res.end();
}

/** 308 to the canonical spelling. */
export function sendCanonical(res: ServerResponse, context: AnswerContext, location: string): void {
  write(res, context, 308, { location, 'content-length': 0, 'cache-control': cacheControl(context) });
  res.end();
}

/** 303 to where the grammar says that the answer is. */
export function sendElsewhere(res: ServerResponse, context: AnswerContext, location: string): void {
  write(res, context, 303, { location, 'content-length': 0, 'cache-control': cacheControl(context) });
  res.end();
}

/** Headers of an original; the caller streams the body. */
export function writeOriginalHead(
  res: ServerResponse,
  context: AnswerContext,
  status: number,
  headers: Readonly<Record<string, string>>,
): void {
  write(res, context, status, { ...headers, 'cache-control': cacheControl(context) });
}

/**
 * An error as JSON: code, public sentence, request id; or as `theirs`, in the words of another grammar. Cached only as its
 * table entry says. Gives the bytes of its body.
 */
export function sendError(
  res: ServerResponse,
  context: AnswerContext,
  error: PileusError,
  theirs: FormattedError | null = null,
): number {
  const { caching } = errorEntry(error.code);
  const { status, contentType, body: text, headers: more = {} } = theirs ?? ourError(error, context.requestId);
  const body = Buffer.from(text);
  const headers: Record<string, string | number> = {
    'content-type': contentType,
    'content-length': body.length,
    'cache-control': errorCacheControl[caching],
    ...more,
  };
  const retryAfterS = error.retryAfterS ?? (status === 503 ? 1 : undefined);
  if (retryAfterS !== undefined) headers['retry-after'] = retryAfterS;
  if (status === 405) headers.allow = 'GET, HEAD';
  write(res, context, status, headers);
  res.end(context.head ? undefined : body);
  return context.head ? 0 : body.length;
}

function ourError({ code, detail }: PileusError, requestId: string): FormattedError {
  const { status, message } = errorEntry(code);
  const says = { code, message, ...(detail === undefined ? {} : { detail }), requestId };
  return { status, contentType: 'application/json; charset=utf-8', body: `${JSON.stringify(says)}\n` };
}

/** Small plain answers of our own: health and preflight. */
export function sendPlain(
  res: ServerResponse,
  context: AnswerContext,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  write(res, context, status, { 'cache-control': 'no-store', ...headers, 'content-length': Buffer.byteLength(body) });
  res.end(context.head ? undefined : body);
}

/** The one place where headers are written. */
function write(
  res: ServerResponse,
  context: AnswerContext,
  status: number,
  headers: Record<string, string | number>,
): void {
  headers['x-request-id'] = context.requestId;
  headers['x-content-type-options'] = 'nosniff';
  if (context.closing) headers.connection = 'close';
  if (context.contentLocation !== null && locatedStatuses.has(status))
    headers['content-location'] = context.contentLocation;
  const timing = serverTiming(context.timings);
  if (timing !== '') headers['server-timing'] = timing;
  if (context.namespace?.cors) Object.assign(headers, corsHeaders(context.namespace.cors, context.origin));
  if (context.isFallback) headers['x-pileus-fallback'] = '1';
  if (context.answer?.headers && (status < 400 || context.isFallback)) Object.assign(headers, context.answer.headers);
  if (status < 400 || context.isFallback) Object.assign(headers, context.told);
  const vary = [context.negotiated ? 'Accept' : '', context.answer?.vary ?? '', headers.vary ?? ''];
  const varies = vary.filter((name) => name !== '').join(', ');
  if (varies !== '') headers.vary = varies;
  res.writeHead(status, headers);
}

/** Answers that speak of the picture itself (RFC 9110, 15.3.7 and 15.4.5). */
const locatedStatuses: ReadonlySet<number> = new Set([200, 206, 304]);

/** As long as the namespace says, and never beyond the time at which the URL itself expires. */
const cacheControl = ({ namespace, expiresInS, answer }: AnswerContext): string => {
  const maxAgeS = answer?.maxAgeS ?? namespace?.maxAgeS;
  return maxAgeS === undefined ? 'no-store' : `public, max-age=${Math.min(maxAgeS, expiresInS ?? maxAgeS)}`;
};

/** A missing source is asked for again soon; what a version cannot be made into stays so for a while. */
const errorCacheControl = {
  'no-store': 'no-store',
  missing: 'public, max-age=0, s-maxage=10',
  'by-version': 'public, max-age=300',
} as const;

const serverTiming = (timings: Readonly<Record<string, number>>): string => {
  let text = '';
  for (const name in timings) text += `${text === '' ? '' : ', '}${name};dur=${(timings[name] as number).toFixed(1)}`;
  return text;
};
