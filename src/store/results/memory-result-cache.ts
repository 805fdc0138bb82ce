import { LRUCache } from 'lru-cache';
import type { ResultRef, StoredResult } from './result-store.ts';

type Entry = Readonly<{ ns: string; key: string; result: StoredResult }>;

/** What an entry costs beside its bytes. */
const entryOverheadBytes = 512;

/**
 * The last results in the lb's memory, by derivation, up to `bytesMax`; 0 keeps none. Everyone who asks gets the one
 * Buffer, so nobody may write into it.
 */
export class MemoryResultCache {
  readonly #entries: LRUCache<string, Entry> | null;

  constructor(bytesMax: number) {
    this.#entries =
      bytesMax === 0
        ? null
        : new LRUCache<string, Entry>({
            maxSize: bytesMax,
            sizeCalculation: ({ result }) => result.bytes.length + entryOverheadBytes,
          });
  }

  get bytes(): number {
    return this.#entries?.calculatedSize ?? 0;
  }

  get entries(): number {
    return this.#entries?.size ?? 0;
  }

  get(derivation: string): StoredResult | null {
    return this.#entries?.get(derivation)?.result ?? null;
  }

  /** One that is larger than the whole cache is not kept. */
  put(ref: ResultRef, result: StoredResult): void {
    this.#entries?.set(ref.derivation, { ns: ref.ns, key: ref.key, result });
  }

  delete(derivation: string): boolean {
    return this.#entries?.delete(derivation) ?? false;
  }

  /** Forgets a source's results, or a whole namespace's; gives how many went. */
  purge(scope: Readonly<{ ns: string; key: string | null }>): number {
    let removed = 0;
    for (const [derivation, { ns, key }] of [...(this.#entries?.entries() ?? [])]) {
      if (ns !== scope.ns || (scope.key !== null && key !== scope.key)) continue;
      this.#entries?.delete(derivation);
      removed += 1;
    }
    return removed;
  }
}
