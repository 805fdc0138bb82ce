import { compassGravity } from '../../plan/plan.ts';
import type { Apply } from './action.ts';
import { integerOf, missing, type Params, readParams } from './params.ts';

const names = new Set(['r']);
const radiusMax = 4096;
/** What JPEG shows of cut corners. */
const white = 'ffffffff';

/** `circle`: the circle of radius `r` around the centre, and the square of 2r + 1 that it stands in. */
export const circle: Apply = (action, draft) => {
  const side = 2 * radiusOf(readParams(action, names)) + 1;
  draft.fill(action.name, white, 'where-opaque');
  draft.add(
    { op: 'square' },
    { op: 'crop', w: side, h: side, gravity: compassGravity('c'), dx: 0, dy: 0 },
    { op: 'round', shape: 'ellipse' },
  );
};

/** `rounded-corners`: corners cut off by arcs of radius `r`. */
export const roundedCorners: Apply = (action, draft) => {
  const radius = radiusOf(readParams(action, names));
  draft.fill(action.name, white, 'where-opaque');
  draft.add({ op: 'round', shape: 'corners', unit: 'px', x: radius, y: radius });
};

function radiusOf(params: Params): number {
  const radius = integerOf(params, 'r', 1, radiusMax);
  if (radius === null) throw missing(params.action, '`r`');
  return radius;
}
