import type { OutputFormat } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { invalidUrl } from './invalid-url.ts';
import type { FormatName } from './processing-options.ts';

const names: Readonly<Record<string, FormatName>> = {
  jpg: 'jpg',
  jpeg: 'jpg',
  png: 'png',
  webp: 'webp',
  avif: 'avif',
  gif: 'gif',
  tiff: 'tiff',
  bmp: 'bmp',
  ico: 'ico',
  svg: 'svg',
  heic: 'heic',
  jxl: 'jxl',
};

/** A format by its name in a URL; `tif` and `heif` are none. Throws bad_url. */
export function readFormat(option: string, text: string): FormatName {
  const format = Object.hasOwn(names, text) ? names[text] : undefined;
  if (format === undefined) throw invalidUrl(`${option}: no format "${text}"`);
  return format;
}

/** A format that a URL asks for; `best` is the smallest of several. Throws bad_url. */
export const readWanted = (option: string, text: string): FormatName | 'best' =>
  text === 'best' ? 'best' : readFormat(option, text);

const written: Readonly<Partial<Record<FormatName, OutputFormat>>> = {
  jpg: 'jpg',
  png: 'png',
  webp: 'webp',
  avif: 'avif',
  gif: 'gif',
  tiff: 'tif',
  bmp: 'bmp',
  ico: 'ico',
};

/** What is written for it, or undefined for a format that this build cannot write. */
export const writtenAs = (format: FormatName): OutputFormat | undefined => written[format];

/** The same; throws operation_unsupported where there is none. */
export function outputOf(format: FormatName): OutputFormat {
  const output = writtenAs(format);
  if (output === undefined)
    throw new PileusError('operation_unsupported', { detail: `${format} is not written here.` });
  return output;
}
