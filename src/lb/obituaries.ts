import type { Obituary } from '../ipc/messages.ts';

/** Called with the obituary, or with null when none came in time. */
type Listener = (obituary: Obituary | null) => void;

/**
 * Brings together the two halves of a worker's death: the broken socket that the lb sees, and what the master says of
 * it. Either may come first. The master's word follows within milliseconds; longer than `waitMs` it is not waited for.
 */
export class Obituaries {
  readonly #waitMs: number;
  readonly #known = new Map<string, Obituary>();
  readonly #listeners = new Map<string, Listener[]>();

  constructor(waitMs: number) {
    this.#waitMs = waitMs;
  }

  /** The master has spoken. */
  note(obituary: Obituary): void {
    const id = idOf(obituary.slot, obituary.generation);
    this.#known.set(id, obituary);
    if (this.#known.size > knownMax) this.#known.delete(this.#known.keys().next().value as string);
    this.#tell(id, obituary);
  }

  /** Calls back at once when it is known, else when it comes or the time is over. */
  await(slot: number, generation: number, listener: Listener): void {
    const id = idOf(slot, generation);
    const known = this.#known.get(id);
    if (known) {
      listener(known);
      return;
    }
    const waiting = this.#listeners.get(id);
    if (waiting) {
      waiting.push(listener);
      return;
    }
    this.#listeners.set(id, [listener]);
    setTimeout(() => this.#tell(id, null), this.#waitMs).unref();
  }

  #tell(id: string, obituary: Obituary | null): void {
    const listeners = this.#listeners.get(id) ?? [];
    this.#listeners.delete(id);
    for (const listener of listeners) listener(obituary);
  }
}

const idOf = (slot: number, generation: number): string => `${slot}.${generation}`;

/** Generations are never reused, so the last few are enough. */
const knownMax = 64;
