import { badValue } from './native/values.ts';

/**
 * A decimal number such as `12`, `-0.5` or `.25`, within bounds. Throws bad_value for anything else: exponents, hex, infinities, more
 * than 12 characters.
 */
export function readNumber(raw: string, name: string, min: number, max: number): number {
  const value = raw.length <= 12 && /^-?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/.test(raw) ? Number(raw) : Number.NaN;
  if (value >= min && value <= max) return value === 0 ? 0 : value;
  throw badValue(name, `a number from ${min} to ${max}`, raw);
}

/** A whole number in digits, perhaps with a minus, within bounds. Throws bad_value. */
export function readWhole(raw: string, name: string, min: number, max: number): number {
  const value = raw.length <= 16 && /^-?[0-9]+$/.test(raw) ? Number(raw) : Number.NaN;
  if (value >= min && value <= max) return value === 0 ? 0 : value;
  throw badValue(name, `a whole number from ${min} to ${max}`, raw);
}
