import { readInteger } from '../native/values.ts';
import type { Apply } from './action.ts';
import { flags, onlyValue, readChoice } from './params.ts';

const white = 'ffffffff';

/** `rotate`: clockwise, 0 to 360. Corners of odd angles are white. */
export const rotate: Apply = (action, draft) => {
  const degrees = readInteger(onlyValue(action), action.name, 0, 360) % 360;
  if (degrees % 90 !== 0) draft.fill(action.name, white);
  if (degrees > 0) draft.add({ op: 'rotate', degrees });
};

/** `auto-orient`: the picture is made upright first, wherever the action stands. Without a value it is 1. */
export const autoOrient: Apply = (action, draft) =>
  draft.orient(action.name, action.params.length === 0 || readChoice(onlyValue(action), action.name, flags));
