import { PileusError } from '../../shared/errors.ts';

/**
 * The key of a source between its two forms: percent-encoded in a URL, plain UTF-8 everywhere else. Decoded
 * exactly once; what could mean another place to a file system or an origin is refused.
 */

/** Bytes of a decoded key. */
export const keyBytesMax = 1024;

/** What a path may hold without percent-encoding (RFC 3986, pchar and slash). */
const plainPattern = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/]*$/;

/** The decoded key. Throws bad_key. */
export function decodeKey(raw: string): string {
  // Every byte takes at most three characters, so nothing long is ever decoded.
  if (raw.length > keyBytesMax * 3) throw badKey(`It has more than ${keyBytesMax} bytes.`);
  if (plainPattern.test(raw)) return checkKey(raw);
  if (!/^[\x21-\x7e]*$/.test(raw)) throw badKey('Characters outside ASCII have to be percent-encoded.');
  if (/[?#]/.test(raw)) throw badKey('? and # have to be percent-encoded.');
  if (/%2f/i.test(raw)) throw badKey('An encoded slash cannot be part of a segment.');
  try {
    return checkKey(decodeURIComponent(raw));
  } catch (error) {
    if (error instanceof URIError) throw badKey('The percent-encoding is not valid UTF-8.');
    throw error;
  }
}

/** Gives a decoded key back if it may name a source. Throws bad_key. */
export function checkKey(key: string): string {
  if (key === '') throw badKey('It is empty.');
  if (key.length > keyBytesMax || Buffer.byteLength(key) > keyBytesMax) {
    throw badKey(`It has more than ${keyBytesMax} bytes.`);
  }
  if (/(?:^|\/)\.{0,2}(?:\/|$)/.test(key)) throw badKey('A segment is empty, . or ..');
  if (/[\p{Cc}\p{Cs}\\]/u.test(key)) throw badKey('It has a control character or a backslash.');
  return key;
}

/** The canonical percent-encoding: upper case, and nothing encoded that may stand plain. */
export const encodeKey = (key: string): string =>
  plainPattern.test(key) ? key : encodeURI(key).replaceAll('?', '%3F').replaceAll('#', '%23');

const badKey = (detail: string): PileusError => new PileusError('bad_key', { detail });
