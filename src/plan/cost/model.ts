import { Ewma } from '../../shared/ewma.ts';
import type { Resolved } from '../resolved.ts';
import { Correction, type CorrectionSnapshot } from './correction.ts';
import { type Cost, predictCost } from './predict.ts';

/** What a CostModel has learned, as JSON. */
export type CostSnapshot = Readonly<{ corrections: readonly CorrectionSnapshot[] }>;

/**
 * What takes less is mostly what any picture takes besides its pixels (the engine's start, turns of the event loop): many
 * tiny pictures must not teach that the pixels of their format are dear.
 */
const tellingMs = 5;

/** One prediction counts as off by this factor at most. */
const errorMax = 1000;

/**
 * The cost of jobs, corrected by what jobs really took: one bounded factor for each pair of source and output
 * format, so at most as many as there are pairs.
 */
export class CostModel {
  readonly #corrections = new Map<string, Correction>();
  readonly #errorLog = new Ewma(60_000, 0);

  constructor(snapshot: CostSnapshot = { corrections: [] }) {
    for (const { kind, log } of snapshot.corrections) {
      if (Number.isFinite(log)) this.#corrections.set(kind, new Correction(log));
    }
  }

  predict(resolved: Resolved): Cost {
    return scaledCost(predictCost(resolved), this.#factorOf(kindOf(resolved)));
  }

  /** The lower one of what the table says and what was learned: what is too much by this is too much by either. */
  leastMs(resolved: Resolved): number {
    return predictCost(resolved).ms * Math.min(1, this.#factorOf(kindOf(resolved)));
  }

  /**
   * `actualMs` is the processing alone, without waiting. What is no positive number teaches nothing; results that were written in
   * several formats, or searched for, teach only how far predictions were off.
   */
  learn(resolved: Resolved, actualMs: number, nowMs: number): void {
    if (!(actualMs > 0) || !Number.isFinite(actualMs)) return;
    const kind = kindOf(resolved);
    const predictedMs = predictCost(resolved).ms;
    const off = Math.abs(Math.log(actualMs / (predictedMs * this.#factorOf(kind))));
    this.#errorLog.add(Math.min(off, Math.log(errorMax)), nowMs);
    if (!isSingle(resolved)) return;
    const correction = this.#corrections.get(kind) ?? new Correction();
    this.#corrections.set(kind, correction);
    if (Math.max(actualMs, predictedMs) >= tellingMs) correction.learn(actualMs / predictedMs, nowMs);
  }

  /** The factor by which recent predictions were off, either way: 1 is exact, 2 is twice or half. */
  get errorRatio(): number {
    return Math.exp(this.#errorLog.value);
  }

  snapshot(): CostSnapshot {
    return { corrections: [...this.#corrections].map(([kind, { log }]) => ({ kind, log })) };
  }

  #factorOf(kind: string): number {
    return this.#corrections.get(kind)?.factor ?? 1;
  }
}

/** Written once: how often a search really encodes, and how dear other formats are, says nothing of a pair of formats. */
const isSingle = ({ encode, others }: Resolved): boolean => encode.search === undefined && others === undefined;

const kindOf = (resolved: Resolved): string => `${resolved.input.format}>${resolved.encode.format}`;

const scaledCost = (cost: Cost, factor: number): Cost => ({
  ms: cost.ms * factor,
  decodeMs: cost.decodeMs * factor,
  resizeMs: cost.resizeMs * factor,
  opsMs: cost.opsMs * factor,
  encodeMs: cost.encodeMs * factor,
  costPixels: Math.round(cost.costPixels * factor),
  memoryBytes: cost.memoryBytes,
});
