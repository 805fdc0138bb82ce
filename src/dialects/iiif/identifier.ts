import type { SourceRef } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { decodeKey } from '../native/source-key.ts';

/**
 * The source that an identifier names: a key of the mount's namespace, or `<namespace>/<key>` where `namespace` is null. Slashes are
 * percent-encoded in it. Throws bad_key, or not_found where no namespace is named.
 */
export function decodeIdentifier(raw: string, namespace: string | null): SourceRef {
  const path = decodeKey(raw.replaceAll(/%2f/gi, '/'));
  if (namespace !== null) return { ns: namespace, key: path };
  const slash = path.indexOf('/');
  if (slash < 0) throw new PileusError('not_found', { detail: 'Expected <namespace>%2F<key> as the identifier.' });
  return { ns: path.slice(0, slash), key: path.slice(slash + 1) };
}

/** The one spelling of an identifier, percent-encoded; `namespace` as in `decodeIdentifier`. */
export const encodeIdentifier = ({ ns, key }: SourceRef, namespace: string | null): string =>
  encodeURIComponent(namespace === null ? `${ns}/${key}` : key).replaceAll(mayStandPlain, decodeURIComponent);

/** `: , ; = + $ &`: plain in the API's examples, and in the identifiers of those who follow them (section 9). */
const mayStandPlain = /%(?:3A|2C|3B|3D|2B|24|26)/g;
