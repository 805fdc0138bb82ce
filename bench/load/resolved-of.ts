import type { Config } from '../../src/config/config.ts';
import { parseNative } from '../../src/dialects/native/native.ts';
import { readHeader } from '../../src/plan/header/read-header.ts';
import { resolve } from '../../src/plan/resolve.ts';
import type { Resolved } from '../../src/plan/resolved.ts';

/** The very integers that the server computes for this source and this last segment (`w_512.jpg`), encoder options included. */
export function resolvedOf(source: Uint8Array, lastSegment: string, config: Config): Resolved {
  const { plan } = parseNative({ rawPath: `/photos/x/~${lastSegment}`, rawQuery: null, accept: '', nowS: 0 }, config);
  const read = readHeader(source, true);
  if (read.state !== 'known') throw new Error(`The original has no readable header: ${read.state}.`);
  return resolve(plan, read.header, { options: config.options, animated: true, truncatedOk: false, assets: {} });
}
