import { PileusError } from '../../shared/errors.ts';

/**
 * Bounds-checked reading of a picture's bytes. A view has a declared length (that of the box, chunk or segment
 * it stands for; none for the whole file) and lies in bytes of which the tail may not have arrived yet. The two
 * are told apart: reading past the declared length means the picture is malformed, reading past the bytes that
 * are there throws `endOfBytes`, which `readHeader` turns into `need-more` or a truncated source.
 */
export class ByteView {
  readonly #bytes: Uint8Array;
  readonly #data: DataView;
  readonly #start: number;
  readonly #end: number;
  /** Where reading stops being possible: at the declared end or where the bytes end. */
  readonly #ready: number;

  private constructor(bytes: Uint8Array, data: DataView, start: number, end: number) {
    this.#bytes = bytes;
    this.#data = data;
    this.#start = start;
    this.#end = end;
    this.#ready = Math.min(end, bytes.length);
  }

  /** The whole file, whose length is not declared anywhere. */
  static of(bytes: Uint8Array): ByteView {
    const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return new ByteView(bytes, data, 0, Number.POSITIVE_INFINITY);
  }

  /** Declared bytes; Infinity for the whole file. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** The bytes that are there. */
  get arrived(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#ready);
  }

  /** Do these bytes lie within the declared length? Says nothing about whether they have arrived. */
  declares(at: number, count: number): boolean {
    return at >= 0 && at + count <= this.length;
  }

  /** A part of this view with its own declared length. Throws undecodable when it does not lie within this one. */
  part(at: number, count: number): ByteView {
    if (!this.declares(at, count)) throw malformed();
    return new ByteView(this.#bytes, this.#data, this.#start + at, this.#start + at + count);
  }

  u8(at: number): number {
    return this.#bytes[this.#place(at, 1)] ?? 0;
  }

  u16(at: number, littleEndian = false): number {
    return this.#data.getUint16(this.#place(at, 2), littleEndian);
  }

  u24le(at: number): number {
    const place = this.#place(at, 3);
    return this.#data.getUint16(place, true) + this.#data.getUint8(place + 2) * 0x10000;
  }

  u32(at: number, littleEndian = false): number {
    return this.#data.getUint32(this.#place(at, 4), littleEndian);
  }

  /** Values beyond 2^53 lose their low bits; as offsets they lie outside any file either way. */
  u64(at: number, littleEndian = false): number {
    return Number(this.#data.getBigUint64(this.#place(at, 8), littleEndian));
  }

  /** These bytes themselves, without a copy. */
  bytes(at: number, count: number): Uint8Array {
    const place = this.#place(at, count);
    return this.#bytes.subarray(place, place + count);
  }

  /** Do the bytes at `at` spell this ASCII text? False when the declared length is shorter. */
  spells(text: string, at = 0): boolean {
    if (!this.declares(at, text.length)) return false;
    for (let i = 0; i < text.length; i++) {
      if (this.u8(at + i) !== text.charCodeAt(i)) return false;
    }
    return true;
  }

  #place(at: number, count: number): number {
    const place = this.#start + at;
    if (at >= 0 && place + count <= this.#ready) return place;
    if (!this.declares(at, count)) throw malformed();
    throw endOfBytes;
  }
}

/** Thrown, always this one object, when a reader needs bytes that are not there. Never leaves `readHeader`. */
export const endOfBytes = new Error('end of bytes');

/** The picture contradicts itself: no more bytes would mend it. */
export const malformed = (): PileusError =>
  new PileusError('undecodable', { detail: 'The header contradicts itself.' });

/** A picture, but one that this build cannot decode; `what` names the format or the feature. */
export const unsupported = (what: string): PileusError =>
  new PileusError('unsupported_format', { detail: `${what} cannot be decoded.` });

/** Four characters as the number that `u32` reads at their place. */
export const fourCc = (text: string): number =>
  ((text.charCodeAt(0) << 24) | (text.charCodeAt(1) << 16) | (text.charCodeAt(2) << 8) | text.charCodeAt(3)) >>> 0;
