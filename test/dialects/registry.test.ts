import { describe, expect, it } from 'vitest';
import { parse, refusal } from './native/sample-config.ts';

describe('the mounted grammars', () => {
  it('give a request to the one that claims its path', () => {
    expect(parse('/hotel/a.jpg/~w_300.webp').dialect).toBe('native');
  });

  it.each(['/', '/hotel/a.jpg', '/favicon.ico', '/-/health', '/hotel/~w_300.webp/a.jpg', '*'])(
    'find nothing at %s',
    (path) => {
      expect(refusal(() => parse(path)).code).toBe('not_found');
    },
  );
});
