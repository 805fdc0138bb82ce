import type { Header, SourceFormat } from '../header.ts';
import type { EncodeWish, OutputFormat, Rgba } from '../plan.ts';

const keptFormats: Readonly<Record<SourceFormat, OutputFormat>> = {
  jpeg: 'jpg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  avif: 'avif',
  tiff: 'tif',
  bmp: 'bmp',
  ico: 'png',
  svg: 'png',
};

/**
 * The format of the result. `source` keeps the source's (ICO and SVG become PNG). `auto` follows the negotiation: an
 * animation becomes WebP where AVIF was negotiated; `plain`, also what an absent negotiation means, is GIF for an
 * animation, PNG where there is alpha or lossless is asked for, else JPEG.
 */
export function resolveFormat(
  wish: EncodeWish,
  header: Pick<Header, 'format'>,
  result: Readonly<{ animated: boolean; alpha: boolean }>,
): OutputFormat {
  if (wish.format === 'source') return keptFormats[header.format];
  if (wish.format === 'preferred') return preferredFormat(wish, header, result);
  if (wish.format !== 'auto') return wish.format;
  if (wish.negotiated === 'avif') return result.animated ? 'webp' : 'avif';
  if (wish.negotiated === 'webp') return 'webp';
  if (result.animated) return 'gif';
  return result.alpha || wish.lossless === true ? 'png' : 'jpg';
}

function preferredFormat(
  { preferred = ['jpg', 'png'], negotiated }: EncodeWish,
  header: Pick<Header, 'format'>,
  { animated, alpha }: Readonly<{ animated: boolean; alpha: boolean }>,
): OutputFormat {
  if (negotiated === 'avif' && !animated) return 'avif';
  if (negotiated === 'webp' || negotiated === 'avif') return 'webp';
  const kept = keptFormats[header.format];
  if (preferred.includes(kept)) return kept;
  const holds = (format: OutputFormat): boolean =>
    (!animated || format === 'gif' || format === 'webp') && (!alpha || holdsAlpha(format));
  return preferred.find(holds) ?? preferred[0] ?? 'png';
}

export const holdsAlpha = (format: OutputFormat): boolean => format !== 'jpg';

export const white: Rgba = 'ffffffff';

export const isOpaque = (colour: Rgba): boolean => colour.endsWith('ff');

/** A colour with its alpha gone: laid on white, as a page would show it. */
export function opaqueOf(colour: Rgba): Rgba {
  if (isOpaque(colour)) return colour;
  const alpha = channelOf(colour, 3);
  const onWhite = [0, 1, 2].map((channel) => 255 + ((channelOf(colour, channel) - 255) * alpha) / 255);
  return `${onWhite.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}ff`;
}

const channelOf = (colour: Rgba, channel: number): number =>
  Number.parseInt(colour.slice(2 * channel, 2 * channel + 2), 16);
