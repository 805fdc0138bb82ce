import net from 'node:net';
import { systemClock } from '../../src/shared/clock.ts';

/** Status 0: the connection broke. `code`: of an error. */
export type Reply = Readonly<{ status: number; ms: number; bytes: number; code: string | null }>;

/**
 * GETs over raw kept sockets, as cheaply as they can be had: the client runs on the machine that is measured, and
 * node's own client takes 0.7 ms of its CPU for an answer of 38 kB. Understands what the servers here send: answers with
 * Content-Length, and 304.
 */
export class RawClient {
  readonly #port: number;
  readonly #idle: Lane[] = [];
  readonly #lanes = new Set<Lane>();

  constructor(port: number) {
    this.#port = port;
  }

  /** One GET; the body is read and counted. */
  get(path: string): Promise<Reply> {
    const lane = this.#idle.pop() ?? this.#open();
    return lane.ask(`GET ${path} HTTP/1.1\r\nHost: bench\r\n\r\n`);
  }

  close(): void {
    for (const lane of this.#lanes) lane.close();
  }

  #open(): Lane {
    const lane = new Lane(
      this.#port,
      () => this.#idle.push(lane),
      () => this.#lanes.delete(lane),
    );
    this.#lanes.add(lane);
    return lane;
  }
}

/** One connection with at most one request on it. */
class Lane {
  readonly #socket: net.Socket;
  readonly #onIdle: () => void;
  #answer: ((reply: Reply) => void) | null = null;
  #startMs = 0;
  #status = 0;
  #code: string | null = null;
  #bytes = 0;
  #missing = 0;
  #closes = false;

  constructor(port: number, onIdle: () => void, onClosed: () => void) {
    this.#onIdle = onIdle;
    this.#socket = net.connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(64 * 1024),
        callback: (bytes, buffer) => {
          this.#read(buffer as Buffer, bytes);
          return true;
        },
      },
    });
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => {
      onClosed();
      this.#done(0);
    });
  }

  ask(request: string): Promise<Reply> {
    this.#startMs = systemClock.nowMs();
    this.#status = 0;
    this.#code = null;
    return new Promise((resolve) => {
      this.#answer = resolve;
      if (this.#socket.destroyed) this.#done(0);
      else this.#socket.write(request, 'latin1');
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(buffer: Buffer, bytes: number): void {
    if (this.#status === 0) this.#readHead(buffer, bytes);
    else this.#missing -= bytes;
    if (this.#missing > 0 || this.#answer === null) return;
    const status = this.#status;
    const keeps = !this.#closes;
    this.#done(status);
    if (keeps) this.#onIdle();
    else this.#socket.destroy();
  }

  /** The head comes whole in the first read: it is far smaller than a segment on loopback. */
  #readHead(buffer: Buffer, bytes: number): void {
    const end = buffer.indexOf('\r\n\r\n');
    if (end < 0 || end >= bytes) throw new Error('The first read holds no whole head.');
    const head = buffer.toString('latin1', 0, end);
    this.#status = Number(head.slice(9, 12));
    const length = /content-length: (\d+)/i.exec(head)?.[1];
    if (length === undefined && this.#status !== 304) throw new Error(`An answer without a length: ${head}`);
    this.#closes = /connection: close/i.test(head);
    this.#bytes = Number(length ?? 0);
    if (this.#status >= 400) this.#code = /"code":"(\w+)"/.exec(buffer.toString('latin1', end, bytes))?.[1] ?? null;
    this.#missing = (this.#status === 304 ? 0 : this.#bytes) + end + 4 - bytes;
  }

  #done(status: number): void {
    const answer = this.#answer;
    this.#answer = null;
    const bytes = status === 0 ? 0 : this.#bytes;
    answer?.({ status, ms: systemClock.nowMs() - this.#startMs, bytes, code: this.#code });
  }
}

/** Asks for one path again and again, one request at a time per socket; gives how many answers came. */
export async function rawLoop(port: number, path: string, sockets: number, requests: number): Promise<number> {
  const client = new RawClient(port);
  let asked = 0;
  let answered = 0;
  const lane = async (): Promise<void> => {
    while (asked++ < requests) {
      const { status } = await client.get(path);
      if (status !== 200) throw new Error(`${path} answered ${status}.`);
      answered++;
    }
  };
  await Promise.all(Array.from({ length: sockets }, lane));
  client.close();
  return answered;
}
