import type { SourceFormat } from '../header.ts';
import { traitsOf } from '../op-traits.ts';
import type { OutputFormat } from '../plan.ts';
import { compileProgram } from '../program.ts';
import { markBox } from '../resolve/mark.ts';
import { coverSize, openingSize, pixelsOf, type Size } from '../resolve/size.ts';
import type { Resolved, ResolvedEncode, ResolvedOp } from '../resolved.ts';
import { decodedSize } from './decode.ts';
import { workedOps } from './worked.ts';

/**
 * Bytes that a job holds at its worst, without the source: what the decoder keeps of a frame, whole pictures
 * that ops need, pixels between two chains, what the encoder keeps, and the result. On the high side, since it is reserved.
 *
 * Measured as the growth of peak RSS in fresh processes on pictures of 12 megapixels: a baseline JPEG streams (under
 * 10 MB), a progressive one keeps its coefficients (3 bytes a pixel, 6 without subsampling), AVIF takes 18 to decode
 * and 35 to encode, WebP 8 and 6, lossless WebP 20. With more than 8 bits a channel everything behind the decoder takes at most twice
 * as much (AVIF 43 instead of 27 at effort 0, PNG 7 instead of 1, its result included).
 */
export function memoryBytes(resolved: Resolved): number {
  const stored = resolved.input.width * resolved.input.height;
  const decode = decodeBytes[resolved.input.format];
  const result = resolved.width * resolved.height;
  const encode = encodeBytes[resolved.encode.format];
  const sample = resolved.encode.bits === undefined ? 1 : 2;
  return Math.round(
    fixedBytes +
      stored * (resolved.input.progressive === true ? decode.progressive : decode.stored) +
      pixelsOf(decodedSize(resolved)) * decode.decoded +
      opsBytes(resolved) +
      betweenBytes(resolved) +
      (resolved.input.stacked ? stackedCopies * pixelsOf(openingSize(resolved.input)) * wholePixelBytes : 0) +
      (resolved.encode.search?.by === 'dssim' ? result * comparedBytes : 0) +
      (resolved.open ? stored * wholePixelBytes : 0) +
      result * sample * Math.max(...[resolved.encode, ...(resolved.others ?? [])].map(heldBytes)) +
      // Of all that are tried the smallest so far is kept beside the one that is made.
      result * resolved.frames * encode.result * sample * (resolved.others ? 2 : 1),
  );
}

const fixedBytes = 12e6;

/** The luma of two pictures, and what the decoder of a result keeps at its worst (AVIF). */
const comparedBytes = 20;

/** Pages put together grow by doubling. */
const stackedCopies = 2;

/** What the encoder keeps of a pixel of one frame: a trellis needs all coefficients, and so do scans, which are tried beside one another. */
function heldBytes({ format, lossless, progressive, jpeg, colours, webp }: ResolvedEncode): number {
  const encode = encodeBytes[format];
  return (
    (lossless || webp?.near ? encode.lossless : encode.frame) +
    (progressive || jpeg?.trellis ? encode.progressive : 0) +
    (jpeg?.scans ? scansBytes : 0) +
    (colours === undefined ? 0 : quantisedBytes)
  );
}

const scansBytes = 3;
/** RGBA, and the indices. */
const quantisedBytes = 5;

/** Bytes per pixel of one frame, as stored and as it leaves the decoder. */
const decodeBytes: Readonly<Record<SourceFormat, Readonly<{ stored: number; progressive: number; decoded: number }>>> =
  {
    jpeg: { stored: 0, progressive: 6, decoded: 0.5 },
    png: { stored: 1, progressive: 4, decoded: 0 },
    webp: { stored: 4, progressive: 4, decoded: 4 },
    gif: { stored: 6, progressive: 6, decoded: 0 },
    avif: { stored: 18, progressive: 18, decoded: 0 },
    tiff: { stored: 4, progressive: 4, decoded: 0 },
    bmp: { stored: 4, progressive: 4, decoded: 0 },
    ico: { stored: 4, progressive: 4, decoded: 0 },
    svg: { stored: 0, progressive: 0, decoded: 8 },
  };

/** Bytes per pixel: what the encoder keeps of one frame, and the result as a whole. */
const encodeBytes: Readonly<
  Record<OutputFormat, Readonly<{ frame: number; lossless: number; progressive: number; result: number }>>
> = {
  jpg: { frame: 1, lossless: 1, progressive: 6, result: 0.5 },
  png: { frame: 1, lossless: 1, progressive: 5, result: 3 },
  webp: { frame: 6, lossless: 20, progressive: 0, result: 1 },
  avif: { frame: 35, lossless: 35, progressive: 0, result: 0.5 },
  gif: { frame: 12, lossless: 12, progressive: 0, result: 1 },
  tif: { frame: 1, lossless: 1, progressive: 0, result: 3 },
  bmp: { frame: 4, lossless: 4, progressive: 0, result: 4 },
  ico: { frame: 1, lossless: 1, progressive: 0, result: 3 },
};

/** RGBA. */
const wholePixelBytes = 4;

/** RGBA of an op in a chain: floats in linear light. */
const opPixelBytes = ({ linear, encode }: Resolved): number =>
  wholePixelBytes * (linear ? 4 : encode.bits === undefined ? 1 : 2);

/** Ops that need the picture whole copy it into memory; the largest two are held at once. */
function opsBytes(resolved: Resolved): number {
  let [largest, second, held] = [0, 0, 0];
  for (const { op, before, after } of workedOps(resolved)) {
    const scaled = op.op === 'smartcrop' ? pixelsOf(coverSize(before, after)) : 0;
    const whole = traitsOf(op).needsWhole(op) ? Math.max(pixelsOf(before), pixelsOf(after), scaled) : 0;
    [largest, second] = whole > largest ? [whole, largest] : [largest, Math.max(second, whole)];
    held += heldPixels(op, before);
  }
  return (largest + second) * resolved.frames * opPixelBytes(resolved) + held * wholePixelBytes;
}

/** A mark with its copies, as it waits to be laid over: read, and turned or shadowed once more. Of a blur that grows, the level before. */
function heldPixels(op: ResolvedOp, picture: Size): number {
  if (op.op === 'progressiveBlur') return pixelsOf(picture);
  if (op.op !== 'watermark' && op.op !== 'text') return 0;
  const layer = (op.op === 'text' ? op.tile : op.repeat) ? pixelsOf(picture) : 0;
  const mark = op.op === 'text' ? [...op.text].length * op.size ** 2 : pixelsOf(markBox(op));
  const decoded = op.op === 'watermark' ? (op.from?.pixels ?? 0) : 0;
  return layer + decoded + mark * (op.degrees === undefined && op.shadow === undefined ? 1 : 3);
}

/**
 * Pixels that are kept between two chains, all frames of them: one picture is read while the next is made. The last
 * chain makes such pixels too where a byte budget encodes them again and again, or where the source's metadata
 * must not come along (credits are taken to be there).
 */
function betweenBytes(resolved: Resolved): number {
  const { segments, frames } = compileProgram(resolved);
  const { bytesMax, metadata, format, profile, bits, search } = resolved.encode;
  const apart = segments.length === 1 && (metadata === 'copyright' || (format === 'tif' && metadata !== 'all'));
  const kept = bytesMax > 0 || search !== undefined || resolved.others || apart ? segments : segments.slice(0, -1);
  // Metadata travels in an uncompressed PNG, which grows by doubling; frames made one by one are copied to be joined.
  const isCarried = (metadata === 'all' || profile === 'source') && frames === 1;
  const pixelBytes = wholePixelBytes * (bits === undefined ? 1 : 2);
  let [most, previous] = [0, 0];
  for (const { output, each } of kept) {
    const bytes = pixelsOf(output) * frames * pixelBytes * (isCarried || each ? 2 : 1);
    most = Math.max(most, previous + bytes);
    previous = bytes;
  }
  return most;
}
