import { orientedSize } from '../../plan/header.ts';
import type { ReportWriter } from '../dialect.ts';

/** `/info`: the stored size, and what the header tells of the rest. */
export const infoReport: ReportWriter = ({ header }) => {
  const body = {
    ...orientedSize(header, false),
    type: header.format,
    space: 'srgb',
    hasAlpha: header.alpha,
    hasProfile: header.icc,
    orientation: header.orientation,
  };
  return { contentType: 'application/json', extension: 'json', body: JSON.stringify(body) };
};
