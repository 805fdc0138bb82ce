import { type HeaderResult, readHeader } from '../../../src/plan/header/read-header.ts';
import type { Header } from '../../../src/plan/header.ts';

/** Small pictures put together by hand: enough of each format for a header, seldom enough to decode. */

export const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
export const u8 = (...values: readonly number[]): Buffer => Buffer.from(values);
export const u16be = (value: number): Buffer => u8(value >>> 8, value & 0xff);
export const u16le = (value: number): Buffer => u8(value & 0xff, value >>> 8);
export const u32be = (value: number): Buffer => Buffer.concat([u16be(value >>> 16), u16be(value & 0xffff)]);
export const u32le = (value: number): Buffer => Buffer.concat([u16le(value & 0xffff), u16le(value >>> 16)]);
export const u24le = (value: number): Buffer => u32le(value).subarray(0, 3);
const u64 = (value: number, little: boolean): Buffer =>
  little ? Buffer.concat([u32le(value), u32le(0)]) : Buffer.concat([u32be(0), u32be(value)]);

/** The header of a complete file; fails the test when there is none. */
export const headerOf = (bytes: Uint8Array): Header => {
  const result = readHeader(bytes, true);
  if (result.state !== 'known') throw new Error(`no header: ${describeResult(result)}`);
  return result.header;
};

/** `known`, `need-more`, or the code of the refusal. */
export const describeResult = (result: HeaderResult): string =>
  result.state === 'refused' ? result.error.code : result.state;

export const outcome = (bytes: Uint8Array, complete = true): string => describeResult(readHeader(bytes, complete));

// JPEG
export const segment = (marker: number, ...body: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(body);
  return Buffer.concat([u8(0xff, marker), u16be(content.length + 2), content]);
};
export type FrameWish = { marker?: number; bits?: number; width?: number; height?: number; components?: number };
export const frame = ({ marker = 0xc0, bits = 8, width = 40, height = 30, components = 3 }: FrameWish = {}): Buffer => {
  const parts = Array.from({ length: components }, (_, i) => u8(i + 1, 0x11, i === 0 ? 0 : 1));
  return segment(marker, u8(bits), u16be(height), u16be(width), u8(components), ...parts);
};
export const scan = (components = 3): Buffer => {
  const parts = Array.from({ length: components }, (_, i) => u8(i + 1, 0));
  return segment(0xda, u8(components), ...parts, u8(0, 63, 0));
};
export const jpeg = (...segments: readonly Buffer[]): Buffer => Buffer.concat([u8(0xff, 0xd8), ...segments]);
export const exifSegment = (tiff: Buffer): Buffer => segment(0xe1, ascii('Exif\0\0'), tiff);

/** An EXIF block (without prefix) whose first directory holds one entry. */
export const exif = (orientation: number, little = true, type = 3, tag = 0x0112): Buffer => {
  const long = little ? u32le : u32be;
  const short = little ? u16le : u16be;
  const value =
    type === 4 || type === 9 ? long(orientation) : type === 1 ? u8(orientation, 0, 0, 0) : short(orientation);
  return Buffer.concat([
    ascii(little ? 'II*\0' : 'MM\0*'),
    long(8),
    short(1),
    short(tag),
    short(type),
    long(1),
    Buffer.concat([value, u32le(0)]).subarray(0, 4),
    long(0),
  ]);
};

// PNG
export const chunk = (type: string, ...body: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(body);
  return Buffer.concat([u32be(content.length), ascii(type), content, u32be(0)]);
};
export type IhdrWish = { width?: number; height?: number; bits?: number; colour?: number; interlace?: number };
export const ihdr = ({ width = 40, height = 30, bits = 8, colour = 2, interlace = 0 }: IhdrWish = {}): Buffer =>
  chunk('IHDR', u32be(width), u32be(height), u8(bits, colour, 0, 0, interlace));
export const png = (...chunks: readonly Buffer[]): Buffer =>
  Buffer.concat([u8(0x89), ascii('PNG\r\n\x1a\n'), ...chunks]);
export const idat = chunk('IDAT', u8(0));

// GIF
export type GifFrameWish = { left?: number; top?: number; width?: number; height?: number; packed?: number };
export const gifFrame = ({ left = 0, top = 0, width = 4, height = 3, packed = 0 }: GifFrameWish = {}): Buffer =>
  Buffer.concat([
    u8(0x2c),
    ...[left, top, width, height].map(u16le),
    u8(packed),
    Buffer.alloc((packed & 0x80) === 0 ? 0 : 3 * (2 << (packed & 7))),
    u8(2, 2, 0x4c, 0x01, 0),
  ]);
export const gifControl = (packed: number): Buffer => u8(0x21, 0xf9, 4, packed, 0, 0, 0, 0);
export const gifTrailer = u8(0x3b);
export const gif = (width: number, height: number, ...blocks: readonly Buffer[]): Buffer =>
  Buffer.concat([ascii('GIF89a'), u16le(width), u16le(height), u8(0x80, 0, 0), Buffer.alloc(6), ...blocks]);

// WebP
export const riffChunk = (type: string, ...body: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(body);
  return Buffer.concat([ascii(type), u32le(content.length), content, Buffer.alloc(content.length & 1)]);
};
export const webp = (...chunks: readonly Buffer[]): Buffer => {
  const content = Buffer.concat([ascii('WEBP'), ...chunks]);
  return Buffer.concat([ascii('RIFF'), u32le(content.length), content]);
};
export const vp8 = (width = 40, height = 30): Buffer =>
  riffChunk('VP8 ', u8(0x10, 0, 0, 0x9d, 0x01, 0x2a), u16le(width), u16le(height));
export const vp8l = (width = 40, height = 30, alpha = false): Buffer =>
  riffChunk('VP8L', u8(0x2f), u32le(((width - 1) | ((height - 1) << 14) | (alpha ? 1 << 28 : 0)) >>> 0));
export const vp8x = (flags: number, width = 40, height = 30): Buffer =>
  riffChunk('VP8X', u8(flags, 0, 0, 0), u24le(width - 1), u24le(height - 1));
export const anmf = (bitstream: Buffer): Buffer => riffChunk('ANMF', Buffer.alloc(16), bitstream);

// TIFF
export type TiffField = readonly [tag: number, type: number, value: number];
export type TiffWish = { little?: boolean; big?: boolean; pages?: readonly (readonly TiffField[])[]; last?: number };
export const tiffFields = (width = 40, height = 30, ...more: readonly TiffField[]): readonly TiffField[] => {
  const fields = new Map<number, TiffField>([
    [256, [256, 3, width]],
    [257, [257, 3, height]],
    [258, [258, 3, 8]],
    [259, [259, 3, 1]],
    [262, [262, 3, 2]],
    [277, [277, 3, 3]],
  ]);
  for (const field of more) fields.set(field[0], field);
  return [...fields.values()];
};
/** Directories one after the other; the last one's pointer is `last`. */
export const tiff = ({ little = true, big = false, pages = [tiffFields()], last = 0 }: TiffWish = {}): Buffer => {
  const short = little ? u16le : u16be;
  const long = little ? u32le : u32be;
  const word = (value: number): Buffer => (big ? u64(value, little) : long(value));
  const start = big ? 16 : 8;
  const directories: Buffer[] = [];
  let at = start;
  for (const [i, fields] of pages.entries()) {
    const bytes = big ? 8 + fields.length * 20 + 8 : 2 + fields.length * 12 + 4;
    const entries = fields.map(([tag, type, value]) => {
      const stored =
        type === 3 ? Buffer.concat([short(value), short(0)]) : type === 1 ? u8(value, 0, 0, 0) : long(value);
      return Buffer.concat([short(tag), short(type), word(1), stored, Buffer.alloc(big ? 4 : 0)]);
    });
    at += bytes;
    const next = i === pages.length - 1 ? last : at;
    directories.push(Buffer.concat([big ? word(fields.length) : short(fields.length), ...entries, word(next)]));
  }
  const version = big
    ? Buffer.concat([short(43), short(8), short(0), word(start)])
    : Buffer.concat([short(42), long(start)]);
  return Buffer.concat([ascii(little ? 'II' : 'MM'), version, ...directories]);
};

// HEIF
export const box = (type: string, ...body: readonly Buffer[]): Buffer => {
  const content = Buffer.concat(body);
  return Buffer.concat([u32be(content.length + 8), ascii(type), content]);
};
export const fullBox = (type: string, version: number, ...body: readonly Buffer[]): Buffer =>
  box(type, u8(version, 0, 0, 0), ...body);
export const ftyp = (brand: string): Buffer => box('ftyp', ascii(brand), u32be(0), ascii(brand));
export const ispe = (width: number, height: number): Buffer => fullBox('ispe', 0, u32be(width), u32be(height));
export const av1c = (packed = 0): Buffer => box('av1C', u8(0x81, 0, packed, 0));
export type HeifItem = Readonly<{ id: number; type: string; properties: readonly Buffer[] }>;
export type HeifWish = {
  brand?: string;
  primary?: number;
  items?: readonly HeifItem[];
  references?: readonly (readonly [kind: string, from: number, to: number])[];
};
export const heif = ({ brand = 'avif', primary = 1, items = [], references = [] }: HeifWish): Buffer => {
  const properties = items.flatMap((item) => item.properties);
  let index = 0;
  const associations = items.map((item) =>
    Buffer.concat([u16be(item.id), u8(item.properties.length), u8(...item.properties.map(() => ++index))]),
  );
  const infes = items.map(({ id, type }) => fullBox('infe', 2, u16be(id), u16be(0), ascii(`${type}\0`)));
  const irefs = references.map(([kind, from, to]) => box(kind, u16be(from), u16be(1), u16be(to)));
  return Buffer.concat([
    ftyp(brand),
    fullBox(
      'meta',
      0,
      fullBox('pitm', 0, u16be(primary)),
      fullBox('iinf', 0, u16be(items.length), ...infes),
      ...(irefs.length === 0 ? [] : [fullBox('iref', 0, ...irefs)]),
      box('iprp', box('ipco', ...properties), fullBox('ipma', 0, u32be(items.length), ...associations)),
    ),
    box('mdat', Buffer.alloc(32)),
  ]);
};
/** One AV1 item with these properties beside its size and configuration. */
export const avif = (width = 40, height = 30, ...more: readonly Buffer[]): Buffer =>
  heif({ items: [{ id: 1, type: 'av01', properties: [ispe(width, height), av1c(), ...more] }] });
