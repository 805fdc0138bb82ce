import type { Config, NamespaceConfig } from '../config/config.ts';
import type { SourceRef } from '../plan/plan.ts';
import { PileusError } from '../shared/errors.ts';
import type { Mounted } from './dialect.ts';
import { namespaceOf } from './native/native.ts';
import { checkKey, decodeKey, keyBytesMax } from './native/source-key.ts';

/**
 * Which source a foreign URL names, and whether it may be had without a signature. At a mount with a namespace a URL names a key of
 * it, elsewhere `<namespace>/<key>`.
 */

/** A source with the namespace whose rules hold for it. */
export type MountedSource = Readonly<{ source: SourceRef; namespace: NamespaceConfig }>;

type Place = Pick<Mounted, 'namespace'>;

/** May a path behind a mount's place name a source? Cheap: for `match`. */
export const mayNameSource = (rest: string, { namespace }: Place): boolean =>
  rest.length > 1 && (namespace !== null || rest.indexOf('/', 1) > 0);

/** The source of a path behind a mount's place, `/<key>` and still percent-encoded. Throws bad_key or not_found. */
export const sourceOfPath = (rest: string, place: Place, config: Config): MountedSource =>
  sourceNamed(rest.slice(1), place, config, decodeKey);

/**
 * The source that a decoded text names. A slash at its front counts for nothing. Throws not_allowed for a URL of another host,
 * not_found for a namespace that there is not, bad_key.
 */
export function sourceOfText(text: string, place: Place, config: Config): MountedSource {
  if (/^(?:[a-z][a-z0-9+.-]{0,31}:\/|\/\/)/i.test(text)) {
    throw new PileusError('not_allowed', { detail: 'Sources at other hosts are not fetched here.' });
  }
  return sourceNamed(text.startsWith('/') ? text.slice(1) : text, place, config, checkKey);
}

function sourceNamed(
  path: string,
  { namespace }: Place,
  config: Config,
  keyOf: (text: string) => string,
): MountedSource {
  if (namespace !== null) return { source: { ns: namespace.name, key: keyOf(path) }, namespace };
  const slash = path.indexOf('/');
  const name = slash < 0 ? path : path.slice(0, slash);
  const named = namespaceOf(config, name);
  return { source: { ns: name, key: keyOf(slash < 0 ? '' : path.slice(slash + 1)) }, namespace: named };
}

/** Percent-decoded once, encoded slashes too. Throws bad_key. */
export function decodeSource(raw: string): string {
  if (raw.length > (keyBytesMax + 64) * 3) throw new PileusError('bad_key', { detail: 'The source is too long.' });
  if (!/^[\x21-\x7e]*$/.test(raw)) {
    throw new PileusError('bad_key', { detail: 'Characters outside ASCII have to be percent-encoded.' });
  }
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new PileusError('bad_key', { detail: 'The percent-encoding is not valid UTF-8.' });
  }
}

/** Throws signature_missing for an unsigned URL into a namespace with keys, unless the mount opens it. */
export function checkOpen({ keys }: NamespaceConfig, open: boolean): void {
  if (keys.length === 0 || open) return;
  throw new PileusError('signature_missing', { detail: 'The namespace has keys, and this place does not open it.' });
}

/** Throws original_protected where originals are not served, signed or not. */
export function checkOriginal({ protectOriginals }: Readonly<{ protectOriginals: boolean }>): void {
  if (protectOriginals) throw new PileusError('original_protected');
}
