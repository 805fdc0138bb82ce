import { describe, expect, it } from 'vitest';
import type { Dialect, DialectRequest } from '../../src/dialects/dialect.ts';
import { parseIn } from '../../src/dialects/registry.ts';
import { stepsMax } from '../../src/plan/plan.ts';
import { config, parse, parseSpec, refusal } from './native/sample-config.ts';

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

describe('any list of grammars', () => {
  const request: DialectRequest = { rawPath: '/old/a.jpg', rawQuery: 'w=3', accept: '', nowS: 0 };

  /** A grammar that claims requests with a query in a configuration with a namespace `hotel`. */
  const withSteps = (count: number): Dialect => ({
    name: 'other',
    match: ({ rawQuery }, { namespaces }) => rawQuery !== null && Object.hasOwn(namespaces, 'hotel'),
    parse: () => {
      const parsed = parseSpec('w_300.webp');
      const steps = Array.from({ length: count }, () => ({ op: 'grey' }) as const);
      return { ...parsed, dialect: 'other', plan: { ...parsed.plan, steps }, canonicalPath: null };
    },
  });

  it('is asked with the whole request and the configuration, in order', () => {
    expect(parseIn([withSteps(1)], request, config)).toMatchObject({ dialect: 'other', canonicalPath: null });
    expect(refusal(() => parseIn([withSteps(1)], { ...request, rawQuery: null }, config)).code).toBe('not_found');
    expect(refusal(() => parseIn([withSteps(1)], request, { ...config, namespaces: {} })).code).toBe('not_found');
  });

  it('never lets more steps through than a plan may have', () => {
    expect(parseIn([withSteps(stepsMax)], request, config).plan.steps).toHaveLength(stepsMax);
    expect(refusal(() => parseIn([withSteps(stepsMax + 1)], request, config)).code).toBe('bad_url');
  });
});
