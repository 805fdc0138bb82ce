import { markBox, placeMark, shadowMargin } from '../../plan/resolve/mark.ts';
import type { ResolvedOp } from '../../plan/resolved.ts';
import type { Size } from '../../plan/turn.ts';
import { PileusError } from '../../shared/errors.ts';
import { colour } from '../colour.ts';
import { type Deadline, withDeadline } from '../deadline.ts';
import { fontOf, type LoadedFont } from '../fonts.ts';
import { dressed, type Mark, type Overlay, onPicture } from '../overlay.ts';
import { type Chain, openText } from '../sharp.ts';

type TextOp = Extract<ResolvedOp, { op: 'text' }>;

/** Most pixels of one text: they are drawn at once and held whole. */
const textPixelsMax = 16_000_000;

/** An em of this size tells how large the text will be. */
const probeSize = 8;

/**
 * Nothing where no ink lies on the picture. The text as a mark: drawn in its font alone (a character that it does not have is a box), coloured,
 * placed by its ink. Throws result_too_large for text of too many pixels.
 */
export async function makeText(op: TextOp, size: Size, font: Uint8Array, deadline: Deadline): Promise<Overlay | null> {
  const loaded = await fontOf(font, op.fontVersion);
  const probe = await drawn(op, probeSize, loaded, deadline);
  if (probe === null) return null;
  const scale = op.size / probeSize;
  const pixels = (probe.width + probeSize) * (probe.height + probeSize) * scale ** 2;
  if (pixels > textPixelsMax)
    throw new PileusError('result_too_large', { detail: `The text has more than ${textPixelsMax} pixels.` });
  const ink = await drawn(op, op.size, loaded, deadline);
  if (ink === null) return null;
  const mark = await dressed(coloured(ink, op.colour), op, deadline);
  const box = markBox({ ...ink, ...op });
  return onPicture(mark, placeMark(box, shadowMargin(op), size, op), size, op.opacity);
}

type Ink = Size & Readonly<{ coverage: Buffer; channels: number }>;

/** Coverage of the text, or null where it has no ink. */
async function drawn(op: TextOp, size: number, font: LoadedFont, deadline: Deadline): Promise<Ink | null> {
  const chain: Chain = withDeadline(
    openText({
      // Nothing but the font itself: what the machine has would make other pixels elsewhere.
      text: `<span fallback="false">${escaped(op.text)}</span>`,
      // An em is as many pixels as points at this resolution.
      font: `${font.family} ${size}`,
      fontfile: font.path,
      dpi: 72,
      wrap: 'none',
    }),
    deadline,
  );
  try {
    const { data, info } = await chain.raw().toBuffer({ resolveWithObject: true });
    return { coverage: data, channels: info.channels, width: info.width, height: info.height };
  } catch (error) {
    if (error instanceof Error && error.message.includes('no text to render')) return null;
    throw error;
  }
}

function coloured({ coverage, channels, width, height }: Ink, hex: string): Mark {
  const { r, g, b, alpha } = colour(hex);
  const pixels = Buffer.allocUnsafe(width * height * 4);
  for (let from = 0, to = 0; to < pixels.length; from += channels, to += 4) {
    pixels[to] = r;
    pixels[to + 1] = g;
    pixels[to + 2] = b;
    pixels[to + 3] = Math.round((coverage[from] ?? 0) * alpha);
  }
  return { pixels, width, height };
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** As pango's markup wants it. */
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? '');
