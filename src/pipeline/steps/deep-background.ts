import { colour } from '../colour.ts';
import { hasAlphaChannel, type Pixels, samplesOf, withSamples } from '../pixels.ts';

type Border = Readonly<{ left: number; top: number; right: number; bottom: number; background: string }>;

const white = 65_535;

/**
 * A border around pixels of 16 bits. One that is not opaque gives them alpha, one that is not grey gives grey pixels colours.
 */
export function extendDeep(pixels: Pixels, border: Border): Pixels {
  const { r, g, b, alpha } = colour(border.background);
  const channels = joinedChannels(pixels, { grey: r === g && g === b, opaque: alpha === 1 });
  const filled = [...(channels < 3 ? [r] : [r, g, b]), 255 * alpha].map((value) => Math.round((value / 255) * white));
  const width = pixels.width + border.left + border.right;
  const height = pixels.height + border.top + border.bottom;
  const from = samplesOf(withChannels(pixels, channels));
  const to = new Uint16Array(width * height * channels);
  for (let at = 0; at < to.length; at += channels) {
    for (let channel = 0; channel < channels; channel++) to[at + channel] = filled[channel] ?? 0;
  }
  const row = pixels.width * channels;
  for (let y = 0; y < pixels.height; y++) {
    to.set(from.subarray(y * row, (y + 1) * row), ((y + border.top) * width + border.left) * channels);
  }
  return withSamples({ ...pixels, width, height, channels }, to);
}

/** Alpha of pixels of 16 bits blended into an opaque colour. */
export function flattenDeep(pixels: Pixels, { background }: Readonly<{ background: string }>): Pixels {
  if (!hasAlphaChannel(pixels)) return pixels;
  const { r, g, b } = colour(background);
  const coloured = withChannels(pixels, joinedChannels(pixels, { grey: r === g && g === b, opaque: true }));
  const behind = [r, g, b].map((value) => (value / 255) * white);
  const from = samplesOf(coloured);
  const colours = coloured.channels - 1;
  const to = new Uint16Array(pixels.width * pixels.height * colours);
  for (let at = 0, out = 0; at < from.length; at += colours + 1) {
    const alpha = (from[at + colours] ?? 0) / white;
    for (let channel = 0; channel < colours; channel++) {
      to[out++] = Math.round((from[at + channel] ?? 0) * alpha + (behind[channel] ?? 0) * (1 - alpha));
    }
  }
  return withSamples({ ...pixels, channels: colours === 1 ? 1 : 3 }, to);
}

/** Channels that hold the pixels beside a colour. */
function joinedChannels(pixels: Pixels, added: Readonly<{ grey: boolean; opaque: boolean }>): Pixels['channels'] {
  const alpha = hasAlphaChannel(pixels) || !added.opaque;
  if (pixels.channels < 3 && added.grey) return alpha ? 2 : 1;
  return alpha ? 4 : 3;
}

/** The same pixels with more channels: grey in all colours, opaque where there was no alpha. */
function withChannels(pixels: Pixels, channels: Pixels['channels']): Pixels {
  if (pixels.channels === channels) return pixels;
  const from = samplesOf(pixels);
  const to = new Uint16Array(pixels.width * pixels.height * channels);
  const hadAlpha = hasAlphaChannel(pixels);
  const colours = channels - (channels % 2 === 0 ? 1 : 0);
  for (let at = 0, out = 0; at < from.length; at += pixels.channels) {
    for (let channel = 0; channel < colours; channel++) to[out++] = from[at + (pixels.channels < 3 ? 0 : channel)] ?? 0;
    if (channels > colours) to[out++] = hadAlpha ? (from[at + pixels.channels - 1] ?? 0) : white;
  }
  return withSamples({ ...pixels, channels }, to);
}
