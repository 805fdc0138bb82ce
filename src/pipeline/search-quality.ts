import type { Encoded } from './budget.ts';

/**
 * The result whose loss is nearest to `target`, found by bisection between the two qualities with at most `encodesMax` encodes. One
 * that is no further off than `error` ends the search. More quality is taken to lose less.
 */
export async function encodeNear(
  run: (quality: number) => Promise<Buffer>,
  lossOf: (bytes: Buffer) => Promise<number>,
  options: Readonly<{ min: number; max: number; target: number; error: number; encodesMax: number }>,
): Promise<Encoded> {
  let [low, high] = [options.min, options.max];
  let best: (Encoded & Readonly<{ offBy: number }>) | null = null;
  for (let encodes = 0; encodes < options.encodesMax && low <= high; encodes++) {
    const quality = Math.floor((low + high) / 2);
    const bytes = await run(quality);
    const loss = await lossOf(bytes);
    const offBy = Math.abs(loss - options.target);
    if (best === null || offBy < best.offBy) best = { bytes, quality, offBy };
    if (offBy <= options.error) break;
    if (loss > options.target) low = quality + 1;
    else high = quality - 1;
  }
  if (best === null) throw new RangeError(`no quality between ${options.min} and ${options.max}`);
  return { bytes: best.bytes, quality: best.quality };
}
