import { noDetails } from '../../plan/header/details.ts';
import type { Header } from '../../plan/header.ts';
import type { ReportWriter } from '../dialect.ts';
import { exifMembers } from '../fop/exif-members.ts';
import { orientationNames } from '../fop/orientation-names.ts';
import { hueReport } from '../hue-report.ts';

/** `imageInfo`: the stored size, before orientation; `orientation` where there is one to apply, `frameNumber` of GIFs. */
const imageInfo: ReportWriter = ({ header, bytes }) =>
  json({
    size: bytes,
    format: header.format,
    width: header.width,
    height: header.height,
    colorModel: colourModel(header),
    ...(header.orientation === 1 ? {} : { orientation: orientationNames[header.orientation] }),
    ...(header.format === 'gif' ? { frameNumber: header.frames } : {}),
  });

/** `exif`: every field with EXIF's number for its type; without the place where the picture was taken. */
const exif: ReportWriter = (facts, _args, details = noDetails) => json(exifMembers(facts, details));

export const qiniuReports: Readonly<Record<string, ReportWriter>> = { imageInfo, exif, imageAve: hueReport };

/** As Go's decoders name their pictures, which is where the vendor's words are from. */
function colourModel({ format, space, alpha, bitsPerChannel }: Header): string {
  if (format === 'gif') return 'palette256';
  const deep = bitsPerChannel > 8;
  if (space === 'cmyk') return 'cmyk';
  if (space === 'grey' && !alpha) return deep ? 'gray16' : 'gray';
  if (format === 'jpeg' || format === 'webp') return alpha ? 'nycbcra' : 'ycbcr';
  return `${alpha ? 'nrgba' : 'rgba'}${deep ? '64' : ''}`;
}

const json = (value: unknown): ReturnType<ReportWriter> => ({
  contentType: 'application/json',
  extension: 'json',
  body: JSON.stringify(value),
});
