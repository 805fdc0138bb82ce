import type { RedactBy } from '../../plan/plan.ts';
import type { Area } from '../../plan/resolved.ts';
import { colour } from '../colour.ts';
import { type Deadline, withDeadline } from '../deadline.ts';
import { inColour, openPixels, type Pixels, toPixels } from '../pixels.ts';
import type { Effect } from './effect.ts';
import { pixelate } from './pixelate.ts';

/** Areas made unreadable, each of its own pixels alone: nothing from beside it is mixed in, and nothing of it leaves it. Alpha stays with a fill. */
export const redact: Effect<'redact'> = async (pixels, { areas, how }, deadline) => {
  const made = how.by === 'fill' ? await inColour(pixels, deadline) : { ...pixels, bytes: Buffer.from(pixels.bytes) };
  for (const area of areas) paste(made, area, await hidden(cut(made, area), how, deadline));
  return made;
};

/** Least sigma that libvips takes. */
const sigmaMin = 0.3;

function hidden(part: Pixels, how: RedactBy, deadline: Deadline): Promise<Pixels> {
  switch (how.by) {
    case 'blur': {
      const blurred = withDeadline(openPixels(part), deadline).blur(Math.max(sigmaMin, how.sigma));
      return toPixels(part.channels < 3 ? blurred.toColourspace('b-w') : blurred, part, 1);
    }
    case 'pixelate':
      return pixelate(part, { op: 'pixelate', size: how.size }, deadline);
    case 'fill': {
      const { r, g, b } = colour(how.colour);
      for (let at = 0; at < part.bytes.length; at += part.channels) {
        part.bytes[at] = r;
        part.bytes[at + 1] = g;
        part.bytes[at + 2] = b;
      }
      return Promise.resolve(part);
    }
  }
}

function cut({ bytes, width, channels }: Pixels, area: Area): Pixels {
  const row = area.width * channels;
  const part = Buffer.allocUnsafe(row * area.height);
  for (let y = 0; y < area.height; y++) {
    const from = ((area.top + y) * width + area.left) * channels;
    bytes.copy(part, y * row, from, from + row);
  }
  return { bytes: part, width: area.width, height: area.height, channels, frames: 1 };
}

function paste(to: Pixels, area: Area, part: Pixels): void {
  const row = area.width * to.channels;
  for (let y = 0; y < area.height; y++) {
    part.bytes.copy(to.bytes, ((area.top + y) * to.width + area.left) * to.channels, y * row, (y + 1) * row);
  }
}
