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

type Colour = Readonly<{ r: number; g: number; b: number }>;

/**
 * All six kinds: those that were not found are made of the found one whose lightness is nearest to theirs, of their own family
 * (vibrant, muted) where it has one. They have its hue, the lightness that their kind aims at, and its saturation so far as their
 * kind allows it; greys stay grey. Nothing is made of nothing.
 */
export function withMissingBuilt(
  found: Readonly<Partial<Record<DominantKind, Colour>>>,
): Partial<Record<DominantKind, Colour>> {
  const all = Object.keys(kinds) as DominantKind[];
  const built: Partial<Record<DominantKind, Colour>> = {};
  for (const kind of all) {
    const colour = found[kind] ?? builtFor(kind, found);
    if (colour !== null) built[kind] = colour;
  }
  return built;
}

function builtFor(kind: DominantKind, found: Readonly<Partial<Record<DominantKind, Colour>>>): Colour | null {
  const [, lightAim] = kinds[kind].lightness;
  const [satMin, satAim, satMax] = kinds[kind].saturation;
  let base: Colour | null = null;
  let baseApart = Number.POSITIVE_INFINITY;
  for (const [name, colour] of Object.entries(found) as [DominantKind, Colour][]) {
    // No distance of lightness is as much as 1.
    const apart = Math.abs(kinds[name].lightness[1] - lightAim) + (kinds[name].saturation[1] === satAim ? 0 : 1);
    if (apart < baseApart) [base, baseApart] = [colour, apart];
  }
  if (base === null) return null;
  const { hue, saturation } = hslOf(base);
  return colourOf(hue, saturation === 0 ? 0 : Math.min(Math.max(saturation, satMin), satMax), lightAim);
}

function scoreOf(swatch: Swatch, kind: DominantKind): number | null {
  const { lightness, saturation } = hslOf(swatch);
  const aims = kinds[kind];
  const [lightMin, lightAim, lightMax] = aims.lightness;
  const [satMin, satAim, satMax] = aims.saturation;
  if (lightness < lightMin || lightness > lightMax || saturation < satMin || saturation > satMax) return null;
  return swatch.share - Math.abs(lightness - lightAim) - Math.abs(saturation - satAim);
}

/** HSL (CSS Color 3, 4.2.4): hue in sixths of the circle, lightness and saturation 0..1. */
function hslOf({ r, g, b }: Colour): Readonly<{ hue: number; lightness: number; saturation: number }> {
  const most = Math.max(r, g, b) / 255;
  const least = Math.min(r, g, b) / 255;
  const lightness = (most + least) / 2;
  const range = most - least;
  if (range === 0) return { hue: 0, lightness, saturation: 0 };
  const apart = (one: number, other: number): number => (one - other) / 255 / range;
  const hue = most === r / 255 ? (apart(g, b) + 6) % 6 : most === g / 255 ? apart(b, r) + 2 : apart(r, g) + 4;
  return { hue, lightness, saturation: range / (1 - Math.abs(2 * lightness - 1)) };
}

/** The reverse of `hslOf`, in whole channels. */
function colourOf(hue: number, saturation: number, lightness: number): Colour {
  const range = (1 - Math.abs(2 * lightness - 1)) * saturation;
  // Each channel is a trapezium over the circle, as far from the next one as a third of it.
  const channel = (shift: number): number => {
    const slope = Math.abs(((hue + shift) % 6) - 3) - 1;
    return Math.round(255 * (lightness + range * (Math.min(Math.max(slope, 0), 1) - 0.5)));
  };
  return { r: channel(0), g: channel(4), b: channel(2) };
}
