import { PileusError } from '../../shared/errors.ts';
import { quoted } from '../native/values.ts';

/** The options of a URL by their long names, values percent-decoded. */
export type Options = ReadonlyMap<string, string>;

const aliases: ReadonlyMap<string, string> = new Map([
  ['w', 'width'],
  ['h', 'height'],
  ['g', 'gravity'],
  ['q', 'quality'],
  ['f', 'format'],
  ['scq', 'slow-connection-quality'],
]);

const known = new Set([
  ...['width', 'height', 'fit', 'gravity', 'quality', 'format', 'metadata', 'anim', 'dpr', 'background', 'blur'],
  ...['sharpen', 'brightness', 'contrast', 'gamma', 'saturation', 'flip', 'rotate', 'trim', 'compression'],
  ...['trim.width', 'trim.height', 'trim.left', 'trim.top'],
]);

const refused: ReadonlyMap<string, string> = new Map([
  ['slow-connection-quality', 'the speed of the connection is not known.'],
  ['border', 'there are no borders.'],
  ['segment', 'nothing is detected.'],
  ['zoom', 'faces are not looked for.'],
  ['onerror', 'an error is answered with an error.'],
]);

/** Reads `width=80,fit=cover`. Throws bad_url, bad_operation for what is unknown or stands twice, operation_unsupported. */
export function readOptions(raw: string): Options {
  if (raw === '' || raw.length > 2000)
    throw new PileusError('bad_url', { detail: 'Expected options such as width=80.' });
  const options = new Map<string, string>();
  for (const option of decoded(raw).split(',')) {
    const equals = option.indexOf('=');
    const given = equals < 0 ? option : option.slice(0, equals);
    const name = aliases.get(given) ?? given;
    const reason = refused.get(name);
    if (reason !== undefined) throw new PileusError('operation_unsupported', { detail: `${name}: ${reason}` });
    if (equals < 0 || !known.has(name)) {
      throw new PileusError('bad_operation', { detail: `There is no option ${quoted(given)}.` });
    }
    if (options.has(name)) throw new PileusError('bad_operation', { detail: `\`${name}\` stands twice.` });
    options.set(name, option.slice(equals + 1));
  }
  return options;
}

function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new PileusError('bad_url', { detail: 'The percent-encoding of the options is not valid UTF-8.' });
  }
}
