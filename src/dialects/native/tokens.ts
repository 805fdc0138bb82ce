import type { Compass, Enlarge, Gravity, MetadataPolicy, ResizeMode, Rgba } from '../../plan/plan.ts';
import { compassGravity } from '../../plan/plan.ts';
import type { Limits } from './limits.ts';
import { badValue, type ReadValue, readColour, readDecimal, readHours, readInteger, writeColour } from './values.ts';

/**
 * The tokens of the native grammar, one entry each, in canonical order: how its value is read and how it is
 * written in its one canonical spelling. docs/url.md has the same table for people.
 */

export type Rectangle = Readonly<{ x: number; y: number; w: number; h: number }>;

export type Watermark = Readonly<{
  asset: string;
  gravity: Compass;
  dx: number;
  dy: number;
  opacity: number;
  scalePercent: number;
}>;

/** The value of each operation, by its name in the URL. */
export type OpValues = {
  o: boolean;
  fr: number | 'all';
  c: Rectangle | 'square';
  cp: Rectangle;
  m: ResizeMode;
  w: number;
  h: number;
  l: number;
  s: number;
  p: number;
  a: number;
  g: Gravity;
  up: Enlarge;
  dpr: number;
  fl: Readonly<{ horizontal: boolean; vertical: boolean }>;
  rt: number;
  bl: number;
  sh: number;
  gr: boolean;
  bt: number;
  br: number;
  ct: number;
  sa: number;
  wm: Watermark;
  bg: Rgba;
  q: number;
  qs: number;
  qc: number;
  kb: number;
  ll: boolean;
  pg: boolean;
  md: MetadataPolicy;
  /** Hours since 1970. */
  e: number;
};

export type OpName = keyof OpValues;

/** The operations of one spec; what it does not name is undefined. */
export type Ops = { [Name in OpName]: OpValues[Name] | undefined };

/** No operations. Every member is there from the start: objects of one shape are what makes parsing fast. */
export const noOps = (): Ops => ({
  o: undefined,
  fr: undefined,
  c: undefined,
  cp: undefined,
  m: undefined,
  w: undefined,
  h: undefined,
  l: undefined,
  s: undefined,
  p: undefined,
  a: undefined,
  g: undefined,
  up: undefined,
  dpr: undefined,
  fl: undefined,
  rt: undefined,
  bl: undefined,
  sh: undefined,
  gr: undefined,
  bt: undefined,
  br: undefined,
  ct: undefined,
  sa: undefined,
  wm: undefined,
  bg: undefined,
  q: undefined,
  qs: undefined,
  qc: undefined,
  kb: undefined,
  ll: undefined,
  pg: undefined,
  md: undefined,
  e: undefined,
});

type Token<Value> = Readonly<{
  read: (raw: string, name: string, limits: Limits) => Value;
  write: (value: Value) => string;
}>;

const integer = (min: number, max: number): Token<number> => ({
  read: (raw, name) => readInteger(raw, name, min, max),
  write: String,
});

const limited = (limit: keyof Limits): Token<number> => ({
  read: (raw, name, limits) => readInteger(raw, name, 1, limits[limit]),
  write: String,
});

const decimal = (min: number, max: number): Token<number> => ({
  read: (raw, name) => readDecimal(raw, name, min, max),
  write: String,
});

/** One of a few words; a number among them may have leading zeros. */
function choice<Value extends string | boolean>(values: readonly (readonly [string, Value])[]): Token<Value> {
  const byWord = new Map(values);
  const words = new Map(values.map(([word, value]) => [value, word]));
  const expected = `one of ${values.map(([word]) => word).join(', ')}`;
  return {
    read: (raw, name) => {
      const value = byWord.get(raw) ?? byWord.get(raw.replace(/^0+(?=[0-9])/, ''));
      if (value === undefined) throw badValue(name, expected, raw);
      return value;
    },
    write: (value) => words.get(value) ?? '',
  };
}

const flag = choice([
  ['0', false],
  ['1', true],
]);

const itself = <const Word extends string>(...words: readonly Word[]): readonly (readonly [Word, Word])[] =>
  words.map((word) => [word, word]);

/** Far beyond any source; what lies outside the picture is clipped there. */
const coordinateMax = 100_000;

const readRectangle = (raw: string, name: string, max: number): Rectangle | null => {
  const [x, y, w, h, ...rest] = raw.split('.');
  if (x === undefined || y === undefined || w === undefined || h === undefined || rest.length > 0) return null;
  return {
    x: readInteger(x, name, 0, max),
    y: readInteger(y, name, 0, max),
    w: readInteger(w, name, 1, max),
    h: readInteger(h, name, 1, max),
  };
};

const writeRectangle = ({ x, y, w, h }: Rectangle): string => `${x}.${y}.${w}.${h}`;

const compassPoints = new Set<Compass>(['nw', 'n', 'ne', 'w', 'c', 'e', 'sw', 's', 'se']);
const isCompass = (raw: string): raw is Compass => (compassPoints as ReadonlySet<string>).has(raw);

const readGravity: ReadValue<Gravity> = (raw, name) => {
  if (isCompass(raw)) return compassGravity(raw);
  if (raw === 'att') return { kind: 'smart', by: 'attention' };
  if (raw === 'ent') return { kind: 'smart', by: 'entropy' };
  const [x, y, ...rest] = raw.split('.');
  if (x === undefined || y === undefined || rest.length > 0) {
    throw badValue(name, 'nw, n, ne, w, c, e, sw, s, se, att, ent or x.y in percent', raw);
  }
  return { kind: 'focal', x: readInteger(x, name, 0, 100) * 100, y: readInteger(y, name, 0, 100) * 100 };
};

function writeGravity(gravity: Gravity): string {
  switch (gravity.kind) {
    case 'compass':
      return gravity.at;
    case 'smart':
      return gravity.by === 'attention' ? 'att' : 'ent';
    case 'focal':
      return `${gravity.x / 100}.${gravity.y / 100}`;
  }
}

const assetPattern = /^[a-z0-9-]{1,64}$/;
const offsetMax = 10_000;

const readWatermark: ReadValue<Watermark> = (raw, name) => {
  const [asset = '', gravity = 'se', dx = '0', dy = '0', opacity = '100', scale = '0', ...rest] = raw.split('.');
  if (rest.length > 0 || !assetPattern.test(asset)) throw badValue(name, 'name.g.x.y.opacity.scale', raw);
  if (!isCompass(gravity)) throw badValue(name, 'nw, n, ne, w, c, e, sw, s or se as the second part', raw);
  return {
    asset,
    gravity,
    dx: readInteger(dx, name, -offsetMax, offsetMax),
    dy: readInteger(dy, name, -offsetMax, offsetMax),
    opacity: readInteger(opacity, name, 0, 100),
    scalePercent: readInteger(scale, name, 0, 100),
  };
};

const tokens: { readonly [Name in OpName]: Token<OpValues[Name]> } = {
  o: flag,
  fr: {
    read: (raw, name) => (raw === 'all' ? 'all' : readInteger(raw, name, 0, 99_999)),
    write: String,
  },
  c: {
    read: (raw, name) => {
      const region = raw === 'sq' ? 'square' : readRectangle(raw, name, coordinateMax);
      if (region === null) throw badValue(name, 'x.y.w.h in pixels or sq', raw);
      return region;
    },
    write: (region) => (region === 'square' ? 'sq' : writeRectangle(region)),
  },
  cp: {
    read: (raw, name) => {
      const region = readRectangle(raw, name, 10_000);
      if (region === null) throw badValue(name, 'x.y.w.h in 1/10000 of the sides', raw);
      return region;
    },
    write: writeRectangle,
  },
  m: choice<ResizeMode>(itself('fit', 'cover', 'min', 'pad', 'exact', 'aspect')),
  w: limited('sideMax'),
  h: limited('sideMax'),
  l: limited('sideMax'),
  s: limited('sideMax'),
  p: integer(1, 1000),
  a: limited('areaMax'),
  g: { read: readGravity, write: writeGravity },
  up: choice<Enlarge>([
    ['0', 'no'],
    ['1', 'yes'],
    ['2', 'only'],
    ['3', 'error'],
  ]),
  dpr: decimal(1, 5),
  fl: {
    read: (raw, name) => {
      if (raw !== 'h' && raw !== 'v' && raw !== 'hv') throw badValue(name, 'one of h, v, hv', raw);
      return { horizontal: raw !== 'v', vertical: raw !== 'h' };
    },
    write: ({ horizontal, vertical }) => `${horizontal ? 'h' : ''}${vertical ? 'v' : ''}`,
  },
  rt: integer(0, 360),
  bl: decimal(0.3, 100),
  sh: decimal(0.3, 10),
  gr: flag,
  bt: integer(0, 255),
  br: integer(-100, 100),
  ct: integer(-100, 100),
  sa: integer(-100, 100),
  wm: {
    read: readWatermark,
    write: ({ asset, gravity, dx, dy, opacity, scalePercent }) =>
      `${asset}.${gravity}.${dx}.${dy}.${opacity}.${scalePercent}`,
  },
  bg: { read: readColour, write: writeColour },
  q: integer(1, 100),
  qs: integer(1, 100),
  qc: integer(1, 100),
  kb: limited('kilobytesMax'),
  ll: flag,
  pg: flag,
  md: choice<MetadataPolicy>([
    ['0', 'none'],
    ['c', 'copyright'],
    ['1', 'all'],
  ]),
  e: { read: readHours, write: (hours) => hours.toString(36) },
};

/** Every operation, in canonical order. */
export const opNames = Object.keys(tokens) as readonly OpName[];

export const isOpName = (name: string): name is OpName => Object.hasOwn(tokens, name);

/** Reads `raw` as the value of `name` into `ops`. Throws bad_value. */
export function readOp<Name extends OpName>(ops: Ops, name: Name, raw: string, limits: Limits): void {
  ops[name] = tokens[name].read(raw, name, limits);
}

/** The operations in canonical order and spelling: `m_cover,w_300`. */
export function writeOps(ops: Ops): string {
  let text = '';
  for (const name of opNames) if (ops[name] !== undefined) text = writeOp(text, ops, name);
  return text;
}

function writeOp<Name extends OpName>(text: string, ops: Ops, name: Name): string {
  const value: OpValues[Name] | undefined = ops[name];
  if (value === undefined) return text;
  return `${text}${text === '' ? '' : ','}${name}_${tokens[name].write(value)}`;
}
