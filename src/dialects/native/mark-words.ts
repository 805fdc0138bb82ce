import type { Compass, MarkLook, TileAxis } from '../../plan/plan.ts';
import { textCharactersMax, textSizeMax } from '../../plan/resolve/text.ts';
import type { Limits } from './limits.ts';
import { type Field, type Pairs, readPairs, single, writePairs } from './pairs.ts';
import type { StepOf, StepToken } from './step-token.ts';
import { coordinateMax, exact, flag, isCompass, type Token, words } from './token.ts';
import { badValue, readColour, readExact, readInteger, writeColour, writeExact } from './values.ts';

/**
 * The values of `wm_` and `tx_`: what is drawn, then pairs of how. A watermark that has whole numbers and nothing else to be said is
 * written in the short form with dots.
 */

type Watermark = StepOf<'watermark'>;

const assetPattern = /^[a-z0-9-]{1,64}$/;
const offsetMax = 10_000;
/** Percent of the picture's width. */
const scaleMax = 1000;
/** Farthest that a shadow may reach, in pixels. */
const shadowMax = 100;

const opacity = exact(0, 100);
const shift = exact(-coordinateMax, coordinateMax);

/** `e` evenly, `c9` around the middle and `s9` from the edge with gaps of 9; `n` is one copy. */
const axis: Token<TileAxis | null> = {
  read: (raw, name) => {
    const gap = raw.slice(1);
    if (raw === 'n') return null;
    if (raw === 'e') return { by: 'even' };
    if (raw.startsWith('c')) return { by: 'centre', gap: readExact(gap, name, 0, coordinateMax) };
    if (raw.startsWith('s')) return { by: 'start', gap: readInteger(gap, name, 0, coordinateMax) };
    throw badValue(name, 'n, e, or c or s and a gap', raw);
  },
  write: (copies) => {
    switch (copies?.by) {
      case undefined:
        return 'n';
      case 'even':
        return 'e';
      case 'centre':
        return `c${writeExact(copies.gap)}`;
      case 'start':
        return `s${writeExact(copies.gap)}`;
    }
  },
};

type Tile = NonNullable<MarkLook['tile']>;

function tileField(op: string): Field<Tile | undefined> {
  const [x, y] = [single('tx', axis, null, op), single('ty', axis, null, op)];
  const chess = single<boolean>('ch', flag, false, op);
  return {
    names: ['tx', 'ty', 'ch'],
    put: (tile, pairs) => {
      if (tile === undefined) return;
      pairs.set('tx', axis.write(tile.x));
      pairs.set('ty', axis.write(tile.y));
      chess.put(tile.chess === true, pairs);
    },
    take: (pairs, limits) => {
      if (!pairs.has('tx') && !pairs.has('ty')) {
        if (pairs.has('ch')) throw badValue(op, '`tx` or `ty` beside `ch`', '');
        return undefined;
      }
      const isChess = chess.take(pairs, limits);
      return { x: x.take(pairs, limits), y: y.take(pairs, limits), ...(isChess ? { chess: true as const } : {}) };
    },
  };
}

type Shadow = NonNullable<MarkLook['shadow']>;

function shadowField(op: string): Field<Shadow | undefined> {
  const sigma = exact(0, shadowMax);
  const reach = exact(-shadowMax, shadowMax);
  const dark = single<number>('so', opacity, 100, op);
  const [dx, dy] = [single<number>('sx', reach, 0, op), single<number>('sy', reach, 0, op)];
  return {
    names: ['ss', 'so', 'sx', 'sy'],
    put: (shadow, pairs) => {
      if (shadow === undefined) return;
      pairs.set('ss', sigma.write(shadow.sigma));
      dark.put(shadow.opacity, pairs);
      dx.put(shadow.dx, pairs);
      dy.put(shadow.dy, pairs);
    },
    take: (pairs, limits) => {
      const soft = pairs.get('ss');
      if (soft !== undefined) {
        return {
          sigma: sigma.read(soft, `${op}_ss`, limits),
          opacity: dark.take(pairs, limits),
          dx: dx.take(pairs, limits),
          dy: dy.take(pairs, limits),
        };
      }
      if (pairs.has('so') || pairs.has('sx') || pairs.has('sy')) throw badValue(op, '`ss` beside its shadow', '');
      return undefined;
    },
  };
}

type Placed = Pick<Watermark, 'gravity' | 'dx' | 'dy' | 'opacity'> & MarkLook;

/** Where a mark is and what it looks like. */
function placeFields(op: string) {
  return {
    gravity: single<Compass>('g', words('nw', 'n', 'ne', 'w', 'c', 'e', 'sw', 's', 'se'), 'se', op),
    dx: single<number>('x', shift, 0, op),
    dy: single<number>('y', shift, 0, op),
    opacity: single<number>('o', opacity, 100, op),
    tile: tileField(op),
    degrees: single<number>('d', shift, 0, op),
    dpr: single<boolean>('dr', flag, false, op),
    shadow: shadowField(op),
  } as const;
}

type PlaceFields = ReturnType<typeof placeFields>;

function putPlace(fields: PlaceFields, mark: Placed, pairs: Pairs): void {
  fields.gravity.put(mark.gravity, pairs);
  fields.dx.put(mark.dx, pairs);
  fields.dy.put(mark.dy, pairs);
  fields.opacity.put(mark.opacity, pairs);
  fields.tile.put(mark.tile, pairs);
  fields.degrees.put(mark.degrees ?? 0, pairs);
  fields.dpr.put(mark.dpr === true, pairs);
  fields.shadow.put(mark.shadow, pairs);
}

function takePlace(fields: PlaceFields, pairs: Pairs, limits: Limits): Placed {
  const tile = fields.tile.take(pairs, limits);
  const degrees = fields.degrees.take(pairs, limits);
  const shadow = fields.shadow.take(pairs, limits);
  const dpr = fields.dpr.take(pairs, limits);
  return {
    gravity: fields.gravity.take(pairs, limits),
    dx: fields.dx.take(pairs, limits),
    dy: fields.dy.take(pairs, limits),
    opacity: fields.opacity.take(pairs, limits),
    ...(tile === undefined ? {} : { tile }),
    ...(degrees === 0 ? {} : { degrees }),
    ...(shadow === undefined ? {} : { shadow }),
    ...(dpr ? { dpr: true as const } : {}),
  };
}

const namesOf = (fields: readonly Pick<Field<unknown>, 'names'>[]): ReadonlySet<string> =>
  new Set(fields.flatMap(({ names }) => names));

const ofWatermark = placeFields('wm');
const scale = single<number>('w', exact(0, scaleMax), 0, 'wm');
const oversize = single<boolean>('os', flag, false, 'wm');
const within = single<boolean>('wi', flag, false, 'wm');
const side = exact(0, coordinateMax);
const [boxWidth, boxHeight] = [single<number>('bw', side, 0, 'wm'), single<number>('bh', side, 0, 'wm')];
/** 0 is free, and a box that is free both ways is none. */
const boxField: Field<Watermark['box']> = {
  names: ['bw', 'bh'],
  put: (box, pairs) => {
    boxWidth.put(box?.w ?? 0, pairs);
    boxHeight.put(box?.h ?? 0, pairs);
  },
  take: (pairs, limits) => {
    const box = { w: boxWidth.take(pairs, limits), h: boxHeight.take(pairs, limits) };
    return box.w === 0 && box.h === 0 ? undefined : box;
  },
};
const watermarkNames = namesOf([...Object.values(ofWatermark), scale, boxField, oversize, within]);

export const watermark: StepToken<'wm', 'watermark'> = {
  name: 'wm',
  read: (raw, op, limits) => {
    if (raw.startsWith('.')) return readOriginal(raw, op, limits);
    const bar = raw.indexOf('_');
    return bar < 0 ? readShort(raw, op) : readLong(raw.slice(0, bar), raw.slice(bar + 1), op, limits);
  },
  write: (step) => (isShort(step) ? writeShort(step) : writeLong(step)),
};

function readShort(raw: string, op: string): Watermark {
  const [asset = '', place = 'se', dx = '0', dy = '0', alpha = '100', ...size] = raw.split('.');
  // The last part may have decimals of its own.
  if (size.length > 2 || !assetPattern.test(asset)) throw badValue(op, 'name.g.x.y.opacity.scale', raw);
  if (!isCompass(place)) throw badValue(op, 'nw, n, ne, w, c, e, sw, s or se as the second part', raw);
  return {
    op: 'watermark',
    asset,
    gravity: place,
    dx: readInteger(dx, op, -offsetMax, offsetMax),
    dy: readInteger(dy, op, -offsetMax, offsetMax),
    opacity: readInteger(alpha, op, 0, 100),
    scalePercent: size.length === 0 ? 0 : readExact(size.join('.'), op, 0, scaleMax),
  };
}

const isShort = (step: Watermark): boolean =>
  typeof step.asset === 'string' &&
  [step.box, step.dpr, step.tile, step.degrees, step.shadow, step.oversize, step.within].every(
    (look) => look === undefined,
  ) &&
  Number.isInteger(step.opacity) &&
  [step.dx, step.dy].every((offset) => Number.isInteger(offset) && Math.abs(offset) <= offsetMax);

const writeShort = (step: Watermark): string =>
  [step.asset, step.gravity, step.dx, step.dy, step.opacity, writeExact(step.scalePercent)].join('.');

function readLong(asset: string, rest: string, op: string, limits: Limits): Watermark {
  if (!assetPattern.test(asset)) throw badValue(op, 'the name of an asset, then pairs', asset);
  return readLook(asset, readPairs(rest, op, watermarkNames), limits);
}

/** `.<base64url of namespace/key>.<pairs>` */
function readOriginal(raw: string, op: string, limits: Limits): Watermark {
  const end = raw.indexOf('.', 1);
  const encoded = raw.slice(1, end);
  const name = Buffer.from(encoded, 'base64url').toString('utf8');
  const slash = name.indexOf('/');
  const isSame = end > 0 && Buffer.from(name).toString('base64url') === encoded;
  if (!isSame || slash < 1 || slash === name.length - 1) throw badValue(op, '.base64url of namespace/key.pairs', raw);
  const rest = raw.slice(end + 1);
  const pairs: Pairs = rest === '' ? new Map() : readPairs(rest, op, watermarkNames);
  return readLook({ ns: name.slice(0, slash), key: name.slice(slash + 1) }, pairs, limits);
}

function readLook(asset: Watermark['asset'], pairs: Pairs, limits: Limits): Watermark {
  const box = boxField.take(pairs, limits);
  return {
    op: 'watermark',
    asset,
    ...takePlace(ofWatermark, pairs, limits),
    scalePercent: scale.take(pairs, limits),
    ...(box === undefined ? {} : { box }),
    ...(oversize.take(pairs, limits) ? { oversize: true } : {}),
    ...(within.take(pairs, limits) ? { within: true } : {}),
  };
}

function writeLong(step: Watermark): string {
  const pairs: Pairs = new Map();
  putPlace(ofWatermark, step, pairs);
  scale.put(step.scalePercent, pairs);
  boxField.put(step.box, pairs);
  oversize.put(step.oversize === true, pairs);
  within.put(step.within === true, pairs);
  const { asset } = step;
  if (typeof asset === 'string') return `${asset}_${writePairs(pairs)}`;
  return `.${Buffer.from(`${asset.ns}/${asset.key}`).toString('base64url')}.${writePairs(pairs)}`;
}

const ofText = placeFields('tx');
/** Never 0, so that 0 is one that is not said. */
const em = single<number>('s', exact(1e-10, textSizeMax), 0, 'tx');
const colour = single<string>('c', { read: readColour, write: writeColour }, '000000ff', 'tx');
const textNames = namesOf([...Object.values(ofText), em, colour]);

/** `<base64url>.<font>_<pairs>` */
export const text: StepToken<'tx', 'text'> = {
  name: 'tx',
  read: (raw, op, limits) => {
    // Neither base64url nor the name of a font has a dot, and no such name a dash below.
    const dot = raw.indexOf('.');
    const bar = raw.indexOf('_', dot);
    const font = raw.slice(dot + 1, bar);
    if (dot < 0 || bar < 0 || !assetPattern.test(font)) throw badValue(op, 'text.font_s_size', raw);
    const pairs = readPairs(raw.slice(bar + 1), op, textNames);
    const size = em.take(pairs, limits);
    if (size === 0) throw badValue(op, 'a size', raw);
    return {
      op: 'text',
      text: readText(raw.slice(0, dot), op),
      font,
      size,
      colour: colour.take(pairs, limits),
      ...takePlace(ofText, pairs, limits),
    };
  },
  write: (step) => {
    const pairs: Pairs = new Map();
    em.put(step.size, pairs);
    colour.put(step.colour, pairs);
    putPlace(ofText, step, pairs);
    return `${Buffer.from(step.text, 'utf8').toString('base64url')}.${step.font}_${writePairs(pairs)}`;
  },
};

/** Four bytes of UTF-8 a character at most, and four signs for each three bytes. */
const encodedMax = Math.ceil((4 * textCharactersMax * 4) / 3);
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const hasControls = /[^\P{Cc}\n]/u;

/** Text in base64url, in its one spelling. Throws bad_value where it is none, too long, or has control characters. */
function readText(encoded: string, op: string): string {
  const bytes = Buffer.from(encoded.length > encodedMax ? '' : encoded, 'base64url');
  if (bytes.toString('base64url') !== encoded) throw badValue(op, 'text in base64url without padding', encoded);
  const plain = decoded(bytes);
  if (plain === null || hasControls.test(plain) || [...plain].length > textCharactersMax) {
    throw badValue(op, `at most ${textCharactersMax} characters of UTF-8 without control characters`, encoded);
  }
  return plain;
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}
