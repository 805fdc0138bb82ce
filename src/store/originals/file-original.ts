import type { BigIntStats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { isPileusError, PileusError } from '../../shared/errors.ts';
import { type FetchBudget, within } from './fetch-budget.ts';
import type { OpenOptions, OpenOriginal, OriginalStat } from './original-store.ts';
import { tooLarge } from './source-limits.ts';

const scratchBytesMax = 256 * 1024;

/**
 * An open file. It is read through a scratch buffer of its own, never straight into the caller's: a read that
 * outlives its deadline on a stalled file system may still write, and by then the caller's bytes belong to another
 * picture.
 */
export class FileOriginal implements OpenOriginal {
  readonly stat: OriginalStat;
  readonly #handle: FileHandle;
  readonly #before: BigIntStats;
  readonly #options: OpenOptions;
  readonly #budget: FetchBudget;
  readonly #scratch: Buffer;
  readonly #end: number;
  #position: number;
  #pending = false;
  #closed = false;

  /** Throws source_too_large and range_not_satisfiable before any byte is read. */
  constructor(handle: FileHandle, before: BigIntStats, stat: OriginalStat, options: OpenOptions, budget: FetchBudget) {
    const size = Number(before.size);
    const first = options.range?.first ?? 0;
    if (options.range && first >= size) throw new PileusError('range_not_satisfiable');
    this.#end = options.range ? Math.min(size, options.range.last + 1) : size;
    if (this.#end - first > options.bytesMax) throw tooLarge(this.#end - first, options.bytesMax);
    this.stat = stat;
    this.#handle = handle;
    this.#before = before;
    this.#options = options;
    this.#budget = budget;
    this.#position = first;
    this.#scratch = Buffer.allocUnsafe(Math.min(scratchBytesMax, Math.max(1, this.#end - first)));
  }

  async read(into: Uint8Array): Promise<number> {
    const wanted = Math.min(into.length, this.#scratch.length, this.#end - this.#position);
    if (wanted <= 0) return 0;
    const bytes = await this.#await(this.#handle.read(this.#scratch, 0, wanted, this.#position));
    if (bytes.bytesRead === 0) throw changed();
    this.#position += bytes.bytesRead;
    if (this.#position === this.#end) await this.#checkUnchanged();
    into.set(this.#scratch.subarray(0, bytes.bytesRead));
    return bytes.bytesRead;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const closing = this.#handle.close().catch(() => {});
    if (!this.#pending) await closing;
  }

  /** The last bytes are handed out only when the file is still the one whose version was announced. */
  async #checkUnchanged(): Promise<void> {
    const after = await this.#await(this.#handle.stat({ bigint: true }));
    if (after.size !== this.#before.size || after.mtimeNs !== this.#before.mtimeNs) throw changed();
  }

  async #await<Value>(work: Promise<Value>): Promise<Value> {
    this.#pending = true;
    const settled = work.finally(() => {
      this.#pending = false;
    });
    try {
      return await within(settled, this.#budget.step('idle'), this.#options.signal);
    } catch (error) {
      throw isPileusError(error) ? error : new PileusError('origin_failed', { cause: error });
    }
  }
}

const changed = (): PileusError =>
  new PileusError('origin_failed', { cause: new Error('the file changed while it was read') });
