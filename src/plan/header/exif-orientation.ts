import type { Orientation } from '../header.ts';
import type { ByteView } from './byte-view.ts';

/**
 * The orientation in an EXIF block (EXIF 2.32, 4.6.4: tag 0x0112 of the first IFD), 1 where there is none.
 * Takes the block with or without its `Exif\0\0` prefix, in either byte order. A broken block says nothing
 * about the picture, so it reads as 1.
 */
export const exifOrientation = (block: ByteView): Orientation => {
  const prefixBytes = block.spells('Exif\0\0') ? 6 : 0;
  const tiff = block.part(prefixBytes, block.length - prefixBytes);
  const littleEndian = tiff.spells('II*\0');
  if (!littleEndian && !tiff.spells('MM\0*')) return 1;
  if (!tiff.declares(4, 4)) return 1;
  const ifd = tiff.u32(4, littleEndian);
  if (!tiff.declares(ifd, 2)) return 1;
  const entries = tiff.u16(ifd, littleEndian);
  for (let i = 0, at = ifd + 2; i < entries && tiff.declares(at, 12); i++, at += 12) {
    if (tiff.u16(at, littleEndian) === orientationTag) return entryOrientation(tiff, at, littleEndian);
  }
  return 1;
};

/** A number as an orientation; anything outside 1 to 8 is 1. */
export const asOrientation = (value: number): Orientation => (value >= 1 && value <= 8 ? (value as Orientation) : 1);

export const orientationTag = 0x0112;

/** Bytes of a whole number by field type: BYTE, SHORT, LONG, SSHORT, SLONG. libexif takes them all here. */
const wholeBytes: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 3: 2, 4: 4, 8: 2, 9: 4 };

const entryOrientation = (tiff: ByteView, at: number, littleEndian: boolean): Orientation => {
  const bytes = wholeBytes[tiff.u16(at + 2, littleEndian)];
  if (bytes === undefined) return 1;
  if (bytes === 1) return asOrientation(tiff.u8(at + 8));
  return asOrientation(bytes === 2 ? tiff.u16(at + 8, littleEndian) : tiff.u32(at + 8, littleEndian));
};
