import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SigningKey } from '../../config/config.ts';

/** What a signature covers: the namespace, the decoded key, and the canonical spec with its extension. */
export type Signed = Readonly<{ ns: string; key: string; spec: string; ext: string }>;

/** HMAC-SHA256, cut to 128 bits: 22 characters, base64url. */
export const macOf = (secret: string, { ns, key, spec, ext }: Signed): string =>
  createHmac('sha256', secret)
    .update(`v1\n${ns}\n${key}\n${spec}.${ext}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url');

export const signatureOf = (key: SigningKey, signed: Signed): string => `${key.kid}${macOf(key.secret, signed)}`;

/**
 * Does the signature (kid and MAC) fit? Takes as long for a key id that is not live, or for a MAC of the wrong length,
 * as for a wrong MAC. MACs are compared as text, so that each has one spelling.
 */
export function isSignatureValid(keys: readonly SigningKey[], signature: string, signed: Signed): boolean {
  const key = keys.find(({ kid }) => kid === signature.slice(0, 1));
  const expected = Buffer.from(macOf(key?.secret ?? 'no live key', signed), 'latin1');
  const given = Buffer.from(signature.slice(1), 'utf8');
  const comparable = given.length === expected.length;
  const equal = timingSafeEqual(comparable ? given : Buffer.alloc(expected.length), expected);
  return equal && comparable && key !== undefined;
}
