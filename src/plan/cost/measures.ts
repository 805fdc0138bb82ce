import type { Resolved } from '../resolved.ts';
import { measureCosts } from './coefficients.ts';

/** Milliseconds for what is measured of the small picture; 0 where nothing is. */
export function measuresMs({ measures = {} }: Resolved): number {
  const { blurhash, palette } = measures;
  return (
    (measures.average ? measureCosts.average : 0) +
    (palette === undefined ? 0 : measureCosts.palette) +
    (measures.dominant ? measureCosts.dominant : 0) +
    (blurhash === undefined ? 0 : blurhash.x * blurhash.y * measureCosts.blurhash) +
    (measures.thumbhash ? measureCosts.thumbhash : 0) +
    (measures.perceptual ? measureCosts.perceptual : 0) +
    (measures.transparency ? measureCosts.transparency : 0)
  );
}
