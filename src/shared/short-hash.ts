import { createHash } from 'node:crypto';

/** What keys and ETags are made of: 22 characters, base64url of the first 128 bits of a SHA-256. */
export const shortHash = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest().subarray(0, 16).toString('base64url');
