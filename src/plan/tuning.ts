/**
 * What an encoder can be told beside quality and effort, each format its own. It says nothing about other formats, so that a plan can
 * tune all of those that its result may become. Absent members: as the encoder does without them.
 */
export type JpegTuning = Readonly<{
  /** In place of `EncodeWish.progressive`. */
  progressive?: boolean;
  /** 4:4:4 at any quality. */
  fullChroma?: true;
  /** Coefficients are chosen by what they cost in bytes and in loss (mozjpeg). */
  trellis?: true;
  /** Less ringing around black on white. */
  deringing?: true;
  /** The scans of a progressive picture are searched for the smallest. */
  scans?: true;
  /** One of mozjpeg's quantisation tables, 1..8. */
  table?: number;
}>;

export type PngTuning = Readonly<{
  /** In place of `EncodeWish.progressive`. */
  interlaced?: boolean;
  /** Quantised to a palette of so many, 2..256. */
  colours?: number;
}>;

export const webpPresets = ['photo', 'picture', 'drawing', 'icon', 'text'] as const;

export type WebpTuning = Readonly<{
  /** `near`: pixels are changed a little so that they pack better, by the quality. */
  compression?: 'near' | 'lossless';
  /** Chroma is halved with care for sharp edges. */
  smartChroma?: true;
  preset?: (typeof webpPresets)[number];
}>;

export type AvifTuning = Readonly<{
  /** 4:4:4 instead of 4:2:0. */
  fullChroma?: true;
}>;

/** What a palette can hold: one, two, four or eight bits a pixel. */
export type PaletteSize = 2 | 4 | 16 | 256;
