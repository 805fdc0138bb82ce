/**
 * Does `If-None-Match` name this ETag? Weak comparison (RFC 9110, section 13.1.2): `W/` is ignored, `*` matches
 * anything that exists.
 */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag || ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag);
}

/** The ETag of a derivation. Strong: a derivation key names exact bytes. */
export const etagOf = (derivation: string): string => `"${derivation}"`;
