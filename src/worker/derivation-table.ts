import { PileusError } from '../shared/errors.ts';
import { untilAborted } from './promises.ts';

/** What the work is told of those who wait for it. */
export type SharedWork = Readonly<{
  /** Aborted when the last one has left before the work has started. */
  signal: AbortSignal;
  /** From here on the work runs to its end, whoever leaves. */
  started: () => void;
}>;

type Entry<T> = { result: Promise<T>; joiners: number; isStarted: boolean; readonly controller: AbortController };

/** Work under way by derivation key: equal orders share one picture, whichever URLs they came from. */
export class DerivationTable<T> {
  readonly #entries = new Map<string, Entry<T>>();

  /** Joins equal work or begins it. `signal` only ends this one's waiting. */
  async join(derivation: string, signal: AbortSignal, begin: (work: SharedWork) => Promise<T>): Promise<T> {
    const entry = this.#entries.get(derivation) ?? this.#begin(derivation, begin);
    entry.joiners += 1;
    try {
      return await untilAborted(entry.result, signal);
    } finally {
      entry.joiners -= 1;
      if (entry.joiners === 0 && !entry.isStarted) {
        this.#remove(derivation, entry);
        entry.controller.abort(new PileusError('client_gone'));
      }
    }
  }

  has(derivation: string): boolean {
    return this.#entries.has(derivation);
  }

  #begin(derivation: string, begin: (work: SharedWork) => Promise<T>): Entry<T> {
    const controller = new AbortController();
    const started = () => {
      entry.isStarted = true;
    };
    const entry: Entry<T> = {
      // Begun in a later microtask, so that `entry` is whole before the work can say that it has started.
      result: Promise.resolve().then(() => begin({ signal: controller.signal, started })),
      joiners: 0,
      isStarted: false,
      controller,
    };
    this.#entries.set(derivation, entry);
    const remove = () => this.#remove(derivation, entry);
    entry.result.then(remove, remove);
    return entry;
  }

  #remove(derivation: string, entry: Entry<T>): void {
    if (this.#entries.get(derivation) === entry) this.#entries.delete(derivation);
  }
}
