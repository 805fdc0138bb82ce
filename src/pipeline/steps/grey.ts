import type { Matrix } from './tone.ts';

/** Shares of red, green and blue in luma (ITU-R BT.709), on sRGB values as they are stored. */
const luma = [0.2126, 0.7152, 0.0722] as const;

/**
 * Grey: all channels become luma. A plain mix of stored values (like CSS `grayscale()`, W3C Filter Effects) and
 * so exchangeable with scaling and blurring; alpha stays.
 */
export const greyMatrix: Matrix = [luma, luma, luma];
