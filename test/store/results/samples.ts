import { isDeepStrictEqual } from 'node:util';
import type { SourceFacts } from '../../../src/plan/header.ts';
import type { ResultRef, StoredResult } from '../../../src/store/results/result-store.ts';
import { makeHeader } from '../../plan/resolve/scene.ts';

export const meta = {
  contentType: 'image/webp',
  extension: 'webp',
  width: 300,
  height: 200,
  frames: 1,
  version: 'v1',
  modifiedMs: 1_700_000_000_000,
} as const;

export const resultOf = (bytes: Buffer | string): StoredResult => ({ meta, bytes: Buffer.from(bytes) });

export const refOf = (derivation: string, key = 'a.jpg', ns = 'photos'): ResultRef => ({ ns, key, derivation });

/** A result whose bytes follow from its number: 1 to about 200 kB, of one value. */
export function numbered(number: number): Readonly<{ ref: ResultRef; result: StoredResult }> {
  const bytes = Buffer.alloc(1000 + ((number * 7919) % 200_000), number & 0xff);
  return { ref: refOf(`derivation-${number}`, `key-${number % 5}.jpg`), result: { meta, bytes } };
}

/** Large buffers are compared by `equals`: `toEqual` goes through them byte by byte. */
export const isSame = (one: StoredResult | null, other: StoredResult): boolean =>
  one !== null && isDeepStrictEqual(one.meta, other.meta) && one.bytes.equals(other.bytes);

export const factsOf = (version: string): SourceFacts => ({
  version,
  bytes: 1000,
  header: makeHeader({ width: 600, height: 400, quality: 80 }),
  modifiedMs: 1_700_000_000_000,
});
