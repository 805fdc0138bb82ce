import { createHmac, timingSafeEqual } from 'node:crypto';
import { PileusError } from '../../shared/errors.ts';
import type { DialectRequest } from '../dialect.ts';
import type { Signed } from '../fop/fop-dialect.ts';
import { badUrl } from '../fop/refusals.ts';

export type AccessKey = Readonly<{ accessKey: string; secretKey: string }>;

/** Parts of a query that make a download token. */
export const tokenNames: ReadonlySet<string> = new Set(['e', 'token']);

/** The token of a URL that ends in `e=<seconds>`: HMAC-SHA1 in URL-safe Base64 behind the access key. */
export const tokenOf = ({ accessKey, secretKey }: AccessKey, url: string): string =>
  `${accessKey}:${macOf(secretKey, url)}`;

/**
 * Checks `?...&e=<seconds>&token=<access key>:<mac>`, which covers the URL as the client sent it up to `&token=`. Throws
 * signature_invalid, signature_expired, bad_url for a half of it.
 */
export function checkToken(
  request: DialectRequest,
  keys: readonly AccessKey[],
  pairs: ReadonlyMap<string, string>,
): Signed {
  const expiry = pairs.get('e');
  const token = pairs.get('token');
  if (expiry === undefined && token === undefined) return null;
  const { origin, rawPath, rawQuery } = request;
  const end = `e=${expiry}&token=${token}`;
  if (expiry === undefined || token === undefined || rawQuery === null || !rawQuery.endsWith(end)) {
    throw badUrl('A token stands last, behind `e`.');
  }
  if (!/^[0-9]{1,12}$/.test(expiry)) throw badUrl('`e` is a number of seconds since 1970.');
  const url = `${origin}${rawPath}?${rawQuery.slice(0, rawQuery.length - token.length - '&token='.length)}`;
  const plain = token.replaceAll(/%3a/gi, ':').replaceAll(/%3d/gi, '=');
  const colon = plain.indexOf(':');
  const key = keys.find(({ accessKey }) => accessKey === plain.slice(0, colon));
  if (!isEqual(plain.slice(colon + 1), macOf(key?.secretKey ?? 'no such key', url)) || key === undefined) {
    throw new PileusError('signature_invalid');
  }
  const expiresAtS = Number(expiry);
  if (request.nowS >= expiresAtS) throw new PileusError('signature_expired');
  return { expiresAtS };
}

const macOf = (secret: string, url: string): string =>
  createHmac('sha1', secret).update(url).digest('base64').replaceAll('+', '-').replaceAll('/', '_');

function isEqual(given: string, expected: string): boolean {
  const one = Buffer.from(given);
  const other = Buffer.from(expected);
  return one.length === other.length && timingSafeEqual(one, other);
}
