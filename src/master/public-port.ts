/**
 * The public port when it is not configured (0: the first lb takes a free one).
 *
 * node:cluster shares a listener between children that ask for the same number. So an lb beside others asks for
 * what they asked for, even 0; one that starts alone asks for the port that was found, and the node keeps its address.
 */
export class PublicPort {
  #found: number | null = null;
  #asked = 0;

  /** Where the node listens; null until an lb has said so. */
  get found(): number | null {
    return this.#found;
  }

  listening(port: number | null): void {
    this.#found = port ?? this.#found;
  }

  /** What the next lb is to ask for. */
  forNext(configured: number, hasOthers: boolean): number {
    if (configured !== 0) return configured;
    if (!hasOthers) this.#asked = this.#found ?? 0;
    return this.#asked;
  }
}
