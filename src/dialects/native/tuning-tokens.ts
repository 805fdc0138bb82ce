import { type AvifTuning, type JpegTuning, type PngTuning, type WebpTuning, webpPresets } from '../../plan/tuning.ts';
import { choice, flag, integer, type Token, words } from './token.ts';
import { badValue } from './values.ts';

/**
 * Records as values: each member a letter and what it says, with dots between them, in the order of the table (`p1.t.q3`). A record
 * has at least one member.
 */

/** The letter of a member and its value; a mark has only the letter. */
type Member<Value> = readonly [letter: string, token: Token<Value>];

type Members<Of> = { readonly [Name in keyof Of]-?: Member<NonNullable<Of[Name]>> };

const mark: Token<true> = {
  read: (raw, name) => {
    if (raw !== '') throw badValue(name, 'a letter alone', raw);
    return true;
  },
  write: () => '',
};

function record<Of extends object>(members: Members<Of>): Token<Of> {
  const list = Object.entries(members) as [string, Member<unknown>][];
  const byLetter = new Map(list.map(([member, [letter, token]]) => [letter, { member, token }]));
  const expected = `some of ${[...byLetter.keys()].join(', ')} with dots between them`;
  return {
    read: (raw, name, limits) => {
      const value: Record<string, unknown> = {};
      for (const part of raw.split('.', list.length + 1)) {
        const known = byLetter.get(part.charAt(0));
        if (known === undefined || value[known.member] !== undefined) throw badValue(name, expected, raw);
        value[known.member] = known.token.read(part.slice(1), name, limits);
      }
      // Each member has what its own token reads.
      return value as Of;
    },
    write: (value) =>
      list
        .filter(([member]) => Object.hasOwn(value, member))
        .map(([member, [letter, token]]) => `${letter}${token.write(value[member as keyof Of])}`)
        .join('.'),
  };
}

export const tuningTokens = {
  jo: record<JpegTuning>({
    progressive: ['p', flag],
    fullChroma: ['c', mark],
    trellis: ['t', mark],
    deringing: ['d', mark],
    scans: ['s', mark],
    table: ['q', integer(1, 8)],
  }),
  po: record<PngTuning>({ interlaced: ['i', flag], colours: ['c', integer(2, 256)] }),
  wo: record<WebpTuning>({
    compression: [
      'c',
      choice<NonNullable<WebpTuning['compression']>>([
        ['n', 'near'],
        ['l', 'lossless'],
      ]),
    ],
    smartChroma: ['s', mark],
    preset: ['p', words(...webpPresets)],
  }),
  ao: record<AvifTuning>({ fullChroma: ['c', mark] }),
};
