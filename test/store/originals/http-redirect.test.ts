import { describe, expect, it } from 'vitest';
import { isOwnHost, redirectTarget } from '../../../src/store/originals/http-redirect.ts';

const rules = { base: new URL('http://img.test:8000/base/'), hosts: ['cdn.test', 'CDN2.test:8443'] };
const from = new URL('http://img.test:8000/base/a.jpg');

describe('redirect target', () => {
  it.each([
    ['b.jpg', 'http://img.test:8000/base/b.jpg'],
    ['/b.jpg#part', 'http://img.test:8000/b.jpg'],
    ['//img.test:8000/b', 'http://img.test:8000/b'],
    ['https://img.test/b', 'https://img.test/b'],
    ['http://cdn.test/b', 'http://cdn.test/b'],
    ['https://cdn.test:443/b', 'https://cdn.test/b'],
    ['HTTPS://Cdn2.Test:8443/b', 'https://cdn2.test:8443/b'],
  ])('resolves %s', (location, expected) => {
    expect(redirectTarget(from, location, rules).href).toBe(expected);
  });

  it.each([
    'http://img.test/b',
    'http://cdn.test:8080/b',
    'https://cdn2.test/b',
    'http://evil.test/b',
    'http://cdn.test.evil.test/b',
    'http://cdn.test@evil.test/b',
    'http://user:password@cdn.test/b',
    '//evil.test/b',
    'file:///etc/passwd',
    'javascript:alert(1)',
  ])('refuses %s without saying why', (location) => {
    expect(() => redirectTarget(from, location, rules)).toThrow(
      expect.objectContaining({ code: 'origin_unreachable', detail: undefined }),
    );
  });

  it('never goes from https back to http', () => {
    const secure = new URL('https://cdn.test/a');
    expect(() => redirectTarget(secure, 'http://cdn.test/a', rules)).toThrow(
      expect.objectContaining({ code: 'origin_unreachable' }),
    );
  });

  it.each([null, 'http://', 'http://[x]/'])('says origin_failed for the location %j', (location) => {
    expect(() => redirectTarget(from, location, rules)).toThrow(expect.objectContaining({ code: 'origin_failed' }));
  });
});

describe('own host', () => {
  it.each([
    ['http://img.test/', 'https://img.test/b', true],
    ['http://img.test:80/', 'https://img.test:443/b', true],
    ['https://img.test/', 'https://IMG.test/b', true],
    ['http://img.test:8000/', 'http://img.test:8000/b', true],
    ['http://img.test:8000/', 'https://img.test/b', false],
    ['http://img.test/', 'http://img.test:8000/b', false],
    ['http://img.test/', 'http://cdn.img.test/b', false],
  ])('of %s: %s is it, %s', (base, url, isOwn) => {
    expect(isOwnHost(new URL(url), new URL(base))).toBe(isOwn);
  });
});
