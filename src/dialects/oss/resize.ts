import type { ResizeMode, Step } from '../../plan/plan.ts';
import { badValue, readColour } from '../native/values.ts';
import { resizeStep } from '../resize-step.ts';
import type { Apply } from './action.ts';
import { choiceOf, flags, integerOf, missing, type Params, readParams } from './params.ts';
import { refusal } from './refusal.ts';

type Size = Extract<Step, { op: 'resize' }>['size'];

const names = new Set(['m', 'w', 'h', 'l', 's', 'limit', 'color', 'p']);

const modes: ReadonlyMap<string, ResizeMode> = new Map([
  ['lfit', 'fit'],
  ['mfit', 'min'],
  ['fill', 'cover'],
  ['pad', 'pad'],
  ['fixed', 'exact'],
]);

const sideMax = 16_384;
const white = 'ffffffff';

/**
 * `resize`: `limit_1`, which is the default of all but `p`, never enlarges. `w` and `h` win over `l` and `s`. Of the modes
 * that fix both sides, one given side is both.
 */
export const resize: Apply = (action, draft) => {
  const params = readParams(action, names);
  const mode = choiceOf(params, 'm', modes) ?? 'fit';
  const size = sizeOf(params, mode);
  const limited = choiceOf(params, 'limit', flags) ?? size.by !== 'percent';
  const colour = colourOf(params, mode);
  if (mode === 'pad' && size.by !== 'percent') draft.fill(action.name, colour);
  draft.add(resizeStep(mode, size, limited ? 'no' : 'yes'));
};

function sizeOf(params: Params, mode: ResizeMode): Size {
  const w = integerOf(params, 'w', 1, sideMax);
  const h = integerOf(params, 'h', 1, sideMax);
  const long = integerOf(params, 'l', 1, sideMax);
  const short = integerOf(params, 's', 1, sideMax);
  const percent = integerOf(params, 'p', 1, 1000);
  if (percent !== null) {
    if ((w ?? h ?? long ?? short) === null) return { by: 'percent', percent };
    throw refusal('bad_combination', '`p` of `resize` excludes `w`, `h`, `l` and `s`.');
  }
  const fixesBoth = mode === 'cover' || mode === 'pad' || mode === 'exact';
  const both = (one: number | null, other: number | null) => (fixesBoth ? (one ?? other) : one);
  if ((w ?? h) !== null) return { by: 'box', w: both(w, h), h: both(h, w) };
  if ((long ?? short) !== null) return { by: 'sides', long: both(long, short), short: both(short, long) };
  throw missing('resize', '`w`, `h`, `l`, `s` or `p`');
}

function colourOf({ values }: Params, mode: ResizeMode): string {
  const raw = values.get('color');
  if (raw === undefined) return white;
  if (mode !== 'pad') throw refusal('bad_combination', '`color` of `resize` goes with `m_pad` only.');
  if (raw.length !== 6) throw badValue('color', 'rrggbb in hex', raw);
  return readColour(raw, 'color');
}
