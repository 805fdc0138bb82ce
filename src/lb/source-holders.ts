/** One life of one worker. */
export type WorkerLife = Readonly<{ slot: number; generation: number }>;

/** In which worker each source's bytes were last; the oldest are forgotten first. */
export class SourceHolders {
  readonly #entriesMax: number;
  readonly #holders = new Map<string, WorkerLife>();

  constructor(entriesMax = 50_000) {
    this.#entriesMax = entriesMax;
  }

  note(sourceId: string, { slot, generation }: WorkerLife): void {
    this.#holders.delete(sourceId);
    this.#holders.set(sourceId, { slot, generation });
    if (this.#holders.size > this.#entriesMax) this.#holders.delete(this.#holders.keys().next().value as string);
  }

  of(sourceId: string): WorkerLife | null {
    return this.#holders.get(sourceId) ?? null;
  }
}
