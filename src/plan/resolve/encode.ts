import type { Options } from '../../config/config.ts';
import type { Header } from '../header.ts';
import type { EncodeWish, OutputFormat } from '../plan.ts';
import type { ResolvedEncode, ResolvedSearch } from '../resolved.ts';
import type { PaletteSize, PngTuning } from '../tuning.ts';
import { holdsAlpha, opaqueOf, white } from './format.ts';
import { pixelsOf, type Size } from './size.ts';

/** The options that fill what a plan leaves open. */
type EncodeOptions = Pick<
  Options,
  | 'jpegQuality'
  | 'webpQuality'
  | 'avifQuality'
  | 'webpEffort'
  | 'avifEffort'
  | 'pngCompression'
  | 'gifEffort'
  | 'progressive'
  | 'metadata'
  | 'budgetEncodesMax'
>;

/**
 * How the result is written. What a format does not have is neutral, so that equal bytes have equal keys:
 * quality 0 for PNG, ICO, GIF, TIFF, BMP and lossless; `lossless` is a choice of WebP and AVIF, and PNG (ICO) always is;
 * `progressive` counts for JPEG and PNG, and what a format's own tuning says of it goes first. `effort` is the zlib level for PNG and ICO. A byte budget lowers the quality, so there
 * is none where that is 0.
 *
 * A background flattens only where the format has no alpha (JPEG); elsewhere it only fills what padding and odd
 * rotations add.
 */
export function resolveEncode(
  wish: EncodeWish,
  format: OutputFormat,
  header: Header,
  result: Size,
  alpha: boolean,
  options: EncodeOptions,
  frames: number,
): ResolvedEncode {
  const colours = format === 'png' ? paletteOf(wish.png) : undefined;
  const lossless =
    (format === 'png' && colours === undefined) || format === 'ico' || (isChosen(format) && isLossless(wish, format));
  const given = lossless ? 0 : qualityOf(wish, format, header, result, options);
  const found = given === 0 ? null : searchOf(wish, format, result, frames, options);
  const quality = found?.max ?? given;
  const bytesMax = quality === 0 || found?.isFixed ? 0 : (wish.bytesMax ?? 0);
  const progressive = isProgressive(wish, format, options);
  return {
    format,
    quality,
    effort: effortOf(format, options),
    lossless,
    progressive,
    fullChroma:
      (format === 'jpg' && (quality >= fullChromaQuality || wish.jpeg?.fullChroma === true)) ||
      (format === 'avif' && wish.avif?.fullChroma === true),
    metadata: wish.metadata ?? options.metadata,
    bytesMax,
    ...(bytesMax > 0 ? { budgetEncodes: options.budgetEncodesMax } : {}),
    flatten: alpha && (wish.flatten === true || !holdsAlpha(format)) ? opaqueOf(wish.background ?? white) : null,
    ...(found === null || found.search === null ? {} : { search: found.search }),
    ...(wish.dpi === undefined || format === 'bmp' || format === 'ico' || format === 'gif' ? {} : { dpi: wish.dpi }),
    ...(colours === undefined ? {} : { colours }),
    ...(format === 'jpg' ? jpegOf(wish, progressive) : {}),
    ...(format === 'webp' && !lossless ? webpOf(wish) : {}),
  };
}

/** `search`: null between two bounds that are one. `isFixed`: no byte budget lowers that one, since it is the least that a search by bytes may take. */
type Found = Readonly<{ max: number; search: ResolvedSearch | null; isFixed: boolean }>;

/** Where the quality is searched for; null where it is not. Animations have too many pictures to compare. */
function searchOf(
  { search }: EncodeWish,
  format: OutputFormat,
  result: Size,
  frames: number,
  { budgetEncodesMax: encodes }: EncodeOptions,
): Found | null {
  if (search === undefined || pixelsOf(result) * frames > (search.pixelsMax ?? Number.POSITIVE_INFINITY)) return null;
  const { by, target, error } = search;
  const [min, max] = [search.min[format], search.max[format]];
  if (min === undefined || max === undefined || (by === 'dssim' && frames > 1)) return null;
  if (min >= max) return { max, search: null, isFixed: by === 'bytes' };
  const bounds = { target, min, encodes };
  return { max, search: by === 'dssim' ? { by, error, ...bounds } : { by, ...bounds }, isFixed: false };
}

/** Formats that can be lossless or not. */
const isChosen = (format: OutputFormat): format is 'webp' | 'avif' => format === 'webp' || format === 'avif';

const isLossless = ({ lossless, webp }: EncodeWish, format: 'webp' | 'avif'): boolean =>
  lossless === true || (format === 'webp' && webp?.compression === 'lossless');

function isProgressive(wish: EncodeWish, format: OutputFormat, options: EncodeOptions): boolean {
  if (format !== 'jpg' && format !== 'png') return false;
  const own = format === 'jpg' ? wish.jpeg?.progressive : wish.png?.interlaced;
  return own ?? wish.progressive ?? options.progressive;
}

/** Pixels of a palette have one, two, four or eight bits. */
function paletteOf({ colours }: PngTuning = {}): PaletteSize | undefined {
  if (colours === undefined) return undefined;
  return colours > 16 ? 256 : colours > 4 ? 16 : colours > 2 ? 4 : 2;
}

function jpegOf({ jpeg = {} }: EncodeWish, progressive: boolean): Pick<ResolvedEncode, 'jpeg'> {
  const { progressive: _, fullChroma: __, scans, ...rest } = jpeg;
  // Only progressive pictures have scans to choose.
  const tuning = { ...rest, ...(scans && progressive ? { scans } : {}) };
  return Object.keys(tuning).length === 0 ? {} : { jpeg: tuning };
}

function webpOf({ webp = {} }: EncodeWish): Pick<ResolvedEncode, 'webp'> {
  const { compression, ...rest } = webp;
  const tuning = { ...rest, ...(compression === 'near' ? { near: true as const } : {}) };
  return Object.keys(tuning).length === 0 ? {} : { webp: tuning };
}

/** From here on halved chroma is the loss that shows. */
const fullChromaQuality = 90;

function qualityOf(
  { quality: wish, qualities }: EncodeWish,
  format: OutputFormat,
  header: Header,
  result: Size,
  options: EncodeOptions,
): number {
  const standard = standardQuality(format, options);
  if (standard === 0) return 0;
  if (wish === undefined) return qualities?.[format] ?? standard;
  const source = header.quality;
  if (wish.kind === 'absolute' || source === null) return wish.value;
  if (wish.kind === 'source-capped') return Math.min(wish.value, source);
  return correctedQuality(wish.value, source, pixelsOf(header) / pixelsOf(result));
}

/**
 * Qiniu's rule (imageView2): a source of quality over 90 takes the given value; else at most 90, and at most the
 * source's quality grown by the square root of how much smaller the result is.
 */
function correctedQuality(given: number, source: number, areaRatio: number): number {
  if (source > 90) return given;
  return Math.max(1, Math.round(Math.min(given, 90, source * Math.sqrt(areaRatio))));
}

function standardQuality(format: OutputFormat, options: EncodeOptions): number {
  switch (format) {
    case 'jpg':
      return options.jpegQuality;
    case 'webp':
      return options.webpQuality;
    case 'avif':
      return options.avifQuality;
    default:
      return 0;
  }
}

function effortOf(format: OutputFormat, options: EncodeOptions): number {
  switch (format) {
    case 'webp':
      return options.webpEffort;
    case 'avif':
      return options.avifEffort;
    case 'png':
    case 'ico':
      return options.pngCompression;
    case 'gif':
      return options.gifEffort;
    default:
      return 0;
  }
}
