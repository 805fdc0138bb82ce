import { compassGravity } from '../../plan/plan.ts';
import type { Apply } from './action.ts';
import { isEast, isSouth, places } from './gravity.ts';
import { choiceOf, integerOf, missing, readParams } from './params.ts';

/** Far beyond any source; what lies outside the picture is clipped there. */
export const coordinateMax = 100_000;

const cropNames = new Set(['w', 'h', 'x', 'y', 'g']);

/**
 * `crop`: `g` says where the window lies, `x` and `y` move it right and down from there, whatever the place. A side that
 * is 0 or absent is all of it.
 */
export const crop: Apply = (action, draft) => {
  const params = readParams(action, cropNames);
  if (params.values.size === 0) throw missing(action.name, '`w`, `h`, `x`, `y` or `g`');
  const place = choiceOf(params, 'g', places) ?? 'nw';
  const x = integerOf(params, 'x', 0, coordinateMax) ?? 0;
  const y = integerOf(params, 'y', 0, coordinateMax) ?? 0;
  draft.add({
    op: 'crop',
    w: integerOf(params, 'w', 0, coordinateMax) || null,
    h: integerOf(params, 'h', 0, coordinateMax) || null,
    gravity: compassGravity(place),
    // A plan's offsets lead inwards, and x and y always right and down.
    dx: isEast(place) ? outwards(x) : x,
    dy: isSouth(place) ? outwards(y) : y,
  });
};

const outwards = (offset: number): number => (offset === 0 ? 0 : -offset);

const indexcropNames = new Set(['x', 'y', 'i']);

/** `indexcrop`: slice `i` of slices that are `x` wide, or `y` high, which wins. */
export const indexcrop: Apply = (action, draft) => {
  const params = readParams(action, indexcropNames);
  const x = integerOf(params, 'x', 1, coordinateMax);
  const y = integerOf(params, 'y', 1, coordinateMax);
  const index = integerOf(params, 'i', 0, coordinateMax) ?? 0;
  if (y !== null) draft.add({ op: 'tile', axis: 'y', size: y, index });
  else if (x !== null) draft.add({ op: 'tile', axis: 'x', size: x, index });
  else throw missing(action.name, '`x` or `y`');
};
