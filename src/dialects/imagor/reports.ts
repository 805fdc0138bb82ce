import { noDetails } from '../../plan/header/details.ts';
import type { Measured, MeasuredColour } from '../../plan/measured.ts';
import type { OutputFormat, Rgba } from '../../plan/plan.ts';
import type { ReportWriter } from '../dialect.ts';
import { withoutPlace } from '../exif-report.ts';
import { resolveForReport } from '../resolve-report.ts';
import type { OpenPath } from '../thumbor/open-path.ts';
import type { Params } from '../thumbor/params.ts';
import { readImage } from './image.ts';

const formats: Readonly<Record<OutputFormat, string>> = {
  jpg: 'jpeg',
  png: 'png',
  webp: 'webp',
  avif: 'avif',
  gif: 'gif',
  tif: 'tiff',
  bmp: 'bmp',
  ico: 'x-icon',
};

/**
 * imagor's `meta`: what the picture that the path names would be, the EXIF of its source without the place where it was taken, and
 * what the filters for it ask to be measured.
 */
export const metaReport: ReportWriter = ({ header, ...facts }, args, details = noDetails, measured = {}) => {
  const exif = withoutPlace(details.exif).map(({ name, value }) => [name, value] as const);
  const resolved = resolveForReport(String(args.plan), { header, ...facts });
  const format = formats[resolved.encode.format];
  const body = {
    format,
    content_type: `image/${format}`,
    width: resolved.width,
    height: resolved.height,
    orientation: args.upright === true ? 1 : header.orientation,
    pages: resolved.frames,
    bands: (header.space === 'grey' ? 1 : 3) + (header.alpha ? 1 : 0),
    ...(exif.length > 0 ? { exif: Object.fromEntries(exif) } : {}),
    ...measuredMembers(measured, String(args.background ?? '000000ff')),
  };
  return { contentType: 'application/json', extension: 'json', body: `${JSON.stringify(body)}\n` };
};

function measuredMembers(
  { average, blurhash, thumbhash }: Measured,
  background: Rgba,
): Readonly<Record<string, unknown>> {
  return {
    ...(blurhash === undefined ? {} : { blurhash }),
    ...(thumbhash === undefined ? {} : { thumbhash }),
    ...(average === undefined ? {} : { average_color: laidOn(average, background) }),
  };
}

/** The mean of a picture on a background: its own mean counts by the mean of its alpha. */
function laidOn({ r, g, b, a }: MeasuredColour, background: Rgba): Readonly<{ r: number; g: number; b: number }> {
  const behind = (at: number): number => Number.parseInt(background.slice(at, at + 2), 16);
  const mixed = (value: number, at: number): number => Math.round((value * a + behind(at) * (255 - a)) / 255);
  return { r: mixed(r, 0), g: mixed(g, 2), b: mixed(b, 4) };
}

/** imagor's `params`: how a path is understood. Empty members are left out. */
export const paramsReport: ReportWriter = (_facts, args) => ({
  contentType: 'application/json',
  extension: 'json',
  body: `${JSON.stringify(JSON.parse(String(args.params)), null, 2)}\n`,
});

/** A path in imagor's own words for its parts. */
export function describeParams({ text, signature, isPlain }: OpenPath, params: Params): Record<string, unknown> {
  const { size, crop, padding, fitIn } = params;
  const image = readImage(params.image, isPlain);
  const members = {
    path: text,
    image: image.name,
    base64_image: image.isBase64,
    unsafe: signature === null,
    hash: signature,
    meta: params.meta,
    trim: params.trim !== null,
    trim_by: params.trim?.by,
    trim_tolerance: params.trim?.tolerance,
    crop_left: crop?.left,
    crop_top: crop?.top,
    crop_right: crop?.right,
    crop_bottom: crop?.bottom,
    fit_in: fitIn !== null,
    adaptive_fit_in: fitIn?.adaptive,
    full_fit_in: fitIn?.full,
    stretch: params.stretch,
    width: size?.width,
    height: size?.height,
    padding_left: padding?.left,
    padding_top: padding?.top,
    padding_right: padding?.right,
    padding_bottom: padding?.bottom,
    h_flip: size?.flipX,
    v_flip: size?.flipY,
    h_align: params.halign,
    v_align: params.valign,
    smart: params.smart,
    filters:
      params.filters.length === 0
        ? null
        : params.filters.map(({ name, args }) => (args === '' ? { name } : { name, args })),
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => Boolean(value)));
}
