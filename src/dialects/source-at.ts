import type { Config, NamespaceConfig } from '../config/config.ts';
import { PileusError } from '../shared/errors.ts';
import type { Mounted } from './dialect.ts';
import { namespaceOf } from './native/native.ts';

/**
 * The namespace of a path behind a mount's place, and what is left of it: `/<key>` where the mount has a namespace, else
 * `/<namespace>/<key>`. The key is still percent-encoded. Throws not_found, or bad_key where there is none.
 */
export function sourceAt(
  rest: string,
  mount: Pick<Mounted, 'namespace'>,
  config: Config,
): Readonly<{ namespace: NamespaceConfig; rawKey: string }> {
  if (mount.namespace !== null) return { namespace: mount.namespace, rawKey: rest.slice(1) };
  const end = rest.indexOf('/', 1);
  if (end < 0) throw new PileusError('bad_key', { detail: 'Expected /<namespace>/<key>.' });
  return { namespace: namespaceOf(config, rest.slice(1, end)), rawKey: rest.slice(end + 1) };
}

/** May a path behind a mount's place name a source? Cheap: for `match`. */
export const mayNameSource = (rest: string, { namespace }: Pick<Mounted, 'namespace'>): boolean =>
  rest.length > 1 && (namespace !== null || rest.indexOf('/', 1) > 0);
