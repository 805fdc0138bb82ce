import { createHmac, timingSafeEqual } from 'node:crypto';
import { PileusError } from '../../shared/errors.ts';

export type SignatureSettings = Readonly<{
  /** Hex; as many as there are salts. None: any signature passes. */
  keys: readonly string[];
  salts: readonly string[];
  /** Bytes of the MAC that a URL carries. */
  signatureSize: number;
  trustedSignatures: readonly string[];
}>;

/** `base64url(HMAC-SHA256(key, salt + path)[:size])` without padding; `path` begins with a slash. */
export function signatureOf(key: string, salt: string, path: string, size: number): Buffer {
  const mac = createHmac('sha256', Buffer.from(key, 'hex'));
  return mac.update(Buffer.from(salt, 'hex')).update(path).digest().subarray(0, size);
}

/** Throws signature_invalid unless one of the live keys made this signature, or it is trusted as it is. */
export function checkSignature(signature: string, path: string, settings: SignatureSettings): void {
  const { keys, salts, signatureSize, trustedSignatures } = settings;
  if (keys.length === 0 || trustedSignatures.includes(signature)) return;
  // As text: 43 characters hold two bits more than 32 bytes.
  const given = Buffer.from(signature);
  const isLive = keys.some((key, at) => {
    const right = Buffer.from(signatureOf(key, salts[at] ?? '', path, signatureSize).toString('base64url'));
    return given.length === right.length && timingSafeEqual(given, right);
  });
  if (!isLive) throw new PileusError('signature_invalid');
}
