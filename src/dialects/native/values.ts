import { PileusError } from '../../shared/errors.ts';

/** Reads one value of an operation; `name` is the operation's, for the error. Throws bad_value. */
export type ReadValue<Value> = (raw: string, name: string) => Value;

/** What stood in the URL, short enough for an error's detail. */
export const quoted = (raw: string): string => `"${raw.length > 40 ? `${raw.slice(0, 40)}...` : raw}"`;

export const badValue = (name: string, expected: string, raw: string): PileusError =>
  new PileusError('bad_value', { detail: `Expected ${expected} for \`${name}\`, got ${quoted(raw)}.` });

const range = (min: number, max: number): string => (min < 0 ? `${min} to ${max}` : `${min}-${max}`);

const integerPattern = /^-?[0-9]+$/;
const decimalPattern = /^[0-9]+(?:\.[0-9]{1,2})?$/;

/** A whole number in decimal digits, leading zeros allowed. `-0`, exponents, hex and signs are not numbers here. */
export function readInteger(raw: string, name: string, min: number, max: number): number {
  const value = integerPattern.test(raw) ? Number(raw) : Number.NaN;
  if (value >= min && value <= max && !Object.is(value, -0)) return value;
  throw badValue(name, `an integer in ${range(min, max)}`, raw);
}

/** A number of at most two decimals, not negative. */
export function readDecimal(raw: string, name: string, min: number, max: number): number {
  const value = decimalPattern.test(raw) ? Number(raw) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw badValue(name, `a number in ${range(min, max)} with at most two decimals`, raw);
}

const exactPattern = /^-?[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]{1,3})?$/;

/**
 * Any number as the URLs of other servers have it: decimals, and an exponent where it is very large or small. A number that is no
 * whole one never overflows to another: what is read is what `writeExact` wrote.
 */
export function readExact(raw: string, name: string, min: number, max: number): number {
  const value = raw.length <= 32 && exactPattern.test(raw) ? Number(raw) : Number.NaN;
  if (value >= min && value <= max && !Object.is(value, -0)) return value;
  throw badValue(name, `a number in ${range(min, max)}`, raw);
}

/** The one spelling of a number that `readExact` reads. */
export const writeExact = (value: number): string => String(value).replace('e+', 'e');

/** Whole hours since 1970 in base 36, either case. */
export function readHours(raw: string, name: string): number {
  if (/^[0-9a-zA-Z]{1,8}$/.test(raw)) return Number.parseInt(raw, 36);
  throw badValue(name, 'hours since 1970 in base 36, 1-8 characters,', raw);
}

/** Six or eight hex digits of either case; without alpha it is opaque. */
export function readColour(raw: string, name: string): string {
  if (!/^(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/.test(raw)) throw badValue(name, 'rrggbb or rrggbbaa in hex', raw);
  const lower = raw.toLowerCase();
  return lower.length === 6 ? `${lower}ff` : lower;
}

export const writeColour = (rgba: string): string => (rgba.endsWith('ff') ? rgba.slice(0, 6) : rgba);
