import { seededRng } from '../shared/rng.ts';

/** Side of every tile: a power of two, so that places wrap with a mask. */
export const tileSide = 512;
const mask = tileSide - 1;

/** A tile of noise in -1..1 that continues into itself on all sides. */
export type NoiseTile = Float32Array;

/**
 * Value noise in several octaves (random values on a lattice, smoothly interpolated, each octave twice as fine and
 * `persistence` as strong): texture as rock, foliage and walls have it.
 */
export function noiseTile(seed: number, cells: number, octaves: number, persistence: number): NoiseTile {
  const tile = new Float32Array(tileSide * tileSide);
  let strength = 1;
  let sum = 0;
  for (let octave = 0; octave < octaves; octave++) {
    addOctave(tile, seed + octave * 101, Math.min(tileSide, cells << octave), strength);
    sum += strength;
    strength *= persistence;
  }
  return tile.map((value) => value / sum);
}

/** Grain of a sensor: independent values, the sum of two, so that great ones are rare. */
export function grainTile(seed: number): NoiseTile {
  const rng = seededRng(seed);
  return new Float32Array(tileSide * tileSide).map(() => rng() + rng() - 1);
}

/** The value at any whole place. */
export const tileAt = (tile: NoiseTile, x: number, y: number): number => tile[((y & mask) << 9) | (x & mask)] ?? 0;

function addOctave(tile: NoiseTile, seed: number, cells: number, strength: number): void {
  const rng = seededRng(seed);
  const lattice = new Float32Array(cells * cells).map(() => rng() * 2 - 1);
  const step = tileSide / cells;
  for (let y = 0; y < tileSide; y++) {
    const row = Math.floor(y / step);
    const down = smooth(y / step - row);
    const upper = row * cells;
    const lower = ((row + 1) % cells) * cells;
    for (let x = 0; x < tileSide; x++) {
      const column = Math.floor(x / step);
      const across = smooth(x / step - column);
      const next = (column + 1) % cells;
      const above = mix(lattice[upper + column] ?? 0, lattice[upper + next] ?? 0, across);
      const below = mix(lattice[lower + column] ?? 0, lattice[lower + next] ?? 0, across);
      tile[y * tileSide + x] = (tile[y * tileSide + x] ?? 0) + strength * mix(above, below, down);
    }
  }
}

const smooth = (t: number): number => t * t * (3 - 2 * t);
const mix = (from: number, to: number, share: number): number => from + (to - from) * share;
