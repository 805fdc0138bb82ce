import type { Options } from '../../config/config.ts';
import { PileusError } from '../../shared/errors.ts';
import { decodesWhole, type Header } from '../header.ts';
import { type Frames, framesDecoded } from '../resolve/frames.ts';
import { unsupported } from './byte-view.ts';

/** The options that limit a source. */
export type SourceLimits = Pick<
  Options,
  'sourceSideMax' | 'sourcePixelsMax' | 'sourceWholePixelsMax' | 'framesMax' | 'svgBytesMax'
>;

/**
 * Is one frame of this source within the limits? Null when it is, else `source_too_many_pixels` with the numbers
 * in its detail, or `unsupported_format` for an SVG where none is read. Asked before any decode, and again whenever limits change: a header outlives a reload.
 */
export const checkLimits = (header: Header, limits: SourceLimits): PileusError | null => {
  const { width, height } = header;
  if (header.format === 'svg' && limits.svgBytesMax === 0) return unsupported('SVG is off here (svgBytesMax): it');
  if (Math.max(width, height) > limits.sourceSideMax) {
    return tooManyPixels(`${width} x ${height} has a side over ${limits.sourceSideMax} (sourceSideMax).`);
  }
  const pixels = width * height;
  if (pixels > limits.sourcePixelsMax) {
    return tooManyPixels(`${width} x ${height} = ${pixels} is over ${limits.sourcePixelsMax} (sourcePixelsMax).`);
  }
  if (decodesWhole(header) && pixels > limits.sourceWholePixelsMax) {
    return tooManyPixels(
      `${width} x ${height} = ${pixels} is over ${limits.sourceWholePixelsMax} for a picture that is decoded as a whole (sourceWholePixelsMax).`,
    );
  }
  return null;
};

/**
 * May these frames of this source be decoded together? Null when they may, else `source_too_many_frames` or
 * `source_too_many_pixels`. A late frame of an animation counts with all before it, since they are decoded too; pages that
 * are stacked are one picture that is held as a whole.
 */
export const checkFrameLimits = (header: Header, wanted: Frames, limits: SourceLimits): PileusError | null => {
  const { width, height } = header;
  const frames = framesDecoded(header.format, wanted);
  if (frames > limits.framesMax) {
    const detail = `${frames} frames are over ${limits.framesMax} (framesMax).`;
    return new PileusError('source_too_many_frames', { detail });
  }
  const pixels = width * height * frames;
  if (pixels > limits.sourcePixelsMax) {
    return tooManyPixels(
      `${frames} frames of ${width} x ${height} = ${pixels} are over ${limits.sourcePixelsMax} (sourcePixelsMax).`,
    );
  }
  const held = wanted.stacked ? width * height * wanted.pages : 0;
  if (held > limits.sourceWholePixelsMax) {
    return tooManyPixels(
      `${wanted.pages} pages of ${width} x ${height} = ${held} are over ${limits.sourceWholePixelsMax} for pages that are held together (sourceWholePixelsMax).`,
    );
  }
  return null;
};

const tooManyPixels = (detail: string): PileusError => new PileusError('source_too_many_pixels', { detail });
