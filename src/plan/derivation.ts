import { shortHash } from '../shared/short-hash.ts';
import { canonicalJson } from './canonical-json.ts';
import { encoderVersion } from './encoder-version.ts';
import type { Resolved } from './resolved.ts';

/**
 * The key of a result: its bytes are a function of it, it is the ETag and the name in the result store. Equal
 * source versions and equal integers share it, whatever URLs they came from. `version` is the source's
 * (`SourceFacts.version`).
 */
export function derivation(version: string, resolved: Resolved): string {
  return shortHash(`derivation ${encoderVersion}\n${canonicalJson(resolved)}\n${version}`);
}
