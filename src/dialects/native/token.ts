import type { Compass, Gravity } from '../../plan/plan.ts';
import { compassGravity } from '../../plan/plan.ts';
import type { Limits } from './limits.ts';
import { badValue, type ReadValue, readDecimal, readExact, readInteger, writeExact } from './values.ts';

/** How the value of an operation is read, and written in its one canonical spelling. Reading throws bad_value. */
export type Token<Value> = Readonly<{
  read: (raw: string, name: string, limits: Limits) => Value;
  write: (value: Value) => string;
}>;

export const integer = (min: number, max: number): Token<number> => ({
  read: (raw, name) => readInteger(raw, name, min, max),
  write: String,
});

export const limited = (limit: keyof Limits): Token<number> => ({
  read: (raw, name, limits) => readInteger(raw, name, 1, limits[limit]),
  write: String,
});

/** At most two decimals. */
export const decimal = (min: number, max: number): Token<number> => ({
  read: (raw, name) => readDecimal(raw, name, min, max),
  write: String,
});

/** As many decimals as it has. */
export const exact = (min: number, max: number): Token<number> => ({
  read: (raw, name) => readExact(raw, name, min, max),
  write: writeExact,
});

/** One of a few words; a number among them may have leading zeros. */
export function choice<Value extends string | boolean>(values: readonly (readonly [string, Value])[]): Token<Value> {
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

export const flag = choice([
  ['0', false],
  ['1', true],
]);

/** Words that stand for themselves. */
export const words = <const Word extends string>(...list: readonly Word[]): Token<Word> =>
  choice(list.map((word) => [word, word] as const));

/** Far beyond any source; what lies outside the picture is clipped there. */
export const coordinateMax = 100_000;

const compassPoints = new Set<Compass>(['nw', 'n', 'ne', 'w', 'c', 'e', 'sw', 's', 'se']);
export const isCompass = (raw: string): raw is Compass => (compassPoints as ReadonlySet<string>).has(raw);

const readGravity: ReadValue<Gravity> = (raw, name) => {
  if (isCompass(raw)) return compassGravity(raw);
  if (raw === 'att') return { kind: 'smart', by: 'attention' };
  if (raw === 'ent') return { kind: 'smart', by: 'entropy' };
  const fine = raw.startsWith('f');
  const [x, y, ...rest] = (fine ? raw.slice(1) : raw).split('.');
  if (x === undefined || y === undefined || rest.length > 0) {
    throw badValue(name, 'nw, n, ne, w, c, e, sw, s, se, att, ent or x.y in percent', raw);
  }
  const [max, unit] = fine ? [10_000, 1] : [100, 100];
  return { kind: 'focal', x: readInteger(x, name, 0, max) * unit, y: readInteger(y, name, 0, max) * unit };
};

function writeGravity(gravity: Gravity): string {
  switch (gravity.kind) {
    case 'compass':
      return gravity.at;
    case 'smart':
      return gravity.by === 'attention' ? 'att' : 'ent';
    case 'focal': {
      const { x, y } = gravity;
      return x % 100 === 0 && y % 100 === 0 ? `${x / 100}.${y / 100}` : `f${x}.${y}`;
    }
  }
}

/** A compass point, `att`, `ent`, `x.y` in percent, `fx.y` in 1/10,000. */
export const gravityToken: Token<Gravity> = { read: readGravity, write: writeGravity };
