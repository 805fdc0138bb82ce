import type { Clock } from '../../shared/clock.ts';
import { isPileusError, PileusError } from '../../shared/errors.ts';
import type { FetchDeadlines } from './original-store.ts';

export type FetchPhase = 'connect' | 'headers' | 'idle';

/** How long a step may take, and what is said when it took longer. */
export type StepLimit = Readonly<{ ms: number; error: () => PileusError }>;

/**
 * The deadlines of one fetch. Each step has its own, and all share the total: progress of one byte a second never
 * breaks an idle deadline, so the total is what ends it.
 */
export class FetchBudget {
  readonly #deadlines: FetchDeadlines;
  readonly #clock: Clock;
  readonly #beganAtMs: number;

  constructor(deadlines: FetchDeadlines, clock: Clock) {
    this.#deadlines = deadlines;
    this.#clock = clock;
    this.#beganAtMs = clock.nowMs();
  }

  get elapsedMs(): number {
    return this.#clock.nowMs() - this.#beganAtMs;
  }

  total(): StepLimit {
    return {
      ms: Math.max(0, this.#deadlines.totalMs - this.elapsedMs),
      error: () => timedOut('total', this.#deadlines.totalMs),
    };
  }

  /** The phase's own deadline, or what is left of the total when that is less. */
  step(phase: FetchPhase): StepLimit {
    const total = this.total();
    const ownMs = this.#ownMs(phase);
    return ownMs < total.ms ? { ms: ownMs, error: () => timedOut(phase, ownMs) } : total;
  }

  #ownMs(phase: FetchPhase): number {
    if (phase === 'connect') return this.#deadlines.connectMs;
    return phase === 'headers' ? this.#deadlines.headersMs : this.#deadlines.idleMs;
  }
}

const timedOut = (phase: FetchPhase | 'total', ms: number): PileusError =>
  new PileusError('origin_timeout', { detail: `The ${phase} deadline of ${ms} ms passed.` });

/** Why a signal was aborted, as an error of ours. */
export const abortError = (signal: AbortSignal): PileusError =>
  isPileusError(signal.reason) ? signal.reason : new PileusError('client_gone', { cause: signal.reason });

/**
 * `work`, or the limit's error when that comes first, or the signal's. What `work` gives after that goes to
 * `discard`: system calls cannot be recalled, only outlived.
 */
export function within<Value>(
  work: Promise<Value>,
  limit: StepLimit,
  signal: AbortSignal,
  discard: (late: Value) => void = () => {},
): Promise<Value> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const onAbort = () => giveUp(abortError(signal));
    const timer = setTimeout(() => giveUp(limit.error()), limit.ms);
    const over = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const giveUp = (error: PileusError) => {
      isLate = true;
      over();
      reject(error);
    };
    work.then(
      (value) => {
        if (isLate) return discard(value);
        over();
        resolve(value);
      },
      (error) => {
        over();
        reject(error);
      },
    );
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
