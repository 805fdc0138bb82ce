import { PileusError } from '../../shared/errors.ts';
import { quoted } from '../native/values.ts';

/** The modifiers of a URL by their long names, each with its arguments. */
export type Modifiers = ReadonlyMap<string, readonly string[]>;

const aliases: ReadonlyMap<string, string> = new Map([
  ['w', 'width'],
  ['h', 'height'],
  ['s', 'resize'],
  ['q', 'quality'],
  ['f', 'format'],
  ['b', 'background'],
  ['pos', 'position'],
  ['crop', 'extract'],
  ['a', 'animated'],
]);

const known = new Set([
  ...['width', 'height', 'resize', 'fit', 'position', 'background', 'enlarge', 'quality', 'format', 'animated'],
  ...['extract', 'extend', 'rotate', 'flip', 'flop', 'sharpen', 'blur', 'gamma', 'negate', 'normalize', 'threshold'],
  ...['modulate', 'tint', 'grayscale', 'median', 'flatten', 'kernel', 'trim'],
]);

const refused = new Set([
  ...['dilate', 'erode', 'clahe', 'unflatten', 'linear', 'autoorient'],
  ...['brightness', 'saturation', 'hue', 'lightness', 'opacity'],
]);

/** Reads `w_300,h_200` or `w_300&h_200`; `_` is none. Throws bad_url, bad_operation or operation_unsupported. */
export function readModifiers(raw: string): Modifiers {
  const modifiers = new Map<string, readonly string[]>();
  const text = decoded(raw);
  if (text === '' || text.length > 1000)
    throw new PileusError('bad_url', { detail: 'Expected modifiers, or _ for none.' });
  if (text === '_') return modifiers;
  for (const part of text.split(/[,&]/)) {
    const [given = '', ...values] = part.split(/[_:=]/);
    const name = aliases.get(given) ?? given;
    if (refused.has(name))
      throw new PileusError('operation_unsupported', { detail: `\`${name}\` is not available here.` });
    if (!known.has(name)) throw new PileusError('bad_operation', { detail: `There is no modifier ${quoted(given)}.` });
    if (modifiers.has(name)) throw new PileusError('bad_operation', { detail: `\`${name}\` stands twice.` });
    modifiers.set(name, values);
  }
  return modifiers;
}

function decoded(raw: string): string {
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new PileusError('bad_url', { detail: 'The percent-encoding of the modifiers is not valid UTF-8.' });
  }
}
