import { createHash } from 'node:crypto';
import { type BigIntStats, constants } from 'node:fs';
import path from 'node:path';
import type { Clock } from '../../shared/clock.ts';
import { isPileusError, PileusError } from '../../shared/errors.ts';
import { FetchBudget, within } from './fetch-budget.ts';
import { FileOriginal, type OpenFile } from './file-original.ts';
import { type FileSystem, systemFiles } from './file-system.ts';
import { keySegments } from './key-segments.ts';
import type { OpenOptions, OpenOriginal, OriginalStat, OriginalStore, StatOptions } from './original-store.ts';

/** How long a moved root may still count as one. */
const realRootFreshMs = 1000;

/**
 * Originals below a folder. A key can reach nothing else: its segments are checked, the file is opened without
 * following a last symlink and without waiting (a FIFO would block), it has to be a regular file, and the path that
 * the kernel gives for the open descriptor has to lie below the real root. Symlinks, of folders or files, are fine
 * while they stay inside. The check is made on the descriptor, so nothing can be swapped between check and use.
 */
export class FileStore implements OriginalStore {
  readonly kind = 'file';
  readonly remote = false;
  readonly #root: string;
  readonly #clock: Clock;
  readonly #files: FileSystem;
  #realRoot: Readonly<{ path: string; untilMs: number }> | null = null;

  constructor(root: string, clock: Clock, files: FileSystem = systemFiles) {
    this.#root = path.resolve(root);
    this.#clock = clock;
    this.#files = files;
  }

  async open(key: string, options: OpenOptions): Promise<OpenOriginal> {
    const file = this.#pathOf(key);
    const budget = new FetchBudget(options.deadlines, this.#clock);
    const opened = await this.#within(this.#openChecked(file), budget, options.signal);
    try {
      return new FileOriginal(opened, this.#files, this.#stat(file, opened.stats, options), options, budget);
    } catch (error) {
      this.#files.close(opened.fd);
      throw error;
    }
  }

  async stat(key: string, options: StatOptions): Promise<OriginalStat> {
    const file = this.#pathOf(key);
    const budget = new FetchBudget(options.deadlines, this.#clock);
    const { fd, stats } = await this.#within(this.#openChecked(file), budget, options.signal);
    this.#files.close(fd);
    return this.#stat(file, stats, options);
  }

  #within(opening: Promise<OpenFile>, budget: FetchBudget, signal: AbortSignal): Promise<OpenFile> {
    return within(opening, budget.step('headers'), signal, ({ fd }) => this.#files.close(fd));
  }

  async close(): Promise<void> {}

  #pathOf(key: string): string {
    return path.join(this.#root, ...keySegments(key));
  }

  async #openChecked(file: string): Promise<OpenFile> {
    let fd: number | undefined;
    try {
      fd = await this.#openNoFollow(file);
      const stats = this.#files.statFresh(fd);
      if (!stats.isFile()) throw new PileusError('source_not_found', { cause: new Error('not a regular file') });
      const real = this.#pathOfDescriptor(fd) ?? (await this.#files.realpath(file));
      if (!(await this.#isInside(real))) {
        throw new PileusError('source_not_found', { cause: new Error('outside the root') });
      }
      return { fd, stats };
    } catch (error) {
      if (fd !== undefined) this.#files.close(fd);
      throw isPileusError(error) ? error : await this.#asOriginError(error);
    }
  }

  /** A last symlink gives ELOOP; it is resolved by hand, and its target is opened in the same careful way. */
  async #openNoFollow(file: string): Promise<number> {
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    try {
      return await this.#files.open(file, flags);
    } catch (error) {
      if (codeOf(error) !== 'ELOOP') throw error;
      const target = await this.#files.realpath(file);
      if (!(await this.#isInside(target))) {
        throw new PileusError('source_not_found', { cause: new Error('symlink out of the root') });
      }
      return await this.#files.open(target, flags);
    }
  }

  /** null without /proc: then it counts where the path leads now. */
  #pathOfDescriptor(fd: number): string | null {
    try {
      return this.#files.pathOf(fd);
    } catch {
      return null;
    }
  }

  /** The real root is looked up every second, and before anything is refused: it may be a link that was moved. */
  async #isInside(real: string): Promise<boolean> {
    const known = this.#realRoot;
    if (known !== null && this.#clock.nowMs() < known.untilMs && isBelow(real, known.path)) return true;
    const root = await this.#files.realpath(this.#root);
    this.#realRoot = { path: root, untilMs: this.#clock.nowMs() + realRootFreshMs };
    return isBelow(real, root);
  }

  /** A missing file is the asker's matter, a missing root is the operator's: an unmounted disk must not turn into 404s. */
  async #asOriginError(error: unknown): Promise<PileusError> {
    if (!meansMissing.has(codeOf(error))) return new PileusError('origin_failed', { cause: error });
    try {
      await this.#files.realpath(this.#root);
      return new PileusError('source_not_found', { cause: error });
    } catch (rootError) {
      return new PileusError('origin_failed', { cause: rootError });
    }
  }

  /**
   * The path is part of the version: inode numbers repeat between file systems, and equal versions share
   * results.
   */
  #stat(file: string, stats: BigIntStats, options: StatOptions): OriginalStat {
    const identity = `${file}\0${stats.size}\0${stats.mtimeNs}\0${stats.ino}`;
    const version = `f.${createHash('sha256').update(identity).digest('hex').slice(0, 24)}`;
    return {
      version,
      bytes: Number(stats.size),
      modifiedMs: Number(stats.mtimeMs),
      same: version === options.knownVersion,
    };
  }
}

const meansMissing: ReadonlySet<string | undefined> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EPERM',
  'ELOOP',
  'ENAMETOOLONG',
  'EISDIR',
  // A socket, or a FIFO or device without its other end.
  'ENXIO',
  'ENODEV',
]);

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | null)?.code;

const isBelow = (real: string, root: string): boolean =>
  root === path.sep || real.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
