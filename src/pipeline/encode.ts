import type { OutputFormat } from '../plan/plan.ts';
import type { ResolvedEncode } from '../plan/resolved.ts';
import type { PaletteSize } from '../plan/tuning.ts';
import type { Size } from '../plan/turn.ts';
import { channelCount } from './pixels.ts';
import type { Chain } from './sharp.ts';
import { writeBmp } from './write-bmp.ts';
import { writeIcon } from './write-icon.ts';

/** What an output format is called, and what it can hold. */
export const outputFormats = {
  jpg: { contentType: 'image/jpeg', grey: true, animated: false },
  png: { contentType: 'image/png', grey: true, animated: false },
  webp: { contentType: 'image/webp', grey: false, animated: true },
  avif: { contentType: 'image/avif', grey: false, animated: false },
  gif: { contentType: 'image/gif', grey: false, animated: true },
  tif: { contentType: 'image/tiff', grey: true, animated: false },
  bmp: { contentType: 'image/bmp', grey: false, animated: false },
  ico: { contentType: 'image/x-icon', grey: true, animated: false },
} as const satisfies Record<OutputFormat, FormatFacts>;

type FormatFacts = Readonly<{
  contentType: string;
  /** Can it hold one channel? The others store grey as colour at no cost worth naming. */
  grey: boolean;
  animated: boolean;
}>;

export type Animation = Readonly<{ delaysMs: readonly number[]; loop: number }>;

/** What sharp takes; sources can say more (WebP 4.6 hours a frame). A frame that stays for a minute has stopped. */
const delayMsMax = 65_535;
const loopMax = 65_535;

/**
 * Sets the output format with its options. The engine's settings are at the cheap end of the curve: JPEG without
 * optimised tables costs half the time for 1.7 % more bytes, PNG wants the adaptive filter. `effort` is zlib's level
 * for PNG. What BMP and ICO are is made of raw pixels and of a PNG, by `wrap`.
 */
export function encode(chain: Chain, wish: ResolvedEncode, quality: number, animation: Animation | null): Chain {
  const frames = animation
    ? { delay: animation.delaysMs.map((ms) => Math.min(ms, delayMsMax)), loop: Math.min(animation.loop, loopMax) }
    : {};
  const chromaSubsampling = wish.fullChroma || wish.lossless ? '4:4:4' : '4:2:0';
  switch (wish.format) {
    case 'jpg':
      return chain.jpeg({
        quality,
        progressive: wish.progressive,
        chromaSubsampling,
        optimiseCoding: wish.progressive,
        trellisQuantisation: wish.jpeg?.trellis === true,
        overshootDeringing: wish.jpeg?.deringing === true,
        optimiseScans: wish.jpeg?.scans === true,
        quantisationTable: wish.jpeg?.table ?? 0,
      });
    case 'png':
      if (wish.colours !== undefined) return quantised(chain, wish, wish.colours);
      return chain.png({ compressionLevel: wish.effort, adaptiveFiltering: true, progressive: wish.progressive });
    case 'ico':
      return chain.png({ compressionLevel: wish.effort, adaptiveFiltering: true, progressive: wish.progressive });
    case 'webp':
      // `exact` keeps the colours of transparent pixels, which lossless promises.
      return chain.webp({
        ...(quality > 0 ? { quality } : {}),
        effort: wish.effort,
        lossless: wish.lossless,
        exact: wish.lossless,
        nearLossless: wish.webp?.near === true,
        smartSubsample: wish.webp?.smartChroma === true,
        preset: wish.webp?.preset ?? 'default',
        ...frames,
      });
    case 'avif':
      return chain.avif({
        ...(quality > 0 ? { quality } : {}),
        effort: wish.effort,
        lossless: wish.lossless,
        chromaSubsampling,
        ...(wish.bits === 10 || wish.bits === 12 ? { bitdepth: wish.bits } : {}),
      });
    case 'gif':
      // Equal neighbouring frames are kept: a frame of the source is a frame of the result.
      return chain.gif({ effort: Math.max(1, wish.effort), keepDuplicateFrames: true, ...frames });
    case 'tif':
      return chain.tiff({ compression: 'deflate', predictor: 'horizontal' });
    case 'bmp':
      return chain.raw();
  }
}

/** Indices are no neighbours of one another, so no filter helps them. */
const quantised = (chain: Chain, { effort, progressive }: ResolvedEncode, colours: PaletteSize): Chain =>
  chain.png({ compressionLevel: effort, palette: true, colours, effort: quantiserEffort, progressive });

/** Of libimagequant, 1..10: its usual 7 takes three times as long for 3 to 13 % fewer bytes. */
const quantiserEffort = 1;

/** The file of what a chain gave, `size` and channels as it said: most formats are whole already. */
export function wrap(format: OutputFormat, bytes: Buffer, size: Size & Readonly<{ channels: number }>): Buffer {
  if (format === 'bmp') return writeBmp({ ...size, bytes, channels: channelCount(size.channels), frames: 1 });
  return format === 'ico' ? writeIcon(bytes, size) : bytes;
}

/**
 * The colour space of the result. Grey stays one channel where the format can hold it. Deep pixels with a profile
 * leave the engine as Display P3 without saying so (0.35.5: the working space of 16-bit pixels), so they
 * get the missing step to sRGB.
 */
export function outputColour(
  chain: Chain,
  options: Readonly<{ grey: boolean; deep: boolean; deepProfile: boolean }>,
): Chain {
  if (options.grey) return chain.toColourspace(options.deep ? 'grey16' : 'b-w');
  const coloured = options.deep ? chain.toColourspace('rgb16') : chain;
  return options.deepProfile ? coloured.withIccProfile('srgb', { attach: false }) : coloured;
}
