import type { Clock } from '../shared/clock.ts';
import { compareReady, type ReadyJob } from './ready-order.ts';

export type GateWant = Readonly<{
  predictedMs: number;
  /** Predicted over `heavyJobMs`. */
  heavy: boolean;
  /** May it be sent elsewhere instead of starting before light ones? */
  mayYield: boolean;
}>;

export type GateAnswer =
  /** The CPU place is held until `release`. */
  | Readonly<{ state: 'granted'; waitMs: number; release: () => void }>
  /** It was its turn, but it is heavy and light ones wait: it should run in another worker. */
  | Readonly<{ state: 'yielded'; waitMs: number }>
  /** The worker drains: what has not started should run in another worker. */
  | Readonly<{ state: 'closed'; waitMs: number }>;

type Waiting = ReadyJob &
  GateWant &
  Readonly<{ answer: (answer: GateAnswer) => void; fail: (reason: unknown) => void; unlisten: () => void }>;

/**
 * The one CPU place of a worker. libvips runs one picture at a time; the fetched jobs wait here, cheapest first, aged
 * (ready-order.ts). A heavy job whose turn comes while light ones wait gives the turn up.
 */
export class JobGate {
  readonly #clock: Clock;
  readonly #waiting = new Set<Waiting>();
  readonly #waitingForFree: (() => void)[] = [];
  #taken = false;
  #closed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Waits for the place. An abort removes the waiting job and rejects with the signal's reason. */
  acquire(want: GateWant, signal: AbortSignal): Promise<GateAnswer> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = () => this.#remove(waiting)?.fail(signal.reason);
      const waiting: Waiting = {
        readyAtMs: this.#clock.nowMs(),
        answer: resolve,
        fail: reject,
        unlisten: () => signal.removeEventListener('abort', onAbort),
        ...want,
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting.add(waiting);
      this.#next();
    });
  }

  /** Sends everybody away who may go and has not started, now and from now on. */
  close(): void {
    this.#closed = true;
    this.#sendAway();
  }

  /** Resolves when nobody has the place and nobody waits for it. */
  whenFree(): Promise<void> {
    return new Promise((resolve) => {
      this.#waitingForFree.push(resolve);
      this.#next();
    });
  }

  get waitingCount(): number {
    return this.#waiting.size;
  }

  #next(): void {
    if (this.#closed) this.#sendAway();
    while (!this.#taken) {
      const [first] = [...this.#waiting].sort(compareReady(this.#clock.nowMs()));
      if (!first) {
        for (const tell of this.#waitingForFree.splice(0)) tell();
        return;
      }
      this.#remove(first);
      const lightOnesWait = [...this.#waiting].some((other) => !other.heavy);
      if (first.heavy && first.mayYield && lightOnesWait) this.#answer(first, 'yielded');
      else this.#grant(first);
    }
  }

  #grant(job: Waiting): void {
    this.#taken = true;
    let held = true;
    const release = () => {
      if (!held) return;
      held = false;
      this.#taken = false;
      this.#next();
    };
    job.answer({ state: 'granted', waitMs: this.#waited(job), release });
  }

  #sendAway(): void {
    for (const job of [...this.#waiting].filter(({ mayYield }) => mayYield)) {
      this.#remove(job);
      this.#answer(job, 'closed');
    }
  }

  #answer(job: Waiting, state: 'yielded' | 'closed'): void {
    job.answer({ state, waitMs: this.#waited(job) });
  }

  #waited(job: Waiting): number {
    return this.#clock.nowMs() - job.readyAtMs;
  }

  #remove(job: Waiting): Waiting | undefined {
    if (!this.#waiting.delete(job)) return undefined;
    job.unlisten();
    return job;
  }
}
