/**
 * An exponentially weighted mean of samples that come at uneven times: a sample's weight halves every
 * `halfLifeMs`. Before the first sample it gives the value it was made with.
 */
export class Ewma {
  readonly #halfLifeMs: number;
  #value: number;
  #lastMs: number | undefined;

  constructor(halfLifeMs: number, initial: number) {
    this.#halfLifeMs = halfLifeMs;
    this.#value = initial;
  }

  /** `weightMin` keeps a burst of samples within one millisecond from counting for nothing. */
  add(sample: number, nowMs: number, weightMin = 0.05): void {
    if (!Number.isFinite(sample)) return;
    const ageMs = this.#lastMs === undefined ? Number.POSITIVE_INFINITY : Math.max(0, nowMs - this.#lastMs);
    const weight = Math.max(weightMin, 1 - 0.5 ** (ageMs / this.#halfLifeMs));
    this.#value += (sample - this.#value) * weight;
    this.#lastMs = nowMs;
  }

  get value(): number {
    return this.#value;
  }
}
