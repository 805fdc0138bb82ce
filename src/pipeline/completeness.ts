import type { SourceFormat } from '../plan/header.ts';

/**
 * Does the file end before its own structure does? Pure, without decoding. It tells a source that was cut short from
 * one that is broken, which the decoder's messages do not do reliably; and it is the only way to see a cut GIF, which
 * libvips decodes without an error as an animation of fewer frames.
 */
export function isCutShort(bytes: Uint8Array, format: SourceFormat): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (format) {
    case 'jpeg':
      return isJpegCut(bytes, view);
    case 'png':
      return isPngCut(view);
    case 'webp':
      return view.byteLength < 12 || 8 + view.getUint32(4, true) > view.byteLength;
    case 'gif':
      return isGifCut(view);
    case 'avif':
      return areBoxesCut(bytes, view);
    case 'tiff':
      return isTiffCut(view);
    // Their own decoders say so.
    case 'bmp':
    case 'ico':
    case 'svg':
      return false;
  }
}

const endOfImage = new Uint8Array([0xff, 0xd9]);

/** Walks the segments up to the first scan, past embedded thumbnails, then looks for the end marker. */
function isJpegCut(bytes: Uint8Array, view: DataView): boolean {
  let at = 2;
  while (at + 4 <= view.byteLength) {
    if (view.getUint8(at) !== 0xff) return false;
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at += 1;
    else if (marker === 0xda)
      return Buffer.from(bytes.buffer, bytes.byteOffset + at, bytes.length - at).indexOf(endOfImage) < 0;
    else at += 2 + view.getUint16(at + 2);
  }
  return true;
}

function isPngCut(view: DataView): boolean {
  const end = 0x49454e44;
  let at = 8;
  while (at + 12 <= view.byteLength) {
    if (view.getUint32(at + 4) === end) return false;
    at += 12 + view.getUint32(at);
  }
  return true;
}

/** Logical screen, then extensions and images as chains of sub-blocks, up to the trailer. */
function isGifCut(view: DataView): boolean {
  if (view.byteLength < 13) return true;
  let at = 13 + colourTableBytes(view.getUint8(10));
  while (at < view.byteLength) {
    const kind = view.getUint8(at);
    if (kind === 0x3b) return false;
    if (kind === 0x21) at = afterSubBlocks(view, at + 2);
    else if (kind === 0x2c && at + 10 <= view.byteLength)
      at = afterSubBlocks(view, at + 11 + colourTableBytes(view.getUint8(at + 9)));
    // Anything else is not a block: the file is broken rather than short.
    else return kind === 0x2c;
  }
  return true;
}

const colourTableBytes = (flags: number): number => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);

function afterSubBlocks(view: DataView, from: number): number {
  let at = from;
  while (at < view.byteLength) {
    const length = view.getUint8(at);
    at += 1 + length;
    if (length === 0) break;
  }
  return at;
}

/**
 * Top-level boxes of ISO BMFF: 32-bit size, 64-bit size after a 1, "to the end" for a 0. The coded picture lies in a
 * media box, or within the description itself.
 */
function areBoxesCut(bytes: Uint8Array, view: DataView): boolean {
  const mediaData = 0x6d646174;
  let hasPicture = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('idat');
  let at = 0;
  while (at + 8 <= view.byteLength) {
    const size = view.getUint32(at);
    hasPicture ||= view.getUint32(at + 4) === mediaData;
    if (size === 0) return !hasPicture;
    if (size === 1 && at + 16 > view.byteLength) return true;
    const whole = size === 1 ? Number(view.getBigUint64(at + 8)) : size;
    if (whole < 8) return false;
    at += whole;
  }
  return at !== view.byteLength || !hasPicture;
}

const tiffTag = { stripOffsets: 273, stripBytes: 279, tileOffsets: 324, tileBytes: 325 } as const;

/** Bytes of one value by type: BYTE, ASCII, SHORT, LONG, RATIONAL, then the signed ones, FLOAT and DOUBLE. */
const tiffTypeBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8] as const;

/** Strips or tiles that are looked at, and no more: a file may name as many as it has room for. */
const tiffPartsMax = 100_000;

/** Is the first directory, a value of it, or a strip or tile that it names outside the file? Of BigTIFF nothing is known. */
function isTiffCut(view: DataView): boolean {
  if (view.byteLength < 8) return true;
  const little = view.getUint16(0) === 0x4949;
  const classic = 42;
  if (view.getUint16(2, little) !== classic) return false;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return true;
  const entries = view.getUint16(directory, little);
  if (directory + 2 + entries * 12 + 4 > view.byteLength) return true;
  const fields = new Map<number, TiffField>();
  for (let index = 0; index < entries; index++) {
    const at = directory + 2 + index * 12;
    const field = readTiffField(view, at, little);
    if (field.from + field.bytes * field.count > view.byteLength) return true;
    const tag = view.getUint16(at, little);
    if (!fields.has(tag)) fields.set(tag, field);
  }
  const outside = (offsetsTag: number, bytesTag: number): boolean =>
    arePartsOutside(view, fields.get(offsetsTag), fields.get(bytesTag), little);
  return outside(tiffTag.stripOffsets, tiffTag.stripBytes) || outside(tiffTag.tileOffsets, tiffTag.tileBytes);
}

/** Where the values of a field lie; they are read one by one, when they are needed. */
type TiffField = Readonly<{ from: number; count: number; bytes: number }>;

function readTiffField(view: DataView, at: number, little: boolean): TiffField {
  const bytes = tiffTypeBytes[view.getUint16(at + 2, little)] ?? 0;
  const count = view.getUint32(at + 4, little);
  return { from: bytes * count <= 4 ? at + 8 : view.getUint32(at + 8, little), count, bytes };
}

/** Lists of other types than SHORT and LONG name nothing. */
function arePartsOutside(
  view: DataView,
  offsets: TiffField | undefined,
  lengths: TiffField | undefined,
  little: boolean,
): boolean {
  const parts = Math.min(offsets?.count ?? 0, tiffPartsMax);
  for (let index = 0; index < parts; index++) {
    const offset = numberIn(view, offsets, index, little);
    if (offset !== null && offset + (numberIn(view, lengths, index, little) ?? 0) > view.byteLength) return true;
  }
  return false;
}

function numberIn(view: DataView, field: TiffField | undefined, index: number, little: boolean): number | null {
  if (field === undefined || index >= field.count) return null;
  if (field.bytes === 2) return view.getUint16(field.from + index * 2, little);
  return field.bytes === 4 ? view.getUint32(field.from + index * 4, little) : null;
}
