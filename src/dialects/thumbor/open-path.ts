import { PileusError } from '../../shared/errors.ts';
import type { Settings } from './settings.ts';
import { isSigned } from './signature.ts';

/** What stands behind the signature. */
export type OpenPath = Readonly<{
  text: string;
  /** The signature, or null for `unsafe`. */
  signature: string | null;
  /** The text is percent-decoded already. */
  isPlain: boolean;
}>;

/**
 * Takes the signature, or `unsafe`, off the front of a path and checks it. A signature covers all that follows it, as it was received;
 * `unescaped` also takes one over the percent-decoded text, which is then what is read. Throws bad_url, signature_missing or
 * signature_invalid.
 */
export function openPath(path: string, settings: Settings, unescaped: boolean): OpenPath {
  const slash = path.indexOf('/');
  if (slash <= 0 || slash === path.length - 1) {
    throw new PileusError('bad_url', { detail: 'Expected /<signature or unsafe>/<options>/<image>.' });
  }
  const first = path.slice(0, slash);
  const text = path.slice(slash + 1);
  if (first === 'unsafe') {
    if (settings.unsafe) return { text, signature: null, isPlain: false };
    throw new PileusError('signature_missing', { detail: '`unsafe` is not allowed here.' });
  }
  const signature = first.replaceAll(/%3d/gi, '=');
  if (!looksSigned(signature)) throw new PileusError('signature_missing');
  if (isSigned(signature, text, settings.keys, settings)) return { text, signature, isPlain: false };
  const plain = unescaped ? decoded(text) : null;
  if (plain !== null && isSigned(signature, plain, settings.keys, settings))
    return { text: plain, signature, isPlain: true };
  throw new PileusError('signature_invalid');
}

/** Long enough for a signature, and no other first word of a path. */
export const looksSigned = (segment: string): boolean =>
  /^[A-Za-z0-9_=-]{17,128}$/.test(segment) && segment !== 'adaptive-full-fit-in';

/** Percent-decoded, or null where that is nothing else. */
function decoded(text: string): string | null {
  try {
    const plain = decodeURIComponent(text);
    return plain === text ? null : plain;
  } catch {
    return null;
  }
}
