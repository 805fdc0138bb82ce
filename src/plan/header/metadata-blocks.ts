import { inflateSync } from 'node:zlib';
import type { SourceFormat } from '../header.ts';
import { findBox } from './bmff.ts';
import { ByteView, fourCc } from './byte-view.ts';
import { quietly } from './exif-fields.ts';
import { itemExtent, itemsOfType } from './heif-extents.ts';
import { readItems } from './heif-items.ts';
import { app1, eoi, nextMarker, segmentsMax, sos, standsAlone } from './jpeg.ts';

/** Where a file keeps its metadata; the first of each kind. `photoshop`: resources, of which IPTC is one. */
export type MetadataBlocks = { exif: Uint8Array | null; xmp: Uint8Array | null; photoshop: Uint8Array | null };

const exifBytesMax = 1 << 20;
const xmpBytesMax = 1 << 16;
const chunksMax = 65_536;

/**
 * Finds EXIF, XMP and Photoshop's resources of a complete file. Never throws, each block for itself: what does not parse is absent, and
 * what is too large is too.
 */
export function findBlocks(file: Uint8Array, format: SourceFormat): MetadataBlocks {
  const blocks: MetadataBlocks = { exif: null, xmp: null, photoshop: null };
  quietly(() => finders[format]?.(ByteView.of(file), blocks));
  return blocks;
}

const finders: Readonly<Partial<Record<SourceFormat, (file: ByteView, blocks: MetadataBlocks) => void>>> = {
  jpeg: inJpeg,
  png: inPng,
  webp: inWebp,
  avif: inHeif,
};

const xmpName = 'http://ns.adobe.com/xap/1.0/\0';
const photoshopName = 'Photoshop 3.0\0';
const app13 = 0xed;

function inJpeg(file: ByteView, blocks: MetadataBlocks): void {
  let at = 2;
  for (let segments = 0; segments < segmentsMax; segments++) {
    at = nextMarker(file, at);
    const marker = file.u8(at - 1);
    if (marker === sos || marker === eoi) return;
    if (standsAlone(marker)) continue;
    const length = file.u16(at);
    const segment = file.part(at + 2, Math.max(0, length - 2));
    const behind = (name: string): Uint8Array => segment.bytes(name.length, segment.length - name.length);
    if (marker === app1 && segment.spells('Exif\0\0')) blocks.exif ??= behind('');
    else if (marker === app1 && segment.spells(xmpName)) blocks.xmp ??= behind(xmpName);
    else if (marker === app13 && segment.spells(photoshopName)) blocks.photoshop ??= behind(photoshopName);
    at += Math.max(2, length);
  }
}

/** The keyword of what holds XMP. */
const pngXmpName = 'XML:com.adobe.xmp\0';

function inPng(file: ByteView, blocks: MetadataBlocks): void {
  let at = 8;
  for (let chunks = 0; chunks < chunksMax; chunks++) {
    const length = file.u32(at);
    const type = file.u32(at + 4);
    if (type === fourCc('IEND')) return;
    const chunk = file.part(at + 8, length);
    if (type === fourCc('eXIf') && length <= exifBytesMax) blocks.exif ??= chunk.bytes(0, length);
    const read = length <= xmpBytesMax && chunk.spells(pngXmpName) ? pngTexts.get(type) : undefined;
    quietly(() => {
      if (read) blocks.xmp ??= read(chunk.bytes(pngXmpName.length, length - pngXmpName.length));
    });
    at += 12 + length;
  }
}

const inflated = (bytes: Uint8Array): Uint8Array => inflateSync(bytes, { maxOutputLength: xmpBytesMax });

/**
 * What stands behind a keyword, by the type of the chunk. `iTXt`: a flag and a method of compression, a language and a translated
 * keyword, each with its end, and the text. `zTXt`: a method, and the text, compressed; XMP should not be, and by libvips is.
 */
const pngTexts: ReadonlyMap<number, (behindName: Uint8Array) => Uint8Array> = new Map([
  [
    fourCc('iTXt'),
    (behindName) => {
      const languageEnd = behindName.indexOf(0, 2);
      const text = behindName.subarray(behindName.indexOf(0, languageEnd + 1) + 1);
      return behindName[0] === 1 ? inflated(text) : text;
    },
  ],
  [fourCc('zTXt'), (behindName) => inflated(behindName.subarray(1))],
]);

function inWebp(file: ByteView, blocks: MetadataBlocks): void {
  const end = 8 + file.u32(4, true);
  let at = 12;
  for (let chunks = 0; chunks < chunksMax && at + 8 <= end; chunks++) {
    const type = file.u32(at);
    const size = file.u32(at + 4, true);
    if (type === fourCc('EXIF') && size <= exifBytesMax) blocks.exif ??= file.bytes(at + 8, size);
    if (type === fourCc('XMP ') && size <= xmpBytesMax) blocks.xmp ??= file.bytes(at + 8, size);
    at += 8 + size + (size & 1);
  }
}

/** EXIF and XMP are items of their own; the former begins with the offset of its TIFF header. */
function inHeif(file: ByteView, blocks: MetadataBlocks): void {
  const meta = findBox(file, 0, fourCc('meta'));
  if (meta === null) return;
  const items = readItems(meta);
  quietly(() => {
    const [exif] = itemsOfType(items, 'Exif');
    const extent = exif === undefined ? null : itemExtent(items, exif);
    if (extent === null || extent.bytes > exifBytesMax) return;
    const skipped = 4 + file.u32(extent.at);
    if (skipped < extent.bytes) blocks.exif = file.bytes(extent.at + skipped, extent.bytes - skipped);
  });
  quietly(() => {
    const [xmp] = itemsOfType(items, 'mime');
    const extent = xmp === undefined ? null : itemExtent(items, xmp);
    if (extent !== null && extent.bytes <= xmpBytesMax) blocks.xmp = file.bytes(extent.at, extent.bytes);
  });
}
