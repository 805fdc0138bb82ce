import type { BmpLayout } from '../plan/header/bmp.ts';
import { malformed } from '../plan/header/byte-view.ts';
import { atEase, type Deadline } from './deadline.ts';

/** A BMP on its way to pixels. */
export type BmpCanvas = Readonly<{
  /** From the top; three bytes a pixel, four where there is alpha. */
  bytes: Buffer;
  layout: BmpLayout;
  /** 256 colours of three bytes, red first. */
  colours: Uint8Array;
}>;

/** Commands between two looks at the clock. */
const commandsAtOnce = 2 ** 18;

/**
 * Decodes RLE4 and RLE8: pairs of bytes, from the lowest row upwards. What is skipped has colour 0. Every command is at least
 * two bytes and writes within its row, so the work is bounded by the bytes. False where they end before the
 * picture does; throws `undecodable` for a run that leaves its row, and a skip that leaves the picture.
 */
export async function decodeRunLengths(source: Buffer, canvas: BmpCanvas, deadline: Deadline): Promise<boolean> {
  const { width, height, pixelsAt } = canvas.layout;
  canvas.bytes.fill(canvas.colours.subarray(0, 3));
  let [x, y, at] = [0, 0, pixelsAt];
  for (let commands = 0; at + 1 < source.length; commands++) {
    if (commands % commandsAtOnce === 0) await atEase(deadline);
    const count = source[at] ?? 0;
    const value = source[at + 1] ?? 0;
    at += 2;
    if (count > 0) {
      if (y >= height || x + count > width) throw malformed();
      drawRun(canvas, x, y, count, value);
      x += count;
    } else if (value === endOfRow) {
      x = 0;
      y++;
    } else if (value === endOfPicture) {
      return true;
    } else if (value === skip) {
      if (at + 1 >= source.length) return false;
      x += source[at] ?? 0;
      y += source[at + 1] ?? 0;
      at += 2;
      if (x > width || y > height) throw malformed();
    } else {
      if (y >= height || x + value > width) throw malformed();
      const bytes = canvas.layout.coding === 'rle8' ? value : Math.ceil(value / 2);
      if (at + bytes > source.length) return false;
      drawLiterals(canvas, x, y, value, source.subarray(at, at + bytes));
      x += value;
      at += bytes + (bytes % 2);
    }
  }
  // The last command is often left out.
  return y >= height || (y === height - 1 && x >= width);
}

const endOfRow = 0;
const endOfPicture = 1;
const skip = 2;

/** One colour, or two in turns. */
function drawRun(canvas: BmpCanvas, x: number, y: number, count: number, value: number): void {
  const { coding } = canvas.layout;
  for (let index = 0; index < count; index++)
    drawPixel(canvas, x + index, y, coding === 'rle8' ? value : nibbleOf(value, index));
}

function drawLiterals(canvas: BmpCanvas, x: number, y: number, count: number, packed: Buffer): void {
  const { coding } = canvas.layout;
  for (let index = 0; index < count; index++) {
    const byte = packed[coding === 'rle8' ? index : index >>> 1] ?? 0;
    drawPixel(canvas, x + index, y, coding === 'rle8' ? byte : nibbleOf(byte, index));
  }
}

const nibbleOf = (byte: number, index: number): number => (index % 2 === 0 ? byte >>> 4 : byte & 15);

function drawPixel({ bytes, layout, colours }: BmpCanvas, x: number, y: number, colour: number): void {
  const to = 3 * ((layout.height - 1 - y) * layout.width + x);
  for (let channel = 0; channel < 3; channel++) bytes[to + channel] = colours[3 * colour + channel] ?? 0;
}
