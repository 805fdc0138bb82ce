import type { SourcePixels } from '../plan/program.ts';
import type { Resolved } from '../plan/resolved.ts';
import { PileusError } from '../shared/errors.ts';
import { type Credits, noCredits, readCredits } from './metadata.ts';
import type { Pixels } from './pixels.ts';
import { type Chain, type Metadata, openChain } from './sharp.ts';

/** What the engine has to know of a source beyond its header to choose its chains. */
export type SourceTraits = Readonly<{
  pixels: SourcePixels;
  /** One colour channel, whatever its depth. */
  grey: boolean;
  /** Surely without an alpha channel. */
  opaque: boolean;
  /** Has it a profile? Told where sRGB's is to stand in its place. */
  profiled: boolean;
  /** More than 8 bits with a profile: the engine leaves such pixels in Display P3 (see `encode.ts`). */
  deepProfile: boolean;
  /** More than 8 bits without one: where a profile is to be attached, the engine takes them for Display P3 too. */
  deepBare: boolean;
  /** Of the frames that are decoded; null for stills. */
  animation: Readonly<{ delaysMs: readonly number[]; loop: number }> | null;
  credits: Credits;
}>;

/**
 * Reads the traits: from a few bytes where they suffice (JPEG, PNG, WebP and GIF stills: opening a file a second
 * time costs 0.1 to 0.4 ms), else from the engine's own header, which no deadline interrupts: the
 * caller looks at the clock behind it. Throws operation_unsupported for a later page of a TIFF
 * that is not of the first one's size.
 */
export async function readTraits(source: Buffer, resolved: Resolved): Promise<SourceTraits> {
  const { input, encode } = resolved;
  const quick = quickTraits(source, input.format);
  const watermarked = resolved.ops.some(({ op }) => op === 'watermark' || op === 'text');
  const replaces = encode.metadata === 'all' && encode.profile === undefined && encode.bits === undefined;
  const tells = replaces || encode.metadata === 'copyright';
  const enough = quick && input.pages === 1 && !tells && (quick.opaque || !watermarked);
  if (enough) return quick;
  const header = await readEngineHeader(source, resolved);
  const deep = header.depth !== 'uchar' || !['srgb', 'rgb', 'b-w', 'cmyk'].includes(header.space);
  return {
    pixels: deep ? 'deep' : header.space === 'b-w' ? 'grey8' : 'rgb8',
    grey: header.space === 'b-w' || header.space === 'grey16',
    opaque: !header.hasAlpha,
    profiled: header.hasProfile,
    deepProfile: header.space === 'rgb16' && header.hasProfile && encode.profile !== 'source',
    deepBare: header.space === 'rgb16' && !header.hasProfile,
    animation:
      input.pages > 1
        ? { delaysMs: framesDelays(header.delay, input.page, input.pages), loop: header.loop ?? 0 }
        : null,
    credits: encode.metadata === 'copyright' ? readCredits(header.exif) : noCredits,
  };
}

/** The traits of pixels that were decoded before any chain. */
export const pixelTraits = ({ channels }: Pick<Pixels, 'channels'>): SourceTraits =>
  eightBit(channels < 3, channels % 2 === 1);

async function readEngineHeader(source: Buffer, resolved: Resolved): Promise<Metadata> {
  const { input } = resolved;
  if (input.format !== 'tiff' || input.page === 0) return openSource(source, resolved).metadata();
  // The pages of a TIFF are pictures of their own, and what is known of the file is its first page.
  const header = await openChain(source, { limitInputPixels: false, page: input.page }).metadata();
  if (header.width !== input.width || header.height !== input.height) {
    throw new PileusError('operation_unsupported', {
      detail: `fr_${input.page}: this page has ${header.width}x${header.height} pixels, the first one ${input.width}x${input.height}; pages of one size only.`,
    });
  }
  return header;
}

/**
 * A chain over the source itself. The pixel limit is what the plan was made for, so a file whose header says one
 * thing to us and another to the decoder fails before it is decoded.
 */
export function openSource(source: Buffer, { input }: Resolved): Chain {
  const paged = input.page > 0 || input.pages > 1;
  return openChain(source, {
    failOn: input.truncatedOk ? 'none' : 'truncated',
    limitInputPixels: input.width * input.height * input.pages,
    ...(paged ? { page: input.page, pages: input.pages } : {}),
  });
}

/** Delay of a frame that its file does not give, as browsers take it. */
const delayDefaultMs = 100;

function framesDelays(delays: readonly number[] | undefined, page: number, pages: number): readonly number[] {
  return Array.from({ length: pages }, (_, index) => delays?.[page + index] ?? delayDefaultMs);
}

function quickTraits(source: Buffer, format: Resolved['input']['format']): SourceTraits | null {
  switch (format) {
    case 'jpeg':
      return eightBit(jpegChannels(source) === 1, true);
    case 'png':
      return source[24] === 16 ? null : eightBit(isGreyPng(source), false);
    case 'webp':
    case 'gif':
      return eightBit(false, false);
    default:
      return null;
  }
}

const eightBit = (grey: boolean, opaque: boolean): SourceTraits => ({
  pixels: grey ? 'grey8' : 'rgb8',
  grey,
  opaque,
  profiled: false,
  deepProfile: false,
  deepBare: false,
  animation: null,
  credits: noCredits,
});

/** Colour types 0 (grey) and 4 (grey with alpha), in the header chunk that comes first. */
const isGreyPng = (source: Buffer): boolean => source[25] === 0 || source[25] === 4;

/** Number of components in the frame header (SOF0 to SOF15 without DHT, JPG and DAC); 3 where none is found. */
function jpegChannels(source: Buffer): number {
  let at = 2;
  while (at + 9 < source.length && source[at] === 0xff) {
    const marker = source[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return source[at + 9] ?? 3;
    at += marker === 0xff ? 1 : 2 + source.readUInt16BE(at + 2);
  }
  return 3;
}
