import { type Compass, compassGravity, type Gravity, type ResizeMode, type Rgba, type Step } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { badValue } from '../native/values.ts';
import { readNumber, readWhole } from '../read-number.ts';
import { readColour } from './colours.ts';
import { isOn, type Parameters } from './parameters.ts';

const sideMax = 100_000;

/** The grammar's own order, whatever that of the query. */
export function stepsOf(parameters: Parameters): Step[] {
  const crop = cropSteps(parameters);
  const isBefore = isOn(parameters, 'precrop');
  const degrees = degreesOf(parameters.get('ro'));
  const turn: Step[] = degrees === 0 ? [] : [{ op: 'rotate', degrees }];
  const isQuarter = degrees % 90 === 0;
  const flip: Step = { op: 'flip', horizontal: isOn(parameters, 'flop'), vertical: isOn(parameters, 'flip') };
  return [
    ...trimSteps(parameters),
    ...(isQuarter ? turn : []),
    ...(flip.horizontal || flip.vertical ? [flip] : []),
    ...(isBefore ? crop : []),
    ...resizeSteps(parameters),
    ...(isBefore ? [] : crop),
    ...(isQuarter ? [] : turn),
    ...toneSteps(parameters),
    ...maskSteps(parameters),
  ];
}

/** What is within so many levels of the top left pixel; ten where nothing is said. */
function trimSteps(parameters: Parameters): Step[] {
  const raw = parameters.get('trim');
  if (raw === undefined) return [];
  const threshold = raw === '' ? 10 : readWhole(raw, 'trim', 1, 254);
  return [{ op: 'trim', threshold, colour: null, equalX: false, equalY: false }];
}

function degreesOf(raw: string | undefined): number {
  if (raw === undefined) return 0;
  return ((readWhole(raw, 'ro', -3600, 3600) % 360) + 360) % 360;
}

const fits: ReadonlyMap<string, ResizeMode> = new Map([
  ['inside', 'fit'],
  ['outside', 'min'],
  ['cover', 'cover'],
  ['fill', 'exact'],
  ['contain', 'pad'],
]);

function resizeSteps(parameters: Parameters): Step[] {
  const name = parameters.get('fit') ?? 'inside';
  const mode = fits.get(name);
  if (mode === undefined) throw badValue('fit', [...fits.keys()].join(', '), name);
  const gravity = gravityOf(parameters);
  const dpr = parameters.has('dpr') ? readNumber(parameters.get('dpr') ?? '', 'dpr', 1, 5) : 1;
  const [w, h] = [sideOf(parameters, 'w'), sideOf(parameters, 'h')];
  if (w === null && h === null) return [];
  return [
    {
      op: 'resize',
      mode,
      size: { by: 'box', w, h },
      dpr: Math.round(dpr * 100) / 100,
      enlarge: isOn(parameters, 'we') ? 'no' : 'yes',
      gravity: mode === 'pad' && gravity.kind !== 'compass' ? compassGravity('c') : gravity,
      rounding: 'nearest',
    },
  ];
}

function sideOf(parameters: Parameters, name: 'w' | 'h'): number | null {
  const raw = parameters.get(name);
  if (raw === undefined) return null;
  if (raw.endsWith('%')) throw new PileusError('operation_unsupported', { detail: `${name}: sides are in pixels.` });
  const side = readWhole(raw, name, 0, sideMax);
  return side === 0 ? null : side;
}

const places: ReadonlyMap<string, Compass> = new Map([
  ['center', 'c'],
  ['top', 'n'],
  ['bottom', 's'],
  ['left', 'w'],
  ['right', 'e'],
  ['top-left', 'nw'],
  ['top-right', 'ne'],
  ['bottom-left', 'sw'],
  ['bottom-right', 'se'],
]);

function gravityOf(parameters: Parameters): Gravity {
  const name = parameters.get('a') ?? 'center';
  const [fpx, fpy] = ['fpx', 'fpy'].map((side) => {
    const raw = parameters.get(side);
    return raw === undefined ? 5000 : Math.round(readNumber(raw, side, 0, 1) * 10_000);
  });
  const place = places.get(name);
  if (place !== undefined) return compassGravity(place);
  if (name === 'attention' || name === 'entropy') return { kind: 'smart', by: name };
  if (name === 'focal') return { kind: 'focal', x: fpx ?? 5000, y: fpy ?? 5000 };
  const legacy = /^(?:focal|crop)-([0-9]{1,3})-([0-9]{1,3})$/.exec(name);
  if (legacy === null) throw badValue('a', `${[...places.keys()].join(', ')}, attention, entropy or focal`, name);
  const percent = (raw = ''): number => readWhole(raw, 'a', 0, 100) * 100;
  return { kind: 'focal', x: percent(legacy[1]), y: percent(legacy[2]) };
}

/** A rectangle, all of it in pixels or all of it in percent. */
function cropSteps(parameters: Parameters): Step[] {
  const raw = ['cx', 'cy', 'cw', 'ch'].map((name) => parameters.get(name));
  const given = raw.filter((side) => side !== undefined);
  if (given.length === 0) return [];
  const isPercent = given.some((side) => side.endsWith('%'));
  if (isPercent && !given.every((side) => side.endsWith('%') || side === '0')) {
    throw new PileusError('operation_unsupported', { detail: 'A crop is in pixels, or all of it in percent.' });
  }
  const read = (side: string | undefined, fallback: number): number => {
    if (side === undefined) return fallback;
    if (!isPercent) return readWhole(side, 'crop', 0, sideMax);
    return Math.round(readNumber(side.replace(/%$/, ''), 'crop', 0, 100) * 100);
  };
  const [x, y] = [read(raw[0], 0), read(raw[1], 0)];
  const whole = isPercent ? 10_000 : sideMax;
  const [w, h] = [read(raw[2], whole), read(raw[3], whole)];
  if (w === 0 || h === 0) throw badValue('crop', 'a width and a height', `${w}x${h}`);
  return [{ op: 'region', unit: isPercent ? 'bp' : 'px', x, y, w, h }];
}

function toneSteps(parameters: Parameters): Step[] {
  const steps: Step[] = [];
  const read = (name: string, min: number, max: number): number | null => {
    const raw = parameters.get(name);
    return raw === undefined ? null : readNumber(raw, name, min, max);
  };
  const push = (op: 'brightness' | 'contrast' | 'saturation', amount: number | null): void => {
    if (amount !== null && amount !== 0) steps.push({ op, amount });
  };
  const turn = (degrees: number | null): void => {
    if (degrees !== null && degrees % 360 !== 0) steps.push({ op: 'hue', degrees });
  };
  push('brightness', read('bri', -100, 100));
  const mod = parameters.get('mod')?.split(',');
  if (mod) {
    if (mod.length > 3) throw badValue('mod', 'brightness,saturation,hue', mod.join(','));
    const factor = (raw = '1'): number => Math.round(readNumber(raw, 'mod', 0, 2) * 100 - 100);
    push('brightness', factor(mod[0]));
    push('saturation', factor(mod[1]));
    turn(readNumber(mod[2] ?? '0', 'mod', -3600, 3600));
  }
  const saturation = read('sat', 0, 2);
  push('saturation', saturation === null ? null : Math.round(saturation * 100 - 100));
  turn(read('hue', -3600, 3600));
  push('contrast', read('con', -100, 100));
  const gamma = parameters.get('gam') === '' ? 2.2 : read('gam', 1, 3);
  if (gamma !== null && gamma !== 1) steps.push({ op: 'gamma', gamma });
  const sharpen = read('sharp', 0, 10);
  if (sharpen !== null && sharpen > 0) steps.push({ op: 'sharpen', sigma: sharpen });
  steps.push(...filterSteps(parameters));
  const blur = read('blur', 0.3, 250);
  if (blur !== null) steps.push({ op: 'blur', sigma: blur });
  const tint = parameters.get('tint');
  if (tint !== undefined) steps.push({ op: 'tint', colour: readColour(tint, 'tint') });
  return steps;
}

/** Colours of a duotone where a URL names none. */
const duotone = { dark: 'c83658ff', light: 'd8e74fff' } as const;

function filterSteps(parameters: Parameters): Step[] {
  const filter = parameters.get('filt');
  const colourOf = (name: string, fallback: Rgba): Rgba => {
    const raw = parameters.get(name);
    return raw === undefined ? fallback : readColour(raw, name);
  };
  switch (filter) {
    case undefined:
      return [];
    case 'greyscale':
      return [{ op: 'grey' }];
    case 'negate':
      return [{ op: 'negate' }];
    case 'sepia':
      return [{ op: 'sepia' }];
    case 'duotone': {
      const [dark, light] = [colourOf('start', duotone.dark), colourOf('stop', duotone.light)];
      return [{ op: 'duotone', dark, light, mix: 100 }];
    }
    default:
      throw badValue('filt', 'greyscale, sepia, duotone or negate', filter);
  }
}

/** An ellipse as large as the picture; a circle where that is square by what the URL says. */
function maskSteps(parameters: Parameters): Step[] {
  const mask = parameters.get('mask');
  if (mask === undefined) return [];
  const isSquare =
    parameters.has('w') &&
    parameters.get('w') === parameters.get('h') &&
    ['cover', 'fill', 'contain'].includes(parameters.get('fit') ?? '') &&
    !isOn(parameters, 'we') &&
    !['cx', 'cy', 'cw', 'ch'].some((name) => parameters.has(name));
  if (mask === 'ellipse' || (mask === 'circle' && isSquare)) return [{ op: 'round', shape: 'ellipse' }];
  if (
    ['circle', 'triangle', 'triangle-180', 'pentagon', 'pentagon-180', 'hexagon', 'square', 'star', 'heart'].includes(
      mask,
    )
  ) {
    throw new PileusError('operation_unsupported', {
      detail: `mask=${mask}: ellipses, and circles out of a square of w=h with fit=cover, fill or contain.`,
    });
  }
  throw badValue('mask', 'ellipse or circle', mask);
}
