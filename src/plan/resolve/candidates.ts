import type { EncodeWish, OutputFormat } from '../plan.ts';
import { holdsAlpha } from './format.ts';
import { formatSideMax } from './limits.ts';
import { pixelsOf, type Size } from './size.ts';

/** What decides which formats are tried. `size` is null before the result has one. */
export type Tried = Readonly<{ animated: boolean; alpha: boolean; size: Size | null }>;

/** Worth trying, those that mostly win first. The others are never small, or hold 256 colours. */
const forStills: readonly OutputFormat[] = ['avif', 'webp', 'jpg', 'png'];
const forAnimations: readonly OutputFormat[] = ['webp', 'gif'];

/** The formats of which the smallest result is taken, at most four, the one that mostly wins first; none where the plan wants none tried. */
export function candidatesOf(wish: EncodeWish, { animated, alpha, size }: Tried): readonly OutputFormat[] {
  const { smallest, preferred = [], avifSideMin = 0, flatten } = wish;
  if (smallest === undefined) return [];
  const fits = (format: OutputFormat): boolean =>
    size === null ||
    (Math.max(size.width, size.height) <= formatSideMax[format] &&
      (format !== 'avif' || Math.min(size.width, size.height) >= avifSideMin));
  const worth = (animated ? forAnimations : forStills).filter(
    (format) => preferred.includes(format) && (!alpha || flatten || holdsAlpha(format)) && fits(format),
  );
  return smallest > 0 && size !== null && pixelsOf(size) > smallest ? worth.slice(0, 1) : worth;
}
