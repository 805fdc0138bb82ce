import type { EncodeWish } from '../../plan/plan.ts';
import type { Ops } from './tokens.ts';

/**
 * The words for how a result is encoded, one entry for each member of `EncodeWish`. The format itself is the
 * extension.
 */

type EncodeWord<Member extends keyof EncodeWish> = Readonly<{
  say: (value: NonNullable<EncodeWish[Member]>, ops: Ops) => void;
  /** Undefined where nothing is said. */
  mean: (ops: Ops) => EncodeWish[Member] | undefined;
}>;

type SameValue =
  | 'bg'
  | 'ft'
  | 'ks'
  | 'll'
  | 'pg'
  | 'md'
  | 'as'
  | 'qf'
  | 'pf'
  | 'ic'
  | 'jo'
  | 'po'
  | 'wo'
  | 'ao'
  | 'di'
  | 'aq'
  | 'sf';

/** A member that is the value of one token. */
const one = <Name extends SameValue>(
  name: Name,
): Readonly<{ say: (value: NonNullable<Ops[Name]>, ops: Ops) => void; mean: (ops: Ops) => Ops[Name] }> => ({
  say: (value, ops) => {
    ops[name] = value;
  },
  mean: (ops) => ops[name],
});

/** A member that is either so or absent. */
const so = (
  name: 'dp' | 'ko',
): Readonly<{ say: (value: true, ops: Ops) => void; mean: (ops: Ops) => true | undefined }> => ({
  say: (_, ops) => {
    ops[name] = true;
  },
  mean: (ops) => ops[name] || undefined,
});

export const encodeWords: { readonly [Member in Exclude<keyof EncodeWish, 'format'>]-?: EncodeWord<Member> } = {
  preferred: one('pf'),
  negotiated: {
    say: (value, ops) => {
      ops.nt = value;
    },
    mean: ({ nt }) => (nt === 'none' ? undefined : nt),
  },
  quality: {
    say: (quality, ops) => {
      switch (quality.kind) {
        case 'absolute':
          ops.q = quality.value;
          break;
        case 'source-capped':
          ops.qs = quality.value;
          break;
        case 'corrected':
          ops.qc = quality.value;
          break;
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
  keepOnly: so('ko'),
  lossless: one('ll'),
  progressive: one('pg'),
  metadata: one('md'),
  bytesMax: {
    say: (bytes, ops) => {
      if (bytes % 1024 === 0) ops.kb = bytes / 1024;
      else ops.by = bytes;
    },
    mean: ({ kb, by }) => (kb === undefined ? by : kb * 1024),
  },
  background: one('bg'),
  deep: so('dp'),
  profile: one('ic'),
  dpi: one('di'),
  smallest: one('sf'),
  search: one('aq'),
  jpeg: one('jo'),
  png: one('po'),
  webp: one('wo'),
  avif: one('ao'),
};

const members = Object.keys(encodeWords) as readonly Exclude<keyof EncodeWish, 'format'>[];

/** Says all members of a wish but its format. */
export function sayEncode(wish: EncodeWish, ops: Ops): void {
  for (const member in wish) {
    // A wish has the members of its type and no others.
    if (member !== 'format') sayMember(member as keyof typeof encodeWords, wish, ops);
  }
}

function sayMember<Member extends Exclude<keyof EncodeWish, 'format'>>(
  member: Member,
  wish: EncodeWish,
  ops: Ops,
): void {
  const value: EncodeWish[Member] | undefined = wish[member];
  if (value === undefined) return;
  // The table has each member's own word at its name.
  const word = encodeWords[member] as unknown as EncodeWord<Member>;
  word.say(value, ops);
}

/** The members of a wish that operations mean, without its format. */
export function meanEncode(ops: Ops): Omit<EncodeWish, 'format'> {
  const wish: Record<string, unknown> = {};
  for (const member of members) {
    const value = encodeWords[member].mean(ops);
    if (value !== undefined) wish[member] = value;
  }
  // Each member has the value that its own word means.
  return wish as Omit<EncodeWish, 'format'>;
}
