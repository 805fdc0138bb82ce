import { createReadStream } from 'node:fs';
import nodeFs, { type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../shared/clock.ts';

export type JournalFileSystem = Pick<typeof nodeFs, 'open' | 'mkdir' | 'rename' | 'unlink'>;

export type JournalOptions = Readonly<{
  /** Absolute path. One process at a time; the folder is made when it is missing. */
  file: string;
  /** First line; a file that begins otherwise is not read, and is written anew. */
  title: string;
  clock: Clock;
  /** How many lines say it all, and what they are. Lines are asked for a few at a time, between other work. */
  liveLines: () => number;
  snapshot: () => Iterable<string>;
  fileSystem?: JournalFileSystem;
}>;

export type JournalCounters = Readonly<{ linesRead: number; badLines: number; writeErrors: number; rewrites: number }>;

/** A line longer than this is not ours. */
const lineCharsMax = 65_536;
/** Lines that may wait for the next flush; one more, and the file is rewritten from the tables instead. */
const pendingMax = 100_000;
/** Lines beyond twice what is live before a rewrite is worth it. */
const slackLines = 1000;
const snapshotLinesAtOnce = 1000;
const retryMs = 30_000;

/**
 * Lines appended to a file, in order, and read back at the next start. A crash costs what had not been flushed and at most
 * one torn line, which is skipped. When it has grown to more than twice what is live it is rewritten beside its place and
 * renamed. A disk that fails is counted, tried again later, and costs nobody else anything.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #fs: JournalFileSystem;
  readonly #counters = { linesRead: 0, badLines: 0, writeErrors: 0, rewrites: 0 };
  #handle: FileHandle | null = null;
  #pending: string[] = [];
  #fileLines = 0;
  #needsRewrite = false;
  #writing: Promise<void> = Promise.resolve();
  #pausedUntilMs = Number.NEGATIVE_INFINITY;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#fs = options.fileSystem ?? nodeFs;
  }

  /** Reads what is there; `onLine` says whether it understood the line. Never throws. */
  async load(onLine: (line: string) => boolean): Promise<void> {
    this.#fileLines = await this.#read(this.#options.file, onLine);
    // What is missing or strange is written anew; what ends in a torn line gets a line break of its own.
    this.#needsRewrite ||= this.#fileLines === 0;
    if (!this.#needsRewrite) this.#pending.push('');
  }

  /** Reads another journal of the same title, which stays as it is; what it held is written here. Never throws. */
  async loadFrom(file: string, onLine: (line: string) => boolean): Promise<void> {
    if ((await this.#read(file, onLine)) > 0) this.#needsRewrite = true;
  }

  /** Gives how many lines followed the title; none where the file is missing or begins otherwise. */
  async #read(file: string, onLine: (line: string) => boolean): Promise<number> {
    let lines = -1;
    try {
      for await (const line of linesOf(file)) {
        if (lines === -1 && line !== this.#options.title) return 0;
        if (lines >= 0) {
          if (onLine(line)) this.#counters.linesRead += 1;
          else this.#counters.badLines += 1;
        }
        lines += 1;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#counters.badLines += 1;
    }
    return Math.max(0, lines);
  }

  append(line: string): void {
    if (this.#pending.length < pendingMax) {
      this.#pending.push(line);
      return;
    }
    this.#pending = [];
    this.#needsRewrite = true;
  }

  /** Writes what waits. Never throws. */
  flush(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async close(): Promise<void> {
    this.#pausedUntilMs = Number.NEGATIVE_INFINITY;
    await this.flush();
    await this.#handle?.close().catch(() => {});
    this.#handle = null;
  }

  counters(): JournalCounters {
    return { ...this.#counters };
  }

  async #write(): Promise<void> {
    if (this.#options.clock.nowMs() < this.#pausedUntilMs) return;
    try {
      const isLarge = this.#fileLines > 2 * this.#options.liveLines() + slackLines;
      if (this.#needsRewrite || isLarge) await this.#rewrite();
      if (this.#pending.length > 0) await this.#appendPending();
    } catch {
      this.#counters.writeErrors += 1;
      this.#needsRewrite = true;
      this.#pausedUntilMs = this.#options.clock.nowMs() + retryMs;
      await this.#handle?.close().catch(() => {});
      this.#handle = null;
    }
  }

  async #appendPending(): Promise<void> {
    const lines = this.#pending;
    this.#pending = [];
    this.#handle ??= await this.#fs.open(this.#options.file, 'a', 0o600);
    await this.#handle.writeFile(`${lines.join('\n')}\n`);
    this.#fileLines += lines.length;
  }

  /** What happens to the tables meanwhile is appended afterwards, so a line of the snapshot may be old without harm. */
  async #rewrite(): Promise<void> {
    const { file, title, snapshot } = this.#options;
    const temporary = `${file}.${process.pid}.tmp`;
    this.#pending = [];
    await this.#fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const handle = await this.#fs.open(temporary, 'w', 0o600);
    let written = 0;
    try {
      let batch = [title];
      for (const line of snapshot()) {
        batch.push(line);
        written += 1;
        if (batch.length < snapshotLinesAtOnce) continue;
        await handle.writeFile(`${batch.join('\n')}\n`);
        batch = [];
      }
      if (batch.length > 0) await handle.writeFile(`${batch.join('\n')}\n`);
      await this.#fs.rename(temporary, file);
    } catch (error) {
      await handle.close().catch(() => {});
      await this.#fs.unlink(temporary).catch(() => {});
      throw error;
    }
    await this.#handle?.close().catch(() => {});
    this.#handle = handle;
    this.#fileLines = written;
    this.#needsRewrite = false;
    this.#counters.rewrites += 1;
  }
}

/** The whole lines of a file; empty ones, overlong ones and a last one without its end are left out. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let rest = '';
  let isOverlong = false;
  for await (const chunk of createReadStream(file, { encoding: 'utf8' })) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line !== '' && !isOverlong) yield line;
      isOverlong = false;
    }
    if (rest.length > lineCharsMax) {
      rest = '';
      isOverlong = true;
    }
  }
}
