import { PileusError } from '../../shared/errors.ts';
import { gunzip } from './gunzip.ts';
import { contentLength, encodingOf, isRangeAsked, isWholeRange } from './http-answer.ts';
import type { HttpAnswer } from './http-exchange.ts';
import type { OpenOptions, OpenOriginal, OriginalStat } from './original-store.ts';
import { growsTooLarge, tooLarge } from './source-limits.ts';

/**
 * The body of an answer, read as an original: exactly the bytes asked for, in plain encoding, never more than
 * `bytesMax`.
 */
export class HttpOriginal implements OpenOriginal {
  readonly stat: OriginalStat;
  readonly #answer: HttpAnswer;
  readonly #next: () => Promise<Buffer | null>;
  readonly #stop: () => void;
  readonly #bytesMax: number;
  /** Bytes of the answer before the range, where the origin ignored it. */
  #skip: number;
  /** Bytes still to be given; infinite where the length is unknown. */
  #left: number;
  /** Was the end announced, so that an earlier one is an error? */
  readonly #isAnnounced: boolean;
  /** Does the original end where the answer ends? */
  readonly #isWhole: boolean;
  #given = 0;
  #chunk: Buffer | null = null;

  /**
   * Throws source_too_large, range_not_satisfiable, and origin_failed for a 206 that is not what was asked for (all of it, without a range) or an
   * encoding other than gzip. The answer is then still the caller's to close.
   */
  constructor(answer: HttpAnswer, stat: OriginalStat, options: OpenOptions) {
    const { range, bytesMax } = options;
    const encoding = encodingOf(answer.headers);
    const isAsked = range ? isRangeAsked(answer.headers, range) : isWholeRange(answer.headers);
    if (answer.status === 206 && !isAsked) throw unexpected('206', 206);
    if (encoding === 'other' || (encoding === 'gzip' && range)) throw unexpected('content-encoding');
    const length = contentLength(answer.headers);
    const isSlice = range !== null && answer.status === 200;
    if (isSlice && length !== null && range.first >= length) throw new PileusError('range_not_satisfiable');
    const announced = isSlice ? sliceLength(range, length) : length;
    if (announced !== null && announced > bytesMax) throw tooLarge(announced, bytesMax);

    this.stat = stat;
    this.#answer = answer;
    this.#bytesMax = bytesMax;
    this.#skip = isSlice ? range.first : 0;
    this.#isWhole = !isSlice;
    this.#isAnnounced = encoding === 'identity' && length !== null;
    this.#left = encoding === 'identity' && announced !== null ? announced : Number.POSITIVE_INFINITY;
    const body = encoding === 'gzip' ? gunzip(answer.next) : { next: answer.next, close: () => {} };
    this.#next = body.next;
    this.#stop = body.close;
  }

  async read(into: Uint8Array): Promise<number> {
    if (this.#left === 0 || into.length === 0) return 0;
    const chunk = this.#chunk ?? (await this.#nextChunk());
    if (chunk === null) {
      if (this.#isAnnounced) throw new PileusError('origin_truncated');
      return 0;
    }
    const bytes = Math.min(chunk.length, into.length, this.#left);
    if (this.#given + bytes > this.#bytesMax) throw growsTooLarge(this.#bytesMax);
    into.set(chunk.subarray(0, bytes));
    this.#chunk = bytes < chunk.length ? chunk.subarray(bytes) : null;
    this.#given += bytes;
    this.#left -= bytes;
    if (this.#left === 0 && this.#isWhole) await this.#awaitEnd();
    return bytes;
  }

  async close(): Promise<void> {
    this.#stop();
    this.#answer.close();
  }

  /** Sees the answer's end, so that closing gives the connection back to the pool instead of breaking it. */
  async #awaitEnd(): Promise<void> {
    await this.#next().catch(() => {});
  }

  async #nextChunk(): Promise<Buffer | null> {
    for (let chunk = await this.#next(); chunk; chunk = await this.#next()) {
      if (chunk.length > this.#skip) {
        const wanted = chunk.subarray(this.#skip);
        this.#skip = 0;
        return wanted;
      }
      this.#skip -= chunk.length;
    }
    return null;
  }
}

/** Where the whole is sent although a range was asked for: the range's part of it. */
const sliceLength = (range: Readonly<{ first: number; last: number }>, length: number | null): number =>
  Math.min(range.last + 1, length ?? Number.POSITIVE_INFINITY) - range.first;

const unexpected = (what: string, originStatus?: number): PileusError =>
  new PileusError('origin_failed', { originStatus, cause: new Error(`the origin sent an unexpected ${what}`) });
