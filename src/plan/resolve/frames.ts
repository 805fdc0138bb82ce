import { PileusError } from '../../shared/errors.ts';
import type { Header, SourceFormat } from '../header.ts';
import type { OutputFormat, Plan } from '../plan.ts';

/** Which frames are decoded: `pages` of them, beginning with `page`. */
export type Frames = Readonly<{ page: number; pages: number }>;

type FrameWish = Plan['decode']['frames'];

/** Only these hold more than one frame; the pages of a TIFF are pictures of their own. */
const animatedFormats: ReadonlySet<string> = new Set(['gif', 'webp']);

/** Does the plan ask for all frames of an animation, so far as the output can hold them? */
export const wantsAnimation = (wish: FrameWish, header: Header, animated: boolean): boolean =>
  isAnimation(header) && (wish === 'all' || (wish === 'auto' && animated));

/**
 * The frames that this plan takes of this source.
 *
 * Throws operation_unsupported for a frame that the source does not have, or for all frames into a still
 * format; not_allowed for all frames where the namespace keeps no animations. How many frames may be decoded is
 * checked with the header's other limits.
 */
export function resolveFrames(wish: FrameWish, header: Header, format: OutputFormat, animated: boolean): Frames {
  if (typeof wish === 'number') return { page: oneFrame(wish, header), pages: 1 };
  if (!wantsAnimation(wish, header, animated)) return { page: 0, pages: 1 };
  if (!animated) throw new PileusError('not_allowed', { detail: 'fr_all: this namespace keeps no animations.' });
  if (!animatedFormats.has(format)) {
    if (wish === 'auto') return { page: 0, pages: 1 };
    throw new PileusError('operation_unsupported', { detail: `fr_all: ${format} holds one frame.` });
  }
  return { page: 0, pages: header.frames };
}

/** How many frames are decoded for these: a later frame of an animation is drawn over those before it. */
export const framesDecoded = (format: SourceFormat, { page, pages }: Frames): number =>
  animatedFormats.has(format) ? page + pages : pages;

const isAnimation = (header: Header): boolean => header.frames > 1 && animatedFormats.has(header.format);

function oneFrame(frame: number, header: Header): number {
  if (!Number.isInteger(frame) || frame < 0) {
    throw new PileusError('bad_value', { detail: `fr_${frame}: a frame is a whole number from 0.` });
  }
  if (frame >= header.frames) {
    throw new PileusError('operation_unsupported', { detail: `fr_${frame}: the source has ${header.frames} frames.` });
  }
  return frame;
}
