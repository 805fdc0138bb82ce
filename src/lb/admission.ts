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
  /** Light jobs and their milliseconds, by namespace and by source. */
  readonly #groups = new Map<string, { jobs: number; ms: number }>();
  readonly #codel = new Codel();

  /** Milliseconds until a job of this price would begin, with `workers` workers and what they still have to do. */
  predictedWaitMs(heavy: boolean, workers: number, inFlightMs: number): number {
    if (workers === 0) return 0;
    return heavy ? this.#heavyMs / heavyPlaces(workers) : (this.#lightMs + inFlightMs) / workers;
  }

  /**
   * Throws `overloaded` with an honest retryAfterS when the job may not come in; else it stands in the queue. `held` are
   * groups (namespaces, sources) whose jobs wait for their origin and not for a worker: they are in nobody's way.
   */
  enter(job: Job, workers: number, inFlightMs: number, config: AdmissionConfig, held: Iterable<string> = []): void {
    const heldMs = job.price.heavy ? 0 : this.#heldMs(job, held);
    const waitMs = this.predictedWaitMs(job.price.heavy, workers, inFlightMs - heldMs);
    const waitMsMax = job.price.heavy ? config.requestMs * heavyWaitShare - job.price.ms : config.queueWaitMsMax;
    const full = this.jobs >= config.queueJobsMax || this.#bytes + job.price.bytes > config.queueBytesMax;
    // With nobody before it even what is thought to take too long may try: the deadlines bound it, and it teaches its price.
    if (full || (waitMs > 0 && waitMs > waitMsMax)) throw overloaded(waitMs);
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

  /**
   * The first jobs of both lanes in the order in which they should be tried: light before heavy. Those that `isHeld` (asked
   * as the jobs are taken) are passed over, so that no number of them stands in front of the others.
   */
  *candidates(lookahead: number, isHeld: (job: Job) => boolean = () => false): Generator<Job> {
    for (const lane of [this.#light, this.#heavy]) {
      let left = lookahead;
      for (const job of [...lane]) {
        if (left === 0) break;
        if (isHeld(job)) continue;
        left--;
        yield job;
      }
    }
  }

  /** Asked for a job that is about to be placed: has it waited so long that it is shed instead? */
  shouldShed(job: Job, meanJobMs: number, nowMs: number, config: AdmissionConfig): boolean {
    if (job.price.heavy || job.attempt > 0) return false;
    const targetMs = Math.max(config.codelTargetMs, 2 * meanJobMs);
    // What it waited for its origin says nothing of the load here.
    const waitedMs = nowMs - Math.max(job.enqueuedAtMs, job.heldUntilMs);
    return this.#codel.shouldShed(waitedMs, targetMs, nowMs);
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
    if (heavy) {
      this.#heavyMs = Math.max(0, this.#heavyMs + sign * job.price.ms);
      return;
    }
    this.#lightMs = Math.max(0, this.#lightMs + sign * job.price.ms);
    for (const id of groupsOf(job)) {
      const group = this.#groups.get(id) ?? { jobs: 0, ms: 0 };
      group.jobs += sign;
      group.ms += sign * job.price.ms;
      if (group.jobs === 0) this.#groups.delete(id);
      else this.#groups.set(id, group);
    }
  }

  /** What waits in these groups, but for those that the job itself belongs to. */
  #heldMs(job: Job, held: Iterable<string>): number {
    const own = groupsOf(job);
    let ms = 0;
    for (const id of held) if (!own.includes(id)) ms += this.#groups.get(id)?.ms ?? 0;
    return Math.min(ms, this.#lightMs);
  }
}

/** A source's id begins with its namespace and a slash, so it is never the name of one. */
const groupsOf = (job: Job): readonly string[] => [job.source.ns, job.sourceId];

/** A refusal that says when to come again: after the wait that was predicted, one second at least. */
export const overloaded = (waitMs: number, code: 'overloaded' | 'shed' = 'overloaded'): PileusError =>
  new PileusError(code, { retryAfterS: Math.min(retryAfterSMax, Math.max(1, Math.ceil(waitMs / 1000))) });

/** Part of a request's time that a heavy job may plan to spend waiting and working. */
const heavyWaitShare = 0.75;
const retryAfterSMax = 30;
