import { PileusError } from '../../shared/errors.ts';
import { encodeKey } from './source-key.ts';

/** `/<ns>/<key>/~<spec>[~<signature>].<ext>`, cut up. The key is still percent-encoded. */
export type NativePath = Readonly<{
  ns: string;
  rawKey: string;
  spec: string;
  signature: string | null;
  ext: string;
}>;

/** Does the last segment begin with a tilde? Old encoders write it as `%7E`. */
export function isNativePath(rawPath: string): boolean {
  const last = rawPath.lastIndexOf('/') + 1;
  return rawPath.startsWith('~', last) || rawPath.startsWith('%7E', last) || rawPath.startsWith('%7e', last);
}

/** Cuts a raw path up. Throws bad_url or bad_key (where there is none). */
export function splitNativePath(rawPath: string): NativePath {
  const nsEnd = rawPath.indexOf('/', 1);
  if (!rawPath.startsWith('/') || nsEnd < 0) throw badUrl('Expected /<namespace>/<key>/~<plan>.<extension>.');
  const ns = rawPath.slice(1, nsEnd);
  if (!/^[a-z0-9-]{1,32}$/.test(ns) || ns === '-') {
    throw badUrl('A namespace has 1-32 of a-z, 0-9 and -, and is more than a dash.');
  }
  const keyEnd = rawPath.lastIndexOf('/');
  if (keyEnd === nsEnd) throw new PileusError('bad_key', { detail: 'It is empty.' });
  return { ns, rawKey: rawPath.slice(nsEnd + 1, keyEnd), ...splitLast(decodeLast(rawPath.slice(keyEnd + 1))) };
}

/** The path of these parts; the key is given decoded. */
export const joinNativePath = (ns: string, key: string, spec: string, signature: string | null, ext: string): string =>
  `/${ns}/${encodeKey(key)}/~${spec}${signature === null ? '' : `~${signature}`}.${ext}`;

function decodeLast(last: string): string {
  if (!last.includes('%')) return last;
  const decoded = last.replaceAll(/%7e/gi, '~').replaceAll(/%2c/gi, ',');
  if (decoded.includes('%')) throw badUrl('Only ~ and , may be percent-encoded in the last segment.');
  return decoded;
}

function splitLast(last: string): Pick<NativePath, 'spec' | 'signature' | 'ext'> {
  if (!last.startsWith('~')) throw badUrl('The last segment has to begin with ~.');
  const dot = last.lastIndexOf('.');
  const ext = dot < 0 ? '' : last.slice(dot + 1);
  if (!/^[a-z0-9]{1,8}$/.test(ext)) throw badUrl('The last segment has to end in an extension, like .webp or .auto.');
  const body = last.slice(1, dot);
  const tilde = body.indexOf('~');
  if (tilde < 0) return { spec: body, signature: null, ext };
  const signature = body.slice(tilde + 1);
  if (signature.includes('~')) throw badUrl('A plan has at most one signature.');
  return { spec: body.slice(0, tilde), signature, ext };
}

const badUrl = (detail: string): PileusError => new PileusError('bad_url', { detail });
