import { openingSize } from '../plan/resolve/size.ts';
import type { Resolved } from '../plan/resolved.ts';
import { type Deadline, withDeadline } from './deadline.ts';
import { type Pixels, toPixels } from './pixels.ts';
import { openSource, readTraits } from './source.ts';

/**
 * Pages of a source one below the other, as one picture in sRGB. They are of one size: of a TIFF whose pages are not, throws
 * operation_unsupported or what libvips says.
 */
export async function stackPages(source: Buffer, resolved: Resolved, deadline: Deadline): Promise<Pixels> {
  const { input } = resolved;
  await readTraits(source, resolved);
  const chain = withDeadline(openSource(source, resolved), deadline).toColourspace('srgb');
  const frames = await toPixels(chain, { width: input.width, height: input.height }, input.pages);
  return { ...frames, ...openingSize(input), frames: 1 };
}
