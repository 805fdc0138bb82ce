import { noDetails } from '../../plan/header/details.ts';
import type { SourceFormat } from '../../plan/header.ts';
import type { ReportWriter } from '../dialect.ts';
import { withoutPlace } from '../exif-report.ts';
import { quoted } from '../native/values.ts';
import type { Action, Apply } from './action.ts';
import { refusal } from './refusal.ts';

/** `info`: what the header says. */
export const info: Apply = (action, draft) => {
  refuseParams(action);
  draft.view('info', { as: 'oss/info', args: {}, details: true });
};

/** `average-hue`: the mean colour. */
export const averageHue: Apply = (action, draft) => {
  refuseParams(action);
  draft.view('measured', { as: 'oss/average-hue', args: {} }, { average: true });
};

function refuseParams({ name, params }: Action): void {
  if (params.length > 0) throw refusal('bad_operation', `\`${name}\` has no parameter ${quoted(params.join(','))}.`);
}

const formatNames: Readonly<Record<SourceFormat, string>> = {
  jpeg: 'jpg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  avif: 'avif',
  tiff: 'tiff',
  bmp: 'bmp',
  ico: 'ico',
  svg: 'svg',
};

/** The body of `info`: texts as values, as OSS writes them; EXIF without the place where a picture was taken. */
export const infoReport: ReportWriter = ({ bytes, header }, _args, details = noDetails) => {
  const says = {
    ...Object.fromEntries(withoutPlace(details.exif).map(({ name, value }) => [name, value])),
    FileSize: bytes,
    Format: formatNames[header.format],
    FrameCount: header.frames,
    ImageHeight: header.height,
    ImageWidth: header.width,
    ...(header.orientation === 1 ? {} : { Orientation: header.orientation }),
  };
  const values = Object.entries(says).map(([name, value]) => [name, { value: String(value) }] as const);
  return {
    contentType: 'application/json',
    extension: 'json',
    body: `${JSON.stringify(Object.fromEntries(values), null, 2)}\n`,
  };
};
