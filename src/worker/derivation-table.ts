import { PileusError } from '../shared/errors.ts';
import { untilAborted } from './promises.ts';

/** What the work is told of those who wait for it. */
export type SharedWork = Readonly<{
  /** Aborted when the last one has left before the work has started. */
  signal: AbortSignal;
  /** From here on the work runs to its end, whoever leaves. */
  started: () => void;
}>;

/** One that waits for the work. */
export type Waiting = Readonly<{
  /** Ends only this one's waiting. */
  signal: AbortSignal;
  /** Told once, when the work has started, or at once where it has by then. */
  onStarted: () => void;
}>;

type Entry<T> = {
  result: Promise<T>;
  readonly joiners: Set<Waiting>;
  isStarted: boolean;
  readonly controller: AbortController;
};

/** Work under way by derivation key: equal orders share one picture, whichever URLs they came from. */
export class DerivationTable<T> {
  readonly #entries = new Map<string, Entry<T>>();

  /** Joins equal work or begins it. */
  async join(derivation: string, waiting: Waiting, begin: (work: SharedWork) => Promise<T>): Promise<T> {
    const entry = this.#entries.get(derivation) ?? this.#begin(derivation, begin);
    entry.joiners.add(waiting);
    if (entry.isStarted) waiting.onStarted();
    try {
      return await untilAborted(entry.result, waiting.signal);
    } finally {
      entry.joiners.delete(waiting);
      if (entry.joiners.size === 0 && !entry.isStarted) {
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
      for (const waiting of entry.joiners) waiting.onStarted();
    };
    const entry: Entry<T> = {
      // Begun in a later microtask, so that `entry` is whole before the work can say that it has started.
      result: Promise.resolve().then(() => begin({ signal: controller.signal, started })),
      joiners: new Set(),
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
