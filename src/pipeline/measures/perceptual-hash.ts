import type { Pixels } from '../pixels.ts';

/** Samples and frequencies a side. */
const side = 32;
const low = 8;

/**
 * 64 bits as 16 hex digits, of which like pictures share most: the lowest frequencies of the picture's luma, each above or below their
 * median. The first one, the mean, always counts as above: pictures are not told apart by how light they are.
 */
export function perceptualHash(pixels: Pixels): string {
  const spectrum = lowFrequencies(shrunk(pixels));
  const ordered = [...spectrum.slice(1)].sort((one, other) => one - other);
  const median = ordered[ordered.length >> 1] ?? 0;
  let bits = 0n;
  for (const [at, value] of spectrum.entries()) bits = (bits << 1n) | (at === 0 || value > median ? 1n : 0n);
  return bits.toString(16).padStart(16, '0');
}

/** Luma, transparent pixels as black, in 32 x 32 cells of equal share. */
function shrunk({ bytes, width, height, channels }: Pixels): Float64Array {
  const cells = new Float64Array(side * side);
  for (let row = 0; row < side; row++) {
    const top = Math.floor((row * height) / side);
    const bottom = Math.max(top + 1, Math.floor(((row + 1) * height) / side));
    for (let column = 0; column < side; column++) {
      const left = Math.floor((column * width) / side);
      const right = Math.max(left + 1, Math.floor(((column + 1) * width) / side));
      let sum = 0;
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) sum += lumaAt(bytes, (y * width + x) * channels, channels);
      }
      cells[row * side + column] = sum / ((right - left) * (bottom - top));
    }
  }
  return cells;
}

function lumaAt(bytes: Uint8Array, at: number, channels: number): number {
  const value = (channel: number): number => bytes[at + channel] ?? 0;
  const luma = channels < 3 ? value(0) : 0.299 * value(0) + 0.587 * value(1) + 0.114 * value(2);
  return channels % 2 === 0 ? (luma * value(channels - 1)) / 255 : luma;
}

const cosines = Array.from({ length: low }, (_, frequency) =>
  Float64Array.from({ length: side }, (__, at) => Math.cos((Math.PI * frequency * (at + 0.5)) / side)),
);

/** The first 8 x 8 coefficients of the cosine transform, rows first. */
function lowFrequencies(cells: Float64Array): number[] {
  const found: number[] = [];
  for (const down of cosines) {
    for (const across of cosines) {
      let sum = 0;
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) sum += (cells[y * side + x] ?? 0) * (across[x] ?? 0) * (down[y] ?? 0);
      }
      found.push(sum);
    }
  }
  return found;
}
