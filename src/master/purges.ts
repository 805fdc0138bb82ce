import type { PurgeScope } from '../ipc/messages.ts';
import { sumOf } from './stats.ts';

/** How a purge went: which lbs have done it, and how many results they dropped together. */
export type PurgeReport = Readonly<{ purgeId: string; lbs: number; acknowledged: number; results: number }>;

type Purge = { readonly waitingFor: Set<number>; readonly results: number[]; readonly done: () => void };

/** An lb that has not answered by then is reported as not having done it. */
const waitMsMax = 5000;
/** Purges under way at once; more are refused. */
const purgesMax = 64;

/** Sends purges to every lb and gathers their acknowledgements. */
export class Purges {
  readonly #send: (generation: number, purgeId: string, scope: PurgeScope) => void;
  readonly #open = new Map<string, Purge>();
  #count = 0;

  constructor(send: (generation: number, purgeId: string, scope: PurgeScope) => void) {
    this.#send = send;
  }

  get isFull(): boolean {
    return this.#open.size >= purgesMax;
  }

  /** Resolves when every lb has answered or is gone, or after five seconds. */
  async run(scope: PurgeScope, lbs: readonly number[]): Promise<PurgeReport> {
    this.#count += 1;
    const purgeId = `${process.pid}-${this.#count}`;
    const results: number[] = [];
    const waitingFor = new Set(lbs);
    if (lbs.length > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, waitMsMax);
        const done = (): void => {
          clearTimeout(timer);
          resolve();
        };
        this.#open.set(purgeId, { waitingFor, results, done });
        for (const generation of lbs) this.#send(generation, purgeId, scope);
      });
      this.#open.delete(purgeId);
    }
    const dropped = sumOf(results.map((count) => ({ count }))).count ?? 0;
    return { purgeId, lbs: lbs.length, acknowledged: results.length, results: dropped };
  }

  purged(generation: number, purgeId: string, results: number): void {
    const purge = this.#open.get(purgeId);
    if (purge?.waitingFor.delete(generation) !== true) return;
    purge.results.push(results);
    if (purge.waitingFor.size === 0) purge.done();
  }

  /** A dead lb has no results in memory any more; what is on disk belongs to the next purge. */
  gone(generation: number): void {
    for (const purge of this.#open.values()) {
      if (purge.waitingFor.delete(generation) && purge.waitingFor.size === 0) purge.done();
    }
  }
}
