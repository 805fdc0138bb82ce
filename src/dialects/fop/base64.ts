import { PileusError } from '../../shared/errors.ts';
import { badValue, quoted } from '../native/values.ts';

/** Text in URL-safe Base64, padded or not. Throws bad_value for anything else, and for what is not UTF-8. */
export function readBase64(raw: string, name: string): string {
  if (!/^[A-Za-z0-9_-]+={0,2}$/.test(raw)) throw badValue(name, 'URL-safe Base64', raw);
  const bytes = Buffer.from(raw, 'base64url');
  const text = bytes.toString('utf8');
  if (bytes.length === 0 || !Buffer.from(text, 'utf8').equals(bytes)) throw badValue(name, 'UTF-8 in Base64', raw);
  return text;
}

/** The colour names of the vendor's documents; the last two are wholly transparent. */
const namedColours: ReadonlyMap<string, string> = new Map([
  ['white', 'ffffffff'],
  ['black', '000000ff'],
  ['red', 'ff0000ff'],
  ['orange', 'ffa500ff'],
  ['yellow', 'ffff00ff'],
  ['green', '008000ff'],
  ['blue', '0000ffff'],
  ['purple', '800080ff'],
  ['gray', '7e7e7eff'],
  ['pink', 'ffc0cbff'],
  ['none', '00000000'],
  ['transparent', '00000000'],
]);

/** A colour in URL-safe Base64: `#rrggbb`, `#rrggbbaa` or a name. Throws bad_value. */
export function readEncodedColour(raw: string, name: string): string {
  const text = readBase64(raw, name).toLowerCase();
  const named = namedColours.get(text);
  if (named !== undefined) return named;
  if (/^#(?:[0-9a-f]{6}|[0-9a-f]{8})$/.test(text)) return text.length === 7 ? `${text.slice(1)}ff` : text.slice(1);
  throw new PileusError('bad_value', {
    detail: `Expected #rrggbb or a colour's name for \`${name}\`, got ${quoted(text.replaceAll(/[^\x20-\x7e]/g, '?'))}.`,
  });
}
