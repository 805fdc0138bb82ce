import { PileusError } from '../../shared/errors.ts';
import { copyOp, namesIn, type OpName, type Ops } from './tokens.ts';

/** Operations that say the same thing in different ways: of each family a plan has one kind. */
const families: readonly (readonly (readonly OpName[])[])[] = [
  [['w', 'h'], ['l', 's'], ['p'], ['a']],
  [['c'], ['cp']],
  [['q'], ['qs'], ['qc'], ['qf']],
  [['kb'], ['by']],
];

/** Throws bad_combination where two kinds of one family stand together. */
export function checkCombinations(ops: Ops): void {
  for (const family of families) {
    let first: OpName | undefined;
    for (const kind of family) {
      const present = firstOf(kind, ops);
      if (present === undefined) continue;
      if (first !== undefined) {
        throw new PileusError('bad_combination', { detail: `\`${first}\` and \`${present}\` exclude each other.` });
      }
      first = present;
    }
  }
}

function firstOf(kind: readonly OpName[], ops: Ops): OpName | undefined {
  for (const name of kind) if (ops[name] !== undefined) return name;
  return undefined;
}

/** `base` with `overrides` over it; an override displaces what it excludes: `qs_70` over `q_80` leaves `qs_70`. */
export function override(base: Ops, overrides: Ops): Ops {
  const merged: Ops = { ...base };
  for (const family of families) {
    const kept = family.find((kind) => firstOf(kind, overrides) !== undefined);
    if (kept === undefined) continue;
    for (const kind of family) {
      if (kind === kept) continue;
      for (const name of kind) merged[name] = undefined;
    }
  }
  for (const name of namesIn(overrides)) copyOp(merged, overrides, name);
  return merged;
}
