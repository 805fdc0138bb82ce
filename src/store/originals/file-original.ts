import type { BigIntStats } from 'node:fs';
import { isPileusError, PileusError } from '../../shared/errors.ts';
import { MiB } from '../../shared/units.ts';
import { type FetchBudget, within } from './fetch-budget.ts';
import { attributesFreshMs, type FileSystem } from './file-system.ts';
import type { OpenOptions, OpenOriginal, OriginalStat } from './original-store.ts';
import { tooLarge } from './source-limits.ts';

const scratchBytes = 2 * MiB;
/** As many as fetches of files commonly run at once. */
const scratchesKept = 2;
const scratches: Buffer[] = [];

/** Of an open file: its descriptor, and what it was when it was opened. */
export type OpenFile = Readonly<{ fd: number; stats: BigIntStats }>;

/**
 * An open file. It is read through a scratch buffer of its own, never straight into the caller's: a read that
 * outlives its deadline on a stalled file system may still write, and by then the caller's bytes belong to another
 * picture.
 */
export class FileOriginal implements OpenOriginal {
  readonly stat: OriginalStat;
  readonly #file: OpenFile;
  readonly #files: FileSystem;
  readonly #options: OpenOptions;
  readonly #budget: FetchBudget;
  readonly #scratch: Buffer;
  readonly #end: number;
  #position: number;
  #pending: Promise<unknown> | null = null;
  #closed = false;

  /** Throws source_too_large and range_not_satisfiable before any byte is read. */
  constructor(file: OpenFile, files: FileSystem, stat: OriginalStat, options: OpenOptions, budget: FetchBudget) {
    const size = Number(file.stats.size);
    const first = options.range?.first ?? 0;
    if (options.range && first >= size) throw new PileusError('range_not_satisfiable');
    this.#end = options.range ? Math.min(size, options.range.last + 1) : size;
    if (this.#end - first > options.bytesMax) throw tooLarge(this.#end - first, options.bytesMax);
    this.stat = stat;
    this.#file = file;
    this.#files = files;
    this.#options = options;
    this.#budget = budget;
    this.#position = first;
    this.#scratch = scratches.pop() ?? Buffer.allocUnsafeSlow(scratchBytes);
  }

  async read(into: Uint8Array): Promise<number> {
    const wanted = Math.min(into.length, scratchBytes, this.#end - this.#position);
    if (wanted <= 0) return 0;
    const count = await this.#await(this.#files.read(this.#file.fd, this.#scratch, wanted, this.#position));
    if (count === 0) throw changed();
    this.#position += count;
    if (this.#position === this.#end) await this.#checkUnchanged();
    into.set(this.#scratch.subarray(0, count));
    return count;
  }

  /** Resolves at once where a read is still under way; the descriptor is closed, and the scratch free, after it. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const close = (): void => {
      if (scratches.length < scratchesKept) scratches.push(this.#scratch);
      this.#files.close(this.#file.fd);
    };
    if (this.#pending) void this.#pending.then(close, close);
    else close();
  }

  /** The last bytes are handed out only when the file is still the one whose version was announced. */
  async #checkUnchanged(): Promise<void> {
    const { fd, stats } = this.#file;
    const isFresh = this.#budget.elapsedMs < attributesFreshMs;
    const after = isFresh ? this.#files.statFresh(fd) : await this.#await(this.#files.stat(fd));
    if (after.size !== stats.size || after.mtimeNs !== stats.mtimeNs) throw changed();
  }

  async #await<Value>(work: Promise<Value>): Promise<Value> {
    this.#pending = work;
    try {
      const value = await within(work, this.#budget.step('idle'), this.#options.signal);
      this.#pending = null;
      return value;
    } catch (error) {
      throw isPileusError(error) ? error : new PileusError('origin_failed', { cause: error });
    }
  }
}

const changed = (): PileusError =>
  new PileusError('origin_failed', { cause: new Error('the file changed while it was read') });
