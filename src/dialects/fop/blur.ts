import type { Step } from '../../plan/plan.ts';
import { badValue, readDecimal, readInteger } from '../native/values.ts';

const radiusMax = 50;
const sigmaMax = 1000;

/**
 * `<radius>x<sigma>`: a Gaussian that is cut off at the radius. The engine's is not, so it gets the standard deviation that is left
 * after the cut, in hundredths. Throws bad_value.
 */
export function blurStep(raw: string): Step {
  const [first = '', second, ...rest] = raw.split('x');
  if (second === undefined || rest.length > 0) throw badValue('blur', '<radius>x<sigma>', raw);
  const radius = readInteger(first, 'blur', 1, radiusMax);
  const sigma = readDecimal(second, 'blur', 0, sigmaMax);
  if (sigma === 0) throw badValue('blur', 'a sigma above 0', raw);
  return { op: 'blur', sigma: Math.round(100 * cutDeviation(radius, sigma)) / 100 };
}

function cutDeviation(radius: number, sigma: number): number {
  let weights = 0;
  let squares = 0;
  for (let at = -radius; at <= radius; at += 1) {
    const weight = Math.exp(-(at * at) / (2 * sigma * sigma));
    weights += weight;
    squares += weight * at * at;
  }
  return Math.sqrt(squares / weights);
}
