import type { Pixels } from './pixels.ts';

/**
 * Pixels as a BMP, from the lowest row upwards: 24 bits a pixel, or 32 with alpha behind a header of version 4, which says where the
 * channels stand and that they are sRGB. One frame.
 */
export function writeBmp(pixels: Pixels): Buffer {
  const { width, height, channels } = pixels;
  const hasAlpha = channels % 2 === 0;
  const headerBytes = hasAlpha ? alphaHeaderBytes : plainHeaderBytes;
  const rowBytes = hasAlpha ? 4 * width : 4 * Math.ceil((3 * width) / 4);
  const pixelsAt = fileHeaderBytes + headerBytes;
  const file = Buffer.alloc(pixelsAt + rowBytes * height);
  file.write('BM');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(pixelsAt, 10);
  file.writeUInt32LE(headerBytes, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(height, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(hasAlpha ? 32 : 24, 28);
  file.writeUInt32LE(rowBytes * height, 34);
  file.writeInt32LE(dotsPerMetre, 38);
  file.writeInt32LE(dotsPerMetre, 42);
  if (hasAlpha) {
    file.writeUInt32LE(bitfields, 30);
    for (const [index, mask] of masks.entries()) file.writeUInt32LE(mask, 54 + 4 * index);
    file.write('BGRs', 70);
  }
  for (let y = 0; y < height; y++) writeRow(pixels, y, file, pixelsAt + (height - 1 - y) * rowBytes);
  return file;
}

const fileHeaderBytes = 14;
const plainHeaderBytes = 40;
const alphaHeaderBytes = 108;
const bitfields = 3;
/** Red, green, blue, alpha. */
const masks = [0xff_0000, 0xff00, 0xff, 0xff00_0000] as const;
/** 72 dots an inch. */
const dotsPerMetre = 2835;

function writeRow({ bytes, width, channels }: Pixels, y: number, file: Buffer, to: number): void {
  const step = channels % 2 === 0 ? 4 : 3;
  // Of a grey picture its one channel is all three.
  const [green, blue] = channels > 2 ? [1, 2] : [0, 0];
  for (let x = 0, from = y * width * channels, at = to; x < width; x++, from += channels, at += step) {
    file[at] = bytes[from + blue] ?? 0;
    file[at + 1] = bytes[from + green] ?? 0;
    file[at + 2] = bytes[from] ?? 0;
    if (step === 4) file[at + 3] = bytes[from + channels - 1] ?? 0;
  }
}
