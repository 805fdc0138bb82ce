import type { Compass } from '../../plan/plan.ts';

/** The nine places of a 3 x 3 grid as URLs name them. */
export const places: ReadonlyMap<string, Compass> = new Map([
  ['nw', 'nw'],
  ['north', 'n'],
  ['ne', 'ne'],
  ['west', 'w'],
  ['center', 'c'],
  ['east', 'e'],
  ['sw', 'sw'],
  ['south', 's'],
  ['se', 'se'],
]);

export const isEast = (place: Compass): boolean => place === 'ne' || place === 'e' || place === 'se';
export const isSouth = (place: Compass): boolean => place === 'sw' || place === 's' || place === 'se';
/** In the middle column. */
export const isMiddle = (place: Compass): boolean => place === 'n' || place === 'c' || place === 's';
/** In the middle row. */
export const isHalfway = (place: Compass): boolean => place === 'w' || place === 'c' || place === 'e';
