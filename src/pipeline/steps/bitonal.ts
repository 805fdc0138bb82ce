import type { Line } from './tone.ts';

/** Luma comes in steps of 1/10,000 (four decimals times whole numbers). */
const lumaStep = 0.0001;
/** So steep that half a luma step leaves the range of a pixel on either side. */
const slope = 1e7;

/**
 * White where luma reaches the threshold (0..255), black elsewhere. libvips' own threshold also acts on alpha; a very
 * steep line between two neighbouring luma values leaves alpha as it is.
 */
export const bitonalLine = (threshold: number): Line => ({
  slope,
  intercept: 127.5 - slope * (threshold - lumaStep / 2),
});
