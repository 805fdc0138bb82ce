import type { Options } from '../../config/config.ts';
import type { Resolved } from '../resolved.ts';
import { costPixelsPerMs, opCosts } from './coefficients.ts';
import { decodeMs } from './decode.ts';
import { encodeMs } from './encode.ts';
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
  // What is searched for its border is decoded once more, whole.
  const decode = decodeMs(resolved) * (resolved.open ? 2.5 : 1) + medianMs(resolved);
  const between = opsMs(resolved);
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

/** The median of a trim that has one, over a picture that is all border. */
function medianMs({ open, input }: Resolved): number {
  const first = open?.plan.steps[0];
  const megapixels = (input.width * input.height) / 1e6;
  return first?.op === 'trim' && first.median ? megapixels * opCosts.trimMedian : 0;
}

/** Heavy jobs never hold the last CPU place. */
export const isHeavy = (cost: Pick<Cost, 'ms'>, options: Pick<Options, 'heavyJobMs'>): boolean =>
  cost.ms > options.heavyJobMs;
