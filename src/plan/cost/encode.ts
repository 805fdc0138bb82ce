import type { Resolved, ResolvedEncode } from '../resolved.ts';
import {
  budgetEncodes,
  comparedCost,
  decodeCosts,
  deepEncodeCosts,
  encodeCosts,
  fixedCosts,
  tuningCosts,
} from './coefficients.ts';

/** Milliseconds to encode, all frames, all tries of a byte budget or a search, and all formats that are tried. */
export function encodeMs(resolved: Resolved): number {
  const { encode, others = [] } = resolved;
  return others.reduce((sum, other) => sum + oneMs(resolved, other), oneMs(resolved, encode));
}

function oneMs({ width, height, frames }: Resolved, encode: ResolvedEncode): number {
  const megapixels = (width * height * frames) / 1e6;
  const once = megapixels * msPerMegapixel(encode) + (frames - 1) * fixedCosts.frameEncoded;
  const searches = encodesOf(encode);
  return once * Math.max(1, budgetOf(encode) + searches) + searches * megapixels * comparedMs(encode);
}

/** Encodes that a byte budget takes, about. One beside a search by bytes is kept by that search: it looks for the smaller of the two. */
function budgetOf({ bytesMax, budgetEncodes: most = 1, search }: ResolvedEncode): number {
  return bytesMax > 0 && search?.by !== 'bytes' ? Math.min(budgetEncodes, most) : 0;
}

/** Encodes that a search takes, about: each halves the qualities that are left. */
function encodesOf({ search, quality }: ResolvedEncode): number {
  if (search === undefined) return 0;
  return Math.min(search.encodes, Math.ceil(Math.log2(quality - search.min + 2)));
}

/** Milliseconds a megapixel to decode a result and compare it with what it was made of. */
function comparedMs({ search, format }: ResolvedEncode): number {
  if (search?.by !== 'dssim') return 0;
  const { stored, decoded } = decodeCosts[format === 'jpg' || format === 'tif' ? comparedAs[format] : format];
  return stored + decoded + comparedCost;
}

const comparedAs = { jpg: 'jpeg', tif: 'tiff' } as const;

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
