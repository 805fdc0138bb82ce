import { noDetails } from '../../plan/header/details.ts';
import type { ReportWriter } from '../dialect.ts';
import { exifMembers } from '../fop/exif-members.ts';
import { hueReport } from '../hue-report.ts';

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

/** `exif`: every field as a text; without the place where the picture was taken. */
const exif: ReportWriter = (facts, _args, details = noDetails) =>
  json(Object.fromEntries(Object.entries(exifMembers(facts, details)).map(([name, { val }]) => [name, { val }])));

export const tencentReports: Readonly<Record<string, ReportWriter>> = { imageInfo, exif, imageAve: hueReport };

const json = (value: unknown): ReturnType<ReportWriter> => ({
  contentType: 'application/json',
  extension: 'json',
  body: JSON.stringify(value),
});
