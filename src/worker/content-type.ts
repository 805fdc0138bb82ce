import { readHeader } from '../plan/header/read-header.ts';
import { sniffFormat } from '../plan/header/sniff.ts';
import type { SourceFormat } from '../plan/header.ts';
import { KiB } from '../shared/units.ts';

/** So many bytes tell the content type. */
export const sniffBytes = 4 * KiB;

const contentTypes: Readonly<Record<SourceFormat, string | null>> = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
  tiff: 'image/tiff',
  bmp: 'image/bmp',
  ico: 'image/x-icon',
  // It can hold scripts.
  svg: null,
};

/**
 * The content type of an original, from its first bytes. Only inert pictures are named; everything else (SVG, HTML,
 * whatever the origin calls it) is bytes to a browser.
 */
export function contentTypeOf(head: Uint8Array): string {
  const sniffed = sniffFormat(head);
  const type = sniffed.kind === 'format' ? contentTypes[sniffed.format] : null;
  const inert = type === 'image/avif' && !isAvif(head) ? null : type;
  return inert ?? 'application/octet-stream';
}

/** HEIF holds many codecs behind the same brands: its own brand or an AV1 picture in it makes it AVIF. */
const isAvif = (head: Uint8Array): boolean =>
  Buffer.from(head.subarray(8, 12)).toString('latin1') === 'avif' || readHeader(head, false).state === 'known';
