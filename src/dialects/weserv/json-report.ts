import { orientedSize } from '../../plan/header.ts';
import type { ReportWriter } from '../dialect.ts';

/** `output=json`: what is known of the source. */
export const jsonReport: ReportWriter = ({ header, bytes }) => {
  const body = {
    format: header.format,
    size: bytes,
    ...orientedSize(header, true),
    orientation: header.orientation,
    pages: header.frames,
    hasAlpha: header.alpha,
    hasProfile: header.icc,
    isProgressive: header.progressive,
  };
  return { contentType: 'application/json', extension: 'json', body: `${JSON.stringify(body)}\n` };
};
