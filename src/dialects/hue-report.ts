import type { ReportWriter } from './dialect.ts';

/** The mean colour as the clouds tell it: `{"RGB":"0x736246"}`. What is transparent counts for as much as can be seen of it. */
export const hueReport: ReportWriter = (_facts, _args, _details, { average } = {}) => {
  const { r, g, b } = average ?? { r: 0, g: 0, b: 0 };
  const hex = [r, g, b].map((value) => value.toString(16).padStart(2, '0')).join('');
  return { contentType: 'application/json', extension: 'json', body: JSON.stringify({ RGB: `0x${hex}` }) };
};
