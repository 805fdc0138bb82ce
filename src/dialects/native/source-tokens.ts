import { hashDigits, isHashName } from '../../plan/hash-digits.ts';
import { type Pages, type Plan, pagesMax } from '../../plan/plan.ts';
import type { Token } from './token.ts';
import { badValue, readInteger } from './values.ts';

/** Values that say what is taken of a source, and which source it has to be. */

/** One frame, `all`, or `p0.3`: three pages from the first; `s0.3` where they are never an animation. */
export const framesToken: Token<number | 'all' | Pages> = {
  read: (raw, name) => {
    if (raw === 'all') return 'all';
    if (!/^[ps]\d/.test(raw)) return readInteger(raw, name, 0, pagesMax);
    const [page = '', pages = '', ...rest] = raw.slice(1).split('.', 3);
    if (rest.length > 0) throw badValue(name, 'p or s and two numbers with a dot between them', raw);
    return {
      page: readInteger(page, name, 0, pagesMax),
      pages: readInteger(pages, name, 1, pagesMax),
      ...(raw.startsWith('s') ? { still: true } : {}),
    };
  },
  write: (frames) =>
    typeof frames === 'object' ? `${frames.still ? 's' : 'p'}${frames.page}.${frames.pages}` : String(frames),
};

/** `sha256.9f86...` */
export const hashToken: Token<NonNullable<Plan['expects']>> = {
  read: (raw, name) => {
    const [hash = '', hex = '', ...rest] = raw.toLowerCase().split('.', 3);
    if (!isHashName(hash) || hex.length !== hashDigits[hash] || !/^[0-9a-f]+$/.test(hex) || rest.length > 0) {
      throw badValue(name, 'md5, sha1, sha256 or sha512, a dot and the sum in hex', raw);
    }
    return { hash, hex };
  },
  write: ({ hash, hex }) => `${hash}.${hex}`,
};
