import { StringDecoder } from 'node:string_decoder';

const tailBytesMax = 4096;
const lineBytesMax = 1024;

/** A child's last words: the end of what it wrote to its standard error, and its whole lines as they come. */
export class StderrTail {
  readonly #decoder = new StringDecoder('utf8');
  readonly #onLine: (line: string) => void;
  #tail = '';
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  add(chunk: Buffer): void {
    const text = this.#decoder.write(chunk);
    this.#tail = (this.#tail + text).slice(-tailBytesMax);
    const lines = (this.#rest + text).split('\n');
    // A line without an end is cut, not kept.
    this.#rest = (lines.pop() ?? '').slice(0, lineBytesMax);
    for (const line of lines) if (line.trim() !== '') this.#onLine(line.slice(0, lineBytesMax));
  }

  get text(): string {
    return this.#tail.trim();
  }
}
