import { badValue } from '../native/values.ts';

const decimalPattern = /^(?:[0-9]{1,10}(?:\.[0-9]{1,10})?|\.[0-9]{1,10})$/;

/** A decimal of at most ten digits on either side of its point, times ten to the `power`. Throws bad_value. */
export function readDecimal(
  raw: string,
  name: string,
  { min, max, power = 0 }: Readonly<{ min: number; max: number; power?: number }>,
): number {
  const value = decimalPattern.test(raw) ? Number(raw) : Number.NaN;
  if (!(value >= min && value <= max)) throw badValue(name, `a decimal in ${min}-${max}`, raw);
  // Shifted as text: 66.6 times 100 is 6660, not 6659.999.
  return power === 0 ? value : Number(`${raw}e${power}`);
}
