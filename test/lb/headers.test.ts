import { describe, expect, it } from 'vitest';
import { clientAddress, parseTrustedProxies } from '../../src/lb/client-address.ts';
import { etagOf, matchesEtag } from '../../src/lb/conditional.ts';
import { corsHeaders, preflightHeaders } from '../../src/lb/cors.ts';
import { readTraceparent, traceIdOf } from '../../src/lb/trace-context.ts';

describe('If-None-Match', () => {
  const etag = etagOf('abc');
  it.each<[string | undefined, boolean]>([
    [undefined, false],
    ['"abc"', true],
    ['W/"abc"', true],
    ['"x", "abc"', true],
    ['"x",W/"abc" ', true],
    ['*', true],
    ['"abcd"', false],
    ['abc', false],
    ['', false],
  ])('%s: %s', (header, expected) => {
    expect(matchesEtag(header, etag)).toBe(expected);
  });
});

describe('CORS', () => {
  const listed = { origins: ['https://a.example'], maxAgeS: 60 };
  it('says nothing without configuration', () => {
    expect(corsHeaders(null, 'https://a.example')).toEqual({});
    expect(preflightHeaders(null, 'https://a.example')).toBeNull();
  });
  it('names a listed origin and varies by it', () => {
    expect(corsHeaders(listed, 'https://a.example')).toMatchObject({
      'access-control-allow-origin': 'https://a.example',
      vary: 'Origin',
    });
  });
  it('varies by origin even where the origin is not listed, so that no cache mixes them up', () => {
    expect(corsHeaders(listed, 'https://evil.example')).toEqual({ vary: 'Origin' });
    expect(preflightHeaders(listed, 'https://evil.example')).toBeNull();
  });
  it('answers a preflight with methods and age', () => {
    expect(preflightHeaders({ origins: '*', maxAgeS: 60 }, 'https://any.example')).toMatchObject({
      'access-control-allow-origin': '*',
      'access-control-max-age': '60',
    });
  });
});

describe('client address', () => {
  const trusted = parseTrustedProxies(['10.0.0.0/8', '192.0.2.7', 'fd00::/8']);
  it.each<[string, string | undefined, string]>([
    ['203.0.113.9', '1.2.3.4', '203.0.113.9'],
    ['10.1.2.3', '1.2.3.4', '1.2.3.4'],
    ['10.1.2.3', '1.2.3.4, 10.9.9.9', '1.2.3.4'],
    ['10.1.2.3', '6.6.6.6, 1.2.3.4, 192.0.2.7', '1.2.3.4'],
    ['10.1.2.3', 'rubbish', '10.1.2.3'],
    ['10.1.2.3', '10.4.4.4', '10.4.4.4'],
    ['::ffff:10.1.2.3', '1.2.3.4', '1.2.3.4'],
    ['fd00::1', '2001:db8::5', '2001:db8::5'],
    ['10.1.2.3', undefined, '10.1.2.3'],
  ])('socket %s, X-Forwarded-For %s: %s', (socket, forwardedFor, expected) => {
    expect(clientAddress(socket, forwardedFor, trusted)).toBe(expected);
  });
  it('believes nobody without trusted proxies', () => {
    expect(clientAddress('10.1.2.3', '1.2.3.4', [])).toBe('10.1.2.3');
  });
});

describe('traceparent', () => {
  const valid = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  it('hands a valid one on and knows its trace', () => {
    expect(readTraceparent(valid)).toBe(valid);
    expect(traceIdOf(valid)).toBe('0af7651916cd43dd8448eb211c80319c');
  });
  it.each([
    undefined,
    '',
    'x',
    valid.toUpperCase(),
    `ff${valid.slice(2)}`,
    `${valid}\r\nX: y`,
    valid.replace(/-b7ad.*-/, '-0000000000000000-'),
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
  ])('drops %s', (header) => {
    expect(readTraceparent(header)).toBeNull();
  });
});
