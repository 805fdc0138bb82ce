import nodeFs, { type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../shared/clock.ts';
import { PileusError } from '../../shared/errors.ts';
import { LruIndex } from './lru-index.ts';
import { decodeResult, encodeResult } from './result-file.ts';
import { namespaceFolder, resultPath, sourceFolder, temporaryFolderName } from './result-place.ts';
import { type FileSystem, removeLeftovers, scanResults } from './result-scan.ts';
import {
  noCounts,
  type ResultRef,
  type ResultStore,
  type ResultStoreCounters,
  type StoredResult,
} from './result-store.ts';

export type { FileSystem } from './result-scan.ts';

export type FileResultStoreOptions = Readonly<{
  /** Absolute path; made when it does not exist. Several processes may share it, each evicting what it knows of. */
  folder: string;
  /** Bytes on disk, folders and block rounding included. Eviction begins above it and stops at 95 % of it. */
  bytesMax: number;
  /** Results that may wait to be written, and their bytes. */
  writesMax: number;
  writeBytesMax: number;
  clock: Clock;
  fileSystem?: FileSystem;
}>;

const writersMax = 4;
const writePauseMs = 30_000;
const readDeadlineMs = 500;
const readPauseMs = 5000;
const evictTo = 0.95;
const blockBytes = 4096;
/** A hit writes the time of use to the file at most this often, so that the order of use survives a restart. */
const touchEveryMs = 3_600_000;

type Write = { id: string; scope: string; ref: ResultRef; result: StoredResult; isActive: boolean };

/**
 * Results as files, `<ns>/<2 digits>/<hash of the key>/<derivation>`. A file is written beside its place and renamed into it, so it
 * is there whole or not at all as far as the file system keeps its word; where it did not (power loss without
 * fsync), length and hash tell on the first read. Nothing here is waited for on the way to a response but reads,
 * and those have a deadline; whatever fails is counted, and a failing disk is left alone for a while.
 */
export class FileResultStore implements ResultStore {
  readonly #options: FileResultStoreOptions;
  readonly #fs: FileSystem;
  readonly #index = new LruIndex();
  readonly #writes = new Map<string, Write>();
  readonly #counters = { ...noCounts };
  readonly #scanned: Promise<void>;
  readonly #stop = new AbortController();
  #isScanning = true;
  #isEvicting = false;
  #writers = 0;
  #writeBytes = 0;
  #serial = 0;
  #writesPausedUntilMs = Number.NEGATIVE_INFINITY;
  #readsPausedUntilMs = Number.NEGATIVE_INFINITY;
  #onSettled: (() => void)[] = [];

  /** Begins to look for what is there; `get` and `put` work meanwhile. */
  constructor(options: FileResultStoreOptions) {
    this.#options = options;
    this.#fs = options.fileSystem ?? nodeFs;
    this.#scanned = this.#scan();
  }

  async get(ref: ResultRef): Promise<StoredResult | null> {
    const id = resultPath(ref);
    const waiting = this.#writes.get(id);
    const result = waiting ? waiting.result : await this.#read(id, ref.derivation);
    if (result) this.#counters.hits += 1;
    else this.#counters.misses += 1;
    return result;
  }

  put(ref: ResultRef, result: StoredResult): void {
    const id = resultPath(ref);
    if (this.#writes.has(id) || this.#index.get(id)) return;
    if (!this.#mayQueue(result.bytes.length)) {
      this.#counters.dropped += 1;
      return;
    }
    this.#writes.set(id, { id, scope: sourceFolder(ref.ns, ref.key), ref, result, isActive: false });
    this.#writeBytes += result.bytes.length;
    this.#startWriters();
  }

  async remove(ref: ResultRef): Promise<boolean> {
    const id = resultPath(ref);
    const isWaiting = this.#writes.has(id);
    await this.#cancelWrites((write) => write.id === id);
    const removal = await this.#remove(id);
    if (removal === 'refused') throw new PileusError('internal');
    if (removal === 'missing' && !isWaiting) return false;
    this.#counters.purged += 1;
    return true;
  }

  /**
   * The folder is renamed away, which is one step whatever it holds, and then emptied. Throws `internal` where the disk
   * does not let it go: a purge that did not happen must not be acknowledged.
   */
  async purge(scope: Readonly<{ ns: string; key: string | null }>): Promise<number> {
    const folder = scope.key === null ? namespaceFolder(scope.ns) : sourceFolder(scope.ns, scope.key);
    const isWithin = (place: string): boolean => place === folder || place.startsWith(folder + path.sep);
    await this.#cancelWrites((write) => isWithin(write.scope));
    const away = this.#temporaryPath();
    try {
      const names = await this.#fs.readdir(this.#pathOf(folder));
      // Without it the rename would fail just as it does where there is nothing to purge.
      await this.#fs.mkdir(path.dirname(away), { recursive: true, mode: 0o700 });
      await this.#fs.rename(this.#pathOf(folder), away);
      // At once: what is put from here on is another file, and stays known.
      const ofSource = scope.key !== null && names.map((name) => path.join(folder, name));
      for (const id of ofSource || [...this.#index.ids()].filter(isWithin)) this.#index.delete(id);
      const removed = await this.#removeAll(away);
      this.#counters.purged += removed;
      return removed;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return 0;
      this.#counters.writeErrors += 1;
      throw new PileusError('internal', { cause: error });
    }
  }

  stats(): Readonly<{ bytes: number; entries: number; backlog: number }> {
    return { bytes: this.#index.bytes, entries: this.#index.size, backlog: this.#writes.size };
  }

  counters(): ResultStoreCounters {
    return { ...this.#counters };
  }

  /** Resolves when all that was there at the start is known. */
  scanned(): Promise<void> {
    return this.#scanned;
  }

  async flush(): Promise<void> {
    while (this.#writes.size > 0) await this.#nextSettled();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#scanned;
    await this.flush();
  }

  async #read(id: string, derivation: string): Promise<StoredResult | null> {
    const now = this.#options.clock.nowMs();
    if (now < this.#readsPausedUntilMs) return null;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(resolve, readDeadlineMs, 'late');
    });
    try {
      const result = await Promise.race([this.#readFile(id, derivation), late]);
      if (result !== 'late') return result;
      this.#readsPausedUntilMs = now + readPauseMs;
      this.#counters.readErrors += 1;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') this.#index.delete(id);
      else this.#counters.readErrors += 1;
    } finally {
      clearTimeout(timer);
    }
    return null;
  }

  async #readFile(id: string, derivation: string): Promise<StoredResult | null> {
    const handle = await this.#fs.open(this.#pathOf(id), 'r');
    try {
      const { size, atimeMs, mtimeMs } = await handle.stat();
      const known = this.#index.get(id);
      const isPlausible = size <= this.#options.bytesMax && size <= 2 ** 31;
      const file = isPlausible ? await readWhole(handle, size) : null;
      const result = file && decodeResult(file, derivation, known?.isTrusted !== true);
      if (!result) {
        this.#counters.corrupt += 1;
        await this.#remove(id);
        return null;
      }
      await this.#noteUse(id, handle, size, Math.max(atimeMs, mtimeMs), mtimeMs);
      return result;
    } finally {
      await handle.close();
    }
  }

  async #noteUse(id: string, handle: FileHandle, size: number, usedMs: number, mtimeMs: number): Promise<void> {
    const nowMs = this.#options.clock.wallMs();
    const touchedMs = this.#index.get(id)?.touchedMs ?? usedMs;
    const isDue = nowMs - touchedMs > touchEveryMs;
    this.#index.set(id, { bytes: bytesOnDisk(size), isTrusted: true, touchedMs: isDue ? nowMs : touchedMs }, nowMs);
    if (isDue) await handle.utimes(nowMs / 1000, mtimeMs / 1000).catch(() => {});
  }

  #mayQueue(bytes: number): boolean {
    const { clock, writesMax, writeBytesMax, bytesMax } = this.#options;
    if (this.#stop.signal.aborted || clock.nowMs() < this.#writesPausedUntilMs) return false;
    if (this.#writes.size >= writesMax || this.#writeBytes + bytes > writeBytesMax) return false;
    // While the scan runs nothing is evicted yet, so what is added has a limit of its own.
    return bytesOnDisk(bytes) <= bytesMax && !(this.#isScanning && this.#index.bytes > bytesMax);
  }

  #startWriters(): void {
    for (const write of this.#writes.values()) {
      if (this.#writers >= writersMax) return;
      if (!write.isActive) void this.#write(write);
    }
  }

  async #write(write: Write): Promise<void> {
    write.isActive = true;
    this.#writers += 1;
    try {
      const size = await this.#writeFile(write);
      const nowMs = this.#options.clock.wallMs();
      this.#index.set(write.id, { bytes: bytesOnDisk(size), isTrusted: true, touchedMs: nowMs }, nowMs);
      this.#counters.written += 1;
    } catch {
      this.#pauseWrites();
    } finally {
      this.#writers -= 1;
      this.#settle(write);
    }
    this.#startWriters();
    void this.#evict();
  }

  async #writeFile(write: Write): Promise<number> {
    const temporary = this.#temporaryPath();
    const pieces = encodeResult(write.ref.derivation, write.result);
    try {
      const handle = await this.#openTemporary(temporary);
      try {
        for (const piece of pieces) await handle.writeFile(piece);
      } finally {
        await handle.close();
      }
      await this.#moveInto(temporary, this.#pathOf(write.id));
    } catch (error) {
      await this.#fs.unlink(temporary).catch(() => {});
      throw error;
    }
    return pieces[0].length + pieces[1].length;
  }

  /** The folder may be missing, or be removed by an eviction or a purge between any two steps. */
  async #openTemporary(temporary: string): Promise<FileHandle> {
    try {
      return await this.#fs.open(temporary, 'wx', 0o600);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      await this.#fs.mkdir(path.dirname(temporary), { recursive: true, mode: 0o700 });
      return await this.#fs.open(temporary, 'wx', 0o600);
    }
  }

  async #moveInto(temporary: string, file: string): Promise<void> {
    for (let triesLeft = 3; ; triesLeft--) {
      try {
        await this.#fs.rename(temporary, file);
        return;
      } catch (error) {
        if (codeOf(error) !== 'ENOENT' || triesLeft === 0) throw error;
        await this.#fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      }
    }
  }

  /** What waits is let go as well: a full disk would refuse it, and memory is for other things. */
  #pauseWrites(): void {
    this.#counters.writeErrors += 1;
    this.#writesPausedUntilMs = this.#options.clock.nowMs() + writePauseMs;
    for (const write of [...this.#writes.values()]) {
      if (write.isActive) continue;
      this.#counters.dropped += 1;
      this.#settle(write);
    }
  }

  async #cancelWrites(isMeant: (write: Write) => boolean): Promise<void> {
    const meant = [...this.#writes.values()].filter(isMeant);
    for (const write of meant) if (!write.isActive) this.#settle(write);
    while (meant.some((write) => this.#writes.get(write.id) === write)) await this.#nextSettled();
  }

  #settle(write: Write): void {
    if (!this.#writes.delete(write.id)) return;
    this.#writeBytes -= write.result.bytes.length;
    const waiting = this.#onSettled;
    this.#onSettled = [];
    for (const resolve of waiting) resolve();
  }

  #nextSettled(): Promise<void> {
    return new Promise((resolve) => this.#onSettled.push(resolve));
  }

  async #evict(): Promise<void> {
    if (this.#isEvicting || this.#isScanning || this.#index.bytes <= this.#options.bytesMax) return;
    this.#isEvicting = true;
    for (
      let id = this.#index.oldest();
      id !== undefined && this.#index.bytes > this.#options.bytesMax * evictTo;
      id = this.#index.oldest()
    ) {
      await this.#remove(id);
      this.#counters.evicted += 1;
    }
    this.#isEvicting = false;
  }

  /** Removes a file, and its folder when it was the last in it. */
  async #remove(id: string): Promise<'removed' | 'missing' | 'refused'> {
    this.#index.delete(id);
    let removal: 'removed' | 'missing' | 'refused' = 'removed';
    try {
      await this.#fs.unlink(this.#pathOf(id));
    } catch (error) {
      removal = codeOf(error) === 'ENOENT' ? 'missing' : 'refused';
      if (removal === 'refused') this.#counters.writeErrors += 1;
    }
    await this.#fs.rmdir(path.dirname(this.#pathOf(id))).catch(() => {});
    return removal;
  }

  /** Removes a folder that was renamed away; gives how many results were in it. */
  async #removeAll(away: string): Promise<number> {
    const entries = await this.#fs.readdir(away, { recursive: true, withFileTypes: true });
    await this.#fs.rm(away, { recursive: true, force: true });
    return entries.filter((entry) => entry.isFile()).length;
  }

  async #scan(): Promise<void> {
    const { folder, clock } = this.#options;
    try {
      await removeLeftovers(this.#fs, path.join(folder, temporaryFolderName), clock.wallMs());
      for await (const found of scanResults(this.#fs, folder, this.#stop.signal)) {
        if (this.#index.get(found.id)) continue;
        const usedMs = Math.min(found.usedMs, clock.wallMs());
        this.#index.set(found.id, { bytes: bytesOnDisk(found.size), isTrusted: false, touchedMs: usedMs }, usedMs);
      }
    } catch {
      this.#counters.readErrors += 1;
    }
    this.#isScanning = false;
    await this.#evict();
  }

  #pathOf(id: string): string {
    return path.join(this.#options.folder, id);
  }

  #temporaryPath(): string {
    this.#serial += 1;
    return path.join(this.#options.folder, temporaryFolderName, `${process.pid}-${this.#serial}`);
  }
}

/** A file's share of the disk: whole blocks, and one for its folder. */
export const bytesOnDisk = (size: number): number => Math.ceil(size / blockBytes) * blockBytes + blockBytes;

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException | null)?.code;

/** Exactly `size` bytes; null when there are fewer. */
async function readWhole(handle: FileHandle, size: number): Promise<Buffer | null> {
  const file = Buffer.allocUnsafeSlow(size);
  for (let position = 0; position < size; ) {
    const { bytesRead } = await handle.read(file, position, size - position, position);
    if (bytesRead === 0) return null;
    position += bytesRead;
  }
  return file;
}
