import { connect, type Socket } from 'node:net';
import { FrameWriter } from '../ipc/frame-writer.ts';
import { FrameReader } from '../ipc/frames.ts';
import type { LinkOrder, LinkReply } from '../ipc/link.ts';
import type { JobOrder, JobReport, WorkerEvent } from '../ipc/order.ts';
import { KiB } from '../shared/units.ts';

/** `bytes` is null where there is no result, or where it is larger than it may be. */
export type LinkAnswer = Readonly<{ report: JobReport; bytes: Buffer | null; tooLarge: boolean }>;

type Pending = Readonly<{
  resultBytesMax: number;
  answer: (answer: LinkAnswer) => void;
  fail: (error: unknown) => void;
}> & { tooLarge: boolean };

const readBytes = 64 * KiB;

/**
 * The lb's side of ipc/link.ts: one connection, opened at once and never again. When it breaks, everything under way on
 * it fails.
 */
export class JobLink {
  readonly #socket: Socket;
  readonly #writer: FrameWriter;
  readonly #onEvent: (event: WorkerEvent) => void;
  readonly #pending = new Map<string, Pending>();
  /** Resolves when the link is no more. */
  readonly broken: Promise<void>;
  #isBroken = false;

  constructor(path: string, onEvent: (event: WorkerEvent) => void) {
    this.#onEvent = onEvent;
    const reader = new FrameReader<LinkReply>({
      bodyFor: (reply, bytes) => this.#bodyFor(reply, bytes),
      onFrame: (reply, body) => this.#heard(reply, body),
    });
    this.#socket = connect({
      path,
      onread: {
        buffer: Buffer.allocUnsafeSlow(readBytes),
        callback: (bytes, buffer) => {
          try {
            reader.read((buffer as Buffer).subarray(0, bytes));
          } catch (error) {
            this.#socket.destroy(error as Error);
          }
          return true;
        },
      },
    });
    this.#writer = new FrameWriter(this.#socket);
    let fault: Error | null = null;
    this.#socket.on('error', (error) => {
      fault = error;
    });
    this.broken = new Promise((resolve) => {
      this.#socket.on('close', () => {
        this.#isBroken = true;
        for (const { fail } of this.#pending.values())
          fail(new Error('The link to the worker broke.', { cause: fault }));
        this.#pending.clear();
        resolve();
      });
    });
  }

  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Rejects when the link breaks, or with the signal's reason: then the worker is told that nobody waits. */
  send(order: JobOrder, resultBytesMax: number, signal: AbortSignal): Promise<LinkAnswer> {
    const { jobId } = order;
    if (signal.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#pending.delete(jobId);
        this.#write({ do: 'abort', jobId });
        reject(signal.reason);
      };
      const settled =
        <Value>(settle: (value: Value) => void) =>
        (value: Value): void => {
          signal.removeEventListener('abort', leave);
          settle(value);
        };
      this.#pending.set(jobId, { resultBytesMax, tooLarge: false, answer: settled(resolve), fail: settled(reject) });
      signal.addEventListener('abort', leave, { once: true });
      this.#write({ do: 'job', order });
    });
  }

  /** The source that was offered with a redirect is not wanted. */
  letGo(jobId: string): void {
    this.#write({ do: 'let-go', jobId });
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #write(order: LinkOrder): void {
    this.#writer.write(order);
  }

  #bodyFor(reply: LinkReply, bytes: number): Buffer | null {
    const pending = reply.type === 'answer' ? this.#pending.get(reply.jobId) : undefined;
    if (!pending) return null;
    if (bytes <= pending.resultBytesMax) return Buffer.allocUnsafeSlow(bytes);
    pending.tooLarge = true;
    return null;
  }

  #heard(reply: LinkReply, bytes: Buffer | null): void {
    if (reply.type !== 'answer') {
      this.#onEvent(reply);
      return;
    }
    const pending = this.#pending.get(reply.jobId);
    if (!pending) return;
    this.#pending.delete(reply.jobId);
    pending.answer({ report: reply.report, bytes, tooLarge: pending.tooLarge });
  }
}
