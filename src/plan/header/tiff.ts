import type { Header, Level } from '../header.ts';
import { type ByteView, endOfBytes, malformed, unsupported } from './byte-view.ts';
import { asOrientation, orientationTag } from './exif-orientation.ts';
import type { HeaderRead } from './header-result.ts';

/**
 * TIFF 6.0 and BigTIFF, both byte orders: the first directory, then the chain of directories, which are the
 * pages, or smaller copies of the first one. Directories may lie anywhere, often at the end of the file, so a first part of it is rarely enough.
 */
export const readTiff = (file: ByteView): HeaderRead => {
  const layout = readLayout(file);
  const first = layout.big ? file.u64(8, layout.little) : file.u32(4, layout.little);
  const header = asHeader(readFields(file, layout, first));
  const { directories, final } = followChain(file, layout, first);
  const levels = levelsOf(header, directories, file, layout);
  const pages = levels === null ? { frames: directories.length } : { levels };
  return { header: { ...header, ...pages }, final, bytesMin: 0 };
};

type Layout = Readonly<{ little: boolean; big: boolean; countBytes: 2 | 8; entryBytes: 12 | 20; valueAt: 8 | 12 }>;

const readLayout = (file: ByteView): Layout => {
  const little = file.u8(0) === 0x49;
  const version = file.u16(2, little);
  if (version === 42) return { little, big: false, countBytes: 2, entryBytes: 12, valueAt: 8 };
  if (version !== 43 || file.u16(4, little) !== 8) throw malformed();
  return { little, big: true, countBytes: 8, entryBytes: 20, valueAt: 12 };
};

/** More pages than any configuration allows: counting stops here. */
const directoriesMax = 100_001;

/**
 * The directories, as libtiff counts them: a chain that comes back to a directory ends before it, and one that leads
 * out of the file ends with the last directory that is whole.
 */
const followChain = (
  file: ByteView,
  layout: Layout,
  first: number,
): { directories: readonly number[]; final: boolean } => {
  const seen = new Set<number>();
  let at = first;
  try {
    while (at !== 0 && !seen.has(at) && seen.size < directoriesMax) {
      const entries = entryCount(file, layout, at);
      const next = at + layout.countBytes + entries * layout.entryBytes;
      if (entries === 0 || entries > entriesMax) break;
      file.u8(next - 1);
      seen.add(at);
      at = layout.big ? file.u64(next, layout.little) : file.u32(next, layout.little);
    }
    return { directories: [...seen], final: true };
  } catch (error) {
    if (error === endOfBytes && seen.size > 0) return { directories: [...seen], final: false };
    throw error;
  }
};

/** Halved again and again, a side of 2^31 is one pixel after as many. */
const levelsMax = 32;

/**
 * The smaller copies of which a pyramid consists (TIFF 6.0, NewSubfileType): each marked as reduced, smaller than the one before
 * it, and of the first one's ratio. Null where anything else follows the first directory: then all of them are pages.
 */
const levelsOf = (
  top: Readonly<{ width: number; height: number }>,
  directories: readonly number[],
  file: ByteView,
  layout: Layout,
): readonly Level[] | null => {
  if (directories.length < 2 || directories.length > levelsMax) return null;
  const levels: Level[] = [];
  let above = top;
  for (const [index, at] of directories.slice(1).entries()) {
    const { width, height, subfile } = readFields(file, layout, at);
    if (width === null || height === null || subfile === null || (subfile & reducedFlag) === 0) return null;
    if (width >= above.width || Math.abs((height * top.width) / width - top.height) >= top.width / width) return null;
    above = { width, height };
    levels.push({ page: index + 1, ...above });
  }
  return levels;
};

const reducedFlag = 1;

const entryCount = (file: ByteView, layout: Layout, at: number): number =>
  layout.big ? file.u64(at, layout.little) : file.u16(at, layout.little);

/** The fields that matter, null where the directory does not have them. */
type Fields = {
  width: number | null;
  height: number | null;
  bits: number | null;
  compression: number | null;
  photometric: number | null;
  orientation: number | null;
  samples: number | null;
  subfile: number | null;
  tileWidth: number | null;
  icc: boolean;
};

/** A directory of more entries is malformed: there are fewer known tags. Keeps BigTIFF counts in bounds. */
const entriesMax = 4096;

const readFields = (file: ByteView, layout: Layout, at: number): Fields => {
  const entries = entryCount(file, layout, at);
  if (at === 0 || entries === 0 || entries > entriesMax) throw malformed();
  const fields: Fields = {
    width: null,
    height: null,
    bits: null,
    compression: null,
    photometric: null,
    orientation: null,
    samples: null,
    subfile: null,
    tileWidth: null,
    icc: false,
  };
  for (let i = 0; i < entries; i++) readField(fields, file, layout, at + layout.countBytes + i * layout.entryBytes);
  return fields;
};

/** libtiff believes the first of several fields of one tag. */
const readField = (fields: Fields, file: ByteView, layout: Layout, entry: number): void => {
  const tag = file.u16(entry, layout.little);
  if (tag === iccTag) fields.icc = true;
  const name = fieldNames[tag];
  if (name === undefined || fields[name] !== null) return;
  fields[name] = firstValue(file, layout, entry);
  // Without these the pixels cannot be understood; a broken one of the others says nothing.
  if (fields[name] === null && !mayLack.has(name)) throw malformed();
};

const mayLack: ReadonlySet<keyof Fields> = new Set(['orientation', 'subfile', 'tileWidth']);

const bitsTag = 258;
const iccTag = 34_675;

const fieldNames: Readonly<Record<number, Exclude<keyof Fields, 'icc'>>> = {
  254: 'subfile',
  256: 'width',
  257: 'height',
  [bitsTag]: 'bits',
  259: 'compression',
  262: 'photometric',
  [orientationTag]: 'orientation',
  277: 'samples',
  322: 'tileWidth',
};

/** Bytes of one value by field type: BYTE, SHORT, LONG, their signed kin, LONG8. Others hold no whole number. */
const valueBytes: Readonly<Record<number, 1 | 2 | 4 | 8>> = { 1: 1, 3: 2, 4: 4, 6: 1, 8: 2, 9: 4, 16: 8, 17: 8 };

/**
 * The first value of a field, null when it is no single whole number (the bits alone are given by sample). It
 * stands in the entry itself when all values fit there.
 */
const firstValue = (file: ByteView, layout: Layout, entry: number): number | null => {
  const { little, big, valueAt } = layout;
  const bytes = valueBytes[file.u16(entry + 2, little)];
  const count = big ? file.u64(entry + 4, little) : file.u32(entry + 4, little);
  const isOne = count === 1 || (count > 1 && file.u16(entry, little) === bitsTag);
  if (bytes === undefined || !isOne) return null;
  const place = entry + valueAt;
  const fits = count * bytes <= (big ? 8 : 4);
  const at = fits ? place : big ? file.u64(place, little) : file.u32(place, little);
  if (bytes === 1) return file.u8(at);
  if (bytes === 2) return file.u16(at, little);
  return bytes === 4 ? file.u32(at, little) : file.u64(at, little);
};

const jpegCompression = 7;
const webpCompression = 50_001;

/** Compressions of the libtiff that sharp brings. For others it gives black pixels without an error. */
const compressions: ReadonlySet<number> = new Set([
  1,
  2,
  3,
  4,
  5,
  jpegCompression,
  8,
  32_771,
  32_773,
  32_946,
  webpCompression,
]);

const asHeader = (fields: Fields): Header => {
  const { width, height, photometric, bits } = fields;
  const compression = fields.compression ?? 1;
  if (width === null || height === null) throw malformed();
  if (!compressions.has(compression)) throw unsupported(`TIFF with compression ${compression}`);
  const kind = pixelKind(photometric, compression, fields.samples ?? 1, bits ?? 1);
  return {
    format: 'tiff',
    width,
    height,
    frames: 1,
    orientation: asOrientation(fields.orientation ?? 1),
    alpha: kind.bands === 2 || (kind.bands === 4 && kind.space !== 'cmyk') || kind.bands > 4,
    bitsPerChannel: photometric === palette ? 8 : (bits ?? 1),
    space: kind.space,
    progressive: false,
    icc: fields.icc,
    quality: null,
    lossless: compression !== jpegCompression && compression !== webpCompression,
    ...(fields.tileWidth === null ? {} : { tiled: true as const }),
  };
};

const palette = 3;

/** Bands that sharp takes at most (limitInputChannels). */
const bandsMax = 5;

const depths: ReadonlySet<number> = new Set([1, 2, 4, 8, 16, 32, 64]);

type PixelKind = Readonly<{ space: Header['space']; bands: number }>;

const pixelKind = (photometric: number | null, compression: number, samples: number, bits: number): PixelKind => {
  if (samples === 0) throw malformed();
  if (!depths.has(bits)) throw unsupported(`TIFF of ${bits} bits a sample`);
  if (photometric === cieLab && bits === 8 && samples === 3) throw unsupported('TIFF in 8-bit Lab');
  const kind = spaceOf(photometric, compression, samples);
  if (kind.bands > bandsMax) throw unsupported(`TIFF of ${samples} samples a pixel`);
  return kind;
};

const cieLab = 8;

/** Colour space, and how many bands libvips makes of the samples. */
const spaceOf = (photometric: number | null, compression: number, samples: number): PixelKind => {
  switch (photometric) {
    case 0:
    case 1:
      return { space: 'grey', bands: samples };
    case 2:
      return { space: 'rgb', bands: samples };
    case palette:
      return { space: 'rgb', bands: samples + 2 };
    case 5:
      return { space: samples >= 4 ? 'cmyk' : 'other', bands: samples };
    case 6:
      // What JPEG does not convert itself is read through libtiff's RGBA interface, which adds opaque alpha.
      return { space: 'rgb', bands: compression === jpegCompression ? samples : 4 };
    case cieLab:
      return { space: 'other', bands: samples };
    default:
      throw unsupported(`TIFF with photometric interpretation ${photometric ?? 'missing'}`);
  }
};
