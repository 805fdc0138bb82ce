import { PileusError } from '../../shared/errors.ts';
import type { Header, Orientation } from '../header.ts';
import { type ByteView, malformed, unsupported } from './byte-view.ts';
import { exifOrientation } from './exif-orientation.ts';
import type { HeaderRead } from './header-result.ts';
import { estimateJpegQuality } from './jpeg-quality.ts';

/**
 * JPEG (ITU-T T.81, annex B): walks the segments to the first scan, as libjpeg does before it decodes. The scan
 * has to be reached, because EXIF, ICC and tables may stand after the frame header, and because the scan
 * says whether the components are interleaved.
 */
export const readJpeg = (file: ByteView): HeaderRead => {
  const found: Found = { frame: null, orientation: null, icc: false, tables: [null, null, null, null] };
  let at = 2;
  for (let segments = 0; segments < segmentsMax; segments++) {
    at = nextMarker(file, at);
    const marker = file.u8(at - 1);
    if (marker === eoi) throw malformed();
    if (standsAlone(marker)) continue;
    const length = file.u16(at);
    // libjpeg takes comments and application segments that are shorter than their own length field.
    const segment = file.part(at + 2, Math.max(0, length - 2));
    if (marker === sos) return { header: asHeader(found, segment), final: true, bytesMin: 0 };
    readSegment(found, marker, segment);
    at += Math.max(2, length);
  }
  throw malformed();
};

/** A profile and an XMP packet of many megabytes need a few hundred segments; nothing honest needs more. */
export const segmentsMax = 4096;

type Frame = Readonly<{
  width: number;
  height: number;
  components: number;
  luminanceTable: number;
  progressive: boolean;
  lossless: boolean;
}>;

type Found = {
  frame: Frame | null;
  /** Of the first EXIF segment, null before one was seen. */
  orientation: Orientation | null;
  icc: boolean;
  /** The quantisation tables by number, as they stand in the file. */
  tables: [ByteView | null, ByteView | null, ByteView | null, ByteView | null];
};

export const eoi = 0xd9;
export const sos = 0xda;
const dqt = 0xdb;
export const app1 = 0xe1;
const app2 = 0xe2;

/** TEM, RST0 to RST7 and SOI carry no length. */
export const standsAlone = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);

/** SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC), which share the range. */
const isFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

/** Where the bytes after the next marker begin. Junk between segments is skipped, as libjpeg does. */
export const nextMarker = (file: ByteView, from: number): number => {
  let at = from;
  for (;;) {
    while (file.u8(at) !== 0xff) at++;
    while (file.u8(at) === 0xff) at++;
    if (file.u8(at++) !== 0) return at;
  }
};

const readSegment = (found: Found, marker: number, segment: ByteView): void => {
  if (isFrame(marker)) {
    if (found.frame !== null) throw malformed();
    found.frame = readFrame(marker, segment);
  } else if (marker === dqt) {
    readTables(found, segment);
  } else if (marker === app1 && segment.spells('Exif\0\0')) {
    found.orientation ??= exifOrientation(segment);
  } else if (marker === app2 && segment.spells('ICC_PROFILE\0')) {
    found.icc = true;
  } else if (marker === 0xf7) {
    throw unsupported('JPEG-LS');
  }
};

const readFrame = (marker: number, segment: ByteView): Frame => {
  const kind = marker & 0x0f;
  if (kind === 5 || kind === 6 || kind === 7 || kind >= 13) throw unsupported('Hierarchical JPEG');
  if (kind === 11) throw unsupported('Lossless JPEG with arithmetic coding');
  const bits = segment.u8(0);
  if (bits !== 8) throw unsupported(`JPEG of ${bits} bits a sample`);
  const components = segment.u8(5);
  if (components !== 1 && components !== 3 && components !== 4) {
    throw unsupported(`JPEG of ${components} components`);
  }
  const height = segment.u16(1);
  const width = segment.u16(3);
  if (height > libjpegSideMax || width > libjpegSideMax) {
    throw new PileusError('undecodable', { detail: `A side of a JPEG is at most ${libjpegSideMax} pixels.` });
  }
  return {
    width,
    height,
    components,
    luminanceTable: segment.u8(8) & 3,
    progressive: kind === 2 || kind === 10,
    lossless: kind === 3,
  };
};

/** JPEG_MAX_DIMENSION of libjpeg. */
const libjpegSideMax = 65_500;

const readTables = (found: Found, segment: ByteView): void => {
  let at = 0;
  while (at < segment.length) {
    const kind = segment.u8(at);
    const bytes = kind >> 4 === 0 ? 65 : 129;
    const number = kind & 0x0f;
    if (number > 3) throw malformed();
    // libjpeg takes a table that its segment cuts short; such a table says nothing about quality.
    if (!segment.declares(at, bytes)) return;
    found.tables[number as 0 | 1 | 2 | 3] = segment.part(at, bytes);
    at += bytes;
  }
};

const asHeader = (found: Found, scan: ByteView): Header => {
  const { frame } = found;
  if (frame === null) throw malformed();
  const table = found.tables[frame.luminanceTable as 0 | 1 | 2 | 3];
  return {
    format: 'jpeg',
    width: frame.width,
    height: frame.height,
    frames: 1,
    orientation: found.orientation ?? 1,
    alpha: false,
    bitsPerChannel: 8,
    space: frame.components === 1 ? 'grey' : frame.components === 3 ? 'rgb' : 'cmyk',
    // Components that come in scans of their own make libjpeg hold the whole picture, like progressive ones.
    progressive: frame.progressive || scan.u8(0) < frame.components,
    icc: found.icc,
    quality: table === null || frame.lossless ? null : estimateJpegQuality(table),
    lossless: frame.lossless,
  };
};
