/**
 * A carrier: pixels in an uncompressed PNG with the source's metadata around them, because raw pixels carry none. New pixels get
 * the metadata of old ones by their chunks (PNG, ISO/IEC 15948, 5.3).
 */

/** Profile, EXIF, XMP (as text) and density. */
const kept: ReadonlySet<string> = new Set(['iCCP', 'eXIf', 'iTXt', 'zTXt', 'tEXt', 'pHYs']);

/** Signature, and IHDR with its length, name and checksum. */
const headBytes = 8 + 25;

/** `png` with the metadata of `like`; both are the engine's own, which writes metadata before the pixels. */
export function dressed(png: Buffer, like: Buffer): Buffer {
  return Buffer.concat([png.subarray(0, headBytes), ...metadataOf(like), png.subarray(headBytes)]);
}

/** Is the carrier's picture grey (colour type 0 or 4)? */
export const isGreyCarrier = (png: Buffer): boolean => png[25] === 0 || png[25] === 4;

function* metadataOf(png: Buffer): Iterable<Buffer> {
  let at = headBytes;
  while (at + 8 <= png.length) {
    const name = png.toString('latin1', at + 4, at + 8);
    if (name === 'IDAT') return;
    const end = at + 12 + png.readUInt32BE(at);
    if (kept.has(name)) yield png.subarray(at, end);
    at = end;
  }
}
