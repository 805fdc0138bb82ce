import { compassGravity, type Enlarge, type Gravity, type ResizeMode, type Step } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { badValue } from '../native/values.ts';
import { readNumber, readWhole } from '../read-number.ts';
import type { Options } from './options.ts';

const sideMax = 12_000;
const pixelsMax = 100_000;

/** The order is the grammar's own: sizes are those of the picture as it lies after trim, flip and rotate. */
export const stepsOf = (options: Options): Step[] => [
  ...trimSteps(options),
  ...turnSteps(options),
  ...resizeSteps(options),
  ...effectSteps(options),
];

/** A border is what is so near to the top left pixel, as elsewhere where a grammar names no tolerance. */
const borderThreshold = 10;

/** `top;right;bottom;left` are cut off, or `border`; or a rectangle is kept. */
function trimSteps(options: Options): Step[] {
  const sides = options.get('trim');
  const [left, top, width, height] = ['left', 'top', 'width', 'height'].map((name) => options.get(`trim.${name}`));
  const isRectangle = [left, top, width, height].some((raw) => raw !== undefined);
  if (sides === undefined && !isRectangle) return [];
  if (sides === undefined) {
    const read = (raw: string | undefined, least: number, fallback: number): number =>
      raw === undefined ? fallback : readWhole(raw, 'trim', least, pixelsMax);
    return [
      {
        op: 'region',
        unit: 'px',
        x: read(left, 0, 0),
        y: read(top, 0, 0),
        w: read(width, 1, pixelsMax),
        h: read(height, 1, pixelsMax),
      },
    ];
  }
  if (isRectangle) throw new PileusError('bad_combination', { detail: 'trim has sides or a rectangle, not both.' });
  if (sides === 'border')
    return [{ op: 'trim', threshold: borderThreshold, colour: null, equalX: false, equalY: false }];
  const widths = sides.split(';').map((raw) => readWhole(raw, 'trim', 0, pixelsMax));
  if (widths.length !== 4) throw badValue('trim', 'top;right;bottom;left', sides);
  const [t = 0, r = 0, b = 0, l = 0] = widths;
  const cut = (at: 'nw' | 'se', dx: number, dy: number): Step[] =>
    dx + dy === 0 ? [] : [{ op: 'crop', w: null, h: null, gravity: compassGravity(at), dx, dy }];
  return [...cut('nw', l, t), ...cut('se', r, b)];
}

function turnSteps(options: Options): Step[] {
  const flip = options.get('flip');
  const rotate = options.get('rotate');
  if (flip !== undefined && flip !== 'h' && flip !== 'v' && flip !== 'hv') throw badValue('flip', 'h, v or hv', flip);
  if (rotate !== undefined && !['0', '90', '180', '270', '360'].includes(rotate)) {
    throw badValue('rotate', '90, 180 or 270', rotate);
  }
  const degrees = Number(rotate ?? 0) % 360;
  return [
    ...(flip === undefined ? [] : [{ op: 'flip', horizontal: flip !== 'v', vertical: flip !== 'h' } as const]),
    ...(degrees === 0 ? [] : [{ op: 'rotate', degrees } as const]),
  ];
}

const fits: ReadonlyMap<string, readonly [ResizeMode, Enlarge]> = new Map([
  ['scale-down', ['fit', 'no']],
  ['contain', ['fit', 'yes']],
  ['cover', ['cover', 'yes']],
  ['crop', ['cover', 'no']],
  ['aspect-crop', ['aspect', 'no']],
  ['pad', ['pad', 'yes']],
  ['squeeze', ['exact', 'yes']],
]);

function resizeSteps(options: Options): Step[] {
  const name = options.get('fit') ?? 'scale-down';
  const fit = fits.get(name);
  if (fit === undefined) throw badValue('fit', [...fits.keys()].join(', '), name);
  const [mode, enlarge] = fit;
  const gravity = gravityOf(options.get('gravity'));
  const dpr = options.has('dpr') ? readNumber(options.get('dpr') ?? '', 'dpr', 1, 5) : 1;
  const [w, h] = [sideOf(options, 'width'), sideOf(options, 'height')];
  if (w === null && h === null) return [];
  const step = {
    op: 'resize',
    size: { by: 'box', w, h },
    dpr: Math.round(dpr * 100) / 100,
    gravity,
    rounding: 'nearest',
  } as const;
  if (mode !== 'aspect') return [{ ...step, mode, enlarge }];
  const fitted: Step = { ...step, mode: 'fit', enlarge: 'no' };
  return w === null || h === null ? [fitted] : [{ ...step, mode, enlarge, dpr: 1 }, fitted];
}

function sideOf(options: Options, name: 'width' | 'height'): number | null {
  const raw = options.get(name);
  if (raw === undefined) return null;
  if (raw === 'auto')
    throw new PileusError('operation_unsupported', { detail: `${name}=auto: a width is a number here.` });
  return readWhole(raw, name, 1, sideMax);
}

const edges: ReadonlyMap<string, Gravity> = new Map([
  ['left', compassGravity('w')],
  ['right', compassGravity('e')],
  ['top', compassGravity('n')],
  ['bottom', compassGravity('s')],
  ['center', compassGravity('c')],
  ['auto', { kind: 'smart', by: 'attention' }],
]);

function gravityOf(raw = 'center'): Gravity {
  if (raw === 'face') throw new PileusError('operation_unsupported', { detail: 'gravity=face: nothing is detected.' });
  const edge = edges.get(raw);
  if (edge !== undefined) return edge;
  const [x = '', y = '', ...rest] = raw.split('x');
  if (rest.length > 0 || y === '') throw badValue('gravity', 'auto, left, right, top, bottom, center or 0.5x0.5', raw);
  const share = (side: string): number => Math.round(readNumber(side, 'gravity', 0, 1) * 10_000);
  return { kind: 'focal', x: share(x), y: share(y) };
}

function effectSteps(options: Options): Step[] {
  const steps: Step[] = [];
  // 0 is no value of a factor, and ignored there as well.
  const factor = (name: string, max: number): number => {
    const value = options.has(name) ? readNumber(options.get(name) ?? '', name, 0, max) : 1;
    return value === 0 ? 1 : value;
  };
  for (const op of ['brightness', 'contrast', 'saturation'] as const) {
    const amount = Math.round(factor(op, 2) * 100 - 100);
    if (amount !== 0) steps.push({ op, amount });
  }
  const gamma = factor('gamma', 10);
  if (gamma < 0.1) throw badValue('gamma', 'a number from 0.1 to 10', options.get('gamma') ?? '');
  if (gamma !== 1) steps.push({ op: 'gamma', gamma });
  const sharpen = options.get('sharpen');
  const sigma = sharpen === undefined ? 0 : readNumber(sharpen, 'sharpen', 0, 10);
  if (sigma > 0) steps.push({ op: 'sharpen', sigma });
  const blur = options.get('blur');
  if (blur !== undefined) steps.push({ op: 'blur', sigma: readNumber(blur, 'blur', 1, 250) });
  return steps;
}
