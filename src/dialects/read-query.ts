import { PileusError } from '../shared/errors.ts';
import { quoted } from './native/values.ts';

const parametersMax = 64;

/**
 * The parameters of a query, decoded (`+` is a space), by the names that `nameOf` gives them; null is one that there is not. Throws
 * bad_url for too many or broken encoding, bad_operation for one that there is not or that stands twice.
 */
export function readQuery(
  rawQuery: string | null,
  nameOf: (name: string) => string | null,
): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const part of rawQuery?.split('&', parametersMax + 1) ?? []) {
    if (part === '') continue;
    if (parameters.size === parametersMax) {
      throw new PileusError('bad_url', { detail: `More than ${parametersMax} parameters.` });
    }
    const equals = part.indexOf('=');
    const given = decoded(equals < 0 ? part : part.slice(0, equals));
    const name = nameOf(given);
    if (name === null) throw new PileusError('bad_operation', { detail: `There is no parameter ${quoted(given)}.` });
    if (parameters.has(name)) throw new PileusError('bad_operation', { detail: `\`${name}\` stands twice.` });
    parameters.set(name, equals < 0 ? '' : decoded(part.slice(equals + 1)));
  }
  return parameters;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new PileusError('bad_url', { detail: 'The percent-encoding of the query is not valid UTF-8.' });
  }
}
