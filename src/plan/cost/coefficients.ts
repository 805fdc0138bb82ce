import type { SourceFormat } from '../header.ts';
import type { OutputFormat } from '../plan.ts';

/**
 * What pixels cost before anything is learned: milliseconds of CPU per megapixel, on one thread of one machine.
 *
 * Measured with sharp 0.35.5 (libvips 8.18.7), `sharp.concurrency(1)`, photographs of 1 to 6 megapixels, least
 * CPU time of three or four runs, reading and writing raw pixels subtracted. Encoders were rounded up towards
 * photographs with more detail. Milliseconds differ between machines and pictures, which the CostModel learns;
 * what has to be right here are the ratios.
 */
type DecodeCost = Readonly<{
  /** Per megapixel as stored: entropy decoding, which shrink-on-load does not save. */
  stored: number;
  /** The same where the picture is progressive or interlaced. */
  storedProgressive: number;
  /** Per megapixel that comes out of the decoder, after shrink-on-load. */
  decoded: number;
}>;

export const decodeCosts: Readonly<Record<SourceFormat, DecodeCost>> = {
  jpeg: { stored: 4, storedProgressive: 12, decoded: 3 },
  png: { stored: 18, storedProgressive: 38, decoded: 2 },
  webp: { stored: 14, storedProgressive: 14, decoded: 10 },
  gif: { stored: 10, storedProgressive: 12, decoded: 1 },
  avif: { stored: 55, storedProgressive: 55, decoded: 5 },
  tiff: { stored: 14, storedProgressive: 14, decoded: 2 },
  /** 24 and 8 bits take half of it, 32 bits and run lengths a quarter more. */
  bmp: { stored: 15, storedProgressive: 15, decoded: 1 },
  ico: { stored: 20, storedProgressive: 40, decoded: 2 },
  /** Of some hundred shapes; one takes 6, two thousand take 200, which no header tells. */
  svg: { stored: 0, storedProgressive: 0, decoded: 40 },
};

/**
 * Lanczos3: read once, written once. Enlarging interpolates every pixel of the result. `deep` is the factor for 16 bits a channel and
 * for linear light; `deepEnlarging` that for 16 bits where it enlarges, since that is slow with 8 already.
 */
export const resizeCosts = { read: 2.3, written: 7.6, writtenEnlarging: 37, deep: 3.3, deepEnlarging: 1.3 } as const;

/** Factors for more than 8 bits a channel; AVIF at effort 1, where they are greatest. */
export const deepEncodeCosts = { 10: 3.8, 12: 8, 16: 2.5 } as const;

/**
 * Per megapixel of the picture that the op works on; blur and sharpen grow with their sigma. What is a chain of its own (`flatten`,
 * `negate`, `gamma`, `round`, ...) has in it that pixels are written down and read again. `npm run bench:costs` measures them.
 */
export const opCosts = {
  orient: 4,
  extract: 0.2,
  extend: 1,
  extendDeep: 20,
  flip: 1.5,
  quarterTurn: 5,
  oddTurn: 28,
  blur: 2,
  blurPerSigma: 1.7,
  /** With 16 bits a channel, where the engine has no fast way. */
  blurDeep: 20,
  blurDeepPerSigma: 21,
  sharpen: 110,
  sharpenPerSigma: 8,
  unsharp: 34,
  grey: 18,
  bitonal: 24,
  brightness: 13,
  contrast: 13,
  saturation: 18,
  watermark: 3,
  /** Per megapixel of the mark: read, scaled, laid over. */
  watermarkMark: 60,
  /** Per megapixel of the picture, where copies are all over it. */
  watermarkTiled: 20,
  /** Per megapixel of the mark: turned, and with a shadow. */
  watermarkTurned: 55,
  watermarkShadow: 75,
  /** Per megapixel of ems, which is about twice the ink, and per thousand characters. */
  textDrawn: 22,
  textSet: 45,
  attention: 9,
  entropy: 20,
  flatten: 6,
  /** Alpha that the format does not hold: in the chain that encodes. */
  flattenLast: 2,
  round: 16,
  pixelate: 27,
  /** Per million blocks. */
  pixelateBlock: 600,
  negate: 5,
  gamma: 11,
  hue: 60,
  tint: 60,
  normalise: 40,
  sepia: 18,
  lift: 13,
  monochrome: 43,
  duotone: 42,
  colorize: 20,
  underlay: 45,
  gradient: 38,
  /** The mix, and what each level adds to it beside its blur. */
  progressiveBlur: 22,
  progressiveBlurLevel: 13,
  /** Of a square of three pixels a side, and of larger ones. */
  median: 95,
  medianLarge: 260,
  trimMedian: 82,
  /** The copy; an area costs what its blur or its blocks do, or its fill. */
  redact: 3,
  redactFill: 6,
} as const;

/**
 * Milliseconds of a measure on 64 x 64 pixels; a blurhash's are for each component. Sums over the source's bytes are not priced: their
 * length is not in a plan, and a megabyte takes 0.6 (SHA-1, SHA-256), 1.4 (SHA-512) or 1.7 ms (MD5).
 */
export const measureCosts = {
  average: 0.1,
  palette: 4,
  dominant: 2.5,
  blurhash: 1.1,
  thumbhash: 2.6,
  perceptual: 0.5,
  transparency: 0.1,
} as const;

type EncodeCost = Readonly<{
  /** By effort (zlib level for PNG), from 0; the last one stands for all above it. */
  byEffort: readonly number[];
  lossless: readonly number[];
  /** Factor for progressive or interlaced output, and for full chroma. */
  progressive: number;
  fullChroma: number;
}>;

/** By zlib level, for PNG and for the PNG in an icon. */
const pngEfforts = [50, 80, 95, 115, 130, 145, 165, 190, 240, 570] as const;

export const encodeCosts: Readonly<Record<OutputFormat, EncodeCost>> = {
  jpg: { byEffort: [7], lossless: [7], progressive: 4, fullChroma: 1.8 },
  png: {
    byEffort: pngEfforts,
    lossless: pngEfforts,
    progressive: 1.1,
    fullChroma: 1,
  },
  webp: {
    byEffort: [42, 50, 62, 105, 140, 180, 330],
    lossless: [500, 700, 900, 1000, 1100, 1300, 1500],
    progressive: 1,
    fullChroma: 1,
  },
  avif: {
    byEffort: [130, 480, 930, 2400, 5600],
    lossless: [560, 1500, 2900, 6000, 12_000],
    progressive: 1,
    fullChroma: 1.4,
  },
  gif: {
    byEffort: [600, 600, 600, 600, 1200, 1900, 2700, 3600, 4300, 5000, 5700],
    lossless: [600],
    progressive: 1,
    fullChroma: 1,
  },
  tif: { byEffort: [50], lossless: [50], progressive: 1, fullChroma: 1 },
  bmp: { byEffort: [10], lossless: [10], progressive: 1, fullChroma: 1 },
  ico: { byEffort: pngEfforts, lossless: pngEfforts, progressive: 1, fullChroma: 1 },
};

/**
 * What tuned encoders take besides, per megapixel: measured on two photographs of 1200 pixels across, against the same encoder
 * without it. `colours`: a quantised PNG as a whole, by the size of its palette. `webpNear` is a factor on lossless.
 */
export const tuningCosts = {
  jpegTrellis: 82,
  jpegDeringing: 5,
  jpegScans: 57,
  colours: { 2: 75, 4: 90, 16: 135, 256: 390 },
  webpSmartChroma: 180,
  webpNear: 1.65,
} as const;

/** Per megapixel: luma and DSSIM of a decoded result, measured as above; JPEG, WebP and AVIF took 20 to 100 with their decoding. */
export const comparedCost = 25;

/** Milliseconds that do not depend on pixels: opening, and what every frame of an animation adds. */
export const fixedCosts = { job: 1.5, frameDecoded: 0.1, frameEncoded: 0.15, watermark: 0.5, text: 4 } as const;

/** A byte budget encodes again and again: the mean of the searches, at most `budgetEncodesMax`. */
export const budgetEncodes = 3;

/** One cost pixel is a pixel of a baseline JPEG decoded in full. */
export const costPixelsPerMs = 1e6 / (decodeCosts.jpeg.stored + decodeCosts.jpeg.decoded);
