import type { Resolved, ResolvedEncode } from '../resolved.ts';
import { budgetEncodes, deepEncodeCosts, encodeCosts, fixedCosts, tuningCosts } from './coefficients.ts';

/** Milliseconds to encode, all frames and all tries of a byte budget. */
export function encodeMs({ width, height, frames, encode }: Resolved): number {
  const megapixels = (width * height * frames) / 1e6;
  const once = megapixels * msPerMegapixel(encode) + (frames - 1) * fixedCosts.frameEncoded;
  return encode.bytesMax > 0 ? once * Math.min(budgetEncodes, encode.budgetEncodes ?? 1) : once;
}

function msPerMegapixel(encode: ResolvedEncode): number {
  const costs = encodeCosts[encode.format];
  const near = encode.webp?.near === true;
  const byEffort = encode.lossless || near ? costs.lossless : costs.byEffort;
  const plain =
    encode.colours === undefined
      ? (byEffort[Math.min(encode.effort, byEffort.length - 1)] ?? 0)
      : tuningCosts.colours[encode.colours];
  const depth = encode.bits === undefined ? 1 : deepEncodeCosts[encode.bits];
  const shaped = plain * (encode.progressive ? costs.progressive : 1) * (near ? tuningCosts.webpNear : 1);
  return (shaped + besidesMs(encode)) * (encode.fullChroma ? costs.fullChroma : 1) * depth;
}

const besidesMs = ({ jpeg = {}, webp = {} }: ResolvedEncode): number =>
  (jpeg.trellis ? tuningCosts.jpegTrellis : 0) +
  (jpeg.deringing ? tuningCosts.jpegDeringing : 0) +
  (jpeg.scans ? tuningCosts.jpegScans : 0) +
  (webp.smartChroma ? tuningCosts.webpSmartChroma : 0);
