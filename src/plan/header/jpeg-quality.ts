import type { ByteView } from './byte-view.ts';

/**
 * The quality (1 to 100, on the scale of the Independent JPEG Group) whose luminance table is nearest to the
 * one in the file: the sum of a table falls strictly with quality, so the nearest sum names it. Exact for
 * encoders that scale the standard table (ITU-T T.81, annex K.1), an estimate for others.
 *
 * `table` is one table of a DQT segment: its first byte is precision and number, 64 entries follow.
 */
export const estimateJpegQuality = (table: ByteView): number => {
  const bytesPerEntry = table.u8(0) >> 4 === 0 ? 1 : 2;
  let sum = 0;
  for (let i = 0; i < 64; i++) {
    sum += bytesPerEntry === 1 ? table.u8(1 + i) : table.u16(1 + 2 * i);
  }
  return qualityOfSum(sum);
};

// biome-ignore format: a table
const standardLuminance = [
  16, 11, 10, 16, 24, 40, 51, 61,
  12, 12, 14, 19, 26, 58, 60, 55,
  14, 13, 16, 24, 40, 57, 69, 56,
  14, 17, 22, 29, 51, 87, 80, 62,
  18, 22, 37, 56, 68, 109, 103, 77,
  24, 35, 55, 64, 81, 104, 113, 92,
  49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
] as const;

/** Sum of the standard table scaled as the IJG library does for a baseline file (jpeg_quality_scaling). */
const scaledSum = (quality: number): number => {
  const percent = quality < 50 ? Math.floor(5000 / quality) : 200 - 2 * quality;
  return standardLuminance.reduce(
    (sum, entry) => sum + Math.min(255, Math.max(1, Math.floor((entry * percent + 50) / 100))),
    0,
  );
};

const sums: readonly number[] = Array.from({ length: 100 }, (_, i) => scaledSum(i + 1));

const qualityOfSum = (sum: number): number => {
  let best = 1;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const [i, candidate] of sums.entries()) {
    const distance = Math.abs(candidate - sum);
    if (distance < bestDistance) {
      best = i + 1;
      bestDistance = distance;
    }
  }
  return best;
};
