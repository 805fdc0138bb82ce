import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NamespaceConfig } from '../../../src/config/config.ts';
import { isPileusError } from '../../../src/shared/errors.ts';
import { namespace, refusal } from '../native/sample-config.ts';
import { ask, configWith, withOptions } from './kit.ts';

const hex = (text: string): string => Buffer.from(text).toString('hex');
const base64 = (text: string): string => Buffer.from(text).toString('base64url');

describe('a source', () => {
  it.each([
    ['/unsafe/plain/local:///a/b.png', { ns: 'local', key: 'a/b.png' }],
    ['/unsafe/plain/local%3A%2F%2F%2Fa%2Fb.png@png', { ns: 'local', key: 'a/b.png' }],
    ['/unsafe/plain/local:/a.png', { ns: 'local', key: 'a.png' }],
    ['/unsafe/plain/http://host/a.png', { ns: 'web', key: 'http://host/a.png' }],
    ['/unsafe/plain/http:/host/a.png', { ns: 'web', key: 'http://host/a.png' }],
    ['/unsafe/plain/https://host/a%3Fb=c.png', { ns: 'web', key: 'https://host/a?b=c.png' }],
    [`/unsafe/w:5/${base64('local:///a.png')}.webp`, { ns: 'local', key: 'a.png' }],
    [`/unsafe/w:5/${base64('local:///a.png')}==.webp`, { ns: 'local', key: 'a.png' }],
    [`/unsafe/${base64('local:///a.png').replace(/^(.{6})/, '$1/')}`, { ns: 'local', key: 'a.png' }],
  ])('%s', (path, source) => {
    expect(ask(path).source).toEqual(source);
  });

  it.each([
    '/unsafe/plain/',
    '/unsafe/',
    '/unsafe',
    '/unsafe/w:5',
    '/unsafe/plain/local:///a.png@png@jpg',
    '/unsafe/plain/local:///a%zz.png',
    '/unsafe/w:5/!!!',
    '/unsafe/fill/300/400/plain/local:///a.png',
  ])('%s is no URL', (path) => {
    expect(refusal(() => ask(path)).code).toBe('bad_url');
  });

  it('of a scheme that nothing is configured for is not found', () => {
    expect(refusal(() => ask('/unsafe/plain/s3://bucket/a.png')).code).toBe('source_not_found');
  });

  it('is held to those that are allowed, after its replacements', () => {
    const config = configWith({
      allowedSources: ['local://', 'http://*.mycdn.dev/'],
      urlReplacements: [{ pattern: 'mine://*/', replacement: 'local:///' }],
    });
    expect(ask('/unsafe/plain/mine://any/a.png', config).source.key).toBe('a.png');
    expect(ask('/unsafe/plain/http://a.mycdn.dev/a.png', config).source.ns).toBe('web');
    expect(refusal(() => ask('/unsafe/plain/http://other.dev/.mycdn.dev/a.png', config)).code).toBe(
      'origin_unreachable',
    );
  });

  it('may have a beginning that is added', () => {
    const config = configWith({ baseUrl: 'local:///deep/' });
    expect(ask('/unsafe/plain/a.png', config).source.key).toBe('deep/a.png');
    expect(ask('/unsafe/plain/local:///deep/a.png', config).source.key).toBe('deep/a.png');
  });
});

describe('a signature', () => {
  const keys = { keys: [hex('test-key'), hex('test-key2')], salts: [hex('test-salt'), hex('test-salt2')] };
  const rest = 'rs:fill:4:4/plain/local:///test1.png';

  it.each([
    ['My9d3xq_PYpVHsPrCyww0Kh1w5KZeZhIlWhsa4az1TI', 'rs:fill:4:4'],
    ['My9d3xq_PYpVHsPrCyww0Kh1w5KZeZhIlWhsa4az1TI', 'rs%3Afill%3A4%3A4'],
  ])('%s holds for %s', (signature, options) => {
    expect(ask(`/${signature}/${options}/plain/local:///test1.png`, configWith(keys)).signed).toBe(true);
  });

  it('of any live key holds, a trusted one too, and no other', () => {
    const config = configWith({ ...keys, trustedSignatures: ['trusted'] });
    expect(ask(`/trusted/${rest}`, config).signed).toBe(true);
    for (const bad of ['unsafe', 'My9d3xq_PYpVHsPrCyww0Kh1w5KZeZhIlWhsa4az1TJ', 'My9d3xq_PYo', '']) {
      const { code } = refusal(() => ask(`/${bad}/${rest}`, config));
      expect(['signature_invalid', 'bad_url']).toContain(code);
    }
  });

  it('is as long as it is configured to be', () => {
    const config = configWith({ ...keys, signatureSize: 8 });
    expect(ask(`/My9d3xq_PYo/${rest}`, config).signed).toBe(true);
    expect(refusal(() => ask(`/My9d3xq_PYpVHsPrCyww0Kh1w5KZeZhIlWhsa4az1TI/${rest}`, config)).code).toBe(
      'signature_invalid',
    );
  });

  it('that was forgotten is explained', () => {
    expect(refusal(() => ask('/w:50/plain/local:///a.png'))).toMatchObject({
      code: 'signature_missing',
      detail: expect.stringContaining('signature part'),
    });
  });

  it('is not all: a secret is asked for where there is one', () => {
    const config = configWith({ secret: 'foo' });
    const path = '/unsafe/plain/local:///a.png';
    expect(ask(path, config, { authorization: 'Bearer foo' }).source.key).toBe('a.png');
    for (const authorization of ['Bearer fo', 'foo', '']) {
      expect(refusal(() => ask(path, config, { authorization })).code).toBe('signature_invalid');
    }
  });
});

describe('a namespace', () => {
  const config = configWith();
  const of = (over: Partial<NamespaceConfig>) => ({ ...config, namespaces: { local: namespace('local', over) } });
  const path = '/unsafe/plain/local:///a.png';

  it('with keys of ours is closed to a mount without keys of its own', () => {
    const keyed = of({ keys: [{ kid: 'k', secret: 'a secret of ours' }] });
    expect(refusal(() => ask(path, keyed)).code).toBe('signature_missing');
  });

  it('that protects its originals hands none out', () => {
    const guarded = of({ protectOriginals: true });
    expect(ask(path, guarded).source.key).toBe('a.png');
    for (const options of ['raw:1', 'skp:png'])
      expect(refusal(() => ask(`/unsafe/${options}/plain/local:///a.png`, guarded)).code).toBe('original_protected');
  });
});

describe('any path', () => {
  it('is understood or refused, and never anything else', () => {
    const word = fc.constantFrom(
      'w',
      'rs',
      'plain',
      'local:///a.png',
      ':',
      '@',
      '%',
      '/',
      'fill',
      '-1',
      'pr',
      'g',
      'fp',
      '.',
      '0.5',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => `/unsafe/${words.join('')}`),
        ),
        (path) => {
          try {
            ask(path.startsWith('/') ? path : `/${path}`);
          } catch (error) {
            if (!isPileusError(error)) throw error;
          }
        },
      ),
    );
  });

  it('of eight kilobytes is read at once', () => {
    for (const part of ['plain/', ':', '%3A', 'a.', '/', 'pr:x/']) {
      const path = `/unsafe/${part.repeat(8192 / part.length)}plain/local:///a.png`;
      expect(() => ask(path)).toThrow();
    }
    expect(withOptions(Array.from({ length: 1000 }, (_, at) => `w:${at}`).join('/')).plan.steps).toHaveLength(1);
  });
});
