import type { IncomingMessage } from 'node:http';
import { PileusError } from '../shared/errors.ts';

/** Pulls a request's body, at the reader's pace. */
export class BodyReader {
  readonly #request: IncomingMessage;
  #rest: Buffer | null = null;
  #bytesRead = 0;

  constructor(request: IncomingMessage) {
    this.#request = request;
  }

  /** Bytes taken so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** Exactly so many bytes; bad_request when the body ends before. */
  async exactly(bytes: number): Promise<Buffer> {
    const into = Buffer.alloc(bytes);
    for (let filled = 0; filled < bytes; ) {
      const count = await this.read(into.subarray(filled));
      if (count === 0) throw new PileusError('bad_request');
      filled += count;
    }
    return into;
  }

  /** The whole body, which may have at most so many bytes. */
  async all(bytesMax: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for (let chunk = await this.next(); chunk; chunk = await this.next()) {
      if (this.#bytesRead > bytesMax) throw new PileusError('bad_request');
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  /** Fills `into` from its start; gives how many, 0 at the end. */
  async read(into: Uint8Array): Promise<number> {
    const chunk = await this.next();
    if (!chunk) return 0;
    const count = Math.min(chunk.length, into.length);
    into.set(chunk.subarray(0, count));
    if (count < chunk.length) this.#rest = chunk.subarray(count);
    this.#bytesRead -= chunk.length - count;
    return count;
  }

  /** The next bytes as they came, or null at the end. Throws origin_truncated when the sender broke off. */
  async next(): Promise<Buffer | null> {
    const chunk = this.#rest ?? (await this.#pull());
    this.#rest = null;
    this.#bytesRead += chunk?.length ?? 0;
    return chunk;
  }

  async #pull(): Promise<Buffer | null> {
    for (;;) {
      const chunk = this.#request.read() as Buffer | null;
      if (chunk) return chunk;
      if (this.#request.readableEnded) return null;
      if (this.#request.destroyed) throw new PileusError('origin_truncated');
      await this.#change();
    }
  }

  /** Resolves when there may be more to read, or never will be. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      const events = ['readable', 'end', 'close', 'error'] as const;
      const done = () => {
        for (const event of events) this.#request.off(event, done);
        resolve();
      };
      for (const event of events) this.#request.on(event, done);
    });
  }
}
