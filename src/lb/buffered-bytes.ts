import type { ServerResponse } from 'node:http';

/**
 * Result bytes that are held for clients which have not read them yet. A slow client holds memory of the lb and nothing
 * else; the sum has a cap, and a client that takes nothing for `writeTimeoutMs` is cut off.
 */
export class BufferedBytes {
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  fits(bytes: number, bytesMax: number): boolean {
    return this.#bytes + bytes <= bytesMax;
  }

  /** Counts a response's bytes until the client has them or is gone. */
  hold(res: ServerResponse, bytes: number, writeTimeoutMs: number): void {
    this.#bytes += bytes;
    res.once('close', () => {
      this.#bytes -= bytes;
    });
    res.setTimeout(writeTimeoutMs, () => res.destroy());
  }
}
