import { type Anchor, kernels, type LayoutFilter } from '../../plan/plan.ts';
import { colorize, duotone, gradient, lift, monochrome, progressiveBlur, redact, unsharp } from './effect-words.ts';
import { type Limits, widestLimits } from './limits.ts';
import { type Field, type Pairs, readPairs, single as singleOf, writePairs } from './pairs.ts';
import type { StepOf } from './step-token.ts';
import { flag, integer, isCompass, type Token, words } from './token.ts';
import { badValue, readColour, readExact, readInteger, writeColour, writeExact } from './values.ts';

/**
 * The value of `ly_`: imgproxy's geometry as pairs of a name and a value, `t_fill_w_300_g_nw`. What is as it is without being said is
 * left out; docs/url.md has the table of names.
 */

type Layout = StepOf<'layout'>;

/** One pair, left out where the value is `otherwise`. */
const single = <Value>(name: string, token: Token<Value>, otherwise: Value): Field<Value> =>
  singleOf(name, token, otherwise, 'ly');

/** imgproxy's numbers have no bound of their own; what they lead to is held to the limits of the result. */
const amountMax = 2_147_483_647;
const number = (min: number): Token<number> => ({
  read: (raw, name) => readExact(raw, name, min, Number.MAX_VALUE),
  write: writeExact,
});
const whole: Token<number> = { read: (raw, name) => readInteger(raw, name, 0, amountMax), write: String };
const anyNumber = number(-Number.MAX_VALUE);
const share = number(0);
const factor: Token<number> = {
  read: (raw, name) => {
    const value = anyNumber.read(raw, name, widestLimits);
    if (value > 0) return value;
    throw badValue(name, 'a number above 0', raw);
  },
  write: writeExact,
};

/** An anchor in pairs that begin with `name`; a place is `nw` and its like, `smart`, or `focal`. */
function anchorField(name: string, otherwise: Anchor | null): Field<Anchor | null> {
  const [xName, yName] = [`${name}x`, `${name}y`];
  const axis = (axisName: string) => single(axisName, anyNumber, 0);
  const [x, y] = [axis(xName), axis(yName)];
  return {
    names: [name, xName, yName],
    put: (anchor, pairs) => {
      if (anchor === null) return;
      const place = anchor.kind === 'compass' ? anchor.at : anchor.kind;
      if (otherwise === null || place !== 'c') pairs.set(name, place);
      if (anchor.kind === 'smart') return;
      x.put(anchor.x, pairs);
      y.put(anchor.y, pairs);
    },
    take: (pairs, limits) => {
      const hasOffset = pairs.has(xName) || pairs.has(yName);
      const place = pairs.get(name) ?? (otherwise === null ? undefined : 'c');
      if (place === undefined) {
        if (hasOffset) throw badValue('ly', `\`${name}\` beside its offsets`, '');
        return null;
      }
      if (place === 'smart' && !hasOffset) return { kind: 'smart' };
      const at = { x: x.take(pairs, limits), y: y.take(pairs, limits) };
      if (place === 'focal') return { kind: 'focal', ...at };
      if (!isCompass(place)) throw badValue(`ly_${name}`, 'a compass point, smart or focal', place);
      return { kind: 'compass', at: place, ...at };
    },
  };
}

const centre: Anchor = { kind: 'compass', at: 'c', x: 0, y: 0 };
const gravity = anchorField('g', centre);
const cropGravity = anchorField('cg', centre);
const cropWidth = single<number>('cw', share, 0);
const cropHeight = single<number>('ch', share, 0);
const cropRatio = single<number>('ca', share, 0);
const cropGrow = single<boolean>('ce', flag, false);

/** A crop without sides is written with `cw_0`, since without any pair there is none. */
const cropField: Field<Layout['crop']> = {
  names: [cropWidth, cropHeight, cropGravity, cropRatio, cropGrow].flatMap(({ names }) => names),
  put: (crop, pairs) => {
    if (crop === null) return;
    cropWidth.put(crop.w, pairs);
    cropHeight.put(crop.h, pairs);
    if (crop.w === 0 && crop.h === 0) pairs.set('cw', '0');
    cropGravity.put(crop.anchor, pairs);
    cropRatio.put(crop.ratio ?? 0, pairs);
    cropGrow.put(crop.grow === true, pairs);
  },
  take: (pairs, limits) => {
    if (!cropField.names.some((name) => pairs.has(name))) return null;
    if (!pairs.has('cw') && !pairs.has('ch')) throw badValue('ly', '`cw` or `ch` beside a crop', '');
    const [ratio, grow] = [cropRatio.take(pairs, limits), cropGrow.take(pairs, limits)];
    return {
      w: cropWidth.take(pairs, limits),
      h: cropHeight.take(pairs, limits),
      anchor: cropGravity.take(pairs, limits) ?? centre,
      ...(ratio === 0 ? {} : { ratio, ...(grow ? { grow } : {}) }),
    };
  },
};

/** One filter, left out where there is none. `read` gives null for a strength of none. */
type FilterWord<Op extends LayoutFilter['op']> = Readonly<{
  name: string;
  read: (raw: string, name: string, limits: Limits) => StepOf<Op> | null;
  write: (filter: StepOf<Op>) => string;
}>;

/** A filter of one strength, none where it is 0. */
const strength = <Op extends LayoutFilter['op']>(
  name: string,
  token: Token<number>,
  strengthOf: (filter: StepOf<Op>) => number,
  filterOf: (value: number) => StepOf<Op>,
): FilterWord<Op> => ({
  name,
  read: (raw, op, limits) => {
    const value = token.read(raw, op, limits);
    return value === 0 ? null : filterOf(value);
  },
  write: (filter) => token.write(strengthOf(filter)),
});

/** imgproxy's factors of up to 10, as -100 for none of it. */
const factorAmount = integer(-100, 900);

/** In imgproxy's order, which is the canonical one; a filter of strength 0 is none. */
const filterWords: { readonly [Op in LayoutFilter['op']]: FilterWord<Op> } = {
  unsharp: { name: 'us', ...unsharp },
  lift: strength(
    'li',
    lift,
    (filter) => filter.amount,
    (amount) => ({ op: 'lift', amount }),
  ),
  contrast: strength(
    'ct',
    factorAmount,
    (filter) => filter.amount,
    (amount) => ({ op: 'contrast', amount }),
  ),
  saturation: strength(
    'sa',
    factorAmount,
    (filter) => filter.amount,
    (amount) => ({ op: 'saturation', amount }),
  ),
  monochrome: { name: 'mo', ...monochrome },
  duotone: { name: 'du', ...duotone },
  blur: strength(
    'bl',
    share,
    (filter) => filter.sigma,
    (sigma) => ({ op: 'blur', sigma }),
  ),
  sharpen: strength(
    'sh',
    share,
    (filter) => filter.sigma,
    (sigma) => ({ op: 'sharpen', sigma }),
  ),
  pixelate: strength(
    'px',
    whole,
    (filter) => filter.size,
    (size) => ({ op: 'pixelate', size }),
  ),
  progressiveBlur: { name: 'pu', ...progressiveBlur },
  redact: { name: 're', ...redact },
  colorize: { name: 'co', ...colorize },
  gradient: { name: 'gd', ...gradient },
  underlay: {
    name: 'un',
    read: (raw, op) => ({ op: 'underlay', colour: readColour(raw, op) }),
    write: ({ colour }) => writeColour(colour),
  },
};

const filterOps = Object.keys(filterWords) as readonly LayoutFilter['op'][];

/** In this order, each at most once: what is otherwise has no word, which the reading back shows. */
const filtersField: Field<Layout['filters']> = {
  names: filterOps.map((op) => filterWords[op].name),
  put: (filters, pairs) => {
    for (const filter of filters) putFilter(filter, pairs);
  },
  take: (pairs, limits) =>
    filterOps.flatMap((op) => {
      const { name, read } = filterWords[op];
      const raw = pairs.get(name);
      return raw === undefined ? [] : (read(raw, `ly_${name}`, limits) ?? []);
    }),
};

function putFilter<Op extends LayoutFilter['op']>(filter: Extract<LayoutFilter, { op: Op }>, pairs: Pairs): void {
  // The table has each filter's own word at its name.
  const word = filterWords[filter.op as Op] as unknown as FilterWord<LayoutFilter['op']>;
  pairs.set(word.name, word.write(filter));
}

const kernelToken = words(...kernels);

const kernelField: Field<Layout['kernel'] | undefined> = {
  names: ['k'],
  put: (kernel, pairs) => {
    if (kernel !== undefined) pairs.set('k', kernel);
  },
  take: (pairs, limits) => {
    const raw = pairs.get('k');
    return raw === undefined ? undefined : kernelToken.read(raw, 'ly_k', limits);
  },
};

const edges = {
  top: single('pt', whole, 0),
  right: single('pr', whole, 0),
  bottom: single('pb', whole, 0),
  left: single('pl', whole, 0),
} as const;

const paddingField: Field<Layout['padding']> = {
  names: ['pt', 'pr', 'pb', 'pl'],
  put: ({ top, right, bottom, left }, pairs) => {
    edges.top.put(top, pairs);
    edges.right.put(right, pairs);
    edges.bottom.put(bottom, pairs);
    edges.left.put(left, pairs);
  },
  take: (pairs, limits) => ({
    top: edges.top.take(pairs, limits),
    right: edges.right.take(pairs, limits),
    bottom: edges.bottom.take(pairs, limits),
    left: edges.left.take(pairs, limits),
  }),
};

/** What a layout has beside its name; undefined is a member that is not there. */
type Members = Omit<Required<Layout>, 'op' | 'kernel'> & Readonly<{ kernel: Layout['kernel'] | undefined }>;

/** Every member of a layout, in canonical order. */
const fields: { readonly [Member in keyof Members]: Field<Members[Member]> } = {
  crop: cropField,
  type: single('t', words('fit', 'fill', 'fill-down', 'force', 'auto'), 'fit'),
  w: single<number>('w', whole, 0),
  h: single<number>('h', whole, 0),
  minW: single<number>('mw', whole, 0),
  minH: single<number>('mh', whole, 0),
  zoomX: single<number>('zx', factor, 1),
  zoomY: single<number>('zy', factor, 1),
  dpr: single<number>('d', factor, 1),
  enlarge: single<boolean>('up', flag, false),
  anchor: { ...gravity, take: (pairs, limits) => gravity.take(pairs, limits) ?? centre },
  filters: filtersField,
  extend: anchorField('x', null),
  extendRatio: anchorField('r', null),
  padding: paddingField,
  sideMax: single<number>('sm', whole, 0),
  kernel: kernelField,
};

const knownNames = new Set(Object.values(fields).flatMap(({ names }) => names));

/** Reads the value of `ly_`. Throws bad_value. */
export function readLayout(raw: string, name: string, limits: Limits): Layout {
  // `ly_0` is a layout that says nothing.
  const pairs: Pairs = raw === '0' ? new Map() : readPairs(raw, name, knownNames);
  const take = <Member extends keyof Members>(member: Member): Members[Member] => fields[member].take(pairs, limits);
  const kernel = take('kernel');
  return {
    op: 'layout',
    crop: take('crop'),
    type: take('type'),
    w: take('w'),
    h: take('h'),
    minW: take('minW'),
    minH: take('minH'),
    zoomX: take('zoomX'),
    zoomY: take('zoomY'),
    dpr: take('dpr'),
    enlarge: take('enlarge'),
    anchor: take('anchor'),
    filters: take('filters'),
    extend: take('extend'),
    extendRatio: take('extendRatio'),
    padding: take('padding'),
    sideMax: take('sideMax'),
    ...(kernel === undefined ? {} : { kernel }),
  };
}

/** The canonical value of `ly_`. */
export function writeLayout(layout: Layout): string {
  const pairs: Pairs = new Map();
  const members: Members = { ...layout, kernel: layout.kernel };
  const put = <Member extends keyof Members>(member: Member): void => fields[member].put(members[member], pairs);
  for (const member of Object.keys(fields) as (keyof Members)[]) put(member);
  return pairs.size === 0 ? '0' : writePairs(pairs);
}
