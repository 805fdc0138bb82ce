import { readInteger } from '../native/values.ts';
import type { Apply } from './action.ts';
import { integerOf, missing, onlyValue, readParams } from './params.ts';

const blurNames = new Set(['r', 's']);
const blurMax = 50;

/** `blur`: a Gaussian of standard deviation `s` that reaches `r` pixels far. */
export const blur: Apply = (action, draft) => {
  const params = readParams(action, blurNames);
  const radius = integerOf(params, 'r', 1, blurMax);
  const sigma = integerOf(params, 's', 1, blurMax);
  if (radius === null || sigma === null) throw missing(action.name, '`r` and `s`');
  draft.add({ op: 'blur', sigma: truncatedSigma(radius, sigma) });
};

/** Standard deviation, in hundredths, of what is left of a Gaussian that ends `radius` pixels from its middle. */
export function truncatedSigma(radius: number, sigma: number): number {
  let weights = 1;
  let squares = 0;
  for (let at = 1; at <= radius; at += 1) {
    const weight = 2 * Math.exp(-(at ** 2) / (2 * sigma ** 2));
    weights += weight;
    squares += weight * at ** 2;
  }
  return Math.round(Math.sqrt(squares / weights) * 100) / 100;
}

const amount =
  (op: 'brightness' | 'contrast'): Apply =>
  (action, draft) =>
    draft.add({ op, amount: readInteger(onlyValue(action), action.name, -100, 100) });

/** `bright`, -100 to 100. */
export const bright: Apply = amount('brightness');

/** `contrast`, -100 to 100. */
export const contrast: Apply = amount('contrast');

/** `sharpen`, 50 to 399: hundredths of the mask's sigma. */
export const sharpen: Apply = (action, draft) =>
  draft.add({ op: 'sharpen', sigma: readInteger(onlyValue(action), action.name, 50, 399) / 100 });
