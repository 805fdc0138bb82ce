import type { ReportWriter } from '../dialect.ts';
import { orientationNames } from '../fop/orientation-names.ts';

/** `imageInfo`: every value a text, as the vendor has it. The stored size, before orientation. */
const imageInfo: ReportWriter = ({ header, bytes }) =>
  json({
    format: header.format,
    width: String(header.width),
    height: String(header.height),
    size: String(bytes),
    frame_count: String(header.frames),
    bit_depth: String(header.bitsPerChannel),
  });

/** `exif`: of all tags the orientation only, since no other is known of a source. */
const exif: ReportWriter = ({ header }) =>
  json(header.orientation === 1 ? {} : { Orientation: { val: orientationNames[header.orientation] } });

export const tencentReports: Readonly<Record<string, ReportWriter>> = { imageInfo, exif };

const json = (value: unknown): ReturnType<ReportWriter> => ({
  contentType: 'application/json',
  extension: 'json',
  body: JSON.stringify(value),
});
