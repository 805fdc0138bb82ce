/** A child that has not answered by then is shown as it last told itself: a hung one never costs the others a scrape. */
const waitMsMax = 250;

type Poll = { readonly waitingFor: Set<number>; readonly answered: Promise<void>; readonly done: () => void };

/** Asks every child for its metrics when they are scraped. Scrapes at the same time share one poll. */
export class MetricsPoll {
  readonly #ask: (generation: number) => void;
  #poll: Poll | null = null;

  constructor(ask: (generation: number) => void) {
    this.#ask = ask;
  }

  /** Resolves when all of them have told their metrics or are gone, or after a quarter of a second. */
  run(generations: readonly number[]): Promise<void> {
    if (this.#poll) return this.#poll.answered;
    if (generations.length === 0) return Promise.resolve();
    let done: () => void = () => {};
    const answered = new Promise<void>((resolve) => {
      const timer = setTimeout(() => done(), waitMsMax);
      done = () => {
        clearTimeout(timer);
        this.#poll = null;
        resolve();
      };
    });
    this.#poll = { waitingFor: new Set(generations), answered, done };
    for (const generation of generations) this.#ask(generation);
    return answered;
  }

  /** A child has told its metrics, or is gone. */
  heard(generation: number): void {
    const poll = this.#poll;
    if (poll?.waitingFor.delete(generation) === true && poll.waitingFor.size === 0) poll.done();
  }
}
