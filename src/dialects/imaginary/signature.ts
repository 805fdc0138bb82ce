import { createHmac, timingSafeEqual } from 'node:crypto';
import { PileusError } from '../../shared/errors.ts';

/**
 * The signature of a request: HMAC-SHA256 of its decoded path and its parameters in the order of their names, base64url. `parameters`
 * are decoded and without `sign`.
 */
export function signatureOf(secret: string, path: string, parameters: ReadonlyMap<string, string>): string {
  const query = [...parameters]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${escaped(name)}=${escaped(value)}`)
    .join('&');
  return createHmac('sha256', secret).update(path).update(query).digest('base64url');
}

/** As Go's QueryEscape: everything but letters, digits and `-_.~`, a space as `+`. */
const escaped = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');

/** Throws signature_missing, or signature_invalid where no key gives this signature. */
export function checkSignature(
  given: string | undefined,
  path: string,
  parameters: ReadonlyMap<string, string>,
  keys: readonly string[],
): void {
  if (given === undefined) throw new PileusError('signature_missing');
  let isRight = false;
  for (const key of keys) {
    const expected = Buffer.from(signatureOf(key, path, parameters), 'latin1');
    const candidate = Buffer.from(given, 'utf8');
    const comparable = candidate.length === expected.length;
    isRight =
      (timingSafeEqual(comparable ? candidate : Buffer.alloc(expected.length), expected) && comparable) || isRight;
  }
  if (!isRight) throw new PileusError('signature_invalid');
}
