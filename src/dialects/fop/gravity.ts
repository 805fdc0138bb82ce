import type { Compass } from '../../plan/plan.ts';
import { badValue } from '../native/values.ts';

const points: ReadonlyMap<string, Compass> = new Map([
  ['northwest', 'nw'],
  ['north', 'n'],
  ['northeast', 'ne'],
  ['west', 'w'],
  ['center', 'c'],
  ['east', 'e'],
  ['southwest', 'sw'],
  ['south', 's'],
  ['southeast', 'se'],
]);

/** `NorthWest` to `SouthEast` in any case. Throws bad_value. */
export function readCompass(raw: string, name: string): Compass {
  const point = points.get(raw.toLowerCase());
  if (point === undefined) throw badValue(name, 'one of NorthWest, North, NorthEast, ... SouthEast', raw);
  return point;
}

/** Does the gravity hold on to no edge along this axis? */
export const isCentred = (at: Compass, axis: 'x' | 'y'): boolean =>
  at === 'c' || (axis === 'x' ? at === 'n' || at === 's' : at === 'w' || at === 'e');
