import { type MarkPlace, shadowMargin } from '../plan/resolve/mark.ts';
import type { MarkOp } from '../plan/resolved.ts';
import type { Size } from '../plan/turn.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import { type Chain, openChain } from './sharp.ts';

/** A mark that is not placed yet: raw RGBA. */
export type Mark = Readonly<{ pixels: Buffer; width: number; height: number }>;

/** A mark made ready for its place: raw RGBA, faded, cut to what lies on the picture. */
export type Overlay = Mark & Readonly<{ left: number; top: number }>;

/** The mark turned and with its shadow, where it has one. */
export async function dressed(mark: Mark, op: Pick<MarkOp, 'degrees' | 'shadow'>, deadline: Deadline): Promise<Mark> {
  const turned = op.degrees === undefined ? mark : await turn(mark, op.degrees, deadline);
  return op.shadow === undefined ? turned : shadowed(turned, op.shadow, deadline);
}

/** What lies on a picture of `size`: the engine refuses overlays larger than it. null: nothing does. */
export function onPicture(mark: Mark, place: MarkPlace, size: Size, opacity: number): Overlay | null {
  const overlay = place.repeat ? repeated(mark, place, place.repeat, size) : visible(mark, place, size);
  if (overlay !== null && opacity < 100) fade(overlay.pixels, opacity / 100);
  return overlay;
}

const clear = { r: 0, g: 0, b: 0, alpha: 0 };

const open = ({ pixels, width, height }: Mark, deadline: Deadline): Chain =>
  withDeadline(openChain(pixels, { limitInputPixels: false, raw: { width, height, channels: 4 } }), deadline);

async function made(chain: Chain): Promise<Mark> {
  const { data, info } = await chain.raw().toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height };
}

const turn = (mark: Mark, degrees: number, deadline: Deadline): Promise<Mark> =>
  made(open(mark, deadline).rotate(degrees, { background: clear }));

/** Least sigma that libvips takes. */
const sigmaMin = 0.3;

/** The mark over its own shape in black, blurred; the box grows by the same margin on all sides. */
async function shadowed(mark: Mark, shadow: NonNullable<MarkOp['shadow']>, deadline: Deadline): Promise<Mark> {
  const margin = shadowMargin({ shadow });
  const shape = Buffer.alloc(mark.pixels.length);
  for (let at = 3; at < shape.length; at += 4) shape[at] = Math.round(((mark.pixels[at] ?? 0) * shadow.opacity) / 100);
  const extended = open({ ...mark, pixels: shape }, deadline).extend({
    left: margin + shadow.dx,
    top: margin + shadow.dy,
    right: margin - shadow.dx,
    bottom: margin - shadow.dy,
    background: clear,
  });
  const under = await made(shadow.sigma < sigmaMin ? extended : extended.blur(shadow.sigma));
  const over = { input: mark.pixels, raw: { width: mark.width, height: mark.height, channels: 4 as const } };
  return made(open(under, deadline).composite([{ ...over, left: margin, top: margin }]));
}

/** The part that lies on the picture. */
function visible(mark: Mark, place: MarkPlace, size: Size): Overlay | null {
  const left = Math.max(0, place.left);
  const top = Math.max(0, place.top);
  const width = Math.min(size.width, place.left + mark.width) - left;
  const height = Math.min(size.height, place.top + mark.height) - top;
  if (width <= 0 || height <= 0) return null;
  if (width === mark.width && height === mark.height) return { ...mark, left, top };
  const pixels = Buffer.allocUnsafe(width * height * 4);
  for (let y = 0; y < height; y++) {
    const from = ((top - place.top + y) * mark.width + left - place.left) * 4;
    mark.pixels.copy(pixels, y * width * 4, from, from + width * 4);
  }
  return { pixels, width, height, left, top };
}

type Copies = NonNullable<MarkPlace['repeat']>;

/** A layer as large as the picture with all copies in it. A row that was made a step further up is copied from there. */
function repeated(mark: Mark, { left, top }: MarkPlace, copies: Copies, { width, height }: Size): Overlay {
  const pixels = Buffer.alloc(width * height * 4);
  const { down, stepY, chess } = copies;
  const back = chess ? 2 * stepY : stepY;
  for (let y = Math.max(0, top); y < Math.min(height, top + down * stepY); y++) {
    const copy = Math.floor((y - top) / stepY);
    const row = y - top - copy * stepY;
    if (row >= mark.height) continue;
    const at = y * width * 4;
    const before = y - back;
    if (before >= Math.max(0, top)) pixels.copyWithin(at, before * width * 4, (before + 1) * width * 4);
    else writeRow(pixels.subarray(at, at + width * 4), mark, row, { left, copies, isOdd: copy % 2 === 1 });
  }
  return { pixels, width, height, left: 0, top: 0 };
}

/** One row of copies side by side: one period pixel by pixel, the rest by doubling what is there. */
function writeRow(
  to: Buffer,
  mark: Mark,
  row: number,
  { left, copies, isOdd }: Readonly<{ left: number; copies: Copies; isOdd: boolean }>,
): void {
  const { across, stepX, chess } = copies;
  const period = chess ? 2 * stepX : stepX;
  const start = Math.max(0, left);
  const length = Math.min(to.length / 4, left + across * stepX) - start;
  let filled = Math.min(period, length);
  for (let x = 0; x < filled; x++) {
    const inPeriod = (start - left + x) % period;
    const isSecond = inPeriod >= stepX;
    const inside = isSecond ? inPeriod - stepX : inPeriod;
    if (inside >= mark.width || (chess && isSecond !== isOdd)) continue;
    const from = (row * mark.width + inside) * 4;
    mark.pixels.copy(to, (start + x) * 4, from, from + 4);
  }
  while (filled < length) {
    const more = Math.min(filled, length - filled);
    to.copyWithin((start + filled) * 4, start * 4, (start + more) * 4);
    filled += more;
  }
}

function fade(rgba: Buffer, share: number): void {
  const faded = Uint8Array.from({ length: 256 }, (_, alpha) => Math.round(alpha * share));
  for (let at = 3; at < rgba.length; at += 4) rgba[at] = faded[rgba[at] ?? 0] ?? 0;
}
