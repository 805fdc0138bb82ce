import type { Size } from '../plan/turn.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import type { Chain } from './sharp.ts';

/** Luma of a picture, one byte a pixel. What is transparent is grey, since nobody sees its colours. */
export type Luma = Size & Readonly<{ bytes: Uint8Array }>;

/** Runs a chain to the luma of its pixels, those of all frames one below the other. */
export async function lumaOf(chain: Chain, deadline: Deadline): Promise<Luma> {
  const grey = { r: 128, g: 128, b: 128 };
  const flat = withDeadline(chain, deadline).flatten({ background: grey }).toColourspace('b-w').raw();
  const { data, info } = await flat.toBuffer({ resolveWithObject: true });
  return { bytes: data, width: info.width, height: info.height };
}

/** Side of a window, in pixels. */
const windowSide = 8;
/** Most windows that are looked at: those of a megapixel. Of larger pictures they stand apart. */
const windowsMax = 16_384;

/**
 * How far one picture is from another of its size: (1 - SSIM) / 2, 0 for equal ones. SSIM is the mean over windows of 8 x 8 pixels
 * without weights (Wang et al. 2004, K1 0.01, K2 0.03).
 */
export function dssim(one: Luma, other: Luma): number {
  if (one.width !== other.width || one.height !== other.height) throw new RangeError('pictures of two sizes');
  const { width, height } = one;
  const [across, down] = [Math.min(windowSide, width), Math.min(windowSide, height)];
  const apart = Math.ceil(Math.sqrt((width * height) / (across * down) / windowsMax));
  let [sum, windows] = [0, 0];
  for (let top = 0; top + down <= height; top += down * apart) {
    for (let left = 0; left + across <= width; left += across * apart) {
      sum += ssimOf(one.bytes, other.bytes, { at: top * width + left, across, down, stride: width });
      windows++;
    }
  }
  return (1 - sum / windows) / 2;
}

const steadyMean = (0.01 * 255) ** 2;
const steadyContrast = (0.03 * 255) ** 2;

type Window = Readonly<{ at: number; across: number; down: number; stride: number }>;

function ssimOf(one: Uint8Array, other: Uint8Array, { at, across, down, stride }: Window): number {
  let [sumX, sumY, sumXX, sumYY, sumXY] = [0, 0, 0, 0, 0];
  for (let row = 0, from = at; row < down; row++, from += stride) {
    for (let index = from; index < from + across; index++) {
      const x = one[index] ?? 0;
      const y = other[index] ?? 0;
      sumX += x;
      sumY += y;
      sumXX += x * x;
      sumYY += y * y;
      sumXY += x * y;
    }
  }
  const count = across * down;
  const [meanX, meanY] = [sumX / count, sumY / count];
  const both = sumXX / count - meanX ** 2 + sumYY / count - meanY ** 2;
  const covariance = sumXY / count - meanX * meanY;
  return (
    ((2 * meanX * meanY + steadyMean) * (2 * covariance + steadyContrast)) /
    ((meanX ** 2 + meanY ** 2 + steadyMean) * (both + steadyContrast))
  );
}
