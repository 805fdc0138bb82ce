import type { EncodeWish } from '../../plan/plan.ts';
import type { Ops } from './tokens.ts';

/**
 * The words for how a result is encoded, one entry for each member of `EncodeWish`. null: a member has no word, and a plan with it
 * no native URL. The format itself is the extension.
 */

type EncodeWord<Member extends keyof EncodeWish> = Readonly<{
  /** False where this value cannot be said. */
  say: (value: NonNullable<EncodeWish[Member]>, ops: Ops) => boolean;
  /** Undefined where nothing is said. */
  mean: (ops: Ops) => EncodeWish[Member] | undefined;
}>;

type SameValue = 'bg' | 'ft' | 'ks' | 'll' | 'pg' | 'md' | 'as' | 'qf' | 'pf';

/** A member that is the value of one token. */
const one = <Name extends SameValue>(
  name: Name,
): Readonly<{ say: (value: NonNullable<Ops[Name]>, ops: Ops) => boolean; mean: (ops: Ops) => Ops[Name] }> => ({
  say: (value, ops) => {
    ops[name] = value;
    return true;
  },
  mean: (ops) => ops[name],
});

export const encodeWords: { readonly [Member in Exclude<keyof EncodeWish, 'format'>]-?: EncodeWord<Member> | null } = {
  preferred: one('pf'),
  negotiated: {
    say: (value, ops) => {
      ops.nt = value;
      return true;
    },
    mean: ({ nt }) => (nt === 'none' ? undefined : nt),
  },
  quality: {
    say: (quality, ops) => {
      switch (quality.kind) {
        case 'absolute':
          ops.q = quality.value;
          return true;
        case 'source-capped':
          ops.qs = quality.value;
          return true;
        case 'corrected':
          ops.qc = quality.value;
          return true;
      }
    },
    mean: ({ q, qs, qc }) => {
      if (q !== undefined) return { kind: 'absolute', value: q };
      if (qs !== undefined) return { kind: 'source-capped', value: qs };
      return qc === undefined ? undefined : { kind: 'corrected', value: qc };
    },
  },
  qualities: one('qf'),
  avifSideMin: one('as'),
  flatten: one('ft'),
  keepSource: one('ks'),
  keepOnly: null,
  lossless: one('ll'),
  progressive: one('pg'),
  metadata: one('md'),
  bytesMax: {
    say: (bytes, ops) => {
      if (bytes % 1024 === 0) ops.kb = bytes / 1024;
      else ops.by = bytes;
      return true;
    },
    mean: ({ kb, by }) => (kb === undefined ? by : kb * 1024),
  },
  background: one('bg'),
  deep: null,
  profile: null,
};

const members = Object.keys(encodeWords) as readonly Exclude<keyof EncodeWish, 'format'>[];

/** Says all members of a wish but its format; false where one cannot be said. */
export function sayEncode(wish: EncodeWish, ops: Ops): boolean {
  return members.every((member) => sayMember(member, wish, ops));
}

function sayMember<Member extends Exclude<keyof EncodeWish, 'format'>>(
  member: Member,
  wish: EncodeWish,
  ops: Ops,
): boolean {
  const value: EncodeWish[Member] | undefined = wish[member];
  if (value === undefined) return true;
  // The table has each member's own word at its name.
  const word = encodeWords[member] as EncodeWord<Member> | null;
  return word?.say(value, ops) ?? false;
}

/** The members of a wish that operations mean, without its format. */
export function meanEncode(ops: Ops): Omit<EncodeWish, 'format'> {
  const wish: Record<string, unknown> = {};
  for (const member of members) {
    const value = encodeWords[member]?.mean(ops);
    if (value !== undefined) wish[member] = value;
  }
  // Each member has the value that its own word means.
  return wish as Omit<EncodeWish, 'format'>;
}
