/** Counts what is under way, and tells when nothing is: what a worker waits for before it ends. */
export class UnderWay {
  #count = 0;
  readonly #waiting: (() => void)[] = [];

  begin(): void {
    this.#count++;
  }

  end(): void {
    this.#count--;
    if (this.#count === 0) for (const tell of this.#waiting.splice(0)) tell();
  }

  /** Resolves when nothing is under way. */
  whenNone(): Promise<void> {
    return new Promise((resolve) => (this.#count === 0 ? resolve() : this.#waiting.push(resolve)));
  }
}
