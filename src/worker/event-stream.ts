import type { WorkerEvent } from '../ipc/order.ts';

/** `withinMs`: how long the event may wait for company on its way. */
export type EventReader = (event: WorkerEvent, withinMs: number) => void;

/** Tells every lb that listens what happens here, as it happens. */
export class EventStream {
  readonly #readers = new Set<EventReader>();

  /** Tells a reader from now on; gives what ends that. */
  follow(reader: EventReader): () => void {
    this.#readers.add(reader);
    return () => this.#readers.delete(reader);
  }

  tell(event: WorkerEvent, withinMs = 0): void {
    for (const reader of this.#readers) reader(event, withinMs);
  }
}
