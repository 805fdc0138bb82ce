import type { Step } from '../../plan/plan.ts';
import { badValue, readInteger } from '../native/values.ts';
import { readDecimal } from './number.ts';

/** The region parameter (section 4.1). What hangs over the picture is clipped. Throws bad_value. */
export function readRegion(raw: string): readonly Step[] {
  if (raw === 'full') return [];
  if (raw === 'square') return [{ op: 'square' }];
  const byShare = raw.startsWith('pct:');
  const [x, y, w, h, ...rest] = (byShare ? raw.slice(4) : raw).split(',', 5);
  if (x === undefined || y === undefined || w === undefined || h === undefined || rest.length > 0) {
    throw badValue('region', 'full, square, x,y,w,h or pct:x,y,w,h', raw);
  }
  if (!byShare) {
    const pixels = (text: string, min: number): number => readInteger(text, 'region', min, coordinateMax);
    return [{ op: 'region', unit: 'px', x: pixels(x, 0), y: pixels(y, 0), w: pixels(w, 1), h: pixels(h, 1) }];
  }
  const from = (text: string): number => readDecimal(text, 'region', { min: 0, max: 100, power: 2 });
  const length = (text: string): number => readDecimal(text, 'region', { min: least, max: lengthMax, power: 2 });
  return [{ op: 'region', unit: 'bp', x: from(x), y: from(y), w: length(w), h: length(h) }];
}

/** Far beyond any source; what lies outside the picture is clipped there. */
const coordinateMax = 1_000_000;
/** Percent: a region may reach beyond the picture, but not be nothing. */
const lengthMax = 1000;
const least = 1e-10;
