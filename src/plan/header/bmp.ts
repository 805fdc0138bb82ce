import type { Header } from '../header.ts';
import { type ByteView, malformed, unsupported } from './byte-view.ts';
import type { HeaderRead } from './header-result.ts';
import { plainHeader } from './plain-header.ts';

/**
 * BMP (Windows headers of 40 to 124 bytes, OS/2 headers of 12, 16 and 64): where the pixels lie and how they are written. The
 * decoder works from the same layout, so it cannot see another size than the limits did.
 */
export const readBmp = (file: ByteView): HeaderRead => {
  const layout = readBmpLayout(file);
  const { width, height, coding, pixelsAt, rowBytes, bits } = layout;
  // The padding of the last row may be missing; how long run lengths are is not known before they are read.
  const plainBytes = pixelsAt + rowBytes * (height - 1) + Math.ceil((width * bits) / 8);
  return { header: asHeader(layout), final: true, bytesMin: coding === 'plain' ? plainBytes : 0 };
};

/** Which bits of a pixel are which channel; 0 where there is none. */
export type BmpMasks = Readonly<{ red: number; green: number; blue: number; alpha: number }>;

export type BmpLayout = Readonly<{
  width: number;
  height: number;
  topDown: boolean;
  bits: BmpBits;
  coding: 'plain' | 'rle4' | 'rle8';
  /** Of 16 and 32 bits; null for all others. */
  masks: BmpMasks | null;
  /** Blue, green, red, and a byte of nothing where an entry has four. No entries beyond 8 bits. */
  palette: Readonly<{ at: number; entries: number; entryBytes: 3 | 4 }>;
  pixelsAt: number;
  /** Of a row that is not run-length coded, padding included. */
  rowBytes: number;
}>;

export type BmpBits = 1 | 2 | 4 | 8 | 16 | 24 | 32;

/** The layout of a whole file. Throws `undecodable` where it contradicts itself, `unsupported_format` for rare codings. */
export const readBmpLayout = (file: ByteView): BmpLayout => {
  const dib = readDib(file, fileHeaderBytes);
  const pixelsAt = file.u32(10, true);
  if (pixelsAt < dib.end) throw malformed();
  const entries = Math.min(dib.wantedEntries, Math.floor((pixelsAt - dib.end) / dib.entryBytes));
  return asLayout(dib, dib.height, entries, pixelsAt);
};

/**
 * The layout of a bitmap in an icon: no file header, never compressed, and its height counts the rows of the mask behind it
 * too. Throws as `readBmpLayout`.
 */
export const readIconLayout = (payload: ByteView): BmpLayout => {
  const dib = readDib(payload, 0);
  if (dib.height % 2 !== 0 || dib.coding !== 'plain') throw malformed();
  // The fourth byte of a pixel is its alpha, though no mask says so; shallower pixels have the mask behind them.
  const masks = dib.masks && { ...dib.masks, alpha: dib.bits === 32 ? 0xff00_0000 : 0 };
  const pixelsAt = dib.end + dib.wantedEntries * dib.entryBytes;
  return asLayout({ ...dib, masks }, dib.height / 2, dib.wantedEntries, pixelsAt);
};

const fileHeaderBytes = 14;

type Dib = Readonly<{
  width: number;
  /** Without its sign. */
  height: number;
  topDown: boolean;
  bits: BmpBits;
  coding: BmpLayout['coding'];
  masks: BmpMasks | null;
  wantedEntries: number;
  entryBytes: 3 | 4;
  /** Behind the header and its masks: where the palette begins. */
  end: number;
}>;

const coreHeaderBytes = 12;
const windowsHeaders: ReadonlySet<number> = new Set([40, 52, 56, 108, 124]);
const os2Headers: ReadonlySet<number> = new Set([16, 64]);

const readDib = (file: ByteView, at: number): Dib => {
  const headerBytes = file.u32(at, true);
  if (headerBytes === coreHeaderBytes) return readCoreHeader(file, at);
  if (!windowsHeaders.has(headerBytes) && !os2Headers.has(headerBytes)) throw malformed();
  const width = file.u32(at + 4, true) | 0;
  const height = file.u32(at + 8, true) | 0;
  const bits = checkBits(file.u16(at + 14, true));
  if (width < 0 || file.u16(at + 12, true) !== 1) throw malformed();
  const compression = headerBytes > 16 ? file.u32(at + 16, true) : 0;
  const coding = codingOf(compression, bits, os2Headers.has(headerBytes));
  if (coding !== 'plain' && height < 0) throw malformed();
  const colours = headerBytes > 32 ? file.u32(at + 32, true) : 0;
  const masksBehind = headerBytes === 40 ? (masksBytes[compression] ?? 0) : 0;
  return {
    width,
    height: Math.abs(height),
    topDown: height < 0,
    bits,
    coding,
    masks: bits === 16 || bits === 32 ? readMasks(file, at, compression, headerBytes, bits) : null,
    wantedEntries: bits > 8 ? 0 : Math.min(2 ** bits, colours === 0 ? 2 ** bits : colours),
    entryBytes: 4,
    end: at + headerBytes + masksBehind,
  };
};

/** OS/2 1.x: sizes of 16 bits, a full palette of three bytes an entry, nothing compressed. */
const readCoreHeader = (file: ByteView, at: number): Dib => {
  const bits = checkBits(file.u16(at + 10, true));
  if (file.u16(at + 8, true) !== 1) throw malformed();
  return {
    width: file.u16(at + 4, true),
    height: file.u16(at + 6, true),
    topDown: false,
    bits,
    coding: 'plain',
    masks: bits === 16 || bits === 32 ? standardMasks[bits] : null,
    wantedEntries: bits > 8 ? 0 : 2 ** bits,
    entryBytes: 3,
    end: at + coreHeaderBytes,
  };
};

const asLayout = (dib: Dib, height: number, entries: number, pixelsAt: number): BmpLayout => {
  const { width, topDown, bits, coding, masks, entryBytes, end } = dib;
  if (bits <= 8 && entries === 0) throw malformed();
  return {
    width,
    height,
    topDown,
    bits,
    coding,
    masks,
    palette: { at: end, entries, entryBytes },
    pixelsAt,
    rowBytes: 4 * Math.ceil((width * bits) / 32),
  };
};

const isBits = (bits: number): bits is BmpBits => [1, 2, 4, 8, 16, 24, 32].includes(bits);

const checkBits = (bits: number): BmpBits => {
  if (isBits(bits)) return bits;
  // 0 bits: the pixels are a JPEG or a PNG, which printers take; 64: linear light, of GDI+.
  throw bits === 0 || bits === 64 ? unsupported(`BMP of ${bits} bits a pixel`) : malformed();
};

const bitfields = 3;
const alphaBitfields = 6;
/** Masks behind a header that has no room for them. */
const masksBytes: Readonly<Record<number, number>> = { [bitfields]: 12, [alphaBitfields]: 16 };

const codingOf = (compression: number, bits: BmpBits, isOs2: boolean): BmpLayout['coding'] => {
  if (compression === 0) return 'plain';
  if (compression === 1 && bits === 8) return 'rle8';
  if (compression === 2 && bits === 4) return 'rle4';
  const isMasked = compression === bitfields || compression === alphaBitfields;
  if (isMasked && !isOs2 && (bits === 16 || bits === 32)) return 'plain';
  // OS/2: Huffman and run lengths of 24 bits; Windows: an embedded JPEG or PNG, and CMYK.
  const isKnown = isOs2 ? compression === 3 || compression === 4 : [4, 5, 11, 12, 13].includes(compression);
  throw isKnown ? unsupported(`BMP of compression ${compression}`) : malformed();
};

const standardMasks: Readonly<Record<16 | 32, BmpMasks>> = {
  16: { red: 0x7c00, green: 0x3e0, blue: 0x1f, alpha: 0 },
  32: { red: 0xff_0000, green: 0xff00, blue: 0xff, alpha: 0 },
};

const readMasks = (file: ByteView, at: number, compression: number, headerBytes: number, bits: 16 | 32): BmpMasks => {
  if (compression === 0) return standardMasks[bits];
  const hasAlpha = headerBytes >= 56 || compression === alphaBitfields;
  const masks = {
    red: file.u32(at + 40, true),
    green: file.u32(at + 44, true),
    blue: file.u32(at + 48, true),
    alpha: hasAlpha ? file.u32(at + 52, true) : 0,
  };
  const all = Object.values(masks);
  const overlap = all.some((mask, index) => all.slice(index + 1).some((other) => (mask & other) !== 0));
  if (overlap || !all.every((mask) => isRunOfOnes(mask) && (bits === 32 || mask <= 0xffff))) throw malformed();
  return masks;
};

/** Zero, or ones side by side: over its lowest bit it is one less than a power of two. */
const isRunOfOnes = (mask: number): boolean =>
  mask === 0 || Number.isInteger(Math.log2(mask / ((mask & -mask) >>> 0) + 1));

const asHeader = (layout: BmpLayout): Header =>
  plainHeader('bmp', layout, layout.masks !== null && layout.masks.alpha !== 0);
