import type { Anchor, Step } from '../../plan/plan.ts';
import { type Limits, widestLimits } from './limits.ts';
import { flag, isCompass, type Token, words } from './token.ts';
import { badValue, quoted, readExact, readInteger, writeExact } from './values.ts';

/**
 * The value of `ly_`: imgproxy's geometry as pairs of a name and a value, `t_fill_w_300_g_nw`. What is as it is without being said is
 * left out; docs/url.md has the table of names.
 */

type Layout = Extract<Step, { op: 'layout' }>;

/** The pairs of one layout, by name. */
type Pairs = Map<string, string>;

/** How one member is put into pairs and taken out of them. */
type Field<Value> = Readonly<{
  names: readonly string[];
  put: (value: Value, pairs: Pairs) => void;
  take: (pairs: Pairs, limits: Limits) => Value;
}>;

/** One pair, left out where the value is `otherwise`. */
function single<Value>(name: string, token: Token<Value>, otherwise: Value): Field<Value> {
  return {
    names: [name],
    put: (value, pairs) => {
      if (value !== otherwise) pairs.set(name, token.write(value));
    },
    take: (pairs, limits) => {
      const raw = pairs.get(name);
      return raw === undefined ? otherwise : token.read(raw, `ly_${name}`, limits);
    },
  };
}

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

/** A crop without sides is written with `cw_0`, since without any pair there is none. */
const cropField: Field<Layout['crop']> = {
  names: [...cropWidth.names, ...cropHeight.names, ...cropGravity.names],
  put: (crop, pairs) => {
    if (crop === null) return;
    cropWidth.put(crop.w, pairs);
    cropHeight.put(crop.h, pairs);
    if (crop.w === 0 && crop.h === 0) pairs.set('cw', '0');
    cropGravity.put(crop.anchor, pairs);
  },
  take: (pairs, limits) => {
    if (!cropField.names.some((name) => pairs.has(name))) return null;
    if (!pairs.has('cw') && !pairs.has('ch')) throw badValue('ly', '`cw` or `ch` beside a crop', '');
    return {
      w: cropWidth.take(pairs, limits),
      h: cropHeight.take(pairs, limits),
      anchor: cropGravity.take(pairs, limits) ?? centre,
    };
  },
};

const blur = single<number>('bl', share, 0);
const sharpen = single<number>('sh', share, 0);
const pixelate = single<number>('px', whole, 0);

const saidFilters: ReadonlySet<string> = new Set(['blur', 'sharpen', 'pixelate']);

/** In this order, each at most once; a filter of strength 0 is none. */
const filtersField: Field<Layout['filters']> = {
  names: ['bl', 'sh', 'px'],
  put: (filters, pairs) => {
    for (const filter of filters) {
      if (filter.op === 'blur') blur.put(filter.sigma, pairs);
      else if (filter.op === 'sharpen') sharpen.put(filter.sigma, pairs);
      else if (filter.op === 'pixelate') pixelate.put(filter.size, pairs);
    }
  },
  take: (pairs, limits) => {
    const [soft, sharp, size] = [blur.take(pairs, limits), sharpen.take(pairs, limits), pixelate.take(pairs, limits)];
    return [
      ...(soft > 0 ? [{ op: 'blur', sigma: soft } as const] : []),
      ...(sharp > 0 ? [{ op: 'sharpen', sigma: sharp } as const] : []),
      ...(size > 0 ? [{ op: 'pixelate', size } as const] : []),
    ];
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

/** Every member of a layout, in canonical order. */
const fields: { readonly [Member in Exclude<keyof Layout, 'op'>]: Field<Layout[Member]> } = {
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
};

const knownNames = new Set(Object.values(fields).flatMap(({ names }) => names));

/** Reads the value of `ly_`. Throws bad_value. */
export function readLayout(raw: string, name: string, limits: Limits): Layout {
  const pairs = pairsOf(raw, name);
  const take = <Member extends keyof typeof fields>(member: Member): Layout[Member] =>
    fields[member].take(pairs, limits);
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
  };
}

function pairsOf(raw: string, name: string): Pairs {
  const pairs: Pairs = new Map();
  // `ly_0` is a layout that says nothing.
  if (raw === '0') return pairs;
  const parts = raw.split('_');
  for (let at = 0; at < parts.length; at += 2) {
    const [pair = '', value] = [parts[at], parts[at + 1]];
    if (!knownNames.has(pair) || value === undefined || pairs.has(pair)) {
      throw badValue(name, 'pairs of a known name and a value, each once', quoted(pair));
    }
    pairs.set(pair, value);
  }
  return pairs;
}

/** The canonical value of `ly_`. */
export function writeLayout(layout: Layout): string | null {
  if (!layout.filters.every(({ op }) => saidFilters.has(op))) return null;
  const pairs: Pairs = new Map();
  const put = <Member extends keyof typeof fields>(member: Member): void => fields[member].put(layout[member], pairs);
  for (const member of Object.keys(fields) as (keyof typeof fields)[]) put(member);
  return pairs.size === 0 ? '0' : [...pairs].map(([name, value]) => `${name}_${value}`).join('_');
}
