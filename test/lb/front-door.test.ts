import { describe, expect, it } from 'vitest';
import { checkDoor } from '../../src/lb/front-door.ts';

const limits = { urlBytesMax: 200, headersMax: 10 };
const host = ['Host', 'localhost'];
const door = (method: string, url: string, rawHeaders: readonly string[] = host, httpVersion = '1.1') =>
  checkDoor({ method, url, httpVersion, rawHeaders }, limits);

describe('front door', () => {
  it('lets GET and HEAD in and splits path and query without touching them', () => {
    expect(door('GET', '/a/%2e%2E/b?x=1?y')).toEqual({
      kind: 'picture',
      head: false,
      rawPath: '/a/%2e%2E/b',
      rawQuery: 'x=1?y',
    });
    expect(door('HEAD', '/a')).toEqual({ kind: 'picture', head: true, rawPath: '/a', rawQuery: null });
  });

  it('knows the health probe and preflights', () => {
    expect(door('GET', '/-/health')).toEqual({ kind: 'health', head: false });
    expect(door('OPTIONS', '/photos/a')).toEqual({ kind: 'preflight', rawPath: '/photos/a' });
  });

  it.each(['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'CONNECT', 'get'])('refuses %s', (method) => {
    expect(() => door(method, '/a')).toThrow(expect.objectContaining({ code: 'method_not_allowed' }));
  });

  it.each<[string, string, readonly string[], string]>([
    ['an absolute-form request line', 'http://evil/x', host, 'bad_request'],
    ['an asterisk', '*', host, 'bad_request'],
    ['a long URL', `/${'a'.repeat(200)}`, host, 'uri_too_long'],
    ['two Hosts', '/a', [...host, 'hOsT', 'evil'], 'bad_request'],
    ['no Host', '/a', ['Accept', '*/*'], 'bad_request'],
    ['a body by length', '/a', [...host, 'Content-Length', '5'], 'bad_request'],
    ['a body by encoding', '/a', [...host, 'Transfer-Encoding', 'xchunked'], 'bad_request'],
    ['an upgrade', '/a', [...host, 'Upgrade', 'h2c'], 'bad_request'],
    ['too many headers', '/a', Array.from({ length: 22 }, () => 'x'), 'headers_too_large'],
  ])('refuses %s', (_what, url, headers, code) => {
    expect(() => door('GET', url, headers)).toThrow(expect.objectContaining({ code }));
  });

  it('asks for no Host in HTTP/1.0, and for one at most', () => {
    expect(door('GET', '/-/health', [], '1.0').kind).toBe('health');
    expect(() => door('GET', '/a', [...host, ...host], '1.0')).toThrow(
      expect.objectContaining({ code: 'bad_request' }),
    );
  });

  it('takes an empty body for none', () => {
    expect(door('GET', '/a', [...host, 'Content-Length', '0']).kind).toBe('picture');
  });
});
