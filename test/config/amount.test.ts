import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmount, parseAmount } from '../../src/config/amount.ts';

describe('amounts', () => {
  it('read back what they are written as, in every unit', () => {
    const units = fc.constantFrom('bytes', 'ms', 'pixels', undefined);
    fc.assert(
      fc.property(fc.maxSafeNat(), units, (amount, unit) => {
        expect(parseAmount(formatAmount(amount, unit), unit)).toBe(amount);
      }),
    );
  });

  it.each([
    [33_554_432, 'bytes', '32MiB'],
    [33_554_433, 'bytes', '33554433'],
    [1500, 'ms', '1500ms'],
    [90_000, 'ms', '90s'],
    [0, 'ms', '0'],
    [5, undefined, '5'],
  ])('are short: %i %s is %s', (amount, unit, text) => {
    expect(formatAmount(amount, unit)).toBe(text);
  });

  it.each([
    ['', 'bytes'],
    ['MiB', 'bytes'],
    ['5 parsecs', 'bytes'],
    ['5s', 'bytes'],
    ['1_000', 'bytes'],
    ['Infinity', 'ms'],
    ['constructor', 'bytes'],
    ['1constructor', 'bytes'],
  ])('are not read from "%s" in %s', (text, unit) => {
    expect(parseAmount(text, unit)).toBeNull();
  });
});
