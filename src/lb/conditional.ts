/**
 * Does `If-None-Match` name this ETag? Weak comparison (RFC 9110, section 13.1.2): `W/` is ignored, `*` matches
 * anything that exists.
 */
export function matchesEtag(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch === etag || ifNoneMatch.trim() === '*') return true;
  return ifNoneMatch.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag);
}

/** Is this one ETag that was not made here? Those of derivations are 22 characters of base64url. */
export const isForeignEtag = (ifNoneMatch: string): boolean =>
  /^(?:W\/)?"[\x21\x23-\x7e]{1,200}"$/.test(ifNoneMatch) && !/^(?:W\/)?"[A-Za-z0-9_-]{22}"$/.test(ifNoneMatch);

/** The ETag of a derivation. Strong: a derivation key names exact bytes. */
export const etagOf = (derivation: string): string => `"${derivation}"`;
