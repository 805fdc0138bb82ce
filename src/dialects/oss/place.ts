import { type Config, findNamespace, type NamespaceConfig } from '../../config/config.ts';
import type { SourceRef } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import type { Mounted } from '../dialect.ts';
import { decodeKey } from '../native/source-key.ts';
import { quoted } from '../native/values.ts';

/** The source that a path names, and the namespace that it lives in. */
export type Place = Readonly<{ source: SourceRef; namespace: NamespaceConfig }>;

/** `/<key>` where the mount has a namespace, else `/<ns>/<key>`. Throws bad_key or not_found. */
export function placeOf(rest: string, { namespace }: Mounted, config: Config): Place {
  const path = rest.slice(1);
  if (namespace !== null) return { source: { ns: namespace.name, key: decodeKey(path) }, namespace };
  const slash = path.indexOf('/');
  const name = slash < 0 ? path : path.slice(0, slash);
  const named = findNamespace(config, name);
  if (named === null) throw new PileusError('not_found', { detail: `There is no namespace ${quoted(name)}.` });
  return { source: { ns: name, key: decodeKey(slash < 0 ? '' : path.slice(slash + 1)) }, namespace: named };
}

/** Throws signature_missing where the namespace has keys and the mount does not say that it is open all the same. */
export function checkOpen({ keys }: NamespaceConfig, open: boolean): void {
  if (keys.length === 0 || open) return;
  throw new PileusError('signature_missing', { detail: 'This grammar has no signatures, and the namespace has keys.' });
}

/** Throws original_protected where originals are not served. */
export function checkOriginal({ protectOriginals }: NamespaceConfig): void {
  if (protectOriginals) throw new PileusError('original_protected');
}
