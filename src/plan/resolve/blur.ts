/**
 * The widest blur that is drawn. Wider ones are drawn as this one: libvips leaves its fast path above it, and takes 22 s a megapixel
 * for a sigma of 300 and 92 for 1,000, where this takes 0.9 (sharp 0.35.5).
 */
const sigmaMax = 250;

/** The sigma of a blur as it is carried out. */
export const boundedSigma = (sigma: number): number => Math.min(sigma, sigmaMax);
