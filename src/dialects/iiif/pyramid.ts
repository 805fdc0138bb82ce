import type { Size } from '../../plan/turn.ts';

/** What info.json proposes to ask for. */
export type Pyramid = Readonly<{
  /** Of the whole picture, the smallest first. */
  sizes: readonly Size[];
  tiles: readonly Readonly<{ width: number; height?: number; scaleFactors: readonly number[] }>[];
}>;

export type PyramidLimits = Readonly<{ sideMax: number; areaMax: number; tileWidth: number; tileHeight: number }>;

/**
 * The picture halved again and again: whole down to thumbnails of about `thumbSideMin`, in tiles until one holds all of it. What is
 * over the limits is not proposed.
 */
export function pyramidOf(size: Size, limits: PyramidLimits): Pyramid {
  const fits = ({ width, height }: Size): boolean =>
    Math.max(width, height) <= limits.sideMax && width * height <= limits.areaMax;
  const sizes: Size[] = [];
  for (let factor = 1; factor === 1 || Math.max(size.width, size.height) / factor >= thumbSideMin; factor *= 2) {
    const whole = { width: shareOf(size.width, factor), height: shareOf(size.height, factor) };
    if (fits(whole)) sizes.unshift(whole);
  }
  const tile = { width: limits.tileWidth, height: limits.tileHeight };
  return { sizes, tiles: fits(tile) ? [{ ...shapeOf(tile), scaleFactors: factorsOf(size, tile) }] : [] };
}

const thumbSideMin = 96;

const shareOf = (side: number, factor: number): number => Math.max(1, Math.round(side / factor));

const shapeOf = ({ width, height }: Size): Readonly<{ width: number; height?: number }> =>
  width === height ? { width } : { width, height };

function factorsOf(size: Size, tile: Size): readonly number[] {
  const factors = [1];
  for (let factor = 1; size.width > tile.width * factor || size.height > tile.height * factor; ) {
    factor *= 2;
    factors.push(factor);
  }
  return factors;
}
