import { isDeepStrictEqual } from 'node:util';
import type {
  Anchor,
  Compass,
  EncodeWish,
  LayoutFilter,
  MarkLook,
  Negotiated,
  Plan,
  Quality,
  Rgba,
  SourceRef,
  Step,
  TileAxis,
} from '../../plan/plan.ts';
import { formatSideMax } from '../../plan/resolve/limits.ts';
import { PileusError } from '../../shared/errors.ts';
import { searchOf } from './autoquality.ts';
import { tuningOf } from './encoders.ts';
import { outputOf, writtenAs } from './formats.ts';
import { type FormatName, idleOptions, type ProcessingOptions } from './processing-options.ts';
import type { ImgproxySettings } from './settings.ts';
import { sourceOf } from './source.ts';
import { expectsOf, framesOf } from './source-options.ts';

/**
 * The plan of a URL's options, in imgproxy's fixed order, whatever theirs was: one pipeline behind the other. What belongs to the
 * result is the last one's, since each takes it over from the one before.
 */
export function toPlan(
  pipelines: readonly ProcessingOptions[],
  settings: ImgproxySettings,
  negotiated: Negotiated | null,
): Plan {
  const last = pipelines.at(-1) as ProcessingOptions;
  const encode = encodeOf(last, settings, negotiated);
  const steps = () => pipelines.flatMap((options, at) => pipelineSteps(options, settings, encode, at === 0));
  return {
    view: last.raw ? 'original' : 'image',
    decode: {
      orient: last.autoRotate,
      frames: framesOf(last, settings),
      ...(settings.useLinearColorspace ? { linear: true } : {}),
    },
    steps: last.raw ? [] : steps(),
    encode,
    ...expectsOf(last),
  };
}

function pipelineSteps(
  options: ProcessingOptions,
  settings: ImgproxySettings,
  encode: EncodeWish,
  isFirst: boolean,
): Step[] {
  const step = layout(options, encode, isFirst);
  const keeps = !isFirst && isDeepStrictEqual(step, layout(idleBeside(options), encode, false));
  return [
    ...(isFirst ? [] : areasOf(options)),
    ...trims(options),
    ...turns(options),
    ...(keeps ? [] : [step]),
    ...marks(options, settings),
  ];
}

/** Options that leave a picture as it is. */
const idle = idleOptions();

/** Areas are those of the picture that a pipeline begins with: of the source they are followed, of another result made there. */
const areasOf = ({ blurAreas }: ProcessingOptions): readonly Step[] => (blurAreas === null ? [] : [blurAreas]);

/** What sharpens only behind a scale does nothing beside them. */
const idleBeside = ({ unsharp }: ProcessingOptions): ProcessingOptions =>
  unsharp.mode === 'auto' ? { ...idle, unsharp } : idle;

/** Trimmed as it is stored: what is even across is even down once a picture is turned; nobody can tell before it is seen. */
function trims({ trim }: ProcessingOptions): Step[] {
  return trim === null ? [] : [{ op: 'trim', ...trim, median: true }];
}

function turns({ rotate, flipX, flipY }: ProcessingOptions): Step[] {
  const steps: Step[] = [];
  if (rotate !== 0) steps.push({ op: 'rotate', degrees: rotate });
  if (flipX || flipY) steps.push({ op: 'flip', horizontal: flipX, vertical: flipY });
  return steps;
}

function layout(options: ProcessingOptions, { format }: EncodeWish, isFirst: boolean): Step {
  const { crop, gravity, kernel } = options;
  return {
    op: 'layout',
    crop: crop && { w: crop.w, h: crop.h, anchor: crop.anchor ?? gravity, ...ratioOf(options) },
    type: options.type,
    w: options.width,
    h: options.height,
    minW: options.minWidth,
    minH: options.minHeight,
    zoomX: options.zoomX,
    zoomY: options.zoomY,
    dpr: options.dpr,
    enlarge: options.enlarge,
    anchor: gravity,
    filters: filtersOf(options, isFirst),
    extend: options.extend,
    extendRatio: options.extendRatio,
    padding: options.padding,
    // What is too large for an icon is made smaller.
    sideMax: format === 'ico' ? Math.min(options.sideMax || formatSideMax.ico, formatSideMax.ico) : options.sideMax,
    ...(kernel === null ? {} : { kernel }),
  };
}

const ratioOf = ({ cropRatio: { ratio, grow } }: ProcessingOptions): Readonly<{ ratio?: number; grow?: true }> =>
  ratio === 0 ? {} : { ratio, ...(grow ? { grow } : {}) };

/**
 * What the scale has softened first, then colours, then what blurs, then what lies over it, and under it. A background lies under the source;
 * what is added later is filled with it.
 */
function filtersOf(options: ProcessingOptions, isFirst: boolean): readonly LayoutFilter[] {
  const { blur, sharpen, pixelate, brightness, contrast, saturation } = options;
  const amountOf = (factor: number): number => Math.round(factor * 100 - 100);
  const filters: readonly (LayoutFilter | null)[] = [
    unsharpOf(options),
    brightness === 0 ? null : { op: 'lift', amount: brightness },
    amountOf(contrast) === 0 ? null : { op: 'contrast', amount: amountOf(contrast) },
    amountOf(saturation) === 0 ? null : { op: 'saturation', amount: amountOf(saturation) },
    options.monochrome,
    options.duotone,
    blur > 0 ? { op: 'blur', sigma: blur } : null,
    sharpen > 0 ? { op: 'sharpen', sigma: sharpen } : null,
    pixelate > 1 ? { op: 'pixelate', size: pixelate } : null,
    options.progressiveBlur,
    isFirst && options.blurAreas ? { ...options.blurAreas, of: 'source' } : null,
    options.colorize,
    options.gradient,
    isFirst && isTranslucent(options) ? { op: 'underlay', colour: backgroundOf(options) } : null,
  ];
  return filters.filter((filter) => filter !== null);
}

function unsharpOf({ unsharp, sharpen }: ProcessingOptions): LayoutFilter | null {
  const { mode, weight, divider } = unsharp;
  if (mode === 'none' || (mode === 'auto' && sharpen > 0)) return null;
  return { op: 'unsharp', weight, divider, ...(mode === 'auto' ? { ifSmaller: true } : {}) };
}

const clear = '00000000';

/** Clear where there is none. */
function backgroundOf({ background, backgroundAlpha }: ProcessingOptions): Rgba {
  const alpha = Math.round(255 * backgroundAlpha);
  if (background === null || alpha === 0) return clear;
  return `${background.slice(0, 6)}${alpha.toString(16).padStart(2, '0')}`;
}

const isTranslucent = (options: ProcessingOptions): boolean => !/(?:00|ff)$/.test(backgroundOf(options));

/** An em of text, in pixels. */
const textSize = 24;

function marks(options: ProcessingOptions, settings: ImgproxySettings): Step[] {
  const { watermark, watermarkText, watermarkDegrees, watermarkShadow } = options;
  if (watermark === null) return [];
  const look = {
    ...(watermarkDegrees % 360 === 0 ? {} : { degrees: watermarkDegrees }),
    ...(watermarkShadow === 0 ? {} : { shadow: { sigma: watermarkShadow, opacity: 100, dx: 0, dy: 0 } }),
  };
  const mark = {
    ...placeOf(watermark),
    ...look,
    opacity: Math.round(100 * watermark.opacity * settings.watermarkOpacity),
    ...(options.dpr === 1 ? {} : { dpr: true as const }),
  };
  if (watermarkText !== '') return [textMark(watermarkText, watermark.scale, mark, settings)];
  const asset = options.watermarkUrl === '' ? pictureOf(settings.watermark) : sourceOf(options.watermarkUrl, settings);
  if (asset === null) return [];
  const scalePercent = 100 * watermark.scale;
  const { w, h } = options.watermarkSize;
  return [
    {
      op: 'watermark',
      asset,
      ...mark,
      scalePercent,
      ...(scalePercent === 0 && w + h > 0 ? { box: { w, h } } : {}),
      ...(scalePercent === 0 ? { oversize: true } : { within: true }),
    },
  ];
}

/** The mount's own mark: an asset, or an original of a namespace. */
const pictureOf = (mark: ImgproxySettings['watermark']): string | SourceRef | null =>
  mark === null || typeof mark === 'string' ? mark : { ns: mark.namespace, key: mark.key };

type Mark = Readonly<{ gravity: Compass; dx: number; dy: number; opacity: number }> & MarkLook;

function textMark(text: string, scale: number, mark: Mark, { watermarkFont }: ImgproxySettings): Step {
  if (watermarkFont === null)
    throw new PileusError('operation_unsupported', { detail: 'watermark_text: no font is configured' });
  if (scale > 0)
    throw new PileusError('operation_unsupported', { detail: 'watermark_text: text is not scaled by the picture' });
  return { op: 'text', text, font: watermarkFont, size: textSize, colour: '000000ff', ...mark };
}

/** Copies stand around the middle, and the offsets are the gaps between them. */
function placeOf({ anchor, x, y }: NonNullable<ProcessingOptions['watermark']>): Omit<Mark, 'opacity'> {
  if (anchor !== 'repeat' && anchor !== 'chess') return { gravity: compassOf(anchor), dx: x, dy: y };
  const axis = (gap: number): TileAxis => ({ by: 'centre', gap: Math.max(0, gap) });
  return {
    gravity: 'c',
    dx: 0,
    dy: 0,
    tile: { x: axis(x), y: axis(y), ...(anchor === 'chess' ? { chess: true } : {}) },
  };
}

const compassOf = (anchor: Anchor) => (anchor.kind === 'compass' ? anchor.at : 'c');

function encodeOf(options: ProcessingOptions, settings: ImgproxySettings, negotiated: Negotiated | null): EncodeWish {
  const { format, quality, maxBytes } = options;
  const background = backgroundOf(options);
  const absolute = quality > 0 ? ({ kind: 'absolute', value: quality } satisfies Quality) : undefined;
  const qualities = qualitiesOf(options, settings);
  const found = searchOf(options, settings);
  return {
    background,
    metadata: options.stripMetadata ? (options.keepCopyright ? 'copyright' : 'none') : 'all',
    avifSideMin: 16,
    ...formatOf(format, settings, negotiated),
    ...(absolute === undefined ? { qualities } : { quality: absolute }),
    ...(maxBytes > 0 ? { bytesMax: maxBytes } : {}),
    ...(background.endsWith('ff') ? { flatten: true } : {}),
    ...dpiOf(options, settings),
    ...(options.preserveHdr ? { deep: true } : {}),
    ...profileOf(options),
    ...found,
    ...tuningOf(options, settings, found.search?.max.avif ?? absolute?.value ?? qualities.avif ?? 0),
    ...keepOf(options, settings),
  };
}

function profileOf({ colorProfile, stripColorProfile, stripMetadata }: ProcessingOptions): Pick<EncodeWish, 'profile'> {
  if (colorProfile !== null) return { profile: colorProfile };
  if (!stripColorProfile) return { profile: 'source' };
  return stripMetadata ? {} : { profile: 'none' };
}

function dpiOf({ dpi, stripMetadata }: ProcessingOptions, settings: ImgproxySettings): Pick<EncodeWish, 'dpi'> {
  const wanted = dpi || (stripMetadata ? settings.stripMetadataDpi : 0);
  return wanted === 0 ? {} : { dpi: wanted };
}

/** An SVG stays one unless another format is asked for, and no other picture becomes one. */
function keepOf(
  { format, skipProcessing }: ProcessingOptions,
  { alwaysRasterizeSvg, bestFormatAllowSkips, bestFormatByDefault }: ImgproxySettings,
): Pick<EncodeWish, 'keepSource' | 'keepOnly'> {
  const isBest = format === 'best' || (format === null && bestFormatByDefault);
  if (isBest && !bestFormatAllowSkips) return {};
  if (format === 'svg') return { keepSource: ['svg'], keepOnly: true };
  // Formats that are not written here are not handed on either.
  const kept = skipProcessing.flatMap((name) => (name === 'svg' ? name : (writtenAs(name) ?? [])));
  const keepsSvg = (format === null || isBest) && !alwaysRasterizeSvg && !kept.includes('svg');
  return keepsSvg || kept.length > 0 ? { keepSource: keepsSvg ? [...kept, 'svg'] : kept } : {};
}

function formatOf(
  format: ProcessingOptions['format'],
  settings: ImgproxySettings,
  negotiated: Negotiated | null,
): Pick<EncodeWish, 'format' | 'negotiated' | 'preferred' | 'smallest'> {
  if (format === 'best' || (format === null && settings.bestFormatByDefault)) return bestOf(settings, negotiated);
  const wins = negotiated !== null && negotiated !== 'plain';
  if (format !== null && format !== 'svg' && !wins) return { format: outputOf(format) };
  return {
    format: 'preferred',
    preferred: settings.preferredFormats,
    ...(negotiated === null ? {} : { negotiated }),
  };
}

/** The preferred formats, and what Accept allows besides. It is said outright: nothing is left to be negotiated. */
function bestOf(
  { preferredFormats, autoWebp, enforceWebp, bestFormatMaxResolution }: ImgproxySettings,
  negotiated: Negotiated | null,
): Pick<EncodeWish, 'format' | 'preferred' | 'smallest'> {
  const reads = negotiated === 'webp' || (negotiated === 'avif' && (autoWebp || enforceWebp));
  const added = [...(negotiated === 'avif' ? (['avif'] as const) : []), ...(reads ? (['webp'] as const) : [])];
  return {
    format: 'preferred',
    preferred: [...new Set([...preferredFormats, ...added])],
    smallest: Math.round(bestFormatMaxResolution * 1e6),
  };
}

function qualitiesOf(
  { formatQuality }: ProcessingOptions,
  settings: ImgproxySettings,
): NonNullable<EncodeWish['qualities']> {
  const of = (name: FormatName): number => formatQuality[name] || settings.formatQuality[name] || settings.quality;
  return { jpg: of('jpg'), webp: of('webp'), avif: of('avif') };
}
