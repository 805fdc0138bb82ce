import type { Options } from '../../config/config.ts';
import type { Resolved } from '../resolved.ts';
import { costPixelsPerMs, opCosts } from './coefficients.ts';
import { decodeMs } from './decode.ts';
import { encodeMs } from './encode.ts';
import { measuresMs } from './measures.ts';
import { memoryBytes } from './memory.ts';
import { opsMs } from './ops.ts';

/** What a job is thought to take. */
export type Cost = Readonly<{
  /** CPU milliseconds in all: the sum of the parts. */
  ms: number;
  decodeMs: number;
  resizeMs: number;
  opsMs: number;
  encodeMs: number;
  /**
   * The same in pixels of a baseline JPEG decoded in full: decoded pixels after shrink-on-load weighted by codec,
   * worked pixels by op, encoded pixels by codec, effort and lossless.
   */
  costPixels: number;
  /** Held at its worst, without the source's bytes. */
  memoryBytes: number;
}>;

/** The cost by the table of coefficients alone, nothing learned. Finite and positive; pure. */
export function predictCost(resolved: Resolved): Cost {
  const searches = searchesOf(resolved);
  const once = opsMs(resolved);
  // What is searched for its border is made once more up to there: whole where nothing comes before.
  const decode = decodeMs(resolved) * (1 + 1.5 * searches.ofSource + searches.later) + medianMs(resolved);
  const between = {
    resizeMs: once.resizeMs * (1 + searches.later),
    opsMs: once.opsMs * (1 + searches.later) + measuresMs(resolved),
  };
  const encode = encodeMs(resolved);
  const ms = decode + between.resizeMs + between.opsMs + encode;
  return {
    ms,
    decodeMs: decode,
    resizeMs: between.resizeMs,
    opsMs: between.opsMs,
    encodeMs: encode,
    costPixels: Math.round(ms * costPixelsPerMs),
    memoryBytes: memoryBytes(resolved),
  };
}

/** How often the source itself is searched for a border, and how often what steps have made of it. */
function searchesOf({ open }: Resolved): Readonly<{ ofSource: number; later: number }> {
  const steps = open?.plan.steps ?? [];
  const trims = steps.filter(({ op }) => op === 'trim').length;
  const ofSource = steps[0]?.op === 'trim' ? 1 : 0;
  return { ofSource, later: trims - ofSource };
}

/** The medians of the trims that have one, over pictures that are all border. */
function medianMs({ open, input }: Resolved): number {
  const medians = (open?.plan.steps ?? []).filter((step) => step.op === 'trim' && step.median).length;
  return ((medians * input.width * input.height) / 1e6) * opCosts.trimMedian;
}

/** Heavy jobs never hold the last CPU place. */
export const isHeavy = (cost: Pick<Cost, 'ms'>, options: Pick<Options, 'heavyJobMs'>): boolean =>
  cost.ms > options.heavyJobMs;
