import { seededRng } from '../shared/rng.ts';
import { grainTile, noiseTile, tileAt } from './noise.ts';

/**
 * Pictures that look and compress like photographs, made by code: smooth skies, ridges with hard edges, texture in
 * several octaves, grain. Pure and deterministic: the same scene, size and seed give the same bytes. Tiles of noise are
 * made once and laid at shifting places and scales, so that 24 megapixels take about two seconds.
 */

/** Raw 8-bit pixels, frames one below the other. */
export type RawPicture = Readonly<{
  bytes: Buffer;
  /** Of one frame. */
  width: number;
  height: number;
  channels: 3 | 4;
  frames: number;
}>;

type Rgb = readonly [number, number, number];

/** What makes one scene different from another. Colours run from the far to the near. */
type Mood = Readonly<{
  zenith: Rgb;
  horizon: Rgb;
  /** Of the layers of land or houses, the farthest first. */
  layers: readonly Rgb[];
  /** Where the layers begin, as a share of the height. */
  land: number;
  /** Straight edges and windows instead of ridges. */
  built: boolean;
  /** Centre of the light, as shares of both sides, and its colour. */
  light: Readonly<{ x: number; y: number; colour: Rgb }>;
}>;

const moods = {
  mountain: {
    zenith: [58, 104, 176],
    horizon: [206, 220, 232],
    layers: [
      [142, 160, 184],
      [98, 122, 140],
      [66, 92, 84],
      [52, 70, 44],
    ],
    land: 0.34,
    built: false,
    light: { x: 0.72, y: 0.2, colour: [255, 240, 206] },
  },
  street: {
    zenith: [120, 146, 178],
    horizon: [222, 218, 208],
    layers: [
      [164, 160, 158],
      [170, 132, 104],
      [118, 82, 70],
      [74, 72, 76],
    ],
    land: 0.22,
    built: true,
    light: { x: 0.4, y: 0.1, colour: [255, 250, 236] },
  },
  dusk: {
    zenith: [34, 36, 88],
    horizon: [250, 140, 72],
    layers: [
      [120, 70, 92],
      [66, 46, 74],
      [26, 24, 40],
    ],
    land: 0.55,
    built: false,
    light: { x: 0.36, y: 0.5, colour: [255, 214, 130] },
  },
  portrait: {
    zenith: [206, 188, 160],
    horizon: [236, 214, 180],
    layers: [
      [190, 150, 110],
      [150, 104, 78],
      [92, 60, 52],
    ],
    land: 0.46,
    built: false,
    light: { x: 0.5, y: 0.34, colour: [255, 236, 210] },
  },
} as const satisfies Record<string, Mood>;

export type SceneName = keyof typeof moods;

/** Paints a scene of any size. Pixels are opaque, three channels. */
export function paintScene(name: SceneName, width: number, height: number, seed: number): RawPicture {
  const mood: Mood = moods[name];
  const bytes = Buffer.allocUnsafe(width * height * 3);
  const coarse = noiseTile(seed, 4, 6, 0.55);
  const fine = noiseTile(seed + 1, 32, 4, 0.7);
  const grain = grainTile(seed + 2);
  const skylines = mood.layers.map((_, layer) => skyline(mood, layer, width, height, seed));
  // Features keep their share of the picture: the coarse tile is stretched over large ones.
  const stretch = 1 / Math.max(1, Math.max(width, height) / 2048);
  const glow = Math.hypot(width, height) * 0.4;
  const lamp = mood.light.colour;
  for (let y = 0; y < height; y++) {
    const share = Math.min(1, y / (height * (mood.land + 0.2)));
    const sky = mixRgb(mood.zenith, mood.horizon, share);
    const coarseY = Math.floor(y * stretch);
    const lightY = (y - height * mood.light.y) ** 2;
    for (let x = 0; x < width; x++) {
      let layer = skylines.length - 1;
      while (layer >= 0 && y < (skylines[layer]?.[x] ?? height)) layer--;
      const base = mood.layers[layer] ?? sky;
      const broad = tileAt(coarse, Math.floor(x * stretch) + layer * 97, coarseY + layer * 53);
      const detail = tileAt(fine, x + layer * 31, y + layer * 17);
      const speck = tileAt(grain, x * 3 + (y >> 9) * 7, y + (x >> 9) * 13) * grainStrength;
      const light = Math.max(0, 1 - Math.sqrt((x - width * mood.light.x) ** 2 + lightY) / glow);
      const shade = layer < 0 ? broad * 14 + detail * 3 : broad * 34 + detail * (44 + layer * 12);
      const lit = layer < 0 ? light * light * 0.7 : light * 0.12;
      const added = speck + (mood.built && layer > 0 ? windowLight(x, y, layer, width, seed) : 0);
      const at = (y * width + x) * 3;
      bytes[at] = clamp(mix(base[0] + shade, lamp[0], lit) + added);
      bytes[at + 1] = clamp(mix(base[1] + shade, lamp[1], lit) + added);
      bytes[at + 2] = clamp(mix(base[2] + shade, lamp[2], lit) + added);
    }
  }
  return { bytes, width, height, channels: 3, frames: 1 };
}

/** Greatest deviation of a pixel by the sensor, in levels: that of a camera in daylight. */
const grainStrength = 12;

/** A leaf on nothing: soft, partly transparent edge, veins, four channels. */
export function paintLeaf(width: number, height: number, seed: number): RawPicture {
  const bytes = Buffer.alloc(width * height * 4);
  const texture = noiseTile(seed, 16, 5, 0.6);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const along = (y / height - 0.5) * 2.1;
      const across = (x / width - 0.5) * 2.6;
      const edge = 0.75 * Math.cos((along * Math.PI) / 2) ** 0.8 + 0.04 * tileAt(texture, x, y);
      const inside = Math.abs(along) < 1 ? edge - Math.abs(across) : -1;
      const vein = Math.min(Math.abs(across), Math.abs(((along * 6 + Math.abs(across) * 3) % 1) - 0.5) * 0.25);
      const tone = 36 * tileAt(texture, x, y) - 60 * Math.exp(-vein * 60);
      bytes.set(
        [clamp(74 + tone + across * 30), clamp(142 + tone), clamp(52 + tone * 0.6), clamp(inside * 14 * 255)],
        (y * width + x) * 4,
      );
    }
  }
  return { bytes, width, height, channels: 4, frames: 1 };
}

/** A moon going round a planet among stars: an animation of flat colours, as GIFs are. */
export function paintOrbit(width: number, height: number, frames: number, seed: number): RawPicture {
  const bytes = Buffer.alloc(width * height * frames * 3);
  const rng = seededRng(seed);
  const stars = Array.from({ length: 60 }, () => ({ x: Math.floor(rng() * width), y: Math.floor(rng() * height) }));
  const radius = Math.min(width, height);
  for (let frame = 0; frame < frames; frame++) {
    const angle = (2 * Math.PI * frame) / frames;
    const moon = { x: width / 2 + Math.cos(angle) * radius * 0.38, y: height / 2 + Math.sin(angle) * radius * 0.3 };
    const paint = (x: number, y: number, colour: Rgb): void => {
      bytes.set(colour, ((frame * height + y) * width + x) * 3);
    };
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const planet = Math.hypot(x - width / 2, y - height / 2) / (radius * 0.2);
        const band = Math.floor((y / height) * 24) % 2 === 0;
        if (Math.hypot(x - moon.x, y - moon.y) < radius * 0.07) paint(x, y, [226, 222, 206]);
        else if (planet < 1) paint(x, y, band ? [196, 120, 72] : [222, 158, 98]);
        else paint(x, y, [14, 16, 38]);
      }
    }
    for (const { x, y } of stars)
      if (Math.hypot(x - width / 2, y - height / 2) > radius * 0.2) paint(x, y, [240, 240, 255]);
  }
  return { bytes, width, height, channels: 3, frames };
}

/** Height of a layer's upper edge in each column: a ridge of several waves, or roofs. */
function skyline(mood: Mood, layer: number, width: number, height: number, seed: number): Int32Array {
  const rng = seededRng(seed + 1000 + layer);
  const base = mood.land + ((1 - mood.land) * layer) / (mood.layers.length + 0.5);
  const rough = 0.16 / (1 + layer * 0.5);
  const edge = new Int32Array(width);
  if (mood.built && layer < mood.layers.length - 1) {
    let x = 0;
    while (x < width) {
      const wide = Math.floor(width * (0.04 + 0.1 * rng()));
      edge.fill(Math.floor(height * (base + rough * (rng() * 2 - 1))), x, x + wide + 1);
      x += wide + 1;
    }
    return edge;
  }
  const waves = Array.from({ length: 9 }, (_, octave) => ({
    period: 2 ** octave * (0.8 + rng() * 0.5),
    phase: rng() * 7,
    strength: 0.62 ** octave,
  }));
  for (let x = 0; x < width; x++) {
    const turn = (x / width) * 2 * Math.PI;
    const wave = waves.reduce(
      (sum, { period, phase, strength }) => sum + Math.sin(turn * period + phase) * strength,
      0,
    );
    edge[x] = Math.floor(height * (base + rough * wave * 0.5));
  }
  return edge;
}

/** Brightness that windows add: a grid of panes, some lit, as wide as the layer is near. */
function windowLight(x: number, y: number, layer: number, width: number, seed: number): number {
  const cell = Math.max(4, Math.floor(width * 0.008 * (1 + layer)));
  const column = Math.floor(x / cell);
  const row = Math.floor(y / (cell * 1.5));
  const pane = x % cell > cell * 0.3 && y % Math.floor(cell * 1.5) > cell * 0.5;
  if (!pane) return 0;
  return Math.imul(column * 73_856 + row * 19_349 + seed, 2_654_435) % 7 < 2 ? 58 : -34;
}

const mixRgb = (from: Rgb, to: Rgb, share: number): Rgb => [
  mix(from[0], to[0], share),
  mix(from[1], to[1], share),
  mix(from[2], to[2], share),
];
const mix = (from: number, to: number, share: number): number => from + (to - from) * share;
const clamp = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : Math.floor(value + 0.5));
