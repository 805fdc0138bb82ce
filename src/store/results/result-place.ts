import { createHash } from 'node:crypto';
import path from 'node:path';
import type { ResultRef } from './result-store.ts';

/** Holds what is being written or removed; no namespace can have this name. */
export const temporaryFolderName = '.tmp';

/** The folder of a source's results, relative to the store: `<ns>/<2 digits>/<hash of the key>`. */
export function sourceFolder(ns: string, key: string): string {
  const hash = createHash('sha256').update(key).digest('hex').slice(0, 32);
  return path.join(namespaceFolder(ns), hash.slice(0, 2), hash);
}

/**
 * Nothing a client sends becomes part of a path: keys are hashed, and a namespace or derivation that is more than plain
 * letters is hashed too.
 */
export const namespaceFolder = (ns: string): string => plainName(ns);

export const resultPath = (ref: ResultRef): string =>
  path.join(sourceFolder(ref.ns, ref.key), plainName(ref.derivation));

const plainName = (text: string): string =>
  /^[A-Za-z0-9_-]{1,80}$/.test(text) ? text : `=${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
