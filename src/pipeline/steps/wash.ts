import { colour } from '../colour.ts';
import { inColour } from '../pixels.ts';
import type { Effect } from './effect.ts';

/** Shares of red, green and blue in luma (ITU-R BT.709). */
const luma = [0.2126, 0.7152, 0.0722] as const;

/** The picture in the tones between two colours, by luma; alpha stays. */
export const duotone: Effect<'duotone'> = async (pixels, { dark, light, mix }, deadline) => {
  const made = await inColour(pixels, deadline);
  const [from, to] = [channelsOf(dark), channelsOf(light)];
  const share = mix / 100;
  const { bytes, channels } = made;
  for (let at = 0; at < bytes.length; at += channels) {
    const lightness =
      (luma[0] * (bytes[at] ?? 0) + luma[1] * (bytes[at + 1] ?? 0) + luma[2] * (bytes[at + 2] ?? 0)) / 255;
    for (let channel = 0; channel < 3; channel++) {
      const tone = (from[channel] ?? 0) + ((to[channel] ?? 0) - (from[channel] ?? 0)) * lightness;
      bytes[at + channel] = mixed(bytes[at + channel] ?? 0, tone, share);
    }
  }
  return made;
};

/** One colour over the picture. Where that may, it covers what is transparent too. */
export const colorize: Effect<'colorize'> = async (pixels, { colour: hex, opacity, keepAlpha }, deadline) => {
  const made = await inColour(pixels, deadline);
  const over = channelsOf(hex);
  const share = opacity / 100;
  const { bytes, channels } = made;
  const grows = channels === 4 && !keepAlpha;
  for (let at = 0; at < bytes.length; at += channels) {
    const under = grows ? ((bytes[at + 3] ?? 0) / 255) * (1 - share) : 1 - share;
    const weight = share / (share + under);
    for (let channel = 0; channel < 3; channel++)
      bytes[at + channel] = mixed(bytes[at + channel] ?? 0, over[channel] ?? 0, weight);
    if (grows) bytes[at + 3] = Math.round(255 * (share + under));
  }
  return made;
};

/** A colour that grows from one side to the other; alpha stays. */
export const gradient: Effect<'gradient'> = async (pixels, op, deadline) => {
  const made = await inColour(pixels, deadline);
  const over = channelsOf(op.colour);
  const { bytes, channels, width, height } = made;
  const isDown = op.to === 'down' || op.to === 'up';
  const shares = sharesAlong(isDown ? height : width, op);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) {
      const share = shares[isDown ? y : x] ?? 0;
      for (let channel = 0; channel < 3; channel++)
        bytes[at + channel] = mixed(bytes[at + channel] ?? 0, over[channel] ?? 0, share);
    }
  }
  return made;
};

/** How much of the colour there is at each pixel of a side, measured at its middle. */
function sharesAlong(side: number, { to, start, stop, opacity }: Parameters<Effect<'gradient'>>[1]): Float64Array {
  const isTurned = to === 'up' || to === 'left';
  const shares = Float64Array.from({ length: side }, (_, at) => {
    const place = (at + 0.5) / side;
    const way = stop === start ? (place < start ? 0 : 1) : (place - start) / (stop - start);
    return (Math.min(1, Math.max(0, way)) * opacity) / 100;
  });
  return isTurned ? shares.reverse() : shares;
}

const mixed = (under: number, over: number, share: number): number => Math.round(under + (over - under) * share);

const channelsOf = (hex: string): readonly number[] => {
  const { r, g, b } = colour(hex);
  return [r, g, b];
};
