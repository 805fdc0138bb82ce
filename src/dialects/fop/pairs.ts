import { PileusError } from '../../shared/errors.ts';
import { badValue, quoted } from '../native/values.ts';

/** Names with their values in the order in which they stand; of one that takes no value it is null. */
export type Pairs = ReadonlyMap<string, string | null>;

/**
 * Reads `name/value/name/value`. Those of `flags` take no value; one slash at the end is allowed. Throws bad_operation for a name that
 * is not among `names` or stands twice, bad_value for a value that is missing or empty.
 */
export function readPairs(
  words: readonly string[],
  operation: string,
  names: Readonly<{ has: (name: string) => boolean }>,
  flags: ReadonlySet<string> = new Set(),
): Pairs {
  const pairs = new Map<string, string | null>();
  const end = words.at(-1) === '' ? words.length - 1 : words.length;
  for (let at = 0; at < end; at += 1) {
    const name = words[at] ?? '';
    if (!names.has(name)) {
      throw new PileusError('bad_operation', { detail: `\`${operation}\` has no option ${quoted(name)}.` });
    }
    if (pairs.has(name)) throw new PileusError('bad_operation', { detail: `\`${name}\` stands twice.` });
    if (flags.has(name)) {
      pairs.set(name, null);
      continue;
    }
    at += 1;
    const value = at < end ? words[at] : undefined;
    if (value === undefined || value === '') throw badValue(name, 'a value', '');
    pairs.set(name, value);
  }
  return pairs;
}
