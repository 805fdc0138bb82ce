/** The learned factor of one kind of job, as JSON: the logarithm of actual over predicted. */
export type CorrectionSnapshot = Readonly<{ kind: string; log: number }>;

/** A factor stays within these, whatever is learned. */
export const factorMin = 0.25;
export const factorMax = 4;

const halfLifeMs = 60_000;
const weightMin = 0.05;
/** A first or late sample may be a freak: a page fault, a neighbour on the CPU. */
const weightMax = 0.3;

/** A multiplicative correction: an exponentially weighted mean of ratios, in logarithms, bounded. */
export class Correction {
  #log: number;
  #lastMs: number | null = null;

  constructor(log = 0) {
    this.#log = bounded(log);
  }

  /** `ratio` is actual over predicted without correction; what is no positive number is ignored. */
  learn(ratio: number, nowMs: number): void {
    if (!(ratio > 0) || !Number.isFinite(ratio)) return;
    const ageMs = this.#lastMs === null ? Number.POSITIVE_INFINITY : Math.max(0, nowMs - this.#lastMs);
    const weight = Math.min(weightMax, Math.max(weightMin, 1 - 0.5 ** (ageMs / halfLifeMs)));
    this.#log += (bounded(Math.log(ratio)) - this.#log) * weight;
    this.#lastMs = nowMs;
  }

  get factor(): number {
    return Math.exp(this.#log);
  }

  get log(): number {
    return this.#log;
  }
}

const bounded = (log: number): number => Math.min(Math.log(factorMax), Math.max(Math.log(factorMin), log));
