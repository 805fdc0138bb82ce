import { hasAlphaChannel, type Pixels, samplesOf, withSamples } from '../pixels.ts';
import type { Effect } from './effect.ts';

/**
 * Blocks of `size` pixels a side, each of its mean colour (weighted by alpha); those at the right and lower edge are what is
 * left. By hand: the engine's kernels mix neighbouring blocks.
 */
export const pixelate: Effect<'pixelate'> = (pixels, { size }) => {
  const samples = samplesOf({ ...pixels, bytes: Buffer.from(pixels.bytes) });
  for (let top = 0; top < pixels.height; top += size) {
    for (let left = 0; left < pixels.width; left += size) fillBlock(pixels, samples, left, top, size);
  }
  return Promise.resolve(withSamples(pixels, samples));
};

/** `samples` still hold the block as it was. */
function fillBlock(pixels: Pixels, samples: Uint8Array | Uint16Array, left: number, top: number, size: number): void {
  const { width, height, channels } = pixels;
  const right = Math.min(width, left + size);
  const bottom = Math.min(height, top + size);
  const hasAlpha = hasAlphaChannel(pixels);
  const colours = hasAlpha ? channels - 1 : channels;
  const sums = [0, 0, 0];
  let weight = 0;
  for (let y = top; y < bottom; y++) {
    for (let at = (y * width + left) * channels; at < (y * width + right) * channels; at += channels) {
      const share = hasAlpha ? (samples[at + colours] ?? 0) : 255;
      weight += share;
      for (let channel = 0; channel < colours; channel++)
        sums[channel] = (sums[channel] ?? 0) + (samples[at + channel] ?? 0) * share;
    }
  }
  const count = (right - left) * (bottom - top);
  const mean = Array.from({ length: channels }, (_, channel) =>
    channel < colours ? Math.round(weight === 0 ? 0 : (sums[channel] ?? 0) / weight) : Math.round(weight / count),
  );
  for (let y = top; y < bottom; y++) {
    for (let at = (y * width + left) * channels; at < (y * width + right) * channels; at += channels) {
      for (let channel = 0; channel < channels; channel++) samples[at + channel] = mean[channel] ?? 0;
    }
  }
}
