import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isPileusError } from '../../src/shared/errors.ts';
import { MountedGrammar, type MountWish } from './mounted.ts';

/** Any characters, and the words of a grammar in any order. */
export const anyText = (...words: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.array(fc.constantFrom(...words), { maxLength: 20 }).map((all) => all.join('')),
  );

/** Whatever is read gives a plan, or a refusal that is the client's fault; the same one each time. */
export function givesPlanOrRefusal(read: () => unknown): void {
  const outcome = (): unknown => {
    try {
      return read();
    } catch (error) {
      expect(isPileusError(error) && error.status < 500, String(error)).toBe(true);
      return String(error);
    }
  };
  expect(outcome()).toEqual(outcome());
}

/** What hands out pictures without a signature does so where the namespace has no keys, or where the mount says so. */
export function closedUnlessOpened(grammar: string, url: string, wish: MountWish = {}): void {
  it('of a namespace with keys are closed unless the mount opens it', () => {
    expect(new MountedGrammar(grammar, { ...wish, namespace: 'fd' }).refusal(url)).toBe('signature_missing');
    const open = new MountedGrammar(grammar, { ...wish, namespace: 'fd', settings: { open: true } });
    expect(open.parse(url).source.ns).toBe('fd');
  });
}
