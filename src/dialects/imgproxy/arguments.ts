import type { Anchor, Compass, Rgba } from '../../plan/plan.ts';
import { invalidUrl } from './invalid-url.ts';

/**
 * How imgproxy reads the arguments of an option: numbers as Go's strconv does, booleans leniently, everything else strictly.
 * All throw an invalid URL that names the option.
 */

/** `1 t T TRUE true True` are true; all else is false, garbage too. */
export const readFlag = (text: string): boolean => /^(?:1|t|T|TRUE|true|True)$/.test(text);

export function readInteger(option: string, text: string, min = 0, max = 2_147_483_647): number {
  const value = /^[+-]?\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= min && value <= max))
    throw invalidUrl(`${option}: expected a whole number from ${min}, got "${text}"`);
  return value;
}

export function readNumber(option: string, text: string, isRight: (value: number) => boolean = isNotNegative): number {
  const value = /^[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(?:[eE][+-]?\d{1,2})?$/.test(text)
    ? Number(text)
    : Number.NaN;
  if (!Number.isFinite(value) || !isRight(value))
    throw invalidUrl(`${option}: the number "${text}" is not possible here`);
  return value;
}

const isNotNegative = (value: number): boolean => value >= 0;
export const isPositive = (value: number): boolean => value > 0;

export function atMost(option: string, given: readonly string[], max: number): void {
  if (given.length > max) throw invalidUrl(`${option}: at most ${max} arguments, got ${given.length}`);
}

/** The one argument that an option has. */
export function only(option: string, given: readonly string[]): string {
  atMost(option, given, 1);
  return given[0] ?? '';
}

const compasses: Readonly<Record<string, Compass>> = {
  ce: 'c',
  no: 'n',
  so: 's',
  ea: 'e',
  we: 'w',
  noea: 'ne',
  nowe: 'nw',
  soea: 'se',
  sowe: 'sw',
};

/** `%type:%x:%y`. `sm` takes no offset, `fp` needs both of its shares. */
export function readGravity(option: string, given: readonly string[], { smart = true } = {}): Anchor {
  const [type = '', x = '', y = ''] = given;
  if (type === 'sm' && smart) {
    atMost(option, given, 1);
    return { kind: 'smart' };
  }
  atMost(option, given, 3);
  if (type === 'fp') {
    if (given.length !== 3) throw invalidUrl(`${option}: fp needs x and y`);
    return { kind: 'focal', x: readNumber(option, x, isShare), y: readNumber(option, y, isShare) };
  }
  const at = Object.hasOwn(compasses, type) ? compasses[type] : undefined;
  if (at === undefined) throw invalidUrl(`${option}: no gravity "${type}"`);
  return { kind: 'compass', at, x: readOffset(option, x), y: readOffset(option, y) };
}

const isShare = (value: number): boolean => value >= 0 && value <= 1;

export const readOffset = (option: string, text: string): number =>
  text === '' ? 0 : readNumber(option, text, () => true);

/** `%R:%G:%B`, or three or six hex digits. */
export function readColour(option: string, given: readonly string[]): Rgba {
  const [first = ''] = given;
  if (given.length === 1) return readHex(option, first);
  if (given.length !== 3) throw invalidUrl(`${option}: expected R:G:B or a hex colour`);
  return `${given.map((part) => readInteger(option, part, 0, 255).toString(16).padStart(2, '0')).join('')}ff`;
}

export function readHex(option: string, text: string): Rgba {
  if (/^[0-9a-fA-F]{6}$/.test(text)) return `${text.toLowerCase()}ff`;
  if (/^[0-9a-fA-F]{3}$/.test(text)) return `${text.toLowerCase().replace(/./g, '$&$&')}ff`;
  throw invalidUrl(`${option}: "${text}" is no colour`);
}
