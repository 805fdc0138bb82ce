/** Counts events in a sliding window of time; holds at most `eventsMax` timestamps. */
export class RateWindow {
  readonly #windowMs: number;
  readonly #eventsMax: number;
  #timesMs: number[] = [];

  constructor(windowMs: number, eventsMax: number) {
    this.#windowMs = windowMs;
    this.#eventsMax = eventsMax;
  }

  add(nowMs: number): void {
    this.#timesMs.push(nowMs);
    if (this.#timesMs.length > this.#eventsMax) this.#timesMs.shift();
  }

  count(nowMs: number): number {
    this.#timesMs = this.#timesMs.filter((timeMs) => nowMs - timeMs < this.#windowMs);
    return this.#timesMs.length;
  }
}
