import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import { encoderVersion } from './encoder-version.ts';
import type { Resolved } from './resolved.ts';

/**
 * The key of a result: its bytes are a function of it, it is the ETag and the name in the result store. Equal
 * source versions and equal integers share it, whatever URLs they came from. `version` is the source's
 * (`SourceFacts.version`). 22 characters, base64url of the first 128 bits of a SHA-256.
 */
export function derivation(version: string, resolved: Resolved): string {
  const text = `derivation ${encoderVersion}\n${canonicalJson(resolved)}\n${version}`;
  return createHash('sha256').update(text).digest().subarray(0, 16).toString('base64url');
}
