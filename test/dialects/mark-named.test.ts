import { describe, expect, it } from 'vitest';
import type { NamespaceConfig } from '../../src/config/config.ts';
import { markNamed } from '../../src/dialects/mark-named.ts';
import { isPileusError } from '../../src/shared/errors.ts';
import { namespaceConfig } from '../worker/fakes.ts';

const config = {
  assets: { logo: { name: 'logo', path: '/logo.png', version: 'v1', width: 10, height: 10 } },
  namespaces: {
    photos: namespaceConfig,
    web: { ...namespaceConfig, name: 'web', origin: { kind: 'url', headers: {}, allowAddresses: [] } },
  } satisfies Record<string, NamespaceConfig>,
};

const named = (name: string, marks: Readonly<Record<string, string>> = {}) =>
  markNamed(name, { watermarks: { 'http://cdn/logo.png': 'logo' }, marks }, config);

describe('the name of a mark', () => {
  it('is that of an asset first', () => {
    expect(named('logo', { '': 'photos' })).toBe('logo');
    expect(named('http://cdn/logo.png', { 'http://': 'web' })).toBe('logo');
  });

  it.each(['other.png', 'toString', '', 'http://cdn/other.png'])(
    '%s is nothing without a word of the mount',
    (name) => {
      expect(named(name)).toBeNull();
    },
  );

  it('is a key behind its longest beginning, or a URL as it is', () => {
    const marks = { '': 'photos', 'http://cdn/': 'photos', http: 'web' };
    expect(named('a/b.png', marks)).toEqual({ ns: 'photos', key: 'a/b.png' });
    expect(named('http://cdn/a/b.png', marks)).toEqual({ ns: 'photos', key: 'a/b.png' });
    expect(named('http://else/b.png', marks)).toEqual({ ns: 'web', key: 'http://else/b.png' });
    expect(named('http:', marks)).toBeNull();
    expect(named('x', { '': 'gone' })).toBeNull();
  });

  it.each(['../a.png', 'a//b.png', 'a\0b', ''])('%j leads nowhere', (name) => {
    let code: unknown;
    try {
      named(name, { '': 'photos' });
    } catch (error) {
      code = isPileusError(error) ? error.code : error;
    }
    expect(code).toBe('bad_key');
  });
});
