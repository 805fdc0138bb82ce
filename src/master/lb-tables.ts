import type { BackendEntry, Order } from '../ipc/messages.ts';
import type { Blame } from './blame/strikes.ts';
import type { ChildEnd, Slot } from './slot.ts';
import type { SlotTable } from './slot-table.ts';

/** What the lbs have to know, sent whole: a lost or doubled message heals with the next one. */
export class LbTables {
  readonly #table: SlotTable;
  readonly #blame: Blame;
  readonly #send: (generation: number, order: Order) => void;
  #lastBackends = '[]';

  constructor(table: SlotTable, blame: Blame, send: (generation: number, order: Order) => void) {
    this.#table = table;
    this.#blame = blame;
    this.#send = send;
  }

  /** Generations of the lbs that serve or are finishing. */
  get lbs(): readonly number[] {
    return this.#table.slots
      .filter(isServingChild)
      .flatMap(({ role, child }) => (role === 'lb' ? [child.generation] : []));
  }

  /** Everything, to one lb: it is new, or seems to have a wrong picture. */
  sendAll(generation: number, nowMs: number): void {
    this.#send(generation, this.#quarantine(nowMs));
    this.#send(generation, { type: 'backends', backends: this.#backends() });
  }

  /** The workers, to every lb, if they have changed since the last time. */
  publishBackends(): void {
    const backends = this.#backends();
    const text = JSON.stringify(backends);
    if (text === this.#lastBackends) return;
    this.#lastBackends = text;
    this.#tell({ type: 'backends', backends });
  }

  publishQuarantine(nowMs: number): void {
    this.#tell(this.#quarantine(nowMs));
  }

  publishObituary({ name, child, exit, jobs }: ChildEnd): void {
    const startedJobIds = jobs.map(({ jobId }) => jobId);
    this.#tell({ type: 'obituary', obituary: { slot: name.slot, generation: child.generation, exit, startedJobIds } });
  }

  #backends(): readonly BackendEntry[] {
    return this.#table.slots
      .filter(isServingChild)
      .flatMap(({ role, slot, state, child }) =>
        role === 'worker'
          ? [{ slot, generation: child.generation, pid: child.pid, socketPath: child.socketPath, state }]
          : [],
      );
  }

  #quarantine(nowMs: number): Order {
    return { type: 'quarantine', entries: this.#blame.quarantined(nowMs), struck: this.#blame.struck() };
  }

  #tell(order: Order): void {
    for (const generation of this.lbs) this.#send(generation, order);
  }
}

const isServingChild = (slot: Slot): slot is Extract<Slot, { state: 'ready' | 'draining' }> =>
  slot.state === 'ready' || slot.state === 'draining';
