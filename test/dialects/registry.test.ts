import { describe, expect, it } from 'vitest';
import { parse, refusal } from './native/sample-config.ts';

describe('without mounted grammars', () => {
  it('our own reads what has a plan in its last segment', () => {
    expect(parse('/hotel/a.jpg/~w_300.webp').dialect).toBe('native');
  });

  it.each(['/', '/hotel/a.jpg', '/favicon.ico', '/-/health', '/hotel/~w_300.webp/a.jpg', '*'])(
    'nothing is found at %s',
    (path) => {
      expect(refusal(() => parse(path)).code).toBe('not_found');
    },
  );
});
