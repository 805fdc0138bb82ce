import type { Draft } from './draft.ts';
import { checkIgnoreError } from './ignore-error.ts';
import { readPairs } from './pairs.ts';
import { badUrl, unsupported } from './refusals.ts';
import type { Lenience, MogrOption, MogrScene, Vendor } from './vendor.ts';

/**
 * `imageMogr2/auto-orient/thumbnail/300x/...`: each option at most once, carried out from left to right. Throws bad_url,
 * bad_operation, bad_value, operation_unsupported.
 */
export function imageMogr2(words: readonly string[], draft: Draft, vendor: Vendor, lenience: Lenience): void {
  const { imageMogr2: table } = vendor;
  const pairs = readPairs(words, 'imageMogr2', table, flagsOf(table));
  if (pairs.size === 0) throw badUrl('`imageMogr2` needs an option.');
  const scene: MogrScene = { draft, vendor, pairs, lenience, gravity: null };
  for (const [name, raw] of pairs) {
    const option = table.get(name);
    if (option === undefined) continue;
    if (option.kind === 'refused') throw unsupported(option.why);
    if (option.kind === 'flag') option.apply(scene);
    else option.apply(raw ?? '', scene);
  }
}

/** `ignore-error`, the same wherever it stands. */
export const ignoreErrorOption: MogrOption = {
  kind: 'value',
  apply: (raw, { lenience }) => checkIgnoreError(raw, lenience),
};

const flags = new WeakMap<object, ReadonlySet<string>>();

function flagsOf(table: Vendor['imageMogr2']): ReadonlySet<string> {
  let names = flags.get(table);
  if (names === undefined) {
    names = new Set([...table].filter(([, option]) => option.kind === 'flag').map(([name]) => name));
    flags.set(table, names);
  }
  return names;
}
