import { PileusError } from '../../shared/errors.ts';
import type { Filter } from './params.ts';

/** Where the bracket that opens before `from` closes; -1 for nowhere. */
export type FindClose = (text: string, from: number) => number;

/** thumbor: brackets in arguments count for nothing; a closing one ends them where a colon or a slash follows it. */
export function closeAtDelimiter(text: string, from: number): number {
  for (let at = text.indexOf(')', from); at >= 0; at = text.indexOf(')', at + 1)) {
    const next = text[at + 1];
    if (next === ':' || next === '/') return at;
  }
  return -1;
}

/** imagor: brackets are balanced, so that a filter can have a whole path as its argument. */
export function closeBalanced(text: string, from: number): number {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    else if (text[at] === ')') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return -1;
}

export const filtersMax = 32;

/**
 * Reads `name(arguments):name(arguments)/` from the front of a text; `rest` begins behind the slash. Throws bad_url for anything else,
 * or for more than `filtersMax` filters.
 */
export function splitFilters(text: string, findClose: FindClose): Readonly<{ filters: Filter[]; rest: string }> {
  const filters: Filter[] = [];
  for (let at = 0; ; ) {
    const open = text.indexOf('(', at);
    const name = open < 0 ? '' : text.slice(at, open);
    if (!/^[a-z][a-z0-9_]{0,31}$/.test(name)) throw malformed();
    const close = findClose(text, open + 1);
    if (close < 0) throw malformed();
    if (filters.length === filtersMax) {
      throw new PileusError('bad_url', { detail: `More than ${filtersMax} filters.` });
    }
    filters.push({ name, args: text.slice(open + 1, close) });
    const next = text[close + 1];
    if (next === '/') return { filters, rest: text.slice(close + 2) };
    if (next !== ':') throw malformed();
    at = close + 2;
  }
}

/** Arguments at their commas, those in brackets left whole. */
export function splitArguments(args: string): string[] {
  if (args === '') return [];
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < args.length; at += 1) {
    if (args[at] === '(') depth += 1;
    else if (args[at] === ')') depth -= 1;
    else if (args[at] === ',' && depth === 0) {
      parts.push(args.slice(from, at));
      from = at + 1;
    }
  }
  return [...parts, args.slice(from)];
}

const malformed = (): PileusError =>
  new PileusError('bad_url', { detail: 'Expected filters:name(arguments):name(arguments)/.' });
