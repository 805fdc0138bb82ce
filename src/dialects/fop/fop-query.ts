import { badUrl } from './refusals.ts';

/** A query, cut up: the chain of operations, and what stands beside it as `name=value`. */
export type FopQuery = Readonly<{
  /** Percent-decoded; null where there is none. */
  chain: string | null;
  /** Still percent-encoded. */
  pairs: ReadonlyMap<string, string>;
}>;

/**
 * Cuts a query up. Parts that are `name=value` with one of `names` stand beside the chain. Throws bad_url for empty parts, two
 * chains or one name twice, and for percent-encoding that is none or stands twice.
 */
export function readFopQuery(rawQuery: string | null, names: Readonly<{ has: (name: string) => boolean }>): FopQuery {
  if (rawQuery === null || rawQuery === '') return { chain: null, pairs: new Map() };
  const pairs = new Map<string, string>();
  let chain: string | null = null;
  for (const part of rawQuery.split('&')) {
    const name = nameOf(part);
    if (name !== null && names.has(name)) {
      if (pairs.has(name)) throw badUrl(`\`${name}\` stands twice.`);
      pairs.set(name, part.slice(name.length + 1));
    } else if (part === '') throw badUrl('A part of the query is empty.');
    else if (chain !== null) throw badUrl('There is more than one chain of operations; join them with `|`.');
    else chain = decoded(part);
  }
  return { chain, pairs };
}

/**
 * Does a query belong here? Not where it begins with a `name=value` that is none of `names`: then it is another grammar's. Cheap.
 */
export function isFopQuery(rawQuery: string, names: Readonly<{ has: (name: string) => boolean }>): boolean {
  const name = nameOf(rawQuery);
  return name === null || names.has(name);
}

const nameOf = (part: string): string | null => /^[A-Za-z0-9_.-]+(?==)/.exec(part)?.[0] ?? null;

function decoded(part: string): string {
  if (!/^[\x21-\x7e]*$/.test(part)) throw badUrl('Characters outside ASCII have to be percent-encoded.');
  let text: string;
  try {
    text = decodeURIComponent(part);
  } catch {
    throw badUrl('The percent-encoding of the query is not valid UTF-8.');
  }
  // What a chain holds is ASCII, and none of it is a percent sign.
  if (text.includes('%')) throw badUrl('The query is percent-encoded twice.');
  if (!/^[\x21-\x7e]*$/.test(text)) throw badUrl('Operations have no spaces, and no characters outside ASCII.');
  return text;
}
