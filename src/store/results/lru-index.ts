/** What is known of one stored file. */
export type IndexEntry = { bytes: number; bucket: number; isTrusted: boolean; touchedMs: number };

const defaultBucketMs = 600_000;

/**
 * Which files there are, how large, and which was used longest ago. Entries stand in buckets by the time of their last
 * use, in order of use within each: exact for what was used while the process runs, and exact to a bucket for
 * what a scan finds in any order, without ever sorting all of them at once.
 */
export class LruIndex {
  readonly #bucketMs: number;
  readonly #entries = new Map<string, IndexEntry>();
  readonly #buckets = new Map<number, Set<string>>();
  #oldestBucket = Number.POSITIVE_INFINITY;
  #bytes = 0;

  constructor(bucketMs = defaultBucketMs) {
    this.#bucketMs = bucketMs;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(id: string): Readonly<IndexEntry> | undefined {
    return this.#entries.get(id);
  }

  ids(): IterableIterator<string> {
    return this.#entries.keys();
  }

  /** Adds the file, or marks it as used. `touchedMs`: the last use that the file itself remembers. */
  set(id: string, file: Readonly<{ bytes: number; isTrusted: boolean; touchedMs: number }>, usedMs: number): void {
    this.delete(id);
    const bucket = Math.floor(usedMs / this.#bucketMs);
    let members = this.#buckets.get(bucket);
    if (!members) {
      members = new Set();
      this.#buckets.set(bucket, members);
      this.#oldestBucket = Math.min(this.#oldestBucket, bucket);
    }
    members.add(id);
    this.#entries.set(id, { ...file, bucket });
    this.#bytes += file.bytes;
  }

  delete(id: string): boolean {
    const entry = this.#entries.get(id);
    if (!entry) return false;
    this.#entries.delete(id);
    this.#bytes -= entry.bytes;
    const members = this.#buckets.get(entry.bucket);
    members?.delete(id);
    if (members?.size === 0) {
      this.#buckets.delete(entry.bucket);
      if (entry.bucket === this.#oldestBucket) this.#oldestBucket = minimum(this.#buckets.keys());
    }
    return true;
  }

  /** The one that was used longest ago. */
  oldest(): string | undefined {
    return this.#buckets.get(this.#oldestBucket)?.values().next().value;
  }
}

function minimum(values: Iterable<number>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const value of values) least = Math.min(least, value);
  return least;
}
