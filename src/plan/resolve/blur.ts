/** Largest sigma of a blur that sharp takes (0.35.5), and that URLs may say; imgproxy's `blur` has no bound. Over `drawnSigmaMax` it is drawn as that. */
export const sigmaMax = 1000;

/**
 * The widest blur that is drawn. Wider ones are drawn as this one: libvips leaves its fast path above it, and takes 22 s a megapixel
 * for a sigma of 300 and 92 for 1,000, where this takes 0.9 (sharp 0.35.5).
 */
const drawnSigmaMax = 250;

/** The sigma of a blur as it is carried out. */
export const boundedSigma = (sigma: number): number => Math.min(sigma, drawnSigmaMax);

/** The first level of a blur that grows: weaker ones are a mix of it and none. */
const firstLevel = 0.5;

/**
 * The sigmas of whole pictures of which a blur that grows up to `sigma` is mixed, rising; each is at most twice the one before, so that
 * all of them together take about twice as long as the last.
 */
export function blurLevels(sigma: number): readonly number[] {
  const levels: number[] = [];
  for (let level = firstLevel; level < sigma; level *= 2) levels.push(level);
  return [...levels, sigma];
}
