import { type Config, findNamespace, type NamespaceConfig } from '../../config/config.ts';
import { PileusError } from '../../shared/errors.ts';
import type { ParsedRequest } from '../dialect.ts';
import { joinNativePath, splitNativePath } from './native-path.ts';
import { authorise, expiryOf } from './policy.ts';
import { readPlan } from './reading.ts';
import { isSignatureValid } from './signature.ts';
import { decodeKey } from './source-key.ts';
import { quoted } from './values.ts';

/** What of a request our own grammar looks at. */
export type NativeRequest = Readonly<{
  rawPath: string;
  rawQuery: string | null;
  accept: string;
  /** Wall seconds since 1970, for expiry. */
  nowS: number;
}>;

/**
 * pileus's own grammar: `/<ns>/<key>/~<plan>[~<signature>].<ext>`, path only. docs/url.md describes it. Throws a PileusError
 * of source `client` for anything that is not understood or not allowed.
 */
export function parseNative(request: NativeRequest, config: Config): ParsedRequest {
  if (request.rawQuery !== null) throw new PileusError('bad_url', { detail: 'A URL has no query here.' });
  const { ns, rawKey, spec, signature, ext } = splitNativePath(request.rawPath);
  const key = decodeKey(rawKey);
  const namespace = namespaceOf(config, ns);
  const reading = readPlan(config, namespace, spec, ext, request.accept);

  const { canonicalSpec } = reading;
  const signed = signature !== null;
  if (signed && !isSignatureValid(namespace.keys, signature, { ns, key, spec: canonicalSpec, ext })) {
    throw new PileusError('signature_invalid');
  }
  authorise(reading, namespace, signed, request.nowS);

  const canonicalPath = joinNativePath(ns, key, canonicalSpec, signature, ext);
  return {
    dialect: 'native',
    source: { ns, key },
    plan: reading.plan,
    canonicalPath,
    isCanonical: canonicalPath === request.rawPath,
    negotiated: reading.negotiated,
    presets: reading.preset === null ? [] : [reading.preset],
    signed,
    expiresAtS: expiryOf(reading.ops),
    answer: {},
  };
}

/** The namespace of that name. Throws not_found. */
export function namespaceOf(config: Config, ns: string): NamespaceConfig {
  const namespace = findNamespace(config, ns);
  if (namespace === null) throw new PileusError('not_found', { detail: `There is no namespace ${quoted(ns)}.` });
  return namespace;
}
