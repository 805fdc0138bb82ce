import type { AvifTuning, JpegTuning, PngTuning, WebpTuning } from './tuning.ts';

/**
 * What to do to a picture. Every dialect parses to one ordered Plan; everything behind it knows only Plans.
 *
 * A Plan is data (it travels as JSON) and is complete in itself: presets are expanded in it, and nothing in it
 * depends on the source. `resolve` (plan/resolve.ts) joins it with a Header into integers.
 */

export type OutputFormat = 'jpg' | 'png' | 'webp' | 'avif' | 'gif' | 'tif' | 'bmp' | 'ico';

/** What `Accept` allows, in three buckets so that caches hold at most three variants of one URL. */
export type Negotiated = 'avif' | 'webp' | 'plain';

/**
 * `source` keeps the source's format where it can be written; `auto` is decided by negotiation and alpha; `preferred` by
 * negotiation, else the source's format if it is among `EncodeWish.preferred`, else the first of those that holds the picture.
 */
export type FormatWish = OutputFormat | 'source' | 'auto' | 'preferred';

export type Compass = 'nw' | 'n' | 'ne' | 'w' | 'c' | 'e' | 'sw' | 's' | 'se';

/** Where a crop or a pad holds on to the picture. Focal points are shares of the picture, in 1/10,000. */
export type Gravity =
  | Readonly<{ kind: 'compass'; at: Compass }>
  | Readonly<{ kind: 'focal'; x: number; y: number }>
  | Readonly<{ kind: 'smart'; by: 'attention' | 'entropy' }>;

/** Eight lower-case hex digits, rrggbbaa. */
export type Rgba = string;

/** As Gravity, with offsets: below 1 they are shares of the outer size, else pixels. Focal points are shares, 0..1. */
export type Anchor =
  | Readonly<{ kind: 'compass'; at: Compass; x: number; y: number }>
  | Readonly<{ kind: 'focal'; x: number; y: number }>
  | Readonly<{ kind: 'smart' }>;

export type ResizeMode =
  /** Inside the box, ratio kept. */
  | 'fit'
  /** Fills the box, ratio kept, rest cropped by gravity. */
  | 'cover'
  /** Around the box, ratio kept: both sides at least the box. */
  | 'min'
  /** As fit, then padded to the box with the background. */
  | 'pad'
  /** Exactly the box, ratio given up. */
  | 'exact'
  /** Crops to the box's ratio without scaling. */
  | 'aspect';

export type Enlarge = 'no' | 'yes' | 'only' | 'error';

export const kernels = ['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2'] as const;

/** How a scale weighs pixels, by the engine's names. Absent: lanczos3. */
export type Kernel = (typeof kernels)[number];

export type Rounding = 'nearest' | 'floor';

/** How the copies of a mark follow each other along one axis. */
export type TileAxis =
  /** One in the middle of the picture, the others `gap` apart from it: below 1 a share of the side, else pixels. */
  | Readonly<{ by: 'centre'; gap: number }>
  /** The first one at the left or upper edge, the others `gap` pixels apart. */
  | Readonly<{ by: 'start'; gap: number }>
  /** As many whole ones as there is room for, with equal gaps between them and at the edges. */
  | Readonly<{ by: 'even' }>;

/** What a mark looks like beside what it shows. */
export type MarkLook = Readonly<{
  /** Copies all over the picture along these axes; null: one, where gravity and offset have it. */
  tile?: Readonly<{
    x: TileAxis | null;
    y: TileAxis | null;
    /** Every other copy is left out, as on a chessboard. */
    chess?: true;
  }>;
  /** Turned clockwise before it is placed, 0 < degrees < 360. */
  degrees?: number;
  /** Offsets and gaps in pixels grow with the pixel ratio of the layout before it, as that came out. */
  dpr?: true;
  /** A shadow of its shape in black: a Gaussian of so many pixels, 0..100 opaque, moved by so many pixels. */
  shadow?: Readonly<{ sigma: number; opacity: number; dx: number; dy: number }>;
}>;

/** Text as a mark: `size` is the height of an em in pixels, `opacity` 0..100; the offsets are those of a watermark. */
export type TextMark = Readonly<{
  text: string;
  font: string;
  size: number;
  colour: Rgba;
  gravity: Compass;
  dx: number;
  dy: number;
  opacity: number;
}> &
  MarkLook;

/** What a border is made of in place of a colour. */
export type ExtendFill = 'copy' | 'repeat' | 'mirror';

/** What becomes of the areas of a `redact`. */
export type RedactBy =
  | Readonly<{ by: 'blur'; sigma: number }>
  | Readonly<{ by: 'pixelate'; size: number }>
  | Readonly<{ by: 'fill'; colour: Rgba }>;

/** A quarter of a turn clockwise from each to the next. */
export const directionWords = ['down', 'left', 'up', 'right'] as const;

/** Which way something grows over a picture: a word, or degrees clockwise from downwards, 0 < degrees < 360. Words stand for their angles. */
export type Direction = (typeof directionWords)[number] | number;

/** From nothing at `start` to all of it at `stop`: shares of the way from one side, or corner, to the one across from it, 0..1. */
export type Ramp = Readonly<{ to: Direction; start: number; stop: number }>;

/** Effects that say the same in a plan and in integers. */
export type ColourEffect =
  /** From `dark` to `light` by luma, mixed 0..100 with the picture. */
  | Readonly<{ op: 'duotone'; dark: Rgba; light: Rgba; mix: number }>
  /** In shades of one colour, luma kept, mixed 0..100 with the picture. */
  | Readonly<{ op: 'monochrome'; colour: Rgba; mix: number }>
  /** A colour over the whole picture, 0..100 opaque; with `keepAlpha` what is transparent stays so. */
  | Readonly<{ op: 'colorize'; colour: Rgba; opacity: number; keepAlpha: boolean }>
  /** A colour from nothing to 0..100; alpha stays. */
  | (Readonly<{ op: 'gradient'; colour: Rgba; opacity: number }> & Ramp)
  /** Gaussian, from none to this sigma in pixels. */
  | (Readonly<{ op: 'progressiveBlur'; sigma: number }> & Ramp)
  /** Alpha blended into this colour, here and not at the end. */
  | Readonly<{ op: 'flatten'; colour: Rgba }>
  /** A colour under the picture, which shows where that is transparent; what it lets through itself stays transparent. */
  | Readonly<{ op: 'underlay'; colour: Rgba }>
  /** Each channel the median of a square of this side, odd. */
  | Readonly<{ op: 'median'; size: number }>;

export type Step =
  /** A rectangle of the picture as it stands; `bp` are 1/10,000 of its sides. Clipped to the picture. */
  | Readonly<{ op: 'region'; unit: 'px' | 'bp'; x: number; y: number; w: number; h: number }>
  /** The centred square of the shorter side. */
  | Readonly<{ op: 'square' }>
  /** `w`/`h` as given, or `long`/`short` side independent of orientation; null = free. All in pixels. */
  | Readonly<{
      op: 'resize';
      mode: ResizeMode;
      size:
        | Readonly<{ by: 'box'; w: number | null; h: number | null }>
        | Readonly<{ by: 'sides'; long: number | null; short: number | null }>
        /** Percent of both sides (100 = same). */
        | Readonly<{ by: 'percent'; percent: number }>
        /** At most so many pixels in all, ratio kept. */
        | Readonly<{ by: 'area'; pixels: number }>;
      /** Device pixel ratio, multiplied into the size: 1..5 in steps of 0.01. */
      dpr: number;
      enlarge: Enlarge;
      gravity: Gravity;
      rounding: Rounding;
      kernel?: Kernel;
    }>
  | Readonly<{ op: 'flip'; horizontal: boolean; vertical: boolean }>
  /** Clockwise, 0 < degrees < 360; corners of odd angles take the plan's background. */
  | Readonly<{ op: 'rotate'; degrees: number }>
  /** Gaussian, sigma in pixels. */
  | Readonly<{ op: 'blur'; sigma: number }>
  | Readonly<{ op: 'sharpen'; sigma: number }>
  /**
   * Sharpened by the eight pixels around each: of so many `divider` parts each of them takes `weight` away, which is added to the pixel
   * itself. `ifSmaller`: only where the last scale has made the picture smaller.
   */
  | Readonly<{ op: 'unsharp'; weight: number; divider: number; ifSmaller?: true }>
  | Readonly<{ op: 'grey' }>
  /** Black and white at this threshold, 0..255. */
  | Readonly<{ op: 'bitonal'; threshold: number }>
  /** -100..100, 0 = same. */
  | Readonly<{ op: 'brightness'; amount: number }>
  | Readonly<{ op: 'contrast'; amount: number }>
  | Readonly<{ op: 'saturation'; amount: number }>
  /**
   * Cut to a size without scaling; null is all of a side, what hangs over is clipped. `dx` and `dy` move the window inwards
   * from the edge that the gravity names, from the centre right and down.
   */
  | Readonly<{ op: 'crop'; w: number | null; h: number | null; gravity: Gravity; dx: number; dy: number }>
  /** Each side by a share of its own, in 1/10,000. */
  | Readonly<{ op: 'scale'; x: number; y: number }>
  /** A border in pixels, in the plan's background; or made of the picture: its outermost pixels, itself again, or mirrored. */
  | Readonly<{ op: 'pad'; top: number; right: number; bottom: number; left: number; fill?: ExtendFill }>
  /** Put on a canvas of this size without scaling; null keeps a side. What is larger is cut, what is smaller padded. */
  | Readonly<{ op: 'canvas'; w: number | null; h: number | null; gravity: Gravity; dx: number; dy: number }>
  /** One slice of the picture, counted from 0: `size` pixels along the axis. The last one may be smaller. */
  | Readonly<{ op: 'tile'; axis: 'x' | 'y'; size: number; index: number }>
  /**
   * Corners rounded with these radii (`share` is of the shorter side, in 1/10,000), or the largest ellipse kept. What is cut
   * away is transparent, and takes the background where the format has no alpha.
   */
  | Readonly<{ op: 'round'; shape: 'corners'; unit: 'px' | 'share'; x: number; y: number }>
  | Readonly<{ op: 'round'; shape: 'ellipse' }>
  /** Blocks of so many pixels a side, each of its mean colour. */
  | Readonly<{ op: 'pixelate'; size: number }>
  | Readonly<{ op: 'negate' }>
  /** In the browns of an old photograph. */
  | Readonly<{ op: 'sepia' }>
  /** Added to every colour channel, -255..255. */
  | Readonly<{ op: 'lift'; amount: number }>
  | ColourEffect
  /**
   * Areas made unreadable, each for itself; shares of the sides in 1/10,000: of the picture as it stands, or of the source as it is stored,
   * wherever its areas lie by now.
   */
  | Readonly<{
      op: 'redact';
      areas: readonly Readonly<{ x: number; y: number; w: number; h: number }>[];
      how: RedactBy;
      of?: 'source';
    }>
  /** 0.1..10; 1 = same, more is lighter. */
  | Readonly<{ op: 'gamma'; gamma: number }>
  /** Turned by so many degrees. */
  | Readonly<{ op: 'hue'; degrees: number }>
  /** In the tones of one colour, lightness kept. */
  | Readonly<{ op: 'tint'; colour: Rgba }>
  /** Stretched to the whole range of lightness. */
  | Readonly<{ op: 'normalise' }>
  /**
   * The border cut off: rows and columns at the edges in which no pixel is further from the border's colour than `threshold`
   * (0..255, in any channel). null: the colour of the top left pixel, or with `corner` of the bottom right one; transparent pixels count as magenta. `equal`: as much on
   * both sides. With `median` each pixel counts as the median of the nine around it, so that specks are no content. What follows
   * depends on what it leaves, so a plan has few of them (resolve/trim.ts).
   */
  | Readonly<{
      op: 'trim';
      threshold: number;
      colour: Rgba | null;
      equalX: boolean;
      equalY: boolean;
      median?: true;
      corner?: 'se';
    }>
  /**
   * imgproxy's whole geometry as one step, since its parts share one scale and one pixel ratio that both give way to the
   * source: crop, scale, crop to the result, filters, extend, padding. See resolve/layout.ts.
   */
  | Readonly<{
      op: 'layout';
      /** With a `ratio` (width / height) one side of it is made smaller; with `grow` the other one longer, as far as there is picture. */
      crop: Readonly<{ w: number; h: number; anchor: Anchor; ratio?: number; grow?: true }> | null;
      type: 'fit' | 'fill' | 'fill-down' | 'force' | 'auto';
      /** 0: free. */
      w: number;
      h: number;
      minW: number;
      minH: number;
      zoomX: number;
      zoomY: number;
      dpr: number;
      enlarge: boolean;
      anchor: Anchor;
      /** Between the crop to the result and the extension. */
      filters: readonly LayoutFilter[];
      extend: Anchor | null;
      extendRatio: Anchor | null;
      padding: Readonly<{ top: number; right: number; bottom: number; left: number }>;
      /** Longest side of the result, what is added around it included; 0: no limit. */
      sideMax: number;
      kernel?: Kernel;
    }>
  /**
   * A registered asset, by its name, or another original over the picture. `opacity` 0..100; `scalePercent` of the picture's width, 0 =
   * its own size, or the largest that fits `box` (pixels; 0: free). It is scaled down to fit the picture, but for an `oversize` one, which is
   * cut at the edges. Offsets between -1 and 1 are shares of the picture's side. `within`: the percentage is of both sides, and the mark
   * the largest that fits them.
   */
  | (Readonly<{
      op: 'watermark';
      asset: string | SourceRef;
      gravity: Compass;
      dx: number;
      dy: number;
      opacity: number;
      scalePercent: number;
      box?: Readonly<{ w: number; h: number }>;
      oversize?: true;
      within?: true;
    }> &
      MarkLook)
  /** Plain text over the picture, in a registered font; lines end at \n. */
  | (Readonly<{ op: 'text' }> & TextMark);

/** Steps that a layout may have between its crop and its extension: they change no size. */
export type LayoutFilter = Extract<
  Step,
  {
    op:
      | 'unsharp'
      | 'blur'
      | 'sharpen'
      | 'pixelate'
      | 'lift'
      | 'contrast'
      | 'saturation'
      | 'monochrome'
      | 'duotone'
      | 'progressiveBlur'
      | 'colorize'
      | 'gradient'
      | 'redact'
      | 'underlay';
  }
>;

export type StepOp = Step['op'];

export type Quality =
  | Readonly<{ kind: 'absolute'; value: number }>
  /** min(value, the source's own quality). */
  | Readonly<{ kind: 'source-capped'; value: number }>
  /** Qiniu's correction by the source's quality. */
  | Readonly<{ kind: 'corrected'; value: number }>;

export type MetadataPolicy = 'none' | 'copyright' | 'all';

/** A quality, by format. */
export type QualityBound = Readonly<Partial<Record<OutputFormat, number>>>;

/** The quality is not given but searched for, between two bounds. A format that has none of them, or no quality, is not searched for. */
export type QualitySearch = Readonly<{
  /** `bytes`: the best one of at most `target` bytes. `dssim`: the one whose DSSIM, (1 - SSIM) / 2 of luma, is nearest to it. */
  by: 'bytes' | 'dssim';
  target: number;
  /** A DSSIM that is no further off ends the search. */
  error: number;
  min: QualityBound;
  max: QualityBound;
  /** A result of more pixels is encoded as if nothing was said of a search. Absent: none is. */
  pixelsMax?: number;
}>;

/** Absent members mean: the configured default. */
export type EncodeWish = Readonly<{
  format: FormatWish;
  /** Of `format: 'preferred'`, best first. */
  preferred?: readonly OutputFormat[];
  /**
   * Of `format: 'preferred'`: the result is written in those of its formats that are worth trying for this picture, and the smallest
   * taken. So many pixels at most; one with more is written in the first of them. 0: any.
   */
  smallest?: number;
  /** Set by negotiation when `format` is `auto` or `preferred`. */
  negotiated?: Negotiated;
  quality?: Quality;
  /** Without a quality: one for each format instead of the configured ones. */
  qualities?: Readonly<Partial<Record<OutputFormat, number>>>;
  /** A picture with a shorter side becomes PNG or JPEG instead of AVIF. */
  avifSideMin?: number;
  /** Alpha is blended into the background also where the format could hold it. */
  flatten?: boolean;
  /** A source of one of these formats is handed on as it is, where no other was asked for; an SVG sanitised, and whatever was asked for. */
  keepSource?: readonly (OutputFormat | 'svg')[];
  /** Nothing but that: another source is refused. */
  keepOnly?: true;
  lossless?: boolean;
  progressive?: boolean;
  metadata?: MetadataPolicy;
  /** Dots an inch that the result says it has, 1..65535; WebP and AVIF say it in EXIF only. Absent: what metadata says. */
  dpi?: number;
  /** More than eight bits a channel, where source and format have them and no step of the plan needs eight. */
  deep?: true;
  /**
   * The profile that the result carries: the source's own, its pixels unconverted, or sRGB. Absent: sRGB without saying so, unless all
   * metadata is kept of a source that has a profile; `none`: nor then.
   */
  profile?: 'source' | 'srgb' | 'none';
  /** Byte budget: quality is searched downwards, at most `budgetEncodesMax` encodes. */
  bytesMax?: number;
  search?: QualitySearch;
  jpeg?: JpegTuning;
  png?: PngTuning;
  webp?: WebpTuning;
  avif?: AvifTuning;
  /** For padding, odd rotations, and flattening into formats without alpha. Absent: white where needed. */
  background?: Rgba;
}>;

/** `measured`: what `Plan.measures` ask of a small decode. */
export type View = 'image' | 'info' | 'explain' | 'average' | 'measured' | 'original';

/** Sums over the bytes of a source. */
export type HashName = 'md5' | 'sha1' | 'sha256' | 'sha512';

/** What is measured of a picture; limits are those of the formats. */
export type Measures = Readonly<{
  /** Pixels count by how opaque they are; `all`: every one alike, its hidden colour too. */
  average?: true | 'all';
  /** So many colours, 2..256. */
  palette?: number;
  /** Of the six kinds vibrant and muted, each also light and dark; `built`: those that are not there from those that are. */
  dominant?: true | 'built';
  /** Components across and down, 1..9. */
  blurhash?: Readonly<{ x: number; y: number }>;
  thumbhash?: true;
  perceptual?: true;
  /** Is any pixel not opaque? */
  transparency?: true;
  hashsums?: readonly HashName[];
}>;

/**
 * Pages of a source, one below the other as one picture: `pages` of them from `page` on, as many as there are. Of an animation all
 * frames instead, where output and namespace allow it and `still` does not forbid it. Formats without pages have one.
 */
export type Pages = Readonly<{ page: number; pages: number; still?: true }>;

/** Greatest number of a page, counted from 0, and most pages that a plan can ask for. How many are decoded `framesMax` limits. */
export const pagesMax = 99_999;

export type Plan = Readonly<{
  view: View;
  decode: Readonly<{
    /** Apply the EXIF orientation. */
    orient: boolean;
    /** `auto`: all where output and namespace allow animation, else the first. A number is one frame, from 0. */
    frames: 'auto' | 'first' | 'all' | number | Pages;
    /** Scale in linear light, where the source has no profile of its own. */
    linear?: true;
  }>;
  steps: readonly Step[];
  encode: EncodeWish;
  /** The sum that the whole source must have, in lower-case hex; another one is refused before anything is decoded. */
  expects?: Readonly<{ hash: HashName; hex: string }>;
  /** Of the view `measured`. */
  measures?: Measures;
  /** Of the views `info` and `measured`: whose body it has, `<grammar>/<report>`, and what that is told. Absent: our own. */
  report?: Readonly<{
    as: string;
    args: Readonly<Record<string, string | number | boolean>>;
    /** It tells EXIF, IPTC, XMP or the palette, so that the whole file is read. */
    details?: true;
  }>;
}>;

/** Where an original lives. The key is decoded: plain UTF-8, no leading slash. */
export type SourceRef = Readonly<{ ns: string; key: string }>;

export const compassGravity = (at: Compass): Gravity => ({ kind: 'compass', at });

/** A plan with more steps than this is refused, whatever its dialect. */
export const stepsMax = 16;
