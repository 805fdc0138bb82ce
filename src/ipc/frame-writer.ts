import type { Socket } from 'node:net';
import { MiB } from '../shared/units.ts';
import { frameStart } from './frames.ts';

/** The other end reads at once, or hangs: then it is cut off. All results that may be under way fit. */
const backlogBytesMax = 256 * MiB;

/**
 * Writes frames to a socket. Those of one turn of the event loop leave together: an answer, and the start of the next
 * job, wake the other end once.
 */
export class FrameWriter {
  readonly #socket: Socket;
  #isCorked = false;
  /** Frames that wait for company. */
  #patient: unknown[] = [];
  #patience: NodeJS.Timeout | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Writes with the next frame, or when the time is over. Each turn of the other end costs more than a frame does. */
  writeWithin(ms: number, head: unknown): void {
    if (ms === 0) {
      this.write(head);
      return;
    }
    this.#patient.push(head);
    this.#patience ??= setTimeout(() => this.#writePatient(), ms);
  }

  /** Nothing is written any more. */
  stop(): void {
    clearTimeout(this.#patience);
  }

  write(head: unknown, body: Uint8Array | null = null): void {
    this.#writePatient();
    this.#write(head, body);
  }

  #writePatient(): void {
    if (this.#patience === undefined) return;
    clearTimeout(this.#patience);
    this.#patience = undefined;
    for (const head of this.#patient.splice(0)) this.#write(head, null);
  }

  #write(head: unknown, body: Uint8Array | null): void {
    const socket = this.#socket;
    if (socket.destroyed) return;
    if (!this.#isCorked) {
      this.#isCorked = true;
      socket.cork();
      setImmediate(() => {
        this.#isCorked = false;
        socket.uncork();
      });
    }
    socket.write(frameStart(head, body?.length));
    if (body && body.length > 0) socket.write(body);
    if (socket.writableLength > backlogBytesMax) socket.destroy();
  }
}
