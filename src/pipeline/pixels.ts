import type { Size } from '../plan/turn.ts';
import { PileusError } from '../shared/errors.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import { type Chain, openChain } from './sharp.ts';

/** Decoded pixels between two chains: sRGB, `channels` samples a pixel, frames one below the other. */
export type Pixels = Readonly<{
  /** Samples of one byte, or of two in the machine's order where the pixels are deep. */
  bytes: Buffer;
  /** 16 bits a channel, in one frame. */
  deep?: true;
  /** Size of one frame. */
  width: number;
  height: number;
  channels: 1 | 2 | 3 | 4;
  frames: number;
}>;

/** A chain over raw pixels. Their number was bounded when they were made, so the engine's own limit is off. */
export const openPixels = (pixels: Pixels): Chain =>
  openChain(pixels.deep ? samplesOf(pixels) : pixels.bytes, {
    limitInputPixels: false,
    pages: pixels.frames > 1 ? -1 : 1,
    raw: {
      width: pixels.width,
      height: pixels.height * pixels.frames,
      channels: pixels.channels,
      pageHeight: pixels.height,
    },
  });

/** The samples of pixels, in place. */
export const samplesOf = ({ bytes, deep }: Pixels): Uint8Array | Uint16Array =>
  deep ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2) : bytes;

/** Pixels of these samples: size, channels and frames of `like`. */
export function withSamples(like: Pixels, samples: Uint8Array | Uint16Array): Pixels {
  const { deep: _, ...rest } = like;
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  return { ...rest, bytes, ...(samples instanceof Uint16Array ? { deep: true } : {}) };
}

export const hasAlphaChannel = ({ channels }: Pixels): boolean => channels === 2 || channels === 4;

/**
 * Runs a chain to raw pixels, of 16 bits a channel where `deep`. `size` is what a frame has to come out as, else it throws
 * `internal`.
 */
export async function toPixels(chain: Chain, size: Size, frames: number, deep = false): Promise<Pixels> {
  const raw = deep ? chain.raw({ depth: 'ushort' }) : chain.raw();
  const { data, info } = await raw.toBuffer({ resolveWithObject: true });
  // The size that sharp reports is not always the last one; the number of bytes cannot be wrong.
  if (data.length !== size.width * size.height * frames * info.channels * (deep ? 2 : 1))
    throw sizeFailure({ width: info.width, height: info.height / frames }, size);
  return {
    bytes: data,
    width: size.width,
    height: size.height,
    channels: channelCount(info.channels),
    frames,
    ...(deep ? { deep } : {}),
  };
}

/** One frame with three colour channels, in bytes of its own. */
export async function inColour(pixels: Pixels, deadline: Deadline): Promise<Pixels> {
  if (pixels.channels > 2) return { ...pixels, bytes: Buffer.from(pixels.bytes) };
  return toPixels(withDeadline(openPixels(pixels), deadline).toColourspace('srgb'), pixels, 1);
}

/** Throws `internal` when a picture is not what was planned. */
export function assertSize(made: Size, planned: Size): void {
  if (made.width !== planned.width || made.height !== planned.height) throw sizeFailure(made, planned);
}

const sizeFailure = (made: Size, planned: Size): PileusError =>
  new PileusError('internal', {
    cause: new RangeError(`made ${made.width}x${made.height}, planned ${planned.width}x${planned.height}`),
  });

/** One frame as pixels of its own, without a copy. */
export function frameOf(pixels: Pixels, index: number): Pixels {
  const bytesPerFrame = pixels.bytes.length / pixels.frames;
  return {
    ...pixels,
    bytes: pixels.bytes.subarray(index * bytesPerFrame, (index + 1) * bytesPerFrame),
    frames: 1,
  };
}

/** Frames of equal size and channels one below the other. */
export function joinFrames(frames: readonly Pixels[]): Pixels {
  const [first] = frames;
  if (!first) throw new RangeError('no frames to join');
  return { ...first, bytes: Buffer.concat(frames.map((frame) => frame.bytes)), frames: frames.length };
}

/** Throws RangeError for what no picture of ours has. */
export function channelCount(channels: number): Pixels['channels'] {
  if (channels === 1 || channels === 2 || channels === 3 || channels === 4) return channels;
  throw new RangeError(`${channels} channels`);
}
