import type { Limits } from './limits.ts';
import type { Token } from './token.ts';
import { badValue, quoted } from './values.ts';

/** Values that are pairs of a name and a value with `_` between them: `t_fill_w_300`. */

/** The pairs of one value, by name. */
export type Pairs = Map<string, string>;

/** How one member is put into pairs and taken out of them. */
export type Field<Value> = Readonly<{
  names: readonly string[];
  put: (value: Value, pairs: Pairs) => void;
  take: (pairs: Pairs, limits: Limits) => Value;
}>;

/** One pair of the operation `op`, left out where the value is `otherwise`. */
export function single<Value>(name: string, token: Token<Value>, otherwise: Value, op: string): Field<Value> {
  return {
    names: [name],
    put: (value, pairs) => {
      if (value !== otherwise) pairs.set(name, token.write(value));
    },
    take: (pairs, limits) => {
      const raw = pairs.get(name);
      return raw === undefined ? otherwise : token.read(raw, `${op}_${name}`, limits);
    },
  };
}

/** Throws bad_value where a name is not known or stands twice, or a value is missing. */
export function readPairs(raw: string, name: string, known: ReadonlySet<string>): Pairs {
  const pairs: Pairs = new Map();
  // No more of a hostile value is cut than can be right.
  const parts = raw.split('_', 2 * known.size + 1);
  for (let at = 0; at < parts.length; at += 2) {
    const [pair = '', value] = [parts[at], parts[at + 1]];
    if (!known.has(pair) || value === undefined || pairs.has(pair)) {
      throw badValue(name, 'pairs of a known name and a value, each once', quoted(pair));
    }
    pairs.set(pair, value);
  }
  return pairs;
}

export const writePairs = (pairs: Pairs): string => [...pairs].map(([name, value]) => `${name}_${value}`).join('_');
