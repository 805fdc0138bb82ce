import type { Compass, Step } from '../../plan/plan.ts';
import { compassGravity } from '../../plan/plan.ts';
import type { Apply } from '../oss/action.ts';
import { coordinateMax } from '../oss/crop.ts';
import { choiceOf, flags, integerOf, missing, readParams } from '../oss/params.ts';
import { refusal } from '../oss/refusal.ts';
import { resizeStep } from './resize.ts';

type Mode = 't' | 'b' | 'l' | 'r' | 'wc' | 'hc' | 'c' | 'resize' | 'crop';

/** The numbers of a crop; 0 where they are absent. */
type Numbers = Readonly<{ w: number; h: number; x: number; y: number; p: number; enlarge: boolean }>;

const names = new Set(['m', 'w', 'h', 'x', 'y', 'p', 'limit']);

const modes: ReadonlyMap<string, Mode> = new Map(
  (['t', 'b', 'l', 'r', 'wc', 'hc', 'c', 'resize', 'crop'] as const).map((mode) => [mode, mode]),
);

/**
 * `crop`: cuts something away (`t`, `b`, `l`, `r` from that side, `wc`, `hc` half from both), or leaves the middle (`c`), a
 * rectangle (`crop`), or what covers a box, scaled to it (`resize`). `p` is in percent of the sides, in place of pixels.
 */
export const crop: Apply = (action, draft) => {
  const params = readParams(action, names);
  const mode = choiceOf(params, 'm', modes);
  if (mode === null) throw missing(action.name, '`m`');
  const side = (name: string): number => integerOf(params, name, 0, coordinateMax) ?? 0;
  const numbers: Numbers = {
    w: side('w'),
    h: side('h'),
    x: side('x'),
    y: side('y'),
    p: integerOf(params, 'p', 0, 99) ?? 0,
    enlarge: choiceOf(params, 'limit', flags) === true,
  };
  if (mode !== 'crop' && numbers.x + numbers.y > 0) {
    throw refusal('bad_combination', '`x` and `y` of `crop` go with `m_crop` only.');
  }
  if (numbers.p > 0 && numbers.w + numbers.h > 0) {
    throw refusal('bad_combination', '`p` of `crop` excludes `w` and `h`.');
  }
  draft.add(...(numbers.p > 0 ? shareSteps(mode, numbers) : pixelSteps(mode, numbers)));
};

function pixelSteps(mode: Mode, { w, h, x, y, enlarge }: Numbers): readonly Step[] {
  switch (mode) {
    case 't':
      return [cutAway('nw', 0, needed(h, 'h'))];
    case 'b':
      return [cutAway('sw', 0, needed(h, 'h'))];
    case 'l':
      return [cutAway('nw', needed(w, 'w'), 0)];
    case 'r':
      return [cutAway('ne', needed(w, 'w'), 0)];
    case 'wc':
      return [cutAway('nw', Math.floor(needed(w, 'w') / 2), 0), cutAway('ne', Math.ceil(w / 2), 0)];
    case 'hc':
      return [cutAway('nw', 0, Math.floor(needed(h, 'h') / 2)), cutAway('sw', 0, Math.ceil(h / 2))];
    case 'c':
      needed(w + h, 'w` or `h');
      return [{ op: 'crop', w: w || null, h: h || null, gravity: compassGravity('c'), dx: 0, dy: 0 }];
    case 'crop':
      return [{ op: 'region', unit: 'px', x, y, w: needed(w, 'w'), h: needed(h, 'h') }];
    case 'resize': {
      const size = { by: 'box', w: needed(w, 'w'), h: needed(h, 'h') } as const;
      return [resizeStep({ mode: 'cover', size, enlarge: enlarge ? 'yes' : 'no' })];
    }
  }
}

/** In 1/10,000 of the sides. */
function shareSteps(mode: Mode, { p, x, y }: Numbers): readonly Step[] {
  const cut = p * 100;
  const rest = 10_000 - cut;
  const region = (left: number, top: number, w: number, h: number): readonly Step[] => [
    { op: 'region', unit: 'bp', x: left, y: top, w, h },
  ];
  switch (mode) {
    case 't':
      return region(0, cut, 10_000, rest);
    case 'b':
      return region(0, 0, 10_000, rest);
    case 'l':
      return region(cut, 0, rest, 10_000);
    case 'r':
      return region(0, 0, rest, 10_000);
    case 'wc':
      return region(cut / 2, 0, rest, 10_000);
    case 'hc':
      return region(0, cut / 2, 10_000, rest);
    case 'c':
      return region(rest / 2, rest / 2, cut, cut);
    case 'crop':
      if (x + y === 0) return region(0, 0, cut, cut);
      throw refusal('operation_unsupported', '`m_crop` has `x` and `y` in pixels: `p` goes without them here.');
    case 'resize':
      throw refusal('bad_combination', '`m_resize` of `crop` needs `w` and `h`, not `p`.');
  }
}

/** Moved inwards from a corner by so much, the window of the whole picture leaves that much behind. */
const cutAway = (from: Compass, dx: number, dy: number): Step => ({
  op: 'crop',
  w: null,
  h: null,
  gravity: compassGravity(from),
  dx,
  dy,
});

function needed(value: number, name: string): number {
  if (value === 0) throw missing('crop', `\`${name}\` or \`p\``);
  return value;
}
