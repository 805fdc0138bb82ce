import type { Options } from '../../config/config.ts';
import { PileusError } from '../../shared/errors.ts';
import type { OutputFormat } from '../plan.ts';
import { pixelsOf, type Size } from './size.ts';

type ResultLimits = Pick<Options, 'resultPixelsMax' | 'resultSideMax'>;

/** Longest side that a format can hold. PNG, TIFF and BMP go beyond anything we make. */
export const formatSideMax: Readonly<Record<OutputFormat, number>> = {
  jpg: 65_535,
  png: 2_147_483_647,
  webp: 16_383,
  avif: 16_384,
  gif: 65_535,
  tif: 2_147_483_647,
  bmp: 2_147_483_647,
  ico: 256,
};

/** Throws result_too_large when a frame, all frames together or a side exceed what is allowed or can be written. */
export function checkResult(size: Size, frames: number, format: OutputFormat, limits: ResultLimits): void {
  const sideMax = Math.min(limits.resultSideMax, formatSideMax[format]);
  if (Math.max(size.width, size.height) > sideMax) {
    throw tooLarge(`${size.width}x${size.height} pixels, at most ${sideMax} a side as ${format}.`);
  }
  if (pixelsOf(size) * frames > limits.resultPixelsMax) {
    throw tooLarge(
      `${size.width}x${size.height} pixels in ${frames} frames, at most ${limits.resultPixelsMax} in all.`,
    );
  }
}

/**
 * The most pixels (all frames) that the picture may have between two ops: twice the largest result, or what
 * was decoded. A thin strip that is scaled to cover a square would pass through billions.
 */
export const betweenPixelsMax = (decodedPixels: number, limits: Pick<Options, 'resultPixelsMax'>): number =>
  Math.max(2 * limits.resultPixelsMax, decodedPixels);

/** Throws result_too_large when an op in the middle makes more than `pixelsMax`. */
export function checkBetween(size: Size, frames: number, pixelsMax: number): void {
  if (pixelsOf(size) * frames > pixelsMax) {
    throw tooLarge(`${size.width}x${size.height} pixels on the way to it, at most ${pixelsMax} in all.`);
  }
}

const tooLarge = (detail: string): PileusError => new PileusError('result_too_large', { detail });
