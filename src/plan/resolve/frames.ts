import { PileusError } from '../../shared/errors.ts';
import type { Header, SourceFormat } from '../header.ts';
import type { OutputFormat, Pages, Plan } from '../plan.ts';

/** Which frames are decoded: `pages` of them, beginning with `page`; `stacked`: they are one picture. */
export type Frames = Readonly<{ page: number; pages: number; stacked?: true }>;

type FrameWish = Plan['decode']['frames'];

/** Only these hold more than one frame; the pages of a TIFF are pictures of their own. */
const animatedFormats: ReadonlySet<string> = new Set(['gif', 'webp']);

/** Does the plan ask for all frames of an animation, so far as the output can hold them? */
export const wantsAnimation = (wish: FrameWish, header: Header, animated: boolean): boolean =>
  isAnimation(header) && (wish === 'all' || (animates(wish) && animated));

const animates = (wish: FrameWish): boolean => wish === 'auto' || (typeof wish === 'object' && !wish.still);

/** The same without an animation: a small picture is made of one. */
export function stillFrames(wish: FrameWish): FrameWish {
  if (typeof wish === 'object') return { ...wish, still: true };
  return typeof wish === 'number' ? wish : 'first';
}

/**
 * The frames that this plan takes of this source, or the pages.
 *
 * Throws operation_unsupported for a frame that the source does not have, or for all frames into a still
 * format; not_allowed for all frames where the namespace keeps no animations. How many frames may be decoded is
 * checked with the header's other limits.
 */
export function resolveFrames(wish: FrameWish, header: Header, format: OutputFormat, animated: boolean): Frames {
  if (typeof wish === 'number') return { page: oneFrame(wish, header), pages: 1 };
  const still = typeof wish === 'object' ? stackOf(wish, header) : { page: 0, pages: 1 };
  if (!wantsAnimation(wish, header, animated)) return still;
  if (!animated) throw new PileusError('not_allowed', { detail: 'fr_all: this namespace keeps no animations.' });
  if (!animatedFormats.has(format)) {
    if (wish !== 'all') return still;
    throw new PileusError('operation_unsupported', { detail: `fr_all: ${format} holds one frame.` });
  }
  return { page: 0, pages: header.frames };
}

/** How many frames are decoded for these: a later frame of an animation is drawn over those before it. */
export const framesDecoded = (format: SourceFormat, { page, pages }: Frames): number =>
  animatedFormats.has(format) ? page + pages : pages;

const isAnimation = (header: Header): boolean => header.frames > 1 && animatedFormats.has(header.format);

const pagedFormats: ReadonlySet<SourceFormat> = new Set(['gif', 'webp', 'tiff']);

function stackOf({ page, pages }: Pages, header: Header): Frames {
  if (!pagedFormats.has(header.format)) return { page: 0, pages: 1 };
  const from = oneFrame(page, header);
  const count = Math.min(pages, header.frames - from);
  return { page: from, pages: count, ...(count > 1 ? { stacked: true } : {}) };
}

function oneFrame(frame: number, header: Header): number {
  if (!Number.isInteger(frame) || frame < 0) {
    throw new PileusError('bad_value', { detail: `fr_${frame}: a frame is a whole number from 0.` });
  }
  if (frame >= header.frames) {
    throw new PileusError('operation_unsupported', { detail: `fr_${frame}: the source has ${header.frames} frames.` });
  }
  return frame;
}
