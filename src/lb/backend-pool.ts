import type { BackendEntry } from '../ipc/messages.ts';
import { Backend } from './backend.ts';
import type { WorkerClient } from './worker-client.ts';

/**
 * The workers that exist, as the master's last table says. The table comes whole and is compared with what is here,
 * so a lost message heals with the next one.
 */
export class BackendPool {
  readonly #openClient: (socketPath: string) => WorkerClient;
  /** By slot and generation: in a rolling restart two generations of a slot live side by side. */
  readonly #backends = new Map<string, Backend>();

  constructor(openClient: (socketPath: string) => WorkerClient) {
    this.#openClient = openClient;
  }

  /** Takes the master's table over; gives the backends that came and those that went. */
  apply(entries: readonly BackendEntry[]): { came: Backend[]; went: Backend[] } {
    const came: Backend[] = [];
    const went: Backend[] = [];
    const wanted = new Map(entries.map((entry) => [backendId(entry.slot, entry.generation), entry]));
    for (const [id, backend] of this.#backends) {
      const entry = wanted.get(id);
      if (entry) backend.entry = entry;
      else if (this.#backends.delete(id)) went.push(backend);
    }
    for (const [id, entry] of wanted) {
      if (this.#backends.has(id)) continue;
      const backend = new Backend(entry, this.#openClient(entry.socketPath));
      this.#backends.set(id, backend);
      came.push(backend);
    }
    return { came, went };
  }

  get(slot: number, generation: number): Backend | undefined {
    return this.#backends.get(backendId(slot, generation));
  }

  all(): readonly Backend[] {
    return [...this.#backends.values()];
  }

  /** Those that may be given work: ready, not draining, socket whole. */
  open(): readonly Backend[] {
    return this.all().filter((backend) => backend.entry.state === 'ready' && !backend.broken);
  }
}

const backendId = (slot: number, generation: number): string => `${slot}.${generation}`;
