import type { Enlarge, ResizeMode, Step } from '../../plan/plan.ts';
import { badValue, readInteger } from '../native/values.ts';
import { resizeStep } from '../resize-step.ts';

export const sideMax = 9999;
const percentMax = 999;
const areaMax = 24_999_999;

/**
 * The geometry of `thumbnail`: `!75p`, `!75px`, `!x75p`, `700x`, `x467`, `300x300`, `!200x200r`, `200x300!`, `200x300>`, `700x600<`,
 * `350000@`. `!` before a size without `r` changes nothing. Throws bad_value.
 */
export function thumbnailStep(raw: string): Step {
  const percent = /^!(x?)([0-9]+)p(x?)$/.exec(raw);
  if (percent !== null) return percentStep(raw, percent);
  if (raw.endsWith('@')) {
    const pixels = readInteger(raw.slice(0, -1), 'thumbnail', 1, areaMax);
    return resizeStep('fit', { by: 'area', pixels }, 'no');
  }
  const [, bang = '', width = '', height = '', suffix = ''] = /^(!?)([0-9]*)x([0-9]*)([r!<>]?)$/.exec(raw) ?? [];
  const w = sideOf(width);
  const h = sideOf(height);
  const isWhole = w !== null && h !== null;
  const isKnown = bang === '' ? suffix !== 'r' : suffix === '' || suffix === 'r';
  if ((w === null && h === null) || !isKnown || (!isWhole && (suffix === 'r' || suffix === '!'))) {
    throw badValue('thumbnail', 'a size such as 300x200, 300x, x200, !50p, !300x200r, 300x200> or 90000@', raw);
  }
  const [mode, enlarge] = bySuffix[suffix as keyof typeof bySuffix];
  return resizeStep(mode, { by: 'box', w, h }, enlarge);
}

const bySuffix = {
  '': ['fit', 'yes'],
  r: ['min', 'yes'],
  '!': ['exact', 'yes'],
  '>': ['fit', 'no'],
  '<': ['fit', 'only'],
} as const satisfies Record<string, readonly [ResizeMode, Enlarge]>;

/** A side that may be left out. Throws bad_value. */
export const sideOf = (raw: string, name = 'thumbnail'): number | null =>
  raw === '' ? null : readInteger(raw, name, 1, sideMax);

function percentStep(raw: string, [, before = '', digits = '', after = '']: RegExpExecArray): Step {
  if (before !== '' && after !== '') throw badValue('thumbnail', '!<n>p, !<n>px or !x<n>p', raw);
  const percent = readInteger(digits, 'thumbnail', 1, percentMax);
  if (before === '' && after === '') return resizeStep('fit', { by: 'percent', percent }, 'yes');
  return { op: 'scale', x: after === '' ? 10_000 : percent * 100, y: before === '' ? 10_000 : percent * 100 };
}
