import type { ExtendFill, Gravity, Rgba, StepOp } from '../../plan/plan.ts';
import { sigmaMax } from '../../plan/resolve/blur.ts';
import {
  colorize,
  duotone,
  gradient,
  lift,
  medianSize,
  monochrome,
  progressiveBlur,
  redact,
  unsharp,
} from './effect-words.ts';
import { readLayout, writeLayout } from './layout-word.ts';
import { text, watermark } from './mark-words.ts';
import { integers, plain, type StepOf, type StepToken, spelled, valued } from './step-token.ts';
import { coordinateMax, exact, gravityToken, integer } from './token.ts';
import { badValue, readColour, readExact, readInteger, writeColour, writeExact } from './values.ts';

/**
 * The words for the steps of a plan, one entry each, in the order in which one stage works. A new step is one entry here and one
 * row in docs/url.md.
 */

/** `resize` is said by several tokens together: tokens.ts. */
const severalTokens = 'several';

type Region = StepOf<'region'>;

const pixels: StepToken<'c', 'region'> = {
  name: 'c',
  read: (raw, op) => {
    const side = [0, coordinateMax] as const;
    const [x = 0, y = 0, w = 0, h = 0] = integers(raw, op, 'x.y.w.h in pixels or sq', [
      side,
      side,
      [1, coordinateMax],
      [1, coordinateMax],
    ]);
    return { op: 'region', unit: 'px', x, y, w, h };
  },
  write: (step) => (step.unit === 'px' ? rectangle(step, '.') : null),
};

const wholeShare = 10_000;

/** `x.y.w.h` where all are whole, else `x_y_w_h`. */
const shares: StepToken<'cp', 'region'> = {
  name: 'cp',
  read: (raw, op) => {
    const isFine = raw.includes('_');
    const parts = raw.split(isFine ? '_' : '.', 5);
    if (parts.length !== 4) throw badValue(op, 'x.y.w.h in 1/10000 of the sides', raw);
    const share = (at: number, min: number): number => {
      const text = parts[at] ?? '';
      return isFine ? readExact(text, op, 0, wholeShare) : readInteger(text, op, min, wholeShare);
    };
    return { op: 'region', unit: 'bp', x: share(0, 0), y: share(1, 0), w: share(2, 1), h: share(3, 1) };
  },
  write: (step) => {
    if (step.unit !== 'bp') return null;
    return rectangle(step, [step.x, step.y, step.w, step.h].every(Number.isInteger) ? '.' : '_');
  },
};

const rectangle = ({ x, y, w, h }: Region, between: string): string => [x, y, w, h].map(writeExact).join(between);

type Window = StepOf<'crop'> | StepOf<'canvas'>;

/** `w.h.g.dx.dy`, a side of 0 is as it is; parts at the end may be left out. */
const window = <const Name extends string, Op extends 'crop' | 'canvas'>(
  name: Name,
  stepOf: (window: Omit<Window, 'op'>) => StepOf<Op>,
): StepToken<Name, Op> => ({
  name,
  read: (raw, op, limits) => {
    const [w = '', h = '0', place = 'c', dx = '0', dy = '0', ...rest] = raw.split('.');
    if (rest.length > 0) throw badValue(op, 'w.h.g.dx.dy', raw);
    const side = (text: string): number | null => readInteger(text, op, 0, coordinateMax) || null;
    const offset = (text: string): number => readInteger(text, op, -coordinateMax, coordinateMax);
    // A focal point has a dot of its own, which is a dash in here.
    const gravity = gravityToken.read(place.replace('-', '.'), op, limits);
    return stepOf({ w: side(w), h: side(h), gravity, dx: offset(dx), dy: offset(dy) });
  },
  write: ({ w, h, gravity, dx, dy }: Window) => `${w ?? 0}.${h ?? 0}.${placeOf(gravity)}.${dx}.${dy}`,
});

const placeOf = (gravity: Gravity): string => gravityToken.write(gravity).replace('.', '-');

const trim: StepToken<'tr', 'trim'> = {
  name: 'tr',
  read: (raw, op) => {
    const [threshold = '', colour = 'auto', equal = '', ...rest] = raw.split('_');
    if (rest.length > 0 || !/^x?y?m?$/.test(equal)) throw badValue(op, 'threshold_colour_xym', raw);
    return {
      op: 'trim',
      threshold: readExact(threshold, op, 0, Number.MAX_VALUE),
      colour: colour === 'auto' || colour === 'se' ? null : readColour(colour, op),
      equalX: equal.includes('x'),
      equalY: equal.includes('y'),
      ...(equal.includes('m') ? { median: true as const } : {}),
      ...(colour === 'se' ? { corner: 'se' as const } : {}),
    };
  },
  write: ({ threshold, colour, equalX, equalY, median, corner }) => {
    const equal = `${equalX ? 'x' : ''}${equalY ? 'y' : ''}${median ? 'm' : ''}`;
    const shade = colour === null ? (corner ?? 'auto') : writeColour(colour);
    return `${writeExact(threshold)}${equal === '' && shade === 'auto' ? '' : `_${shade}`}${equal === '' ? '' : `_${equal}`}`;
  },
};

const flip: StepToken<'fl', 'flip'> = {
  name: 'fl',
  read: (raw, op) => {
    if (raw !== 'h' && raw !== 'v' && raw !== 'hv') throw badValue(op, 'one of h, v, hv', raw);
    return { op: 'flip', horizontal: raw !== 'v', vertical: raw !== 'h' };
  },
  write: ({ horizontal, vertical }) => `${horizontal ? 'h' : ''}${vertical ? 'v' : ''}`,
};

const round: StepToken<'rc', 'round'> = {
  name: 'rc',
  read: (raw, op) => {
    if (raw === 'e') return { op: 'round', shape: 'ellipse' };
    const unit = raw.startsWith('s') ? 'share' : 'px';
    const max = unit === 'share' ? 10_000 : coordinateMax;
    const [x = '', y = x, ...rest] = (unit === 'share' ? raw.slice(1) : raw).split('.');
    if (rest.length > 0) throw badValue(op, 'x.y in pixels, sx.y in 1/10000 or e', raw);
    return { op: 'round', shape: 'corners', unit, x: readInteger(x, op, 0, max), y: readInteger(y, op, 0, max) };
  },
  write: (step) => {
    if (step.shape === 'ellipse') return 'e';
    return `${step.unit === 'share' ? 's' : ''}${step.x}${step.y === step.x ? '' : `.${step.y}`}`;
  },
};

/** -100 to 100. */
const amount = integer(-100, 100);

/** Percent of a side, in 1/10,000: up to a hundred times as long. */
const scaleShareMax = 1_000_000;

export const stepWords = {
  trim: [trim],
  layout: [{ name: 'ly', read: readLayout, write: writeLayout }],
  square: [
    {
      name: 'c',
      read: (raw) => (raw === 'sq' ? { op: 'square' } : undefined),
      write: () => 'sq',
    },
  ],
  region: [pixels, shares],
  crop: [window('cr', (window) => ({ op: 'crop', ...window }))],
  tile: [
    {
      name: 'ti',
      read: (raw, op) => {
        const axis = raw.charAt(0);
        if (axis !== 'x' && axis !== 'y') throw badValue(op, 'x or y, then size.index', raw);
        const [size = 0, index = 0] = integers(raw.slice(1), op, 'x or y, then size.index', [
          [1, coordinateMax],
          [0, coordinateMax],
        ]);
        return { op: 'tile', axis, size, index };
      },
      write: ({ axis, size, index }) => `${axis}${size}.${index}`,
    },
  ],
  resize: severalTokens,
  scale: [
    {
      name: 'sc',
      read: (raw, op) => {
        const [x = 0, y = 0] = integers(raw, op, 'x.y in 1/10000', [
          [1, scaleShareMax],
          [1, scaleShareMax],
        ]);
        return { op: 'scale', x, y };
      },
      write: ({ x, y }) => `${x}.${y}`,
    },
  ],
  canvas: [window('cv', (window) => ({ op: 'canvas', ...window }))],
  pad: [
    {
      name: 'pd',
      read: (raw, op) => {
        const side = [0, coordinateMax] as const;
        const form = 'top.right.bottom.left in pixels, then copy, repeat or mirror';
        const [, sides = raw, fill] = /^(.*)\.(copy|repeat|mirror)$/.exec(raw) ?? [];
        const [top = 0, right = 0, bottom = 0, left = 0] = integers(sides, op, form, [side, side, side, side]);
        return { op: 'pad', top, right, bottom, left, ...(fill === undefined ? {} : { fill: fill as ExtendFill }) };
      },
      write: ({ top, right, bottom, left, fill }) =>
        `${top}.${right}.${bottom}.${left}${fill === undefined ? '' : `.${fill}`}`,
    },
  ],
  flip: [flip],
  rotate: [
    valued(
      'rt',
      exact(0, 360),
      (step) => step.degrees,
      (degrees) => ({ op: 'rotate', degrees }),
    ),
  ],
  pixelate: [
    valued(
      'px',
      integer(1, coordinateMax),
      (step) => step.size,
      (size) => ({ op: 'pixelate', size }),
    ),
  ],
  blur: [
    valued(
      'bl',
      exact(1e-10, sigmaMax),
      (step) => step.sigma,
      (sigma) => ({ op: 'blur', sigma }),
    ),
  ],
  unsharp: [spelled('us', unsharp)],
  sharpen: [
    valued(
      'sh',
      exact(1e-10, 10),
      (step) => step.sigma,
      (sigma) => ({ op: 'sharpen', sigma }),
    ),
  ],
  median: [
    valued(
      'mn',
      medianSize,
      (step) => step.size,
      (size) => ({ op: 'median', size }),
    ),
  ],
  progressiveBlur: [spelled('pu', progressiveBlur)],
  redact: [spelled('re', redact)],
  grey: [plain('gr', { op: 'grey' })],
  sepia: [plain('sp', { op: 'sepia' })],
  bitonal: [
    valued(
      'bt',
      integer(0, 255),
      (step) => step.threshold,
      (threshold) => ({ op: 'bitonal', threshold }),
    ),
  ],
  negate: [plain('ng', { op: 'negate' })],
  normalise: [plain('no', { op: 'normalise' })],
  brightness: [
    valued(
      'br',
      amount,
      (step) => step.amount,
      (value) => ({ op: 'brightness', amount: value }),
    ),
  ],
  lift: [
    valued(
      'li',
      lift,
      (step) => step.amount,
      (value) => ({ op: 'lift', amount: value }),
    ),
  ],
  contrast: [
    valued(
      'ct',
      amount,
      (step) => step.amount,
      (value) => ({ op: 'contrast', amount: value }),
    ),
  ],
  saturation: [
    valued(
      'sa',
      amount,
      (step) => step.amount,
      (value) => ({ op: 'saturation', amount: value }),
    ),
  ],
  gamma: [
    valued(
      'ga',
      exact(0.1, 10),
      (step) => step.gamma,
      (gamma) => ({ op: 'gamma', gamma }),
    ),
  ],
  hue: [
    valued(
      'hu',
      exact(-3600, 3600),
      (step) => step.degrees,
      (degrees) => ({ op: 'hue', degrees }),
    ),
  ],
  tint: [
    valued<'tn', 'tint', Rgba>(
      'tn',
      { read: readColour, write: writeColour },
      (step) => step.colour,
      (colour) => ({ op: 'tint', colour }),
    ),
  ],
  monochrome: [spelled('mo', monochrome)],
  duotone: [spelled('du', duotone)],
  colorize: [spelled('co', colorize)],
  gradient: [spelled('gd', gradient)],
  underlay: [
    valued<'un', 'underlay', Rgba>(
      'un',
      { read: readColour, write: writeColour },
      (step) => step.colour,
      (colour) => ({ op: 'underlay', colour }),
    ),
  ],
  flatten: [
    valued<'fc', 'flatten', Rgba>(
      'fc',
      { read: readColour, write: writeColour },
      (step) => step.colour,
      (colour) => ({ op: 'flatten', colour }),
    ),
  ],
  round: [round],
  watermark: [watermark],
  text: [text],
} as const satisfies { readonly [Op in StepOp]: readonly StepToken<string, Op>[] | typeof severalTokens };
