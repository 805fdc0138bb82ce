import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type ErrorExtra, PileusError } from '../../shared/errors.ts';
import type { OriginalStat } from './original-store.ts';

/** What an origin's status and headers mean. Pure. */

const retryAfterMaxS = 3600;
const etagCharsMax = 200;

/**
 * The error that a status stands for, or null for those that carry an original (200, 206). 401 and 403 look like a missing source,
 * so that nobody learns what exists behind them.
 */
export function statusFailure(status: number, headers: IncomingHttpHeaders, nowWallMs: number): PileusError | null {
  if (status === 200 || status === 206) return null;
  const cause = new Error(`the origin answered ${status}`);
  if (status === 401 || status === 403 || status === 404 || status === 410) {
    return new PileusError('source_not_found', { cause, originStatus: status });
  }
  if (status === 416) return new PileusError('range_not_satisfiable', { cause });
  const code = status === 429 || status === 503 ? 'origin_busy' : 'origin_failed';
  return new PileusError(code, { cause, originStatus: status, ...retryAfter(headers, nowWallMs) });
}

/** Retry-After in either of its forms (RFC 9110, 10.2.3), 1 second to an hour. */
function retryAfter(headers: IncomingHttpHeaders, nowWallMs: number): Pick<ErrorExtra, 'retryAfterS'> {
  const text = one(headers['retry-after']);
  if (text === null) return {};
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - nowWallMs) / 1000);
  return Number.isNaN(seconds) ? {} : { retryAfterS: Math.min(retryAfterMaxS, Math.max(1, seconds)) };
}

/**
 * Facts of an answer. The version holds a hash of the URL, since ETags are unique within one URL only (RFC 9110, 8.8.3) and
 * equal versions share results. Without a strong ETag it is made of a weak ETag or Last-Modified together
 * with the length; without a length, or without either, it is null.
 */
export function statOf(
  url: URL,
  status: number,
  headers: IncomingHttpHeaders,
  knownVersion: string | null,
): OriginalStat {
  const length = status === 206 ? (contentRange(headers)?.total ?? null) : contentLength(headers);
  const modified = one(headers['last-modified']);
  const modifiedMs = modified === null ? Number.NaN : Date.parse(modified);
  const version = versionOf(url, one(headers.etag), Number.isNaN(modifiedMs) ? null : modifiedMs, length);
  return {
    version,
    bytes: encodingOf(headers) === 'identity' ? length : null,
    modifiedMs: Number.isNaN(modifiedMs) ? null : modifiedMs,
    same: version !== null && version === knownVersion,
    ...cachingOf(headers),
  };
}

const controlCharsMax = 500;

/** Cache-Control where it is printable and no novel; an Expires that is no date is long past (RFC 9111, 5.3). */
function cachingOf(headers: IncomingHttpHeaders): Pick<OriginalStat, 'caching'> {
  const said = one(headers['cache-control']);
  const control = said !== null && said.length <= controlCharsMax && /^[\x20-\x7e]+$/.test(said) ? said : null;
  const expires = one(headers.expires);
  const isDate = /^[A-Z][a-z]{2}/.test(expires ?? '');
  const expiresMs = expires === null ? null : (isDate && Date.parse(expires)) || 0;
  return control === null && expiresMs === null ? {} : { caching: { control, expiresMs } };
}

function versionOf(url: URL, etag: string | null, modifiedMs: number | null, length: number | null): string | null {
  const place = placeOf(url);
  const isPlain = etag !== null && /^(W\/)?"[\x21\x23-\x7e]*"$/.test(etag) && etag.length <= etagCharsMax;
  const isStrong = etag !== null && !etag.startsWith('W/');
  if (isStrong) return isPlain ? `e.${place}.${etag}` : `x.${place}.${sha256(etag).slice(0, 24)}`;
  if (length === null) return null;
  if (etag !== null) return isPlain ? `w.${place}.${length}.${etag}` : null;
  return modifiedMs === null ? null : `m.${place}.${length}.${modifiedMs}`;
}

/**
 * The validator inside a version of `versionOf`, for If-None-Match; null where there is none, or where it was another URL's:
 * an origin that has moved may have given the same ETag to other bytes.
 */
export function etagOf(version: string | null, url: URL): string | null {
  const [, place, etag] = /^[ew]\.([0-9a-f]{12})(?:\.\d+)?\.((?:W\/)?".*")$/.exec(version ?? '') ?? [];
  return place === placeOf(url) ? (etag ?? null) : null;
}

const placeOf = (url: URL): string => sha256(url.href).slice(0, 12);

export function contentLength(headers: IncomingHttpHeaders): number | null {
  const text = one(headers['content-length']);
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

type ContentRange = Readonly<{ first: number; last: number; total: number | null }>;

function contentRange(headers: IncomingHttpHeaders): ContentRange | null {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(one(headers['content-range']) ?? '');
  if (!match) return null;
  return { first: Number(match[1]), last: Number(match[2]), total: match[3] === '*' ? null : Number(match[3]) };
}

/** Is this 206 exactly the range that was asked for, cut at most by the original's end? */
export function isRangeAsked(headers: IncomingHttpHeaders, asked: Readonly<{ first: number; last: number }>): boolean {
  const got = contentRange(headers);
  if (!got || got.first !== asked.first || got.last < got.first) return false;
  const length = contentLength(headers);
  if (length !== null && length !== got.last - got.first + 1) return false;
  return got.last === asked.last || (got.last < asked.last && got.total !== null && got.last === got.total - 1);
}

/** Is this 206 all of the original, although no range was asked for? Some origins answer so; it is a 200 in all but the number. */
export function isWholeRange(headers: IncomingHttpHeaders): boolean {
  const got = contentRange(headers);
  const length = contentLength(headers);
  if (got?.first !== 0) return false;
  const bytes = got.last + 1;
  return bytes === (got.total ?? length) && (length === null || length === bytes);
}

export function encodingOf(headers: IncomingHttpHeaders): 'identity' | 'gzip' | 'other' {
  const encoding = (one(headers['content-encoding']) ?? '').trim().toLowerCase();
  if (encoding === '' || encoding === 'identity') return 'identity';
  return encoding === 'gzip' || encoding === 'x-gzip' ? 'gzip' : 'other';
}

/** A header given once; one that is given twice says nothing certain. */
export const one = (value: string | string[] | undefined): string | null => (typeof value === 'string' ? value : null);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
