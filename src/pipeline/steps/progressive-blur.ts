import { blurLevels } from '../../plan/resolve/blur.ts';
import { withDeadline } from '../deadline.ts';
import { hasAlphaChannel, openPixels, type Pixels, toPixels } from '../pixels.ts';
import type { Effect } from './effect.ts';
import { rampOver } from './ramp.ts';

/** Least sigma that libvips takes. */
const sigmaMin = 0.3;

/**
 * A Gaussian whose sigma grows along a ramp. The engine has one for whole pictures only, so each pixel is a mix of the two of its levels
 * that are next to its sigma, in the shares that give their mix its variance.
 */
export const progressiveBlur: Effect<'progressiveBlur'> = async (pixels, op, deadline) => {
  const ramp = rampOver(pixels, op);
  const made = { ...pixels, bytes: Buffer.from(pixels.bytes) };
  let [below, sigmaBelow] = [pixels, 0];
  for (const level of blurLevels(op.sigma)) {
    const chain = withDeadline(openPixels(pixels), deadline).blur(Math.max(sigmaMin, level));
    const above = await toPixels(pixels.channels < 3 ? chain.toColourspace('b-w') : chain, pixels, 1);
    mixBetween(made, [below, sigmaBelow], [above, level], (x, y) => op.sigma * ramp(x, y));
    [below, sigmaBelow] = [above, level];
  }
  return made;
};

type Level = readonly [pixels: Pixels, sigma: number];

/** Writes the pixels whose sigma is above that of the one level and at most that of the other. */
function mixBetween(
  made: Pixels,
  [{ bytes: from }, low]: Level,
  [{ bytes: to }, high]: Level,
  sigmaAt: (x: number, y: number) => number,
): void {
  const { bytes, width, height, channels } = made;
  const colours = hasAlphaChannel(made) ? channels - 1 : channels;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) {
      const sigma = sigmaAt(x, y);
      if (sigma <= low || sigma > high) continue;
      const share = (sigma ** 2 - low ** 2) / (high ** 2 - low ** 2);
      // What is transparent has no colour to mix in.
      const alphaFrom = colours === channels ? 1 - share : (1 - share) * (from[at + colours] ?? 0);
      const alphaTo = colours === channels ? share : share * (to[at + colours] ?? 0);
      const alpha = alphaFrom + alphaTo;
      for (let channel = 0; channel < colours; channel++) {
        const sum = (from[at + channel] ?? 0) * alphaFrom + (to[at + channel] ?? 0) * alphaTo;
        bytes[at + channel] = alpha === 0 ? 0 : Math.round(sum / alpha);
      }
      if (colours < channels) bytes[at + colours] = Math.round(alpha);
    }
  }
}
