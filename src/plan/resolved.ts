import type { SourceFormat } from './header.ts';
import type {
  ColourEffect,
  ExtendFill,
  Kernel,
  MarkLook,
  Measures,
  MetadataPolicy,
  OutputFormat,
  Plan,
  RedactBy,
  Rgba,
  TextMark,
} from './plan.ts';
import type { JpegTuning, PaletteSize, WebpTuning } from './tuning.ts';

/**
 * A plan joined with a header: nothing but integers (and a few tone amounts), in the order in which they
 * apply. It is what the derivation key hashes, what `explain` shows, what the cost model prices and
 * what the pipeline runs. Two URLs that resolve to the same Resolved share one result.
 *
 * All geometry is in pixels of the picture as it stands before that op, per frame.
 */
export type ResolvedOp =
  /** EXIF orientation made upright; 2..8 only (1 is no op). */
  | Readonly<{ op: 'orient'; orientation: number }>
  | Readonly<{ op: 'extract'; left: number; top: number; width: number; height: number }>
  /** Scales to exactly this size. */
  | Readonly<{ op: 'resize'; width: number; height: number; kernel?: Kernel }>
  /** Scales to cover the size, then crops where the content is (libvips smartcrop). */
  | Readonly<{ op: 'smartcrop'; width: number; height: number; by: 'attention' | 'entropy'; kernel?: Kernel }>
  /** `fill` in place of the background, which is white then. */
  | Readonly<{
      op: 'extend';
      left: number;
      top: number;
      right: number;
      bottom: number;
      background: Rgba;
      fill?: ExtendFill;
    }>
  | Readonly<{ op: 'flip'; horizontal: boolean; vertical: boolean }>
  | Readonly<{ op: 'rotate'; degrees: number; background: Rgba }>
  | Readonly<{ op: 'blur'; sigma: number }>
  | Readonly<{ op: 'sharpen'; sigma: number }>
  /** Each of the eight pixels around one weighs -amount, and the pixel itself what makes one of all nine. */
  | Readonly<{ op: 'unsharp'; amount: number }>
  | Readonly<{ op: 'grey' }>
  | Readonly<{ op: 'bitonal'; threshold: number }>
  /** brightness, contrast, saturation: -100..100. */
  | Readonly<{ op: 'brightness'; amount: number }>
  | Readonly<{ op: 'contrast'; amount: number }>
  | Readonly<{ op: 'saturation'; amount: number }>
  /** Corners cut off by elliptic arcs of these radii. */
  | Readonly<{ op: 'round'; rx: number; ry: number }>
  | Readonly<{ op: 'pixelate'; size: number }>
  | Readonly<{ op: 'negate' }>
  | Readonly<{ op: 'sepia' }>
  /** -255..255 added to every colour channel. */
  | Readonly<{ op: 'lift'; amount: number }>
  | ColourEffect
  | Readonly<{ op: 'redact'; areas: readonly Area[]; how: RedactBy }>
  | Readonly<{ op: 'gamma'; gamma: number }>
  | Readonly<{ op: 'hue'; degrees: number }>
  | Readonly<{ op: 'tint'; colour: Rgba }>
  | Readonly<{ op: 'normalise' }>
  /** The asset (or, by `markName`, the original) scaled to width x height, turned, shadowed, the top left corner of all that at (left, top); may hang over the edge. */
  | Readonly<{
      op: 'watermark';
      asset: string;
      assetVersion: string;
      /** What is decoded for a mark that is another original. */
      from?: Readonly<{ format: SourceFormat; pixels: number }>;
      left: number;
      top: number;
      width: number;
      height: number;
      opacity: number;
      degrees?: number;
      shadow?: NonNullable<MarkLook['shadow']>;
      repeat?: Repeat;
    }>
  /** Text, placed when it has been drawn: only then is its size known. */
  | (Readonly<{ op: 'text'; fontVersion: string }> & TextMark);

/** Copies of a mark: so many, with so many pixels from one to the next. */
export type Repeat = Readonly<{ across: number; down: number; stepX: number; stepY: number; chess?: true }>;

/** A rectangle inside the picture. */
export type Area = Readonly<{ left: number; top: number; width: number; height: number }>;

/** Ops that lay something over the picture. */
export type MarkOp = Extract<ResolvedOp, { op: 'watermark' | 'text' }>;

/** Ops that work on pixels between two chains. */
export type EffectOp = Extract<
  ResolvedOp,
  {
    op:
      | 'round'
      | 'pixelate'
      | 'negate'
      | 'gamma'
      | 'hue'
      | 'tint'
      | 'normalise'
      | 'monochrome'
      | 'duotone'
      | 'colorize'
      | 'gradient'
      | 'progressiveBlur'
      | 'flatten'
      | 'underlay'
      | 'median'
      | 'redact';
  }
>;

/** How a quality is searched for: with so many encodes at most, down to `min`, which is below the quality. */
export type ResolvedSearch =
  | Readonly<{ by: 'bytes'; target: number; min: number; encodes: number }>
  | Readonly<{ by: 'dssim'; target: number; error: number; min: number; encodes: number }>;

export type ResolvedEncode = Readonly<{
  format: OutputFormat;
  /** 1..100; 0 where the format has none. */
  quality: number;
  effort: number;
  lossless: boolean;
  progressive: boolean;
  /** 4:4:4 instead of 4:2:0, for JPEG and AVIF. */
  fullChroma: boolean;
  metadata: MetadataPolicy;
  /** 0 = no budget, and where there is no quality to lower. */
  bytesMax: number;
  /** Most encodes that the budget may take: they decide its bytes. Absent without one. */
  budgetEncodes?: number;
  /** Set when alpha has to go because the format has none. */
  flatten: Rgba | null;
  /** The quality is searched for between `min` and `quality`. */
  search?: ResolvedSearch;
  /** Dots an inch. Absent: what metadata says. */
  dpi?: number;
  /** Bits a channel. Absent: 8. */
  bits?: 10 | 12 | 16;
  /** How a JPEG is made beside that. */
  jpeg?: Omit<JpegTuning, 'progressive' | 'fullChroma'>;
  /** A PNG is quantised to so many colours, and lossless no more. */
  colours?: PaletteSize;
  /** How a WebP is made beside quality and effort. */
  webp?: Readonly<{ near?: true }> & Omit<WebpTuning, 'compression'>;
  /**
   * The source's profile is kept and its pixels are not converted, or sRGB's is attached. Absent: sRGB, and its profile only in place of
   * one that the source has, where all metadata is kept; `none`: nor then.
   */
  profile?: 'source' | 'srgb' | 'none';
}>;

export type Resolved = Readonly<{
  /** What is decoded. `pages` frames beginning with `page`. */
  input: Readonly<{
    format: SourceFormat;
    /** Stored size of a frame. */
    width: number;
    height: number;
    page: number;
    pages: number;
    /** The pages are one picture, one below the other. Absent: each is a frame. */
    stacked?: true;
    /** Accept a still picture that is cut short. */
    truncatedOk: boolean;
    /** Only the tiles under the first crop are decoded. Absent: whatever stands before it is decoded too. */
    tiled?: true;
    /** Progressive JPEG, interlaced PNG or GIF: the decoder needs the whole picture in memory. Absent: it does not. */
    progressive?: true;
  }>;
  ops: readonly ResolvedOp[];
  /** Size of a frame of the result, and how many. */
  width: number;
  height: number;
  frames: number;
  encode: ResolvedEncode;
  /** Written in these formats too, and the smallest is the result. */
  others?: readonly ResolvedEncode[];
  /**
   * Set where the rest depends on pixels (trim): what stands above is what it would be with nothing to trim, and the plan has to
   * be closed (resolve/trim.ts) and resolved again before it is run.
   */
  open?: Readonly<{ plan: Plan }>;
  /** The source's own bytes are the result; of an SVG what the sanitiser leaves of them. */
  keep?: true;
  /** Checked before anything is decoded: it makes a derivation its own, so that no other one's result is taken for it. */
  expects?: NonNullable<Plan['expects']>;
  /** Scaled in linear light. */
  linear?: true;
  /** What is measured of the picture instead of writing it. */
  measures?: Measures;
}>;
