import type { SourceFormat } from '../plan/header.ts';
import { openPixels, type Pixels } from './pixels.ts';
import { writeBmp } from './write-bmp.ts';
import { writeIcon } from './write-icon.ts';

/** How an original is written. What is absent is sharp's own default. */
export type RawEncoding = Readonly<{
  format: Exclude<SourceFormat, 'svg'>;
  quality?: number;
  progressive?: boolean;
  effort?: number;
  /** EXIF orientation to tag the pixels with; they are stored as they are. */
  orientation?: number;
  /** Of each frame, for animations. */
  delayMs?: number;
}>;

/** Raw pixels as a file of any format that can be read back: sample originals and pictures for benchmarks. */
export async function encodeRaw(pixels: Pixels, encoding: RawEncoding): Promise<Buffer> {
  const { format, quality, progressive = false, effort, orientation, delayMs } = encoding;
  const opened = openPixels(pixels);
  const chain = orientation === undefined ? opened : opened.withMetadata({ orientation });
  const lossy = quality === undefined ? {} : { quality };
  const slow = effort === undefined ? {} : { effort };
  const timed = delayMs === undefined ? {} : { delay: Array<number>(pixels.frames).fill(delayMs), loop: 0 };
  switch (format) {
    case 'jpeg':
      return chain.jpeg({ ...lossy, progressive }).toBuffer();
    case 'png':
      return chain.png({ progressive }).toBuffer();
    case 'webp':
      return chain.webp({ ...lossy, ...slow, ...timed }).toBuffer();
    case 'gif':
      return chain.gif({ ...slow, ...timed, progressive }).toBuffer();
    case 'avif':
      return chain.avif({ ...lossy, ...slow }).toBuffer();
    case 'tiff':
      return chain.tiff({ compression: 'lzw' }).toBuffer();
    case 'bmp':
      return writeBmp(pixels);
    case 'ico':
      return writeIcon(await chain.png({ progressive }).toBuffer(), pixels);
  }
}
