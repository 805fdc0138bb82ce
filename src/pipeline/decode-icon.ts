import type { BmpLayout } from '../plan/header/bmp.ts';
import { PileusError } from '../shared/errors.ts';
import type { Deadline } from './deadline.ts';
import { decodeInto, isInvisible } from './decode-bmp.ts';
import type { Pixels } from './pixels.ts';

/**
 * Decodes the bitmap of an icon, with alpha: its own where it has 32 bits and says anything, else the mask behind the pixels, where 1 is
 * transparent; opaque where that is missing. Allocates four bytes a pixel. Errors as `decodeBmp`.
 */
export async function decodeIconBitmap(
  payload: Buffer,
  layout: BmpLayout,
  truncatedOk: boolean,
  deadline: Deadline,
): Promise<Pixels> {
  const { width, height, bits } = layout;
  const pixels = width * height;
  const bytes = Buffer.alloc(4 * pixels);
  // Three bytes a pixel are put at the end, so that spreading them out from the front overtakes none.
  const isWhole = await decodeInto(bits === 32 ? bytes : bytes.subarray(pixels), payload, layout, deadline);
  if (!isWhole && !truncatedOk) throw new PileusError('source_truncated');
  if (bits !== 32) spreadOut(bytes, pixels);
  if (bits !== 32 || isInvisible(bytes)) applyMask(bytes, payload, layout);
  return { bytes, width, height, channels: 4, frames: 1 };
}

function spreadOut(bytes: Buffer, pixels: number): void {
  for (let pixel = 0; pixel < pixels; pixel++) {
    for (let channel = 0; channel < 3; channel++) bytes[4 * pixel + channel] = bytes[pixels + 3 * pixel + channel] ?? 0;
  }
}

function applyMask(bytes: Buffer, payload: Buffer, { width, height, topDown, pixelsAt, rowBytes }: BmpLayout): void {
  const maskAt = pixelsAt + rowBytes * height;
  const maskRowBytes = 4 * Math.ceil(width / 32);
  for (let row = 0; row < height; row++) {
    const to = 4 * (topDown ? row : height - 1 - row) * width;
    for (let x = 0; x < width; x++) {
      const eight = payload[maskAt + row * maskRowBytes + (x >>> 3)] ?? 0;
      bytes[to + 4 * x + 3] = (eight >>> (7 - (x & 7))) & 1 ? 0 : 255;
    }
  }
}
