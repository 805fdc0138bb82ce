import { createDecipheriv } from 'node:crypto';

/** Bytes of the initialisation vector that stands before the text. */
const ivBytes = 16;

/**
 * The text behind `base64url(IV, AES-CBC(text))`, PKCS #7 padded; the key's length (16, 24 or 32 bytes) chooses the cipher. null for
 * whatever is wrong with it: who asks must not learn whether it was the padding, the key or the text.
 */
export function decrypt(encrypted: string, keyHex: string): string | null {
  const key = Buffer.from(keyHex, 'hex');
  const bytes = Buffer.from(encrypted, 'base64url');
  if (bytes.length < 2 * ivBytes || bytes.length % ivBytes !== 0) return null;
  try {
    const decipher = createDecipheriv(`aes-${8 * key.length}-cbc`, key, bytes.subarray(0, ivBytes));
    const text = Buffer.concat([decipher.update(bytes.subarray(ivBytes)), decipher.final()]);
    return utf8.decode(text) || null;
  } catch {
    return null;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
