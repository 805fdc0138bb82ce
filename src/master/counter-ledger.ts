import { sumOf } from './stats.ts';

/** The plain counters of the lbs' heartbeats, summed so that an lb's death loses none of what it had reported. */
export class CounterLedger {
  readonly #live = new Map<number, Readonly<Record<string, number>>>();
  #base: Readonly<Record<string, number>> = {};

  beat(generation: number, counters: Readonly<Record<string, number>>): void {
    this.#live.set(generation, counters);
  }

  gone(generation: number): void {
    const last = this.#live.get(generation);
    if (last) this.#base = sumOf([this.#base, last]);
    this.#live.delete(generation);
  }

  get total(): Readonly<Record<string, number>> {
    return sumOf([this.#base, ...this.#live.values()]);
  }
}
