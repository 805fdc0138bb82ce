import { PileusError } from '../../shared/errors.ts';
import { quoted } from '../native/values.ts';
import { Arguments } from './arguments.ts';
import { type Draft, unsupported } from './draft.ts';
import type { Filter } from './params.ts';
import { splitArguments } from './split-filters.ts';

/** One filter: what it does to the plan in the making. */
export type FilterEntry = Readonly<{
  apply: (args: Arguments, draft: Draft) => void;
  /** May stand several times: it draws, and draws again. */
  repeats?: true;
}>;

/** The filters of a grammar: those it has, and why the others of its servers are not had here. */
export type FilterTable = Readonly<{
  filters: ReadonlyMap<string, FilterEntry>;
  refused: ReadonlyMap<string, string>;
}>;

/**
 * Runs the filters in the order of the path. `isPlain`: arguments are percent-decoded already. Throws bad_operation for one that there
 * is not, or that stands twice and only sets something; operation_unsupported; bad_value.
 */
export function applyFilters(filters: readonly Filter[], draft: Draft, table: FilterTable, isPlain: boolean): void {
  const seen = new Set<string>();
  for (const { name, args } of filters) {
    const entry = table.filters.get(name);
    if (entry === undefined) throw refusalOf(name, table);
    if (seen.has(name) && !entry.repeats) {
      throw new PileusError('bad_operation', { detail: `The filter \`${name}\` stands twice.` });
    }
    seen.add(name);
    const values = splitArguments(args).map((value) => (isPlain ? value : decoded(value, name)));
    const read = new Arguments(name, values);
    entry.apply(read, draft);
    read.end();
  }
}

function refusalOf(name: string, table: FilterTable): PileusError {
  const reason = table.refused.get(name);
  if (reason !== undefined) return unsupported(`${name}(): ${reason}`);
  return new PileusError('bad_operation', { detail: `There is no filter ${quoted(name)}.` });
}

function decoded(value: string, name: string): string {
  try {
    return value.includes('%') ? decodeURIComponent(value) : value;
  } catch {
    throw new PileusError('bad_value', { detail: `\`${name}\`: the percent-encoding is not valid UTF-8.` });
  }
}
