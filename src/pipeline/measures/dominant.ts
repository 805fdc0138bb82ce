import type { DominantKind } from '../../plan/measured.ts';
import type { Swatch } from './palette.ts';

/** Least, best and most lightness and saturation (0..1) of each kind. */
const kinds = {
  vibrant: { lightness: [0.3, 0.5, 0.7], saturation: [0.35, 1, 1] },
  light_vibrant: { lightness: [0.55, 0.74, 1], saturation: [0.35, 1, 1] },
  dark_vibrant: { lightness: [0, 0.26, 0.45], saturation: [0.35, 1, 1] },
  muted: { lightness: [0.3, 0.5, 0.7], saturation: [0, 0.3, 0.4] },
  light_muted: { lightness: [0.55, 0.74, 1], saturation: [0, 0.3, 0.4] },
  dark_muted: { lightness: [0, 0.26, 0.45], saturation: [0, 0.3, 0.4] },
} as const satisfies Record<DominantKind, Record<'lightness' | 'saturation', readonly [number, number, number]>>;

/** How many colours of a picture are looked at. */
export const dominantColours = 16;

/**
 * For each kind the colour that is nearest to what it aims at, more frequent ones before nearer ones in equal measure; one colour for
 * one kind. Kinds for which a picture has no colour are left out.
 */
export function dominantOf(swatches: readonly Swatch[]): Partial<Record<DominantKind, Swatch>> {
  const left = new Set(swatches);
  const found: Partial<Record<DominantKind, Swatch>> = {};
  for (const kind of Object.keys(kinds) as DominantKind[]) {
    let best: Swatch | null = null;
    let bestScore = Number.NEGATIVE_INFINITY;
    for (const swatch of left) {
      const score = scoreOf(swatch, kind);
      if (score !== null && score > bestScore) [best, bestScore] = [swatch, score];
    }
    if (best === null) continue;
    found[kind] = best;
    left.delete(best);
  }
  return found;
}

function scoreOf(swatch: Swatch, kind: DominantKind): number | null {
  const { lightness, saturation } = hslOf(swatch);
  const aims = kinds[kind];
  const [lightMin, lightAim, lightMax] = aims.lightness;
  const [satMin, satAim, satMax] = aims.saturation;
  if (lightness < lightMin || lightness > lightMax || saturation < satMin || saturation > satMax) return null;
  return swatch.share - Math.abs(lightness - lightAim) - Math.abs(saturation - satAim);
}

/** Lightness and saturation of HSL (CSS Color 3, 4.2.4). */
function hslOf({ r, g, b }: Swatch): Readonly<{ lightness: number; saturation: number }> {
  const most = Math.max(r, g, b) / 255;
  const least = Math.min(r, g, b) / 255;
  const lightness = (most + least) / 2;
  const range = most - least;
  return { lightness, saturation: range === 0 ? 0 : range / (1 - Math.abs(2 * lightness - 1)) };
}
