import { describe, expect, it } from 'vitest';
import { isUnmodified, tellHeaders } from '../../src/lb/tell.ts';
import { factsOf } from './kit.ts';

const facts = factsOf('v1', { modifiedMs: Date.parse('Wed, 21 Oct 2015 07:28:00 GMT') + 250 });
const now = { nowMs: 1_000_000, expiresInS: null };
const result = { width: 20, height: 15 };
const date = 'Wed, 21 Oct 2015 07:28:00 GMT';
const unmodified = (
  conditions: Readonly<{ ifNoneMatch?: string; ifModifiedSince?: string }>,
  wish: Parameters<typeof isUnmodified>[0] = { lastModifiedMinMs: 0 },
): boolean =>
  isUnmodified(wish, { ifNoneMatch: conditions.ifNoneMatch, ifModifiedSince: conditions.ifModifiedSince }, facts);

describe('what is told of a picture', () => {
  it('is nothing unless it is wanted', () => {
    expect(tellHeaders(undefined, { facts, result }, now)).toEqual({});
    expect(tellHeaders({}, { facts, result }, now)).toEqual({});
  });

  it('is when its source was changed, and never before a given time', () => {
    expect(tellHeaders({ lastModifiedMinMs: 0 }, { facts, result }, now)).toEqual({ 'last-modified': date });
    const later = Date.parse('2020-01-01T00:00:00Z');
    expect(tellHeaders({ lastModifiedMinMs: later }, { facts, result }, now)).toEqual({
      'last-modified': 'Wed, 01 Jan 2020 00:00:00 GMT',
    });
    expect(tellHeaders({ lastModifiedMinMs: 0 }, { facts: factsOf('v1', { modifiedMs: null }), result }, now)).toEqual(
      {},
    );
  });

  it('is how large it is and was', () => {
    expect(tellHeaders({ sizes: true }, { facts, result }, now)).toEqual({
      'x-origin-content-length': '100000',
      'x-origin-width': '400',
      'x-origin-height': '300',
      'x-result-width': '20',
      'x-result-height': '15',
    });
    expect(tellHeaders({ sizes: true }, { facts: null, result: null }, now)).toEqual({});
  });
});

describe('how long the origin lets it be kept', () => {
  const told = (control: string | null, expiresMs: number | null, expiresInS: number | null = null) =>
    tellHeaders(
      { originCaching: true },
      { facts: factsOf('v1', { caching: { control, expiresMs } }), result },
      { ...now, expiresInS },
    )['cache-control'];

  it.each([
    ['max-age=60, private', null, null, 'max-age=60, private'],
    ['max-age=60', 5_000_000, null, 'max-age=60'],
    [null, 1_030_500, null, 'max-age=30, public'],
    [null, 900_000, null, 'no-cache'],
    ['max-age=60, private', null, 20, 'max-age=20, public'],
    ['public, s-maxage=9, max-age=60', null, 100, 'public, s-maxage=9, max-age=60'],
    ['public', null, 20, 'max-age=20, public'],
    [null, 1_030_000, 20, 'max-age=20, public'],
    ['no-store', null, 20, 'no-store'],
  ])('%s and %s with a URL that lives %s s: %s', (control, expiresMs, expiresInS, wanted) => {
    expect(told(control, expiresMs, expiresInS)).toBe(wanted);
  });

  it('is not told unless it is wanted and known', () => {
    expect(tellHeaders({ originCaching: true }, { facts, result }, now)).toEqual({});
    const saying = factsOf('v1', { caching: { control: 'max-age=1', expiresMs: null } });
    expect(tellHeaders({}, { facts: saying, result }, now)).toEqual({});
  });
});

describe('If-Modified-Since', () => {
  it('holds from the second in which the source was changed', () => {
    expect(unmodified({ ifModifiedSince: date })).toBe(true);
    expect(unmodified({ ifModifiedSince: 'Wed, 21 Oct 2015 07:28:01 GMT' })).toBe(true);
    expect(unmodified({ ifModifiedSince: 'Wed, 21 Oct 2015 07:27:59 GMT' })).toBe(false);
  });

  it('does not hold without a date, where Last-Modified is not told, or beside If-None-Match', () => {
    expect(unmodified({})).toBe(false);
    expect(unmodified({ ifModifiedSince: 'soon' })).toBe(false);
    expect(unmodified({ ifModifiedSince: date }, {})).toBe(false);
    expect(unmodified({ ifModifiedSince: date, ifNoneMatch: '"x"' })).toBe(false);
    expect(unmodified({ ifModifiedSince: date, ifNoneMatch: '"x"' }, { etag: false, lastModifiedMinMs: 0 })).toBe(true);
    expect(isUnmodified({ lastModifiedMinMs: 0 }, { ifNoneMatch: undefined, ifModifiedSince: date }, null)).toBe(false);
  });
});
