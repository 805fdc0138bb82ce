import type { Header, SourceFormat } from '../header.ts';
import type { Size } from '../turn.ts';

/** The header of one upright picture in eight-bit RGB, lossless, of which the file says nothing else. */
export const plainHeader = (format: SourceFormat, { width, height }: Size, alpha: boolean): Header => ({
  format,
  width,
  height,
  frames: 1,
  orientation: 1,
  alpha,
  bitsPerChannel: 8,
  space: 'rgb',
  progressive: false,
  icc: false,
  quality: null,
  lossless: true,
});
