import { isDeepStrictEqual } from 'node:util';
import type { Anchor, EncodeWish, Negotiated, Plan, Quality, Step } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { outputOf, writtenAs } from './formats.ts';
import { type FormatName, type ProcessingOptions, startOptions } from './processing-options.ts';
import type { ImgproxySettings } from './settings.ts';

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
  return {
    view: last.raw ? 'original' : 'image',
    decode: { orient: last.autoRotate, frames: settings.animated ? 'auto' : 'first' },
    steps: last.raw ? [] : pipelines.flatMap((options, at) => pipelineSteps(options, settings, at === 0)),
    encode: encodeOf(last, settings, negotiated),
  };
}

function pipelineSteps(options: ProcessingOptions, settings: ImgproxySettings, isFirst: boolean): Step[] {
  const step = layout(options);
  const keeps = !isFirst && isDeepStrictEqual(step, layout(idle));
  return [...trims(options), ...turns(options), ...(keeps ? [] : [step]), ...marks(options, settings)];
}

/** Options that leave a picture as it is. */
const idle = startOptions({
  autoRotate: true,
  stripMetadata: true,
  keepCopyright: true,
  stripColorProfile: true,
  attachment: false,
  sideMax: 0,
  skipProcessing: [],
});

/** Trimmed as it is stored: what is even across is even down once a picture is turned; nobody can tell before it is seen. */
function trims({ trim }: ProcessingOptions): Step[] {
  return trim === null ? [] : [{ op: 'trim', ...trim }];
}

function turns({ rotate, flipX, flipY }: ProcessingOptions): Step[] {
  const steps: Step[] = [];
  if (rotate !== 0) steps.push({ op: 'rotate', degrees: rotate });
  if (flipX || flipY) steps.push({ op: 'flip', horizontal: flipX, vertical: flipY });
  return steps;
}

function layout(options: ProcessingOptions): Step {
  const { blur, sharpen, pixelate, crop, gravity } = options;
  return {
    op: 'layout',
    crop: crop && { w: crop.w, h: crop.h, anchor: crop.anchor ?? gravity },
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
    filters: [
      ...(blur > 0 ? [{ op: 'blur', sigma: blur } as const] : []),
      ...(sharpen > 0 ? [{ op: 'sharpen', sigma: sharpen } as const] : []),
      ...(pixelate > 1 ? [{ op: 'pixelate', size: pixelate } as const] : []),
    ],
    extend: options.extend,
    extendRatio: options.extendRatio,
    padding: options.padding,
    sideMax: options.sideMax,
  };
}

function marks({ watermark }: ProcessingOptions, settings: ImgproxySettings): Step[] {
  if (watermark === null || settings.watermark === null) return [];
  const { anchor, scale } = watermark;
  if (anchor === 'repeat') throw new PileusError('operation_unsupported', { detail: 'watermark: re' });
  return [
    {
      op: 'watermark',
      asset: settings.watermark,
      gravity: compassOf(anchor),
      dx: Math.round(watermark.x),
      dy: Math.round(watermark.y),
      opacity: Math.round(100 * watermark.opacity * settings.watermarkOpacity),
      scalePercent: Math.round(100 * scale),
    },
  ];
}

const compassOf = (anchor: Anchor) => (anchor.kind === 'compass' ? anchor.at : 'c');

function encodeOf(options: ProcessingOptions, settings: ImgproxySettings, negotiated: Negotiated | null): EncodeWish {
  const { format, quality, maxBytes, background } = options;
  const absolute = quality > 0 ? ({ kind: 'absolute', value: quality } satisfies Quality) : undefined;
  return {
    ...formatOf(format, settings, negotiated),
    ...(absolute === undefined ? { qualities: qualitiesOf(options, settings) } : { quality: absolute }),
    ...(maxBytes > 0 ? { bytesMax: maxBytes } : {}),
    ...(background === null ? { background: '00000000' } : { background, flatten: true }),
    metadata: options.stripMetadata ? (options.keepCopyright ? 'copyright' : 'none') : 'all',
    avifSideMin: 16,
    ...keptSources(options.skipProcessing),
  };
}

/** Formats that are not written here are not handed on either. */
function keptSources(formats: readonly FormatName[]): Pick<EncodeWish, 'keepSource'> {
  const keepSource = formats.flatMap((format) => writtenAs(format) ?? []);
  return keepSource.length > 0 ? { keepSource } : {};
}

function formatOf(
  format: FormatName | null,
  settings: ImgproxySettings,
  negotiated: Negotiated | null,
): Pick<EncodeWish, 'format' | 'negotiated' | 'preferred'> {
  const wins = negotiated !== null && negotiated !== 'plain';
  if (format !== null && !wins) return { format: outputOf(format) };
  return {
    format: 'preferred',
    preferred: settings.preferredFormats,
    ...(negotiated === null ? {} : { negotiated }),
  };
}

function qualitiesOf(
  { formatQuality }: ProcessingOptions,
  settings: ImgproxySettings,
): NonNullable<EncodeWish['qualities']> {
  const of = (name: FormatName): number => formatQuality[name] || settings.formatQuality[name] || settings.quality;
  return { jpg: of('jpg'), webp: of('webp'), avif: of('avif') };
}
