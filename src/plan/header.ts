/**
 * What the first bytes of a source say about it. Read without decoding (`plan/header/`), carried from the
 * worker to the lb with every answer, and kept there: it prices every later job on that source.
 */

/** Formats that pileus decodes. Anything else is `unsupported_format` or `not_an_image`. */
export type SourceFormat = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'tiff' | 'bmp' | 'ico' | 'svg';

/** EXIF orientation, 1 (upright) to 8. 5 to 8 swap width and height. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** Grows with every change of what `Header` holds or means: headers that were written down before are then read anew. */
export const headerVersion = 2;

export type Header = Readonly<{
  format: SourceFormat;
  /** Stored size of one frame in pixels, before orientation. */
  width: number;
  height: number;
  /** Frames (GIF, WebP) or pages (TIFF); 1 for stills. */
  frames: number;
  orientation: Orientation;
  alpha: boolean;
  bitsPerChannel: number;
  space: 'rgb' | 'grey' | 'cmyk' | 'other';
  /** Progressive JPEG, interlaced PNG or GIF: the decoder needs the whole picture in memory. */
  progressive: boolean;
  /** An embedded ICC profile. */
  icc: boolean;
  /** JPEG quality (1..100) estimated from the quantisation tables; null where it means nothing. */
  quality: number | null;
  /** TIFF: any part can be decoded without what stands before it. Absent: it cannot. */
  tiled?: true;
  /** TIFF: smaller copies of the first page in the same file, the largest first. They are no pages. Absent: none. */
  levels?: readonly Level[];
  /** Lossless WebP, PNG, GIF: used to choose the output's kind. */
  lossless: boolean;
}>;

/** A smaller copy: the directory of the file in which it lies, counted from 0, and its size. */
export type Level = Readonly<{ page: number; width: number; height: number }>;

/** Pixels of all frames together. */
export const headerPixels = (header: Header): number => header.width * header.height * header.frames;

/** Does this codec hold the whole picture in memory to decode it (so that `sourceWholePixelsMax` counts)? */
export const decodesWhole = (header: Header): boolean => header.progressive || wholeFormats.has(header.format);

const wholeFormats: ReadonlySet<SourceFormat> = new Set(['avif', 'webp', 'bmp', 'ico', 'svg']);

/** Formats that libvips does not read by itself: decoded or drawn here first. */
export const readHere: ReadonlySet<SourceFormat> = new Set(['bmp', 'ico', 'svg']);

/** Size as seen by a viewer when `orient` is on. */
export const orientedSize = (header: Header, orient: boolean): { width: number; height: number } =>
  orient && header.orientation >= 5
    ? { width: header.height, height: header.width }
    : { width: header.width, height: header.height };

/** A source's version with what is known of it. Versions are opaque: equal means the same bytes. */
export type SourceFacts = Readonly<{
  version: string;
  bytes: number;
  header: Header;
  /** The origin's Last-Modified or mtime, wall milliseconds; null where the origin does not say. */
  modifiedMs: number | null;
  /** Absent where the origin says nothing. */
  caching?: OriginCaching;
}>;

/** What an origin says of how long its answer may be kept: Cache-Control as it is, Expires in wall milliseconds. */
export type OriginCaching = Readonly<{ control: string | null; expiresMs: number | null }>;
