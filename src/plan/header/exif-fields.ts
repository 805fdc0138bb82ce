import type { ByteView } from './byte-view.ts';

/** One field of an EXIF block. */
export type ExifField = Readonly<{
  /** Of the picture, of how it was taken, of where. */
  group: 'image' | 'photo' | 'gps';
  /** As EXIF 2.32 names it. */
  name: string;
  /** EXIF's number for the type of its values: 2 is text, 3 a short, 5 a fraction, and so on. */
  type: number;
  /** Texts as they are; numbers with commas between them, fractions as `1/60`. */
  value: string;
}>;

/** What a TIFF structure holds: fields, and the blocks that TIFF files keep under tags of their own. */
export type ExifBlock = Readonly<{ fields: readonly ExifField[] } & Record<BlockName, Uint8Array | null>>;

type BlockName = 'xmp' | 'iptc' | 'photoshop';

/** At most so many fields, values of one field, and bytes of one text. Directories are three at most. */
const fieldsMax = 128;
const valuesMax = 16;
const textBytesMax = 1024;
/** A directory of more entries says nothing. */
const entriesMax = 1024;

/**
 * The fields of an EXIF block (EXIF 2.32, 4.6) with or without its `Exif\0\0` prefix, or of a TIFF file: of its first directory and the
 * two that hang on it. Fields without a name here are passed over. Never throws: what does not parse is absent.
 */
export function readExif(block: ByteView): ExifBlock {
  const found: Found = { fields: [], names: new Set(), xmp: null, iptc: null, photoshop: null };
  quietly(() => {
    const prefixBytes = block.spells('Exif\0\0') ? 6 : 0;
    const tiff = block.part(prefixBytes, block.length - prefixBytes);
    const little = tiff.spells('II*\0');
    if (!little && !tiff.spells('MM\0*')) return;
    readDirectory(found, { tiff, little, group: 'image', depth: 0 }, tiff.u32(4, little));
  });
  const { names: _, ...read } = found;
  return read;
}

type Found = { fields: ExifField[]; names: Set<string> } & Record<BlockName, Uint8Array | null>;

type Place = Readonly<{ tiff: ByteView; little: boolean; group: ExifField['group']; depth: number }>;

const pointers: Readonly<Record<number, ExifField['group']>> = { 34665: 'photo', 34853: 'gps' };
const blockTags: Readonly<Record<number, BlockName>> = { 700: 'xmp', 33723: 'iptc', 34377: 'photoshop' };
const blockBytesMax = 65_536;

function readDirectory(found: Found, place: Place, at: number): void {
  const { tiff, little } = place;
  const entries = tiff.u16(at, little);
  if (entries > entriesMax) return;
  for (let i = 0; i < entries && found.fields.length < fieldsMax; i++) {
    quietly(() => readEntry(found, place, at + 2 + 12 * i));
  }
}

function readEntry(found: Found, place: Place, entry: number): void {
  const { tiff, little, group, depth } = place;
  const tag = tiff.u16(entry, little);
  const inner = pointers[tag];
  if (inner !== undefined && depth === 0) {
    readDirectory(found, { ...place, group: inner, depth: 1 }, tiff.u32(entry + 8, little));
    return;
  }
  const block = blockTags[tag];
  if (block !== undefined) {
    readBlock(found, place, block, entry);
    return;
  }
  const name = names[group][tag];
  if (name === undefined || found.names.has(name)) return;
  const type = tiff.u16(entry + 2, little);
  const value = fieldValue(place, type, entry);
  if (value === null) return;
  found.names.add(name);
  found.fields.push({ group, name, type, value });
}

function readBlock(found: Found, { tiff, little }: Place, block: BlockName, entry: number): void {
  const size = tiff.u32(entry + 4, little) * (sizes[tiff.u16(entry + 2, little)] ?? 1);
  if (size <= 4 || size > blockBytesMax) return;
  found[block] ??= tiff.bytes(tiff.u32(entry + 8, little), size);
}

/** Bytes of one value by field type: BYTE, ASCII, SHORT, LONG, RATIONAL, SBYTE, UNDEFINED, SSHORT, SLONG, SRATIONAL. */
const sizes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8 };

function fieldValue({ tiff, little }: Place, type: number, entry: number): string | null {
  const size = sizes[type];
  const count = tiff.u32(entry + 4, little);
  if (size === undefined || count === 0) return null;
  const at = count * size <= 4 ? entry + 8 : tiff.u32(entry + 8, little);
  if (type === 2) return textOf(tiff.bytes(at, Math.min(count, textBytesMax)));
  if (count > valuesMax) return null;
  const values = Array.from({ length: count }, (_, i) => numberOf(tiff, type, at + i * size, little));
  // EXIF keeps its versions as undefined bytes that spell four digits.
  const spells = type === 7 && values.every((value) => Number(value) >= 0x20 && Number(value) < 0x7f);
  return spells ? String.fromCharCode(...values.map(Number)) : values.join(', ');
}

function numberOf(tiff: ByteView, type: number, at: number, little: boolean): string {
  const signed = (value: number, bits: number): number => (value >= 2 ** (bits - 1) ? value - 2 ** bits : value);
  switch (type) {
    case 3:
      return String(tiff.u16(at, little));
    case 4:
      return String(tiff.u32(at, little));
    case 5:
      return `${tiff.u32(at, little)}/${tiff.u32(at + 4, little)}`;
    case 6:
      return String(signed(tiff.u8(at), 8));
    case 8:
      return String(signed(tiff.u16(at, little), 16));
    case 9:
      return String(signed(tiff.u32(at, little), 32));
    case 10:
      return `${signed(tiff.u32(at, little), 32)}/${signed(tiff.u32(at + 4, little), 32)}`;
    default:
      return String(tiff.u8(at));
  }
}

/** Up to the first NUL, trimmed; what is no UTF-8 becomes a replacement sign. */
function textOf(bytes: Uint8Array): string | null {
  const end = bytes.indexOf(0);
  const text = new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).trim();
  return text === '' ? null : text;
}

/** Runs a part of the reading; whatever it meets ends that part alone. */
export function quietly(read: () => void): void {
  try {
    read();
  } catch {
    // Broken metadata says nothing about the picture.
  }
}

/** The fields that are told, by tag. */
const names: Readonly<Record<ExifField['group'], Readonly<Record<number, string>>>> = {
  image: {
    270: 'ImageDescription',
    271: 'Make',
    272: 'Model',
    274: 'Orientation',
    282: 'XResolution',
    283: 'YResolution',
    296: 'ResolutionUnit',
    305: 'Software',
    306: 'DateTime',
    315: 'Artist',
    33432: 'Copyright',
  },
  photo: {
    33434: 'ExposureTime',
    33437: 'FNumber',
    34850: 'ExposureProgram',
    34855: 'PhotographicSensitivity',
    36864: 'ExifVersion',
    36867: 'DateTimeOriginal',
    36868: 'DateTimeDigitized',
    36880: 'OffsetTime',
    36881: 'OffsetTimeOriginal',
    37377: 'ShutterSpeedValue',
    37378: 'ApertureValue',
    37379: 'BrightnessValue',
    37380: 'ExposureBiasValue',
    37381: 'MaxApertureValue',
    37382: 'SubjectDistance',
    37383: 'MeteringMode',
    37384: 'LightSource',
    37385: 'Flash',
    37386: 'FocalLength',
    40961: 'ColorSpace',
    40962: 'PixelXDimension',
    40963: 'PixelYDimension',
    41986: 'ExposureMode',
    41987: 'WhiteBalance',
    41988: 'DigitalZoomRatio',
    41989: 'FocalLengthIn35mmFilm',
    41990: 'SceneCaptureType',
    42035: 'LensMake',
    42036: 'LensModel',
  },
  gps: {
    1: 'GPSLatitudeRef',
    2: 'GPSLatitude',
    3: 'GPSLongitudeRef',
    4: 'GPSLongitude',
    5: 'GPSAltitudeRef',
    6: 'GPSAltitude',
    7: 'GPSTimeStamp',
    29: 'GPSDateStamp',
  },
};
