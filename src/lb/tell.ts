import type { TellWish } from '../dialects/dialect.ts';
import type { OriginCaching, SourceFacts } from '../plan/header.ts';

/** What is known of the picture that is answered. */
export type Known = Readonly<{
  facts: SourceFacts | null;
  /** null with a 304, which has no picture. */
  result: Readonly<{ width: number; height: number }> | null;
}>;

/** Headers that tell what a grammar wants told of a picture and its source. Pure. */
export function tellHeaders(
  wish: TellWish | undefined,
  { facts, result }: Known,
  time: Readonly<{ /** Wall. */ nowMs: number /** Until the URL expires, or null. */; expiresInS: number | null }>,
): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  const caching = wish?.originCaching && facts?.caching ? cacheControlOf(facts.caching, time) : null;
  if (caching !== null) headers['cache-control'] = caching;
  const modifiedMs = modifiedMsOf(wish, facts);
  if (modifiedMs !== null) headers['last-modified'] = new Date(modifiedMs).toUTCString();
  if (wish?.sizes && facts) {
    headers['x-origin-content-length'] = String(facts.bytes);
    headers['x-origin-width'] = String(facts.header.width);
    headers['x-origin-height'] = String(facts.header.height);
  }
  if (wish?.sizes && result) {
    headers['x-result-width'] = String(result.width);
    headers['x-result-height'] = String(result.height);
  }
  return headers;
}

function cacheControlOf(
  { control, expiresMs }: OriginCaching,
  { nowMs, expiresInS }: Parameters<typeof tellHeaders>[2],
): string | null {
  const leftS = expiresMs === null ? null : Math.max(0, Math.floor((expiresMs - nowMs) / 1000));
  const named = /(?:^|[\s,])max-age=(\d{1,10})(?:$|[\s,])/i.exec(control ?? '')?.[1];
  const lastsS = control === null ? leftS : named === undefined ? null : Number(named);
  if (expiresInS !== null && !isForbidden(control) && (lastsS === null || lastsS > expiresInS)) {
    return maxAge(expiresInS);
  }
  return control ?? (leftS === null ? null : maxAge(leftS));
}

const isForbidden = (control: string | null): boolean => /\bno-(?:store|cache)\b/i.test(control ?? '');

const maxAge = (seconds: number): string => (seconds > 0 ? `max-age=${seconds}, public` : 'no-cache');

/**
 * Does `If-Modified-Since` say that the client has what it would get? Only where Last-Modified is told, and where there is no
 * If-None-Match, which goes before it (RFC 9110, 13.2.2). What is no date is no condition.
 */
export function isUnmodified(
  wish: TellWish | undefined,
  { ifNoneMatch, ifModifiedSince }: Readonly<{ ifNoneMatch: string | undefined; ifModifiedSince: string | undefined }>,
  facts: SourceFacts | null,
): boolean {
  if (ifModifiedSince === undefined || (ifNoneMatch !== undefined && wish?.etag !== false)) return false;
  const modifiedMs = modifiedMsOf(wish, facts);
  return modifiedMs !== null && modifiedMs <= Date.parse(ifModifiedSince);
}

/** To the second, as dates of HTTP are. */
function modifiedMsOf(wish: TellWish | undefined, facts: SourceFacts | null): number | null {
  if (wish?.lastModifiedMinMs === undefined || facts?.modifiedMs == null) return null;
  return Math.floor(Math.max(facts.modifiedMs, wish.lastModifiedMinMs) / 1000) * 1000;
}
