import { PileusError } from '../../shared/errors.ts';

/** Longest key in bytes of UTF-8. */
const keyBytesMax = 1024;

/**
 * The segments of a decoded key. The dialects have checked it already; stores check again, because what a key
 * may reach is decided here. Throws bad_key for empty, `.` and `..` segments, NUL, a backslash, text that is not
 * well-formed Unicode, and more than `keyBytesMax` bytes.
 */
export function keySegments(key: string): readonly string[] {
  if (key.includes('\0') || key.includes('\\') || hasLoneSurrogate(key)) throw new PileusError('bad_key');
  if (Buffer.byteLength(key) > keyBytesMax) throw new PileusError('bad_key');
  const segments = key.split('/');
  if (segments.some((segment) => segment === '' || segment === '.' || segment === '..')) {
    throw new PileusError('bad_key');
  }
  return segments;
}

const hasLoneSurrogate = (text: string): boolean =>
  /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text);
