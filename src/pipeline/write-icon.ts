import { formatSideMax } from '../plan/resolve/limits.ts';
import type { Size } from '../plan/turn.ts';

/** A PNG of at most 256 pixels a side as an icon of one picture. Throws RangeError for a larger one: it was refused before. */
export function writeIcon(png: Buffer, { width, height }: Size): Buffer {
  if (Math.max(width, height) > formatSideMax.ico) throw new RangeError(`an icon of ${width}x${height}`);
  const head = Buffer.alloc(directoryBytes + entryBytes);
  head.writeUInt16LE(iconType, 2);
  head.writeUInt16LE(1, 4);
  // 256 is written as 0.
  head[6] = width % 256;
  head[7] = height % 256;
  head.writeUInt16LE(1, 10);
  head.writeUInt16LE(32, 12);
  head.writeUInt32LE(png.length, 14);
  head.writeUInt32LE(head.length, 18);
  return Buffer.concat([head, png]);
}

const directoryBytes = 6;
const entryBytes = 16;
const iconType = 1;
