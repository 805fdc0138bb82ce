import type { Step } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { badValue, readInteger } from '../native/values.ts';
import type { Draft } from './draft.ts';
import { readPairs } from './pairs.ts';
import { unsupported } from './refusals.ts';

type Radius = Readonly<{ unit: 'px' | 'share'; value: number }>;

const names: ReadonlySet<string> = new Set(['radius', 'radiusx', 'radiusy']);
const pixelsMax = 50_000;

/**
 * `roundPic/radius/<n>` or `/radiusx/<n>/radiusy/<n>`: pixels, or `!25p` of the shorter side. The result is a PNG. Throws
 * bad_operation, bad_value, bad_combination, operation_unsupported.
 */
export function roundPic(words: readonly string[], draft: Draft): void {
  const pairs = readPairs(words, 'roundPic', names);
  const radius = pairs.get('radius');
  const radiusX = pairs.get('radiusx');
  const radiusY = pairs.get('radiusy');
  if (radius ? radiusX || radiusY : !radiusX || !radiusY) {
    throw new PileusError('bad_combination', {
      detail: '`roundPic` takes `radius`, or both `radiusx` and `radiusy`.',
    });
  }
  const x = readRadius(radiusX ?? radius ?? '', radius ? 'radius' : 'radiusx');
  const y = readRadius(radiusY ?? radius ?? '', radius ? 'radius' : 'radiusy');
  if (x.unit !== y.unit) throw unsupported('`roundPic` takes both radii in pixels, or both in percent.');
  draft.steps.push(cornersStep(x.unit, x.value, y.value));
  draft.format = 'png';
}

/** Rounded corners; radii are clipped to half of the sides. */
export const cornersStep = (unit: Radius['unit'], x: number, y: number): Step => ({
  op: 'round',
  shape: 'corners',
  unit,
  x,
  y,
});

function readRadius(raw: string, name: string): Radius {
  const percent = /^!([0-9]+)p$/.exec(raw);
  if (percent === null) {
    if (!/^[0-9]+$/.test(raw)) throw badValue(name, 'pixels such as 200, or percent such as !25p', raw);
    return { unit: 'px', value: readInteger(raw, name, 0, pixelsMax) };
  }
  // More than half is half.
  return { unit: 'share', value: Math.min(50, readInteger(percent[1] ?? '', name, 0, 100)) * 100 };
}
