import assert from 'node:assert/strict';

/**
 * Memory for the bytes of sources: one Buffer, allocated once, cut into contiguous ranges.
 *
 * A range is `reserved` while it is being filled, `pinned` while somebody reads it, `cached` when nobody does, and
 * `free`. Room is found by best fit; where there is none, cached ranges are evicted, oldest first. Pinned and reserved
 * ranges are never touched: sharp reads a range in place, and bytes that changed under it would come out as wrong
 * pixels without any error.
 */
export type BlobLabel = Readonly<{ ns: string; key: string; version: string }>;

/** A piece of the buffer. Its place may change while it is reserved and grows, never afterwards. */
export type BlobRange = Readonly<{ start: number; bytes: number; state: 'free' | 'reserved' | 'pinned' | 'cached' }>;

export type BlobUsage = Readonly<{ bytes: number; usedBytes: number; pinnedBytes: number; evictions: number }>;

type Segment = {
  start: number;
  bytes: number;
  state: BlobRange['state'];
  pins: number;
  label: BlobLabel | null;
  /** Freed at its last unpin instead of being cached: a newer version took its place. */
  doomed: boolean;
};

export class BlobBuffer {
  readonly #memory: Buffer;
  /** In order of address, without gaps; two neighbours are never both free. */
  readonly #segments: Segment[];
  /** In order of their last use. */
  readonly #cached = new Set<Segment>();
  readonly #byLabel = new Map<string, Segment>();
  #onEvict: (label: BlobLabel) => void = () => {};
  #evictions = 0;
  /** Bytes in ranges that are not free, and those of them that are reserved or pinned. */
  #usedBytes = 0;
  #heldBytes = 0;

  constructor(bytes: number) {
    this.#memory = Buffer.allocUnsafeSlow(bytes);
    this.#segments = [freeSegment(0, bytes)];
  }

  /** Called with the label of every cached range that has to go. One listener. */
  set onEvict(listener: (label: BlobLabel) => void) {
    this.#onEvict = listener;
  }

  /** A range of so many bytes (at least 1) to fill, or null when pinned bytes leave no room; then nothing is evicted. */
  reserve(bytes: number): BlobRange | null {
    const wanted = Math.max(1, bytes);
    const free = this.#bestFit(wanted) ?? this.#makeRoom(wanted);
    return free ? this.#take(free, wanted) : null;
  }

  /** Makes a reserved range larger: in place where its neighbour is free, else by moving it. False: no room, unchanged. */
  grow(range: BlobRange, bytes: number): boolean {
    const segment = this.#own(range, 'reserved');
    const missing = bytes - segment.bytes;
    if (missing <= 0) return true;
    const next = this.#segments[this.#indexOf(segment) + 1];
    if (next?.state === 'free' && next.bytes >= missing) {
      this.#take(next, missing);
      this.#segments.splice(this.#indexOf(next), 1);
      segment.bytes += missing;
      return true;
    }
    const wider = this.#bestFit(bytes) ?? this.#makeRoom(bytes);
    if (!wider) return false;
    this.#move(segment, this.#take(wider, bytes));
    return true;
  }

  /** Gives the tail of a reserved range back. */
  shrink(range: BlobRange, bytes: number): void {
    const segment = this.#own(range, 'reserved');
    const kept = Math.max(1, bytes);
    if (kept >= segment.bytes) return;
    const tail = { ...freeSegment(segment.start + kept, segment.bytes - kept), state: 'reserved' as const };
    segment.bytes = kept;
    this.#segments.splice(this.#indexOf(segment) + 1, 0, tail);
    this.#free(tail);
  }

  /** A reserved range is full: names it, and leaves it pinned once. An older range of that name is given up. */
  seal(range: BlobRange, label: BlobLabel): void {
    const segment = this.#own(range, 'reserved');
    const older = this.#byLabel.get(labelId(label));
    if (older) this.drop(older);
    segment.state = 'pinned';
    segment.pins = 1;
    segment.label = label;
    this.#byLabel.set(labelId(label), segment);
  }

  pin(range: BlobRange): void {
    const segment = range as Segment;
    assert(segment.state === 'pinned' || segment.state === 'cached', 'only a sealed range can be pinned');
    if (segment.state === 'cached') this.#heldBytes += segment.bytes;
    this.#cached.delete(segment);
    segment.state = 'pinned';
    segment.pins += 1;
  }

  unpin(range: BlobRange): void {
    const segment = this.#own(range, 'pinned');
    segment.pins -= 1;
    if (segment.pins > 0) return;
    segment.state = 'cached';
    this.#heldBytes -= segment.bytes;
    this.#cached.add(segment);
    if (segment.doomed) this.#free(segment);
  }

  /** Gives a range up: at once, or at its last unpin. */
  drop(range: BlobRange): void {
    const segment = range as Segment;
    this.#forget(segment);
    if (segment.state === 'pinned') segment.doomed = true;
    else if (segment.state !== 'free') this.#free(segment);
  }

  /** The range that holds this version, pinned or cached. */
  find(ns: string, key: string, version: string): BlobRange | null {
    return this.#byLabel.get(labelId({ ns, key, version })) ?? null;
  }

  /** The bytes themselves, not a copy. Valid while the range is reserved (until it grows) or pinned. */
  view(range: BlobRange): Buffer {
    assert(range.state !== 'free', 'a freed range has no bytes');
    return this.#memory.subarray(range.start, range.start + range.bytes);
  }

  get usage(): BlobUsage {
    const [usedBytes, pinnedBytes] = [this.#usedBytes, this.#heldBytes];
    return { bytes: this.#memory.length, usedBytes, pinnedBytes, evictions: this.#evictions };
  }

  /** Every range by address, the free ones too. */
  get ranges(): readonly BlobRange[] {
    return this.#segments;
  }

  #own(range: BlobRange, state: BlobRange['state']): Segment {
    assert.equal(range.state, state);
    return range as Segment;
  }

  #bestFit(bytes: number): Segment | undefined {
    let best: Segment | undefined;
    for (const segment of this.#segments) {
      if (segment.state !== 'free' || segment.bytes < bytes) continue;
      if (!best || segment.bytes < best.bytes) best = segment;
    }
    return best;
  }

  /** Evicts until so many bytes lie together; nothing when even an empty cache would not do. */
  #makeRoom(bytes: number): Segment | undefined {
    if (!this.#couldFit(bytes)) return undefined;
    for (const segment of this.#cached) {
      const { label } = segment;
      this.#evictions += 1;
      const free = this.#free(segment);
      if (label) this.#onEvict(label);
      if (free.bytes >= bytes) return free;
    }
    return undefined;
  }

  #couldFit(bytes: number): boolean {
    let run = 0;
    for (const segment of this.#segments) {
      run = segment.state === 'free' || segment.state === 'cached' ? run + segment.bytes : 0;
      if (run >= bytes) return true;
    }
    return false;
  }

  /** The first bytes of a free segment become a reserved one. */
  #take(free: Segment, bytes: number): Segment {
    const rest = free.bytes - bytes;
    if (rest > 0) this.#segments.splice(this.#indexOf(free) + 1, 0, freeSegment(free.start + bytes, rest));
    free.bytes = bytes;
    free.state = 'reserved';
    this.#usedBytes += bytes;
    this.#heldBytes += bytes;
    return free;
  }

  /** Copies `from` to where `to` is and frees the old place; `from` stays the handle. */
  #move(from: Segment, to: Segment): void {
    this.#memory.copyWithin(to.start, from.start, from.start + from.bytes);
    const fromIndex = this.#indexOf(from);
    const toIndex = this.#indexOf(to);
    this.#segments[fromIndex] = to;
    this.#segments[toIndex] = from;
    [from.start, to.start] = [to.start, from.start];
    [from.bytes, to.bytes] = [to.bytes, from.bytes];
    this.#free(to);
  }

  /** Frees a segment and joins it with free neighbours. */
  #free(segment: Segment): Segment {
    this.#forget(segment);
    this.#cached.delete(segment);
    this.#usedBytes -= segment.bytes;
    if (segment.state !== 'cached') this.#heldBytes -= segment.bytes;
    const index = this.#indexOf(segment);
    const before = this.#segments[index - 1];
    const after = this.#segments[index + 1];
    const first = before?.state === 'free' ? index - 1 : index;
    const last = after?.state === 'free' ? index + 1 : index;
    const start = first < index && before ? before.start : segment.start;
    const end = last > index && after ? after.start + after.bytes : segment.start + segment.bytes;
    segment.state = 'free';
    const merged = freeSegment(start, end - start);
    this.#segments.splice(first, last - first + 1, merged);
    return merged;
  }

  #forget(segment: Segment): void {
    if (!segment.label) return;
    const id = labelId(segment.label);
    if (this.#byLabel.get(id) === segment) this.#byLabel.delete(id);
    segment.label = null;
  }

  /** Binary search: segments are in order of address. */
  #indexOf(segment: Segment): number {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const at = this.#segments[middle];
      if (at === segment) return middle;
      if (!at || at.start > segment.start) high = middle - 1;
      else low = middle + 1;
    }
    throw new Error('the range does not belong to this buffer');
  }
}

const freeSegment = (start: number, bytes: number): Segment => ({
  start,
  bytes,
  state: 'free',
  pins: 0,
  label: null,
  doomed: false,
});

const labelId = (label: BlobLabel): string => `${label.ns}\0${label.key}\0${label.version}`;
