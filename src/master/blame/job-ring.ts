import type { BlameSubject, Fact } from '../../ipc/messages.ts';

export type JobStarted = Extract<Fact, { type: 'job-started' }>;
export type JobEnded = Extract<Fact, { type: 'job-ended' }>;

/** One job as the flight recorder tells it. Times are points on the monotonic clock. */
export type JobRecord = Readonly<{
  jobId: string;
  requestId: string;
  slot: number;
  generation: number;
  subject: BlameSubject;
  pixels: number;
  predictedMs: number;
  startedAtMs: number;
  endedAtMs: number | null;
  /** `died`: its worker ended before it did. null: it runs. */
  outcome: JobEnded['outcome'] | 'died' | null;
}>;

/** What ended longer ago is forgotten as new jobs come. */
const keptMs = 60_000;

/**
 * The jobs of the last minute that were handed to libvips, oldest first, kept outside the workers so that it survives
 * them. What still runs is never forgotten, however long: it may be what is looked for. There is one a worker at most.
 */
export class JobRing {
  readonly #jobsMax: number;
  readonly #jobs = new Map<string, JobRecord>();

  /** `jobsMax`: a bound for the ended ones, beyond what a minute brings. */
  constructor(jobsMax: number) {
    this.#jobsMax = jobsMax;
  }

  started(slot: number, generation: number, fact: JobStarted, nowMs: number): void {
    const { jobId, requestId, subject, pixels, predictedMs } = fact;
    const record = { jobId, requestId, slot, generation, subject, pixels, predictedMs };
    const key = keyOf(generation, jobId);
    // A job that is started anew stands at its new place in time.
    this.#jobs.delete(key);
    this.#jobs.set(key, { ...record, startedAtMs: nowMs, endedAtMs: null, outcome: null });
    this.#forgetOld(nowMs);
  }

  ended(generation: number, fact: JobEnded, nowMs: number): void {
    const key = keyOf(generation, fact.jobId);
    const job = this.#jobs.get(key);
    if (job?.outcome === null) this.#jobs.set(key, { ...job, endedAtMs: nowMs, outcome: fact.outcome });
  }

  /** A worker is gone: what it had started and not ended ends with it. */
  died(generation: number, nowMs: number): void {
    for (const [key, job] of this.#jobs) {
      if (job.generation !== generation || job.outcome !== null) continue;
      this.#jobs.set(key, { ...job, endedAtMs: nowMs, outcome: 'died' });
    }
  }

  get jobs(): readonly JobRecord[] {
    return [...this.#jobs.values()];
  }

  #forgetOld(nowMs: number): void {
    for (const [key, job] of this.#jobs) {
      if (job.endedAtMs === null) continue;
      if (this.#jobs.size <= this.#jobsMax && nowMs - job.endedAtMs <= keptMs) return;
      this.#jobs.delete(key);
    }
  }
}

/** A retried job has the same id in another worker. */
const keyOf = (generation: number, jobId: string): string => `${generation} ${jobId}`;
