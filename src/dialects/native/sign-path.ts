import type { Config } from '../../config/config.ts';
import { PileusError } from '../../shared/errors.ts';
import { namespaceOf } from './native.ts';
import { joinNativePath } from './native-path.ts';
import { readPlan } from './reading.ts';
import { signatureOf } from './signature.ts';
import { checkKey } from './source-key.ts';

/**
 * The canonical, signed path of a picture: what `pileus sign` prints. `key` is decoded, `spec` may be spelled in
 * any way, `kid` names one of the namespace's keys. Throws as parsing does, and signature_invalid for a kid that
 * is not live. An expiry in the past is signed all the same.
 */
export function signPath(config: Config, ns: string, key: string, spec: string, ext: string, kid: string): string {
  const namespace = namespaceOf(config, ns);
  if (namespace.keys.length === 0) {
    throw new PileusError('signature_invalid', {
      detail: `The namespace \`${ns}\` has no keys: its URLs need no signature.`,
    });
  }
  const signingKey = namespace.keys.find((candidate) => candidate.kid === kid);
  if (signingKey === undefined) {
    throw new PileusError('signature_invalid', { detail: `The namespace \`${ns}\` has no key \`${kid}\`.` });
  }
  checkKey(key);
  const { canonicalSpec } = readPlan(config, namespace, spec, ext, '');
  const signature = signatureOf(signingKey, { ns, key, spec: canonicalSpec, ext });
  return joinNativePath(ns, key, canonicalSpec, signature, ext);
}
