import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Settings } from './settings.ts';

export type Signing = Pick<Settings, 'algorithm' | 'signatureLength'>;

/** The signature of a path (without a slash at its front): its HMAC in base64url with padding, cut to the mount's length. */
export function signatureOf(secret: string, text: string, { algorithm, signatureLength }: Signing): string {
  const mac = createHmac(algorithm, secret).update(text).digest('base64');
  const whole = mac.replaceAll('+', '-').replaceAll('/', '_');
  return signatureLength === null ? whole : whole.slice(0, signatureLength);
}

/** Is it the signature of this text by any of the keys? Takes as long for a wrong one as for a right one. */
export function isSigned(given: string, text: string, keys: readonly string[], signing: Signing): boolean {
  let good = false;
  for (const key of keys) {
    const expected = Buffer.from(signatureOf(key, text, signing), 'latin1');
    const candidate = Buffer.from(given, 'latin1');
    const comparable = candidate.length === expected.length;
    const equal = timingSafeEqual(comparable ? candidate : Buffer.alloc(expected.length), expected);
    good = (equal && comparable) || good;
  }
  return good;
}
