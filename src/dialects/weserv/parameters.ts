import { PileusError } from '../../shared/errors.ts';
import { readQuery } from '../read-query.ts';

/** The parameters of a URL by their present names. */
export type Parameters = ReadonlyMap<string, string>;

const synonyms: ReadonlyMap<string, string> = new Map([
  ['shape', 'mask'],
  ['strim', 'mtrim'],
  ['or', 'ro'],
  ['t', 'fit'],
  ['pages', 'n'],
  ['width', 'w'],
  ['height', 'h'],
  ['align', 'a'],
  ['level', 'l'],
  ['quality', 'q'],
  ['lossless', 'll'],
]);

const known = new Set([
  ...['url', 'w', 'h', 'dpr', 'fit', 'cbg', 'we', 'cx', 'cy', 'cw', 'ch', 'precrop', 'a', 'fpx', 'fpy', 'mask', 'ro'],
  ...['rbg', 'flip', 'flop', 'bri', 'mod', 'sat', 'hue', 'con', 'gam', 'sharp', 'blur', 'filt', 'bg', 'tint', 'q'],
  ...['output', 'il', 'll', 'page', 'n', 'maxage', 'filename', 'start', 'stop', 'trim'],
]);

const refused: ReadonlyMap<string, string> = new Map([
  ['mtrim', 'shapes are cut as large as the picture.'],
  ['mbg', 'shapes are cut out to transparency.'],
  ['sharpf', 'sharpening has a sigma only.'],
  ['sharpj', 'sharpening has a sigma only.'],
  ['l', 'the effort of PNG is configured.'],
  ['af', 'the filters of PNG are chosen by the encoder.'],
  ['loop', 'animations keep their own.'],
  ['delay', 'animations keep their own.'],
  ['fsol', "how pictures are decoded is not the URL's to say."],
  ['encoding', 'answers are pictures.'],
  ['default', 'an error is answered with an error.'],
  ['errorredirect', 'an error is answered with an error.'],
]);

/** Reads the query. Throws bad_url, bad_operation for what is unknown or stands twice, operation_unsupported. */
export const readParameters = (rawQuery: string | null): Parameters =>
  readQuery(rawQuery, (given) => {
    const name = synonyms.get(given) ?? given;
    const reason = refused.get(name);
    if (reason !== undefined) throw new PileusError('operation_unsupported', { detail: `${name}: ${reason}` });
    return known.has(name) ? name : null;
  });

/** A parameter that is on by standing there, unless it says `false` or `0`. */
export const isOn = (parameters: Parameters, name: string): boolean =>
  parameters.has(name) && !['false', '0'].includes(parameters.get(name) ?? '');
