import { asPileusError, PileusError } from '../../shared/errors.ts';
import type { Header, SourceFormat } from '../header.ts';
import { readBmp } from './bmp.ts';
import { ByteView, endOfBytes, unsupported } from './byte-view.ts';
import { readGif } from './gif.ts';
import type { HeaderRead, HeaderResult } from './header-result.ts';
import { readHeif } from './heif.ts';
import { readIco } from './ico.ts';
import { readJpeg } from './jpeg.ts';
import { readPng } from './png.ts';
import { sniffFormat } from './sniff.ts';
import { readSvg } from './svg-size.ts';
import { readTiff } from './tiff.ts';
import { readWebp } from './webp.ts';

export type { HeaderResult } from './header-result.ts';

/**
 * Reads a picture's header from its first bytes, or from all of them when `complete`. Decodes nothing and needs
 * no libvips. Never throws, takes time linear in `bytes`, and says `need-more` only while bytes may follow.
 *
 * Refusals: `not_an_image`, `unsupported_format`, `undecodable` (the header contradicts itself, or a side is
 * 0), `source_truncated` (complete, but shorter than its header says).
 */
export const readHeader = (bytes: Uint8Array, complete: boolean): HeaderResult => {
  const sniffed = sniffFormat(bytes);
  switch (sniffed.kind) {
    case 'format':
      return readFormat(sniffed.format, bytes, complete);
    case 'picture':
      return { state: 'refused', error: unsupported(sniffed.name) };
    case 'unclear':
      return complete ? notAnImage : { state: 'need-more' };
    case 'other':
      return notAnImage;
  }
};

const notAnImage: HeaderResult = { state: 'refused', error: new PileusError('not_an_image') };

const readers: Readonly<Record<SourceFormat, (file: ByteView) => HeaderRead>> = {
  jpeg: readJpeg,
  png: readPng,
  gif: readGif,
  webp: readWebp,
  avif: readHeif,
  tiff: readTiff,
  bmp: readBmp,
  ico: readIco,
  svg: readSvg,
};

const readFormat = (format: SourceFormat, bytes: Uint8Array, complete: boolean): HeaderResult => {
  try {
    return asResult(readers[format](ByteView.of(bytes)), bytes.length, complete);
  } catch (error) {
    if (error === endOfBytes) return complete ? truncated() : { state: 'need-more' };
    return { state: 'refused', error: asPileusError(error) };
  }
};

const truncated = (partial?: Header): HeaderResult => ({
  state: 'refused',
  error: new PileusError('source_truncated'),
  ...(partial === undefined ? {} : { partial }),
});

const asResult = ({ header, final, bytesMin }: HeaderRead, bytes: number, complete: boolean): HeaderResult => {
  if (header.width === 0 || header.height === 0) {
    const detail = `The picture is ${header.width} x ${header.height} pixels.`;
    return { state: 'refused', error: new PileusError('undecodable', { detail }) };
  }
  if (complete && bytes < bytesMin) return truncated(header);
  return { state: 'known', header, final: final || complete };
};
