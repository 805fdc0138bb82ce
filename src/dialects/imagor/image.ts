import { decodeSource } from '../source-of-mount.ts';
import { unsupported } from '../thumbor/draft.ts';

/** The name of an image, and whether it stood there in base64. */
export type Image = Readonly<{ name: string; isBase64: boolean }>;

/**
 * An image as a path has it: percent-encoded with `+` for a space, or `b64:` and base64url. What is no base64url is a name that happens
 * to begin like that. Throws operation_unsupported for a plain colour, bad_key for what cannot be decoded.
 */
export function readImage(raw: string, isPlain: boolean): Image {
  const text = isPlain ? raw : decodeSource(raw.replaceAll('+', '%20'));
  if (text.startsWith('color:')) throw unsupported('Pictures of one colour are not made here.');
  const name = text.startsWith('b64:') ? fromBase64(text.slice(4)) : null;
  return name === null ? { name: text, isBase64: false } : { name, isBase64: true };
}

function fromBase64(text: string): string | null {
  if (text === '' || !/^[A-Za-z0-9_-]+$/.test(text)) return null;
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) return null;
  const name = bytes.toString('utf8');
  return Buffer.from(name, 'utf8').equals(bytes) ? name : null;
}
