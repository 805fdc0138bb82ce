import type { Config, NamespaceConfig } from '../config/config.ts';
import { findNamespace } from '../config/config.ts';
import type { SourceRef } from '../plan/plan.ts';
import { PileusError } from '../shared/errors.ts';
import type { Mounted } from './dialect.ts';
import { checkKey, keyBytesMax } from './native/source-key.ts';

/** A source with the namespace whose rules hold for it. */
export type MountedSource = Readonly<{ source: SourceRef; namespace: NamespaceConfig }>;

/**
 * The source that a decoded text names at a mount: a key where the mount has a namespace, else `<namespace>/<key>`. A slash at its
 * front counts for nothing. Throws not_allowed for a URL of another host, not_found for a namespace that there is not, bad_key.
 */
export function sourceAt(text: string, mount: Pick<Mounted, 'namespace'>, config: Config): MountedSource {
  if (/^(?:[a-z][a-z0-9+.-]{0,31}:\/|\/\/)/i.test(text)) {
    throw new PileusError('not_allowed', { detail: 'Sources at other hosts are not fetched here.' });
  }
  const path = text.startsWith('/') ? text.slice(1) : text;
  if (mount.namespace !== null) {
    return { source: { ns: mount.namespace.name, key: checkKey(path) }, namespace: mount.namespace };
  }
  const slash = path.indexOf('/');
  const ns = slash < 0 ? path : path.slice(0, slash);
  const namespace = findNamespace(config, ns);
  if (namespace === null) throw new PileusError('not_found', { detail: 'There is no namespace of that name.' });
  return { source: { ns, key: checkKey(slash < 0 ? '' : path.slice(slash + 1)) }, namespace };
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
export function checkOpen(namespace: NamespaceConfig, open: boolean): void {
  if (namespace.keys.length > 0 && !open) {
    throw new PileusError('signature_missing', { detail: 'The namespace has keys, and this place does not open it.' });
  }
}
