import type { SourceFormat } from '../header.ts';
import { findBox } from './bmff.ts';
import { ByteView, fourCc } from './byte-view.ts';
import { quietly } from './exif-fields.ts';
import { itemExtent, itemsOfType } from './heif-extents.ts';
import { readItems } from './heif-items.ts';
import { iptcOf } from './iptc-fields.ts';
import { app1, eoi, nextMarker, segmentsMax, sos, standsAlone } from './jpeg.ts';

/** Where a file keeps its metadata; the first of each kind. */
export type MetadataBlocks = { exif: Uint8Array | null; xmp: Uint8Array | null; iptc: Uint8Array | null };

const exifBytesMax = 1 << 20;
const xmpBytesMax = 1 << 16;
const chunksMax = 65_536;

/** Finds EXIF, XMP and IPTC of a complete file. Never throws: what does not parse is absent, and what is too large is too. */
export function findBlocks(file: Uint8Array, format: SourceFormat): MetadataBlocks {
  const blocks: MetadataBlocks = { exif: null, xmp: null, iptc: null };
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
    else if (marker === app13 && segment.spells(photoshopName)) blocks.iptc ??= iptcOf(behind(photoshopName));
    at += Math.max(2, length);
  }
}

/** A keyword, compression flag and method, two more texts, then the text: uncompressed as XMP demands. */
const pngXmpName = 'XML:com.adobe.xmp\0\0\0\0\0';

function inPng(file: ByteView, blocks: MetadataBlocks): void {
  let at = 8;
  for (let chunks = 0; chunks < chunksMax; chunks++) {
    const length = file.u32(at);
    const type = file.u32(at + 4);
    if (type === fourCc('IEND')) return;
    const chunk = file.part(at + 8, length);
    if (type === fourCc('eXIf') && length <= exifBytesMax) blocks.exif ??= chunk.bytes(0, length);
    if (type === fourCc('iTXt') && length <= xmpBytesMax && chunk.spells(pngXmpName))
      blocks.xmp ??= chunk.bytes(pngXmpName.length, length - pngXmpName.length);
    at += 12 + length;
  }
}

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
  const [exif] = itemsOfType(items, 'Exif');
  const extent = exif === undefined ? null : itemExtent(items, exif);
  if (extent !== null && extent.bytes <= exifBytesMax) {
    const skipped = 4 + file.u32(extent.at);
    if (skipped < extent.bytes) blocks.exif = file.bytes(extent.at + skipped, extent.bytes - skipped);
  }
  const [xmp] = itemsOfType(items, 'mime');
  const text = xmp === undefined ? null : itemExtent(items, xmp);
  if (text !== null && text.bytes <= xmpBytesMax) blocks.xmp = file.bytes(text.at, text.bytes);
}
