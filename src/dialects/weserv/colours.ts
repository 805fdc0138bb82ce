import type { Rgba } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { cssColour, hexColour } from '../css-colours.ts';
import { badValue } from '../native/values.ts';
import type { Parameters } from './parameters.ts';

/** A CSS name, RGB, ARGB, RRGGBB or AARRGGBB: alpha stands first here. Throws bad_value. */
export function readColour(raw: string, name: string): Rgba {
  const hex = hexColour(raw.startsWith('#') ? raw.slice(1) : raw);
  const digits = raw.replace('#', '').length;
  const colour = hex !== null && (digits === 4 || digits === 8) ? hex.slice(2) + hex.slice(0, 2) : hex;
  const read = colour ?? cssColour(raw);
  if (read === null) throw badValue(name, 'a colour by its CSS name, RGB, ARGB, RRGGBB or AARRGGBB', raw);
  return read;
}

/** The one colour that a plan fills with; `bg`, `cbg` and `rbg` have to agree. Throws operation_unsupported. */
export function backgroundOf(parameters: Parameters): Rgba | undefined {
  let background: Rgba | undefined;
  for (const name of ['bg', 'cbg', 'rbg']) {
    const raw = parameters.get(name);
    if (raw === undefined) continue;
    const colour = readColour(raw, name);
    if (background !== undefined && background !== colour) {
      throw new PileusError('operation_unsupported', { detail: 'bg, cbg and rbg are one colour.' });
    }
    background = colour;
  }
  return background;
}
