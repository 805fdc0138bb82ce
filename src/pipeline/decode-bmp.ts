import { type BmpLayout, readBmpLayout } from '../plan/header/bmp.ts';
import { ByteView, endOfBytes, malformed } from '../plan/header/byte-view.ts';
import type { Size } from '../plan/turn.ts';
import { PileusError } from '../shared/errors.ts';
import { type BmpCanvas, decodeRunLengths } from './bmp-run-lengths.ts';
import { atEase, type Deadline } from './deadline.ts';
import type { Pixels } from './pixels.ts';

/**
 * Decodes a BMP, which libvips does not read. It has to be of the size that was planned. Allocates the pixels of the header and a table of 256 colours, nothing that
 * the bytes ask for; takes time linear in pixels and bytes. Rows that are missing are black (transparent with alpha) where
 * `truncatedOk`. Alpha that is 0 everywhere means opaque: many programs leave it so.
 *
 * Throws `undecodable`, `source_truncated`, `unsupported_format`, `processing_deadline`.
 */
export async function decodeBmp(
  source: Buffer,
  planned: Size,
  truncatedOk: boolean,
  deadline: Deadline,
): Promise<Pixels> {
  const layout = wholeOf(source, readBmpLayout);
  assertPlanned(layout, planned);
  const { width, height } = layout;
  const channels = channelsOf(layout);
  const bytes = Buffer.alloc(width * height * channels);
  const isWhole = await decodeInto(bytes, source, layout, deadline);
  if (!isWhole && !truncatedOk) throw new PileusError('source_truncated');
  if (channels === 4 && isInvisible(bytes)) showAll(bytes);
  return { bytes, width, height, channels, frames: 1 };
}

/** What a reader makes of a complete file. */
export function wholeOf<T>(source: Buffer, read: (file: ByteView) => T): T {
  try {
    return read(ByteView.of(source));
  } catch (error) {
    throw error === endOfBytes ? new PileusError('source_truncated') : error;
  }
}

/** Throws `undecodable` when a picture is of another size than its plan was made for. */
export function assertPlanned({ width, height }: Size, planned: Size): void {
  if (width !== planned.width || height !== planned.height) throw malformed();
}

const channelsOf = ({ masks }: BmpLayout): 3 | 4 => (masks !== null && masks.alpha !== 0 ? 4 : 3);

/**
 * Decodes into zeroed bytes, of three or, with alpha, four channels a pixel. False where the source ends before the picture
 * does. The layout has been found to be what was planned.
 */
export function decodeInto(bytes: Buffer, source: Buffer, layout: BmpLayout, deadline: Deadline): Promise<boolean> {
  const canvas: BmpCanvas = { bytes, layout, colours: coloursOf(source, layout) };
  return layout.coding === 'plain'
    ? decodeRows(source, canvas, channelsOf(layout), deadline)
    : decodeRunLengths(source, canvas, deadline);
}

/** Is alpha 0 everywhere? */
export function isInvisible(bytes: Buffer): boolean {
  for (let at = 3; at < bytes.length; at += 4) {
    if (bytes[at] !== 0) return false;
  }
  return true;
}

function showAll(bytes: Buffer): void {
  for (let at = 3; at < bytes.length; at += 4) bytes[at] = 255;
}

/** 256 colours of three bytes, red first. What a palette does not name is black. */
function coloursOf(source: Buffer, { palette: { at, entries, entryBytes } }: BmpLayout): Uint8Array {
  const colours = new Uint8Array(3 * 256);
  for (let entry = 0; entry < entries; entry++) {
    const from = at + entry * entryBytes;
    for (let channel = 0; channel < 3; channel++) colours[3 * entry + channel] = source[from + 2 - channel] ?? 0;
  }
  return colours;
}

/** Pixels between two looks at the clock: some ten milliseconds. */
const pixelsAtOnce = 2 ** 20;

/** False where rows are missing. */
async function decodeRows(source: Buffer, canvas: BmpCanvas, channels: 3 | 4, deadline: Deadline): Promise<boolean> {
  const { layout, bytes } = canvas;
  const { width, height, topDown, pixelsAt, rowBytes, bits } = layout;
  const usedBytes = Math.ceil((width * bits) / 8);
  const readRow = rowReader(source, canvas, channels);
  const rowsAtOnce = Math.max(1, Math.floor(pixelsAtOnce / width));
  for (let row = 0; row < height; row++) {
    if (row % rowsAtOnce === 0) await atEase(deadline);
    const from = pixelsAt + row * rowBytes;
    if (from + usedBytes > source.length) return false;
    readRow(from, (topDown ? row : height - 1 - row) * width * channels, bytes);
  }
  return true;
}

/** Reads one row of the source from a place to a place. */
type RowReader = (from: number, to: number, bytes: Buffer) => void;

function rowReader(source: Buffer, { layout, colours }: BmpCanvas, channels: 3 | 4): RowReader {
  const { bits, width, masks } = layout;
  if (bits === 24) return (from, to, bytes) => copyBlueFirst(source, from, bytes, to, width);
  if (masks === null) return (from, to, bytes) => readIndexed(source, from, bytes, to, layout, colours);
  const scales = {
    red: channelScale(masks.red),
    green: channelScale(masks.green),
    blue: channelScale(masks.blue),
    alpha: channels === 4 ? channelScale(masks.alpha) : null,
  };
  return (from, to, bytes) => readMasked(source, from, bytes, to, layout, scales);
}

function copyBlueFirst(source: Buffer, from: number, bytes: Buffer, to: number, width: number): void {
  for (let at = 0; at < 3 * width; at += 3) {
    bytes[to + at] = source[from + at + 2] ?? 0;
    bytes[to + at + 1] = source[from + at + 1] ?? 0;
    bytes[to + at + 2] = source[from + at] ?? 0;
  }
}

function readIndexed(
  source: Buffer,
  from: number,
  bytes: Buffer,
  to: number,
  { bits, width }: BmpLayout,
  colours: Uint8Array,
): void {
  const indexInByte = 8 / bits - 1;
  const byteShift = Math.log2(8 / bits);
  const last = 2 ** bits - 1;
  for (let x = 0, at = to; x < width; x++, at += 3) {
    const packed = source[from + (x >>> byteShift)] ?? 0;
    const colour = 3 * ((packed >>> ((indexInByte - (x & indexInByte)) * bits)) & last);
    bytes[at] = colours[colour] ?? 0;
    bytes[at + 1] = colours[colour + 1] ?? 0;
    bytes[at + 2] = colours[colour + 2] ?? 0;
  }
}

/** Where the upper (at most eight) bits of a channel stand in a pixel, and what each of their values is from 0 to 255. */
type ChannelScale = Readonly<{ shift: number; last: number; values: Uint8Array }>;

type Scales = Readonly<{ red: ChannelScale; green: ChannelScale; blue: ChannelScale; alpha: ChannelScale | null }>;

function readMasked(
  source: Buffer,
  from: number,
  bytes: Buffer,
  to: number,
  { bits, width }: BmpLayout,
  { red, green, blue, alpha }: Scales,
): void {
  const step = bits / 8;
  for (let x = 0, at = to, place = from; x < width; x++, place += step) {
    const low = (source[place] ?? 0) | ((source[place + 1] ?? 0) << 8);
    const pixel = step === 2 ? low : low | ((source[place + 2] ?? 0) << 16) | ((source[place + 3] ?? 0) << 24);
    bytes[at++] = red.values[(pixel >>> red.shift) & red.last] ?? 0;
    bytes[at++] = green.values[(pixel >>> green.shift) & green.last] ?? 0;
    bytes[at++] = blue.values[(pixel >>> blue.shift) & blue.last] ?? 0;
    if (alpha) bytes[at++] = alpha.values[(pixel >>> alpha.shift) & alpha.last] ?? 0;
  }
}

function channelScale(mask: number): ChannelScale {
  if (mask === 0) return { shift: 0, last: 0, values: new Uint8Array(1) };
  const low = 31 - Math.clz32(mask & -mask);
  const bits = 32 - Math.clz32(mask) - low;
  const kept = Math.min(8, bits);
  const last = 2 ** kept - 1;
  const values = Uint8Array.from({ length: last + 1 }, (_, value) => Math.round((255 * value) / last));
  return { shift: low + bits - kept, last, values };
}
