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
  readonly #endsAtMs: number;

  constructor(deadlines: FetchDeadlines, clock: Clock) {
    this.#deadlines = deadlines;
    this.#clock = clock;
    this.#endsAtMs = clock.nowMs() + deadlines.totalMs;
  }

  total(): StepLimit {
    return {
      ms: Math.max(0, this.#endsAtMs - this.#clock.nowMs()),
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
export async function within<Value>(
  work: Promise<Value>,
  limit: StepLimit,
  signal: AbortSignal,
  discard: (late: Value) => void = () => {},
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  let isLate = false;
  work.then(
    (value) => {
      if (isLate) discard(value);
    },
    () => {},
  );
  try {
    return await Promise.race([
      work,
      new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(limit.error()), limit.ms);
        onAbort = () => reject(abortError(signal));
        if (signal.aborted) onAbort();
        else signal.addEventListener('abort', onAbort, { once: true });
      }),
    ]);
  } catch (error) {
    isLate = true;
    throw error;
  } finally {
    clearTimeout(timer);
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
