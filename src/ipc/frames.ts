import { KiB } from '../shared/units.ts';

/** The two lengths at the begin of a frame. */
const prefaceBytes = 8;
/** Heads are orders and reports: a plan of 16 steps, a key of 1 kB, a header's facts. */
const headBytesMax = 256 * KiB;

/** What came is no frame. The stream is of no use any more. */
export class BrokenFrame extends Error {}

/**
 * The begin of a frame: the lengths of head and body as 32-bit little-endian numbers, then the head as JSON. The body's
 * bytes follow.
 */
export function frameStart(head: unknown, bodyBytes = 0): Buffer {
  const json = JSON.stringify(head);
  const headBytes = Buffer.byteLength(json);
  if (headBytes > headBytesMax) throw new BrokenFrame(`a head of ${headBytes} bytes`);
  const start = Buffer.allocUnsafe(prefaceBytes + headBytes);
  start.writeUInt32LE(headBytes, 0);
  start.writeUInt32LE(bodyBytes, 4);
  start.write(json, prefaceBytes, 'utf8');
  return start;
}

export type FrameListener<Head> = Readonly<{
  /** Where a body of so many bytes is to be kept, or null to let it go by. Asked before the body is read. */
  bodyFor: (head: Head, bodyBytes: number) => Buffer | null;
  /** A whole frame; `body` is null where there was none, or none was wanted. */
  onFrame: (head: Head, body: Buffer | null) => void;
}>;

type OpenFrame<Head> = {
  readonly head: Head;
  readonly body: Buffer | null;
  filled: number;
  readonly bodyBytes: number;
};

/**
 * Cuts a stream into frames. Takes chunks as they come and keeps none of them: heads are parsed, bodies copied to where
 * they are wanted. Heads are trusted after their syntax: both ends are this very build.
 */
export class FrameReader<Head> {
  readonly #listener: FrameListener<Head>;
  /** The begin of a frame of which not all has come. */
  #start = Buffer.alloc(0);
  /** Whose body is being read. */
  #open: OpenFrame<Head> | null = null;

  constructor(listener: FrameListener<Head>) {
    this.#listener = listener;
  }

  /** Reads a chunk, which may be overwritten afterwards. Throws BrokenFrame, and what the listener throws. */
  read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length) {
      at = this.#open ? this.#readBody(this.#open, chunk, at) : this.#readHead(chunk, at);
    }
  }

  #readHead(chunk: Buffer, at: number): number {
    const had = this.#start.length;
    const bytes = had === 0 ? chunk.subarray(at) : Buffer.concat([this.#start, chunk.subarray(at)]);
    const headBytes = bytes.length < prefaceBytes ? 0 : bytes.readUInt32LE(0);
    if (headBytes > headBytesMax) throw new BrokenFrame(`a head of ${headBytes} bytes`);
    const end = prefaceBytes + headBytes;
    if (bytes.length < end) {
      this.#start = Buffer.from(bytes);
      return chunk.length;
    }
    this.#start = Buffer.alloc(0);
    const head = parse<Head>(bytes.toString('utf8', prefaceBytes, end));
    const bodyBytes = bytes.readUInt32LE(4);
    if (bodyBytes === 0) this.#listener.onFrame(head, null);
    else this.#open = { head, body: this.#listener.bodyFor(head, bodyBytes), filled: 0, bodyBytes };
    return at + end - had;
  }

  #readBody(open: OpenFrame<Head>, chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + open.bodyBytes - open.filled);
    if (open.body) chunk.copy(open.body, open.filled, at, end);
    open.filled += end - at;
    if (open.filled === open.bodyBytes) {
      this.#open = null;
      this.#listener.onFrame(open.head, open.body);
    }
    return end;
  }
}

function parse<Head>(json: string): Head {
  try {
    return JSON.parse(json) as Head;
  } catch (error) {
    throw new BrokenFrame('a head that is no JSON', { cause: error });
  }
}
