import type { Resolved } from '../resolved.ts';
import { budgetEncodes, deepEncodeCosts, encodeCosts, fixedCosts } from './coefficients.ts';

/** Milliseconds to encode, all frames and all tries of a byte budget. */
export function encodeMs({ width, height, frames, encode }: Resolved): number {
  const costs = encodeCosts[encode.format];
  const byEffort = encode.lossless ? costs.lossless : costs.byEffort;
  const msPerMegapixel = byEffort[Math.min(encode.effort, byEffort.length - 1)] ?? 0;
  const depth = encode.bits === undefined ? 1 : deepEncodeCosts[encode.bits];
  const shape = (encode.progressive ? costs.progressive : 1) * (encode.fullChroma ? costs.fullChroma : 1) * depth;
  const megapixels = (width * height * frames) / 1e6;
  const once = megapixels * msPerMegapixel * shape + (frames - 1) * fixedCosts.frameEncoded;
  return encode.bytesMax > 0 ? once * Math.min(budgetEncodes, encode.budgetEncodes ?? 1) : once;
}
