import type { Header } from '../header.ts';
import { type BmpLayout, readIconLayout } from './bmp.ts';
import type { ByteView } from './byte-view.ts';
import { malformed } from './byte-view.ts';
import type { HeaderRead } from './header-result.ts';
import { plainHeader } from './plain-header.ts';
import { readPng } from './png.ts';

/**
 * ICO: a directory of pictures of which the largest is the source. The directory has one byte for a side and lies about the
 * rest often enough, so the size is what the picture itself says, and it may reach to the end of the file.
 */
export const readIco = (file: ByteView): HeaderRead => {
  const icon = readIcon(file);
  if (icon.kind === 'png') return { header: { ...icon.header, format: 'ico' }, final: true, bytesMin: 0 };
  const { height, pixelsAt, rowBytes } = icon.layout;
  return {
    header: plainHeader('ico', icon.layout, true),
    final: true,
    bytesMin: icon.at + pixelsAt + rowBytes * height,
  };
};

/** The picture that an icon stands for, beginning at `at`: a PNG, or a bitmap without file header and with a mask behind it. */
export type Icon =
  | Readonly<{ kind: 'png'; at: number; header: Header }>
  | Readonly<{ kind: 'bitmap'; at: number; layout: BmpLayout }>;

/** Throws `undecodable` where directory or picture contradict themselves. */
export const readIcon = (file: ByteView): Icon => {
  const at = largestEntry(file);
  const payload = file.part(at, Number.POSITIVE_INFINITY);
  return payload.spells('\x89PNG\r\n\x1a\n')
    ? { kind: 'png', at, header: readPng(payload).header }
    : { kind: 'bitmap', at, layout: readIconLayout(payload) };
};

const directoryBytes = 6;
const entryBytes = 16;
/** Entries that are looked at; there are icons with a dozen. */
const entriesMax = 256;

/** Where the entry of most pixels lies; of several, that of most bits, then the first. */
const largestEntry = (file: ByteView): number => {
  const entries = Math.min(file.u16(4, true), entriesMax);
  if (entries === 0) throw malformed();
  let [best, bestPixels, bestBits] = [0, 0, 0];
  for (let entry = 0; entry < entries; entry++) {
    const at = directoryBytes + entry * entryBytes;
    const pixels = (file.u8(at) || 256) * (file.u8(at + 1) || 256);
    const bits = file.u16(at + 6, true);
    if (pixels < bestPixels || (pixels === bestPixels && bits <= bestBits)) continue;
    [best, bestPixels, bestBits] = [file.u32(at + 12, true), pixels, bits];
  }
  if (best < directoryBytes + entries * entryBytes) throw malformed();
  return best;
};
