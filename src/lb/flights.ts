import { PileusError } from '../shared/errors.ts';
import type { Job, JobOutcome } from './job.ts';

/**
 * Equal requests in flight, by request key (single-flight). The first makes the job, the others wait for its
 * outcome, whatever it is. One that leaves does not cancel the others; when the last one leaves, the job is told.
 */
export class Flights {
  readonly #flights = new Map<string, Flight>();
  readonly #byJob = new WeakMap<Job, Flight>();

  /**
   * Waits for the job of this key, made by `start` if there is none. `start` gets the function that settles the flight
   * and gives the job; what it throws is thrown here. Throws overloaded beyond `waitersMax`.
   */
  join(key: string, waitersMax: number, start: (settle: (outcome: JobOutcome) => void) => Job): Membership {
    const existing = this.#flights.get(key);
    if (existing) {
      if (existing.waiters >= waitersMax) throw new PileusError('overloaded', { retryAfterS: 1 });
      existing.waiters++;
      return { job: existing.job, outcome: existing.outcome, joined: true, leave: this.#leave(existing) };
    }
    let resolve: (outcome: JobOutcome) => void = () => {};
    const promise = new Promise<JobOutcome>((settle) => {
      resolve = settle;
    });
    const job = start((outcome) => {
      if (this.#flights.get(key)?.outcome === promise) this.#flights.delete(key);
      resolve(outcome);
    });
    const flight: Flight = { job, waiters: 1, outcome: promise };
    this.#byJob.set(job, flight);
    if (job.stage.at !== 'settled') this.#flights.set(key, flight);
    return { job, outcome: promise, joined: false, leave: this.#leave(flight) };
  }

  /** Does anybody wait for this job? */
  isAwaited(job: Job): boolean {
    const flight = this.#byJob.get(job);
    // Asked while it is being made, before it is a flight: whoever makes it waits.
    return flight === undefined || flight.waiters > 0;
  }

  get size(): number {
    return this.#flights.size;
  }

  #leave(flight: Flight): () => boolean {
    let left = false;
    return () => {
      if (left) return false;
      left = true;
      flight.waiters--;
      return flight.waiters === 0;
    };
  }
}

type Flight = { readonly job: Job; waiters: number; readonly outcome: Promise<JobOutcome> };

export type Membership = Readonly<{
  job: Job;
  outcome: Promise<JobOutcome>;
  /** Somebody else had asked first. */
  joined: boolean;
  /** Gives true when nobody waits any more. */
  leave: () => boolean;
}>;
