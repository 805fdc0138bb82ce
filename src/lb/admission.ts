import { PileusError } from '../shared/errors.ts';
import { Codel } from './codel.ts';
import type { Job } from './job.ts';
import { heavyPlaces } from './placement.ts';

export type AdmissionConfig = Readonly<{
  queueJobsMax: number;
  queueBytesMax: number;
  queueWaitMsMax: number;
  codelTargetMs: number;
  requestMs: number;
}>;

/**
 * The bounded queue in front of the workers: in jobs, in source bytes and in predicted milliseconds.
 *
 * Light jobs stand in order of arrival; heavy ones in a lane of their own, cheapest first, since they may hold
 * only some of the CPU places. A light job is refused at the door when its predicted wait is over
 * `queueWaitMsMax`; a heavy one when it could not end within its request's time. What was let in and still waited
 * too long is shed as it comes off (Codel, light lane only: heavy jobs are few and their waits long by nature).
 */
export class Admission {
  #light: Job[] = [];
  #heavy: Job[] = [];
  #bytes = 0;
  #lightMs = 0;
  #heavyMs = 0;
  readonly #codel = new Codel();

  /** Milliseconds until a job of this price would begin, with `workers` workers and what they still have to do. */
  predictedWaitMs(heavy: boolean, workers: number, inFlightMs: number): number {
    if (workers === 0) return 0;
    return heavy ? this.#heavyMs / heavyPlaces(workers) : (this.#lightMs + inFlightMs) / workers;
  }

  /** Throws `overloaded` with an honest retryAfterS when the job may not come in; else it stands in the queue. */
  enter(job: Job, workers: number, inFlightMs: number, config: AdmissionConfig): void {
    const waitMs = this.predictedWaitMs(job.price.heavy, workers, inFlightMs);
    const waitMsMax = job.price.heavy ? config.requestMs * heavyWaitShare - job.price.ms : config.queueWaitMsMax;
    const full = this.jobs >= config.queueJobsMax || this.#bytes + job.price.bytes > config.queueBytesMax;
    if (full || waitMs > waitMsMax) throw overloaded(waitMs);
    this.#insert(job);
  }

  /** Puts a job back that had been taken out: it keeps its place by time of arrival and is not refused. */
  reenter(job: Job): void {
    this.#insert(job);
  }

  /** Takes a job out, wherever it stands; false when it was not here. */
  remove(job: Job): boolean {
    for (const lane of [this.#light, this.#heavy]) {
      const at = lane.indexOf(job);
      if (at < 0) continue;
      lane.splice(at, 1);
      this.#account(job, lane === this.#heavy, -1);
      return true;
    }
    return false;
  }

  /** The first jobs of both lanes in the order in which they should be tried: light before heavy. */
  *candidates(lookahead: number): Generator<Job> {
    yield* this.#light.slice(0, lookahead);
    yield* this.#heavy.slice(0, lookahead);
  }

  /** Asked for a job that is about to be placed: has it waited so long that it is shed instead? */
  shouldShed(job: Job, meanJobMs: number, nowMs: number, config: AdmissionConfig): boolean {
    if (job.price.heavy || job.attempt > 0) return false;
    const targetMs = Math.max(config.codelTargetMs, 2 * meanJobMs);
    return this.#codel.shouldShed(nowMs - job.enqueuedAtMs, targetMs, nowMs);
  }

  get jobs(): number {
    return this.#light.length + this.#heavy.length;
  }

  get heavyJobs(): number {
    return this.#heavy.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  oldestMs(nowMs: number): number {
    let oldest = nowMs;
    for (const lane of [this.#light, this.#heavy]) for (const job of lane) oldest = Math.min(oldest, job.enqueuedAtMs);
    return nowMs - oldest;
  }

  #insert(job: Job): void {
    const lane = job.price.heavy ? this.#heavy : this.#light;
    const rank = job.price.heavy ? (each: Job) => each.price.ms : (each: Job) => each.enqueuedAtMs;
    let at = lane.length;
    while (at > 0 && rank(lane[at - 1] as Job) > rank(job)) at--;
    lane.splice(at, 0, job);
    this.#account(job, job.price.heavy, 1);
  }

  #account(job: Job, heavy: boolean, sign: 1 | -1): void {
    this.#bytes += sign * job.price.bytes;
    if (heavy) this.#heavyMs = Math.max(0, this.#heavyMs + sign * job.price.ms);
    else this.#lightMs = Math.max(0, this.#lightMs + sign * job.price.ms);
  }
}

/** A refusal that says when to come again: after the wait that was predicted, one second at least. */
export const overloaded = (waitMs: number): PileusError =>
  new PileusError('overloaded', { retryAfterS: Math.min(retryAfterSMax, Math.max(1, Math.ceil(waitMs / 1000))) });

/** Part of a request's time that a heavy job may plan to spend waiting and working. */
const heavyWaitShare = 0.75;
const retryAfterSMax = 30;
