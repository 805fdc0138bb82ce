import { colour } from '../colour.ts';
import { hasAlphaChannel, inColour } from '../pixels.ts';
import type { Effect } from './effect.ts';
import { rampOver } from './ramp.ts';

/** Shares of red, green and blue in luma (ITU-R BT.709). */
const luma = [0.2126, 0.7152, 0.0722] as const;

/** The picture in the tones between two colours, by luma; alpha stays. */
export const duotone: Effect<'duotone'> = async (pixels, { dark, light, mix }, deadline) => {
  const made = await inColour(pixels, deadline);
  const [from, to] = [channelsOf(dark), channelsOf(light)];
  const share = mix / 100;
  const { bytes, channels } = made;
  for (let at = 0; at < bytes.length; at += channels) {
    const lightness = lumaOf(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0) / 255;
    for (let channel = 0; channel < 3; channel++) {
      const tone = (from[channel] ?? 0) + ((to[channel] ?? 0) - (from[channel] ?? 0)) * lightness;
      bytes[at + channel] = mixed(bytes[at + channel] ?? 0, tone, share);
    }
  }
  return made;
};

/** The picture in shades of one colour, from black over the colour, where luma is that of it, to white; alpha stays. */
export const monochrome: Effect<'monochrome'> = async (pixels, { colour: hex, mix }, deadline) => {
  const made = await inColour(pixels, deadline);
  const base = channelsOf(hex);
  const baseLuma = lumaOf(base[0] ?? 0, base[1] ?? 0, base[2] ?? 0);
  const share = mix / 100;
  const { bytes, channels } = made;
  for (let at = 0; at < bytes.length; at += channels) {
    const lightness = lumaOf(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0);
    const isDark = lightness < baseLuma;
    const way = isDark ? lightness / baseLuma : baseLuma === 255 ? 0 : (lightness - baseLuma) / (255 - baseLuma);
    for (let channel = 0; channel < 3; channel++) {
      const shade = base[channel] ?? 0;
      bytes[at + channel] = mixed(bytes[at + channel] ?? 0, isDark ? shade * way : shade + (255 - shade) * way, share);
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

/** A colour behind what is transparent. */
export const underlay: Effect<'underlay'> = async (pixels, { colour: hex }, deadline) => {
  if (!hasAlphaChannel(pixels)) return pixels;
  const made = await inColour(pixels, deadline);
  const under = channelsOf(hex);
  const { alpha: opacity } = colour(hex);
  const { bytes } = made;
  for (let at = 0; at < bytes.length; at += 4) {
    const over = (bytes[at + 3] ?? 0) / 255;
    const alpha = over + opacity * (1 - over);
    if (alpha === 0) continue;
    for (let channel = 0; channel < 3; channel++)
      bytes[at + channel] = mixed(under[channel] ?? 0, bytes[at + channel] ?? 0, over / alpha);
    bytes[at + 3] = Math.round(255 * alpha);
  }
  return made;
};

/** A colour that grows from one side to the other; alpha stays. */
export const gradient: Effect<'gradient'> = async (pixels, op, deadline) => {
  const made = await inColour(pixels, deadline);
  const over = channelsOf(op.colour);
  const { bytes, channels, width, height } = made;
  const ramp = rampOver(made, op);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) {
      const share = (ramp(x, y) * op.opacity) / 100;
      for (let channel = 0; channel < 3; channel++)
        bytes[at + channel] = mixed(bytes[at + channel] ?? 0, over[channel] ?? 0, share);
    }
  }
  return made;
};

const lumaOf = (red: number, green: number, blue: number): number => luma[0] * red + luma[1] * green + luma[2] * blue;

const mixed = (under: number, over: number, share: number): number => Math.round(under + (over - under) * share);

const channelsOf = (hex: string): readonly number[] => {
  const { r, g, b } = colour(hex);
  return [r, g, b];
};
