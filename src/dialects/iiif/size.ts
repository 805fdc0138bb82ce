import type { Enlarge, Step } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { badValue, readInteger } from '../native/values.ts';
import { resizeStep } from '../resize-step.ts';
import { readDecimal } from './number.ts';

export type SizeRules = Readonly<{
  version: 2 | 3;
  upscaling: boolean;
  confined: 'error' | 'keep';
  /** `maxWidth` and `maxHeight`. */
  sideMax: number;
  /** `maxArea`. */
  areaMax: number;
}>;

/**
 * The size parameter (section 4.2). In version 3 `^` allows to enlarge; version 2 has `full` and no `^`. Whether a size would enlarge
 * shows only with the source: then it is enlarge_refused.
 *
 * Throws bad_value, or not_allowed for `^` where the mount does not enlarge.
 */
export function readSize(raw: string, rules: SizeRules): readonly Step[] {
  const hasCaret = rules.version === 3 && raw.startsWith('^');
  if (hasCaret && !rules.upscaling) {
    throw new PileusError('not_allowed', {
      detail: 'Pictures are not enlarged here: sizes with ^ are not implemented.',
    });
  }
  const form = hasCaret ? raw.slice(1) : raw;
  if (form === 'max') return maxSteps(hasCaret ? 'yes' : 'no', rules);
  if (form === 'full' && rules.version === 2) return [];
  const enlarges = hasCaret || (rules.version === 2 && rules.upscaling);
  const enlarge = enlarges ? 'yes' : 'error';
  if (form.startsWith('pct:')) {
    const max = enlarges ? 100 * rules.sideMax : 100;
    const percent = readDecimal(form.slice(4), 'size', { min: least, max });
    return [resizeStep('fit', { by: 'percent', percent }, enlarge)];
  }
  const isConfined = form.startsWith('!');
  const [w, h, ...rest] = (isConfined ? form.slice(1) : form).split(',', 3);
  if (w === undefined || h === undefined || rest.length > 0 || (w === '' && h === '')) {
    throw badValue('size', expected[rules.version], raw);
  }
  return isConfined ? confinedSteps(w, h, enlarge, rules) : boxSteps(w, h, enlarge, rules);
}

const expected = {
  2: 'full, max, w, or ,h or w,h or !w,h or pct:n',
  3: 'max, w, or ,h or w,h or !w,h or pct:n, perhaps with ^ before it',
} as const;

/** Percent. */
const least = 1e-10;
/** Boxes may be larger than anything that is served here. */
const confinedMax = 1_000_000;

/** As large as the limits allow. The area first: one scale is enough but for pictures much longer than they are high. */
const maxSteps = (enlarge: Enlarge, { sideMax, areaMax }: SizeRules): readonly Step[] => [
  resizeStep('fit', { by: 'area', pixels: areaMax }, enlarge),
  resizeStep('fit', { by: 'box', w: sideMax, h: sideMax }, 'no'),
];

function boxSteps(w: string, h: string, enlarge: Enlarge, { sideMax, areaMax }: SizeRules): readonly Step[] {
  const side = (text: string): number | null => (text === '' ? null : readInteger(text, 'size', 1, sideMax));
  const box = { w: side(w), h: side(h) };
  if (box.w === null || box.h === null) return [resizeStep('fit', { by: 'box', ...box }, enlarge)];
  if (box.w * box.h > areaMax) throw badValue('size', `at most ${areaMax} pixels`, `${w},${h}`);
  return [resizeStep('exact', { by: 'box', ...box }, enlarge)];
}

/** Within the box and the limits, the ratio kept. */
function confinedSteps(w: string, h: string, enlarge: Enlarge, rules: SizeRules): readonly Step[] {
  const side = (text: string): number => Math.min(rules.sideMax, readInteger(text, 'size', 1, confinedMax));
  const box = { by: 'box', w: side(w), h: side(h) } as const;
  const isLarge = box.w * box.h > rules.areaMax;
  const area = { by: 'area', pixels: rules.areaMax } as const;
  if (enlarge === 'yes') {
    return isLarge ? [resizeStep('fit', area, 'yes'), resizeStep('fit', box, 'no')] : [resizeStep('fit', box, 'yes')];
  }
  const within = resizeStep('fit', box, rules.confined === 'keep' ? 'no' : enlarge);
  return isLarge ? [within, resizeStep('fit', area, 'no')] : [within];
}
