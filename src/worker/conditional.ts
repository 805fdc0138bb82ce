import { shortHash } from '../shared/short-hash.ts';

/** What identifies the original that would be sent. */
export type Validators = Readonly<{ etag: string | null; modifiedMs: number | null }>;

/** An original's ETag: a hash of its version, so that nothing of the origin's own gets out. Strong: equal versions are equal bytes. */
export const etagOf = (version: string | null): string | null => (version === null ? null : `"${shortHash(version)}"`);

export const httpDate = (ms: number): string => new Date(ms).toUTCString();

/** RFC 9110 section 13.2.2: If-None-Match decides where it is given, else If-Modified-Since. */
export function isNotModified(
  asked: Readonly<{ ifNoneMatch: string | null; ifModifiedSince: string | null }>,
  { etag, modifiedMs }: Validators,
): boolean {
  if (asked.ifNoneMatch !== null) {
    if (asked.ifNoneMatch.trim() === '*') return true;
    return etag !== null && etagsIn(asked.ifNoneMatch).includes(etag);
  }
  if (asked.ifModifiedSince === null || modifiedMs === null) return false;
  const sinceMs = Date.parse(asked.ifModifiedSince);
  return wholeSeconds(modifiedMs) <= sinceMs;
}

/** RFC 9110 section 13.1.5: a range holds only for the very original that If-Range names. */
export function rangeHolds(ifRange: string | null, { etag, modifiedMs }: Validators): boolean {
  if (ifRange === null) return true;
  const named = ifRange.trim();
  if (named.endsWith('"')) return named === etag;
  return modifiedMs !== null && Date.parse(named) === wholeSeconds(modifiedMs);
}

/** Compared weakly: a leading W/ means nothing here. */
const etagsIn = (header: string): readonly string[] => header.match(/"[^"]*"/g) ?? [];

const wholeSeconds = (ms: number): number => Math.floor(ms / 1000) * 1000;
