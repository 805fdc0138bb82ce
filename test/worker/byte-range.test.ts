import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRange } from '../../src/worker/byte-range.ts';

describe('readRange', () => {
  it.each([
    ['bytes=0-0', { kind: 'part', first: 0, last: 0 }],
    ['bytes=5-', { kind: 'part', first: 5, last: 99 }],
    ['bytes=-5', { kind: 'part', first: 95, last: 99 }],
    ['bytes=-500', { kind: 'part', first: 0, last: 99 }],
    ['bytes=90-1000', { kind: 'part', first: 90, last: 99 }],
    [' Bytes = 1-2 ', { kind: 'part', first: 1, last: 2 }],
    ['bytes=100-', { kind: 'unsatisfiable' }],
    ['bytes=-0', { kind: 'unsatisfiable' }],
    ['bytes=-', { kind: 'all' }],
    ['bytes=3-2', { kind: 'all' }],
    ['bytes=0-1,3-4', { kind: 'all' }],
    ['bytes=a-b', { kind: 'all' }],
    ['pages=0-1', { kind: 'all' }],
    ['', { kind: 'all' }],
  ])('reads %j of 100 bytes', (header, expected) => {
    expect(readRange(header, 100)).toEqual(expected);
  });

  it('has no part of an empty body to give', () => {
    expect(readRange('bytes=0-', 0)).toEqual({ kind: 'unsatisfiable' });
    expect(readRange('bytes=-1', 0)).toEqual({ kind: 'unsatisfiable' });
  });

  it('never leaves the body, whatever it is asked', () => {
    const bound = fc.option(fc.nat(300), { nil: '' });
    fc.assert(
      fc.property(bound, bound, fc.nat(200), (from, to, bytes) => {
        const range = readRange(`bytes=${from}-${to}`, bytes);
        if (range.kind !== 'part') return;
        expect(range.first).toBeGreaterThanOrEqual(0);
        expect(range.first).toBeLessThanOrEqual(range.last);
        expect(range.last).toBeLessThan(bytes);
      }),
    );
  });
});
