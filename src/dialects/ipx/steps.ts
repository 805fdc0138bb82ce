import {
  type Compass,
  compassGravity,
  type Gravity,
  type Kernel,
  kernels,
  type ResizeMode,
  type Step,
} from '../../plan/plan.ts';
import { medianMax } from '../../plan/resolve/effect.ts';
import { PileusError } from '../../shared/errors.ts';
import { cssColour, hexColour } from '../css-colours.ts';
import { badValue } from '../native/values.ts';
import { readNumber, readWhole } from '../read-number.ts';
import type { Modifiers } from './modifiers.ts';

const pixelsMax = 10_000;

/** sharp's own order, whatever that of the URL. */
export const stepsOf = (modifiers: Modifiers): Step[] => [
  ...trimSteps(modifiers),
  ...extractSteps(modifiers),
  ...resizeSteps(modifiers),
  ...turnSteps(modifiers),
  ...extendSteps(modifiers),
  ...effectSteps(modifiers),
];

/** The numbers of a modifier, or null where it does not stand there. Throws bad_value for more or fewer than `count`. */
function numbersOf(
  modifiers: Modifiers,
  name: string,
  count: readonly [number, number],
  bounds: readonly [number, number],
): readonly number[] | null {
  const values = modifiers.get(name);
  if (values === undefined) return null;
  if (values.length < count[0] || values.length > count[1]) {
    throw badValue(
      name,
      count[0] === count[1] ? `${count[0]} values` : `${count[0]} to ${count[1]} values`,
      values.join('_'),
    );
  }
  return values.map((value) => readNumber(value, name, bounds[0], bounds[1]));
}

const whole = (numbers: readonly number[] | null, name: string): readonly number[] | null => {
  const fraction = numbers?.find((value) => !Number.isInteger(value));
  if (fraction !== undefined) throw badValue(name, 'whole pixels', String(fraction));
  return numbers;
};

function extractSteps(modifiers: Modifiers): Step[] {
  const sides = whole(numbersOf(modifiers, 'extract', [4, 4], [0, 100_000]), 'extract');
  if (sides === null) return [];
  const [x = 0, y = 0, w = 0, h = 0] = sides;
  if (w === 0 || h === 0) throw badValue('extract', 'left_top_width_height', sides.join('_'));
  return [{ op: 'region', unit: 'px', x, y, w, h }];
}

/** What is within so many levels of the top left pixel; ten where nothing is said. Specks of one pixel are no content. */
function trimSteps(modifiers: Modifiers): Step[] {
  const threshold = modifiers.get('trim')?.length === 0 ? [10] : numbersOf(modifiers, 'trim', [1, 1], [0, 255]);
  if (threshold?.[0] === undefined) return [];
  return [{ op: 'trim', threshold: threshold[0], colour: null, equalX: false, equalY: false, median: true }];
}

const fits: ReadonlyMap<string, ResizeMode> = new Map([
  ['cover', 'cover'],
  ['contain', 'pad'],
  ['fill', 'exact'],
  ['inside', 'fit'],
  ['outside', 'min'],
]);

function resizeSteps(modifiers: Modifiers): Step[] {
  const fit = single(modifiers, 'fit') ?? 'cover';
  const mode = fits.get(fit);
  if (mode === undefined) throw badValue('fit', [...fits.keys()].join(', '), fit);
  const gravity = gravityOf(single(modifiers, 'position'));
  const enlarge = isOn(modifiers, 'enlarge') ? 'yes' : 'no';
  const [w, h] = boxOf(modifiers);
  if (w === null && h === null) return [];
  const isMoved = mode === 'cover' || (mode === 'pad' && gravity.kind === 'compass');
  return [
    {
      op: 'resize',
      mode,
      size: { by: 'box', w, h },
      dpr: 1,
      enlarge,
      gravity: isMoved ? gravity : compassGravity('c'),
      rounding: 'nearest',
      ...kernelOf(single(modifiers, 'kernel')),
    },
  ];
}

/** How a scale weighs pixels; `lanczos3` is what is done anyway. */
function kernelOf(name: string | null): Readonly<{ kernel?: Kernel }> {
  if (name === null || name === 'lanczos3') return {};
  const kernel = kernels.find((each) => each === name);
  if (kernel === undefined) throw badValue('kernel', `${kernels.join(', ')} or lanczos3`, name);
  return { kernel };
}

function boxOf(modifiers: Modifiers): readonly [number | null, number | null] {
  const box = single(modifiers, 'resize');
  const [width, height] = [single(modifiers, 'width'), single(modifiers, 'height')];
  const side = (raw: string | null, name: string): number | null =>
    raw === null ? null : readWhole(raw, name, 1, pixelsMax);
  if (box === null) return [side(width, 'width'), side(height, 'height')];
  if (width !== null || height !== null) {
    throw new PileusError('bad_combination', { detail: 'resize, or width and height.' });
  }
  const match = /^([0-9]+)(?:x([0-9]+))?$/.exec(box);
  if (match === null) throw badValue('resize', '300x200', box);
  return [side(match[1] ?? null, 'resize'), side(match[2] ?? match[1] ?? null, 'resize')];
}

const positions: ReadonlyMap<string, Gravity> = new Map<string, Gravity>([
  ...(
    [
      ['c', 'center', 'centre', '0'],
      ['n', 'top', 'north', '1'],
      ['e', 'right', 'east', '2'],
      ['s', 'bottom', 'south', '3'],
      ['w', 'left', 'west', '4'],
      ['ne', 'right-top', 'right top', 'top-right', 'northeast', '5'],
      ['se', 'right-bottom', 'right bottom', 'bottom-right', 'southeast', '6'],
      ['sw', 'left-bottom', 'left bottom', 'bottom-left', 'southwest', '7'],
      ['nw', 'left-top', 'left top', 'top-left', 'northwest', '8'],
    ] as const
  ).flatMap(([at, ...names]) => names.map((name) => [name, compassGravity(at as Compass)] as const)),
  ['entropy', { kind: 'smart', by: 'entropy' }],
  ['16', { kind: 'smart', by: 'entropy' }],
  ['attention', { kind: 'smart', by: 'attention' }],
  ['17', { kind: 'smart', by: 'attention' }],
]);

function gravityOf(raw: string | null): Gravity {
  const gravity = positions.get(raw ?? 'center');
  if (gravity === undefined) throw badValue('position', 'an edge, a corner, entropy or attention', raw ?? '');
  return gravity;
}

function turnSteps(modifiers: Modifiers): Step[] {
  const [horizontal, vertical] = [isOn(modifiers, 'flop'), isOn(modifiers, 'flip')];
  const rotate = numbersOf(modifiers, 'rotate', [1, 1], [-3600, 3600])?.[0] ?? 0;
  const degrees = ((rotate % 360) + 360) % 360;
  return [
    ...(horizontal || vertical ? [{ op: 'flip', horizontal, vertical } as const] : []),
    ...(degrees === 0 ? [] : [{ op: 'rotate', degrees } as const]),
  ];
}

const extendFills = ['copy', 'repeat', 'mirror'] as const;

/** `extend_top_right_bottom_left`, in the background or by the picture itself. */
function extendSteps(modifiers: Modifiers): Step[] {
  const values = modifiers.get('extend');
  const how = values?.[4];
  const fill = extendFills.find((name) => name === how);
  if (how !== undefined && how !== 'background' && fill === undefined)
    throw badValue('extend', `background, ${extendFills.join(', ')}`, how);
  const sidesOnly: Modifiers = new Map([['extend', values?.slice(0, 4) ?? []]]);
  const sides = values === undefined ? null : whole(numbersOf(sidesOnly, 'extend', [4, 4], [0, pixelsMax]), 'extend');
  if (sides === null || (values?.length ?? 0) > 5) {
    if (sides === null) return [];
    throw badValue('extend', 'top_right_bottom_left', values?.join('_') ?? '');
  }
  const [top = 0, right = 0, bottom = 0, left = 0] = sides;
  return top + right + bottom + left === 0
    ? []
    : [{ op: 'pad', top, right, bottom, left, ...(fill === undefined ? {} : { fill }) }];
}

function effectSteps(modifiers: Modifiers): Step[] {
  const steps: Step[] = [];
  const gamma = modifiers.get('gamma')?.length === 0 ? [2.2] : numbersOf(modifiers, 'gamma', [1, 1], [1, 3]);
  const blur = numbersOf(modifiers, 'blur', [1, 1], [0.3, 1000]);
  const sharpen = numbersOf(modifiers, 'sharpen', [1, 1], [0.000001, 10]);
  const threshold = numbersOf(modifiers, 'threshold', [1, 1], [0, 255]);
  const modulate = numbersOf(modifiers, 'modulate', [1, 3], [0, 3600]);
  const tint = single(modifiers, 'tint');
  const median = medianOf(modifiers.get('median'));
  if (median !== null) steps.push({ op: 'median', size: median });
  if (isOn(modifiers, 'negate')) steps.push({ op: 'negate' });
  if (isOn(modifiers, 'grayscale')) steps.push({ op: 'grey' });
  if (gamma?.[0] !== undefined && gamma[0] !== 1) steps.push({ op: 'gamma', gamma: gamma[0] });
  if (threshold?.[0] !== undefined) steps.push({ op: 'bitonal', threshold: Math.round(threshold[0]) });
  if (blur?.[0] !== undefined) steps.push({ op: 'blur', sigma: blur[0] });
  if (modulate !== null) steps.push(...modulateSteps(modulate));
  if (sharpen?.[0] !== undefined) steps.push({ op: 'sharpen', sigma: sharpen[0] });
  if (isOn(modifiers, 'normalize')) steps.push({ op: 'normalise' });
  if (tint !== null) steps.push({ op: 'tint', colour: colourOf(tint, 'tint') });
  return steps;
}

/** The side of the square, three where none is named; null where there is no such modifier. */
function medianOf(values: readonly string[] | undefined): number | null {
  if (values === undefined) return null;
  if (values.length > 1) throw badValue('median', 'one value', values.join('_'));
  const size = readWhole(values[0] ?? '3', 'median', 1, medianMax);
  if (size % 2 === 0) throw badValue('median', 'an odd size', String(size));
  return size;
}

/** Factors of brightness and saturation, and degrees. */
function modulateSteps([brightness = 1, saturation = 1, hue = 0]: readonly number[]): Step[] {
  if (brightness > 2 || saturation > 2) throw badValue('modulate', 'factors up to 2', `${brightness}_${saturation}`);
  const amounts = [
    { op: 'brightness', amount: Math.round(brightness * 100 - 100) },
    { op: 'saturation', amount: Math.round(saturation * 100 - 100) },
  ] as const;
  return [
    ...amounts.filter(({ amount }) => amount !== 0),
    ...(hue % 360 === 0 ? [] : [{ op: 'hue', degrees: hue } as const]),
  ];
}

/** A CSS name, or hex without `#`. Throws bad_value. */
export function colourOf(raw: string, name: string): string {
  const colour = cssColour(raw) ?? hexColour(raw.replace(/^#/, ''));
  if (colour === null) throw badValue(name, 'a colour by its CSS name or in hex', raw);
  return colour;
}

/** The only argument of a modifier, or null where it does not stand there. Throws bad_value for more. */
export function single(modifiers: Modifiers, name: string): string | null {
  const values = modifiers.get(name);
  if (values === undefined) return null;
  if (values.length !== 1 || values[0] === undefined) throw badValue(name, 'one value', values.join('_'));
  return values[0];
}

/** Does a modifier stand there, without an argument or with `true`? Throws bad_value. */
export function isOn(modifiers: Modifiers, name: string): boolean {
  const values = modifiers.get(name);
  if (values === undefined) return false;
  const [value = 'true'] = values;
  if (values.length > 1 || (value !== 'true' && value !== 'false')) throw badValue(name, 'true or false', value);
  return value === 'true';
}
