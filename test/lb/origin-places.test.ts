import { describe, expect, it } from 'vitest';
import { OriginPlaces } from '../../src/lb/origin-places.ts';

const filled = (places: number, origins: number, fetches: Readonly<Record<string, number>>): OriginPlaces => {
  const load = new OriginPlaces(places, origins);
  for (const [ns, count] of Object.entries(fetches)) for (let at = 0; at < count; at++) load.add(ns);
  return load;
};

describe('places of an origin', () => {
  it('are all of them where it is the only one', () => {
    expect(filled(16, 1, { a: 15 }).isFull('a')).toBe(false);
    expect(filled(16, 1, { a: 16 }).full()).toEqual(['a']);
  });

  it('are three quarters where there are others, who keep the rest', () => {
    const load = filled(16, 2, { a: 12, b: 3 });
    expect(load.isFull('a')).toBe(true);
    expect(load.isFull('b')).toBe(false);
    expect(load.isFull('never seen')).toBe(false);
    expect(load.full()).toEqual(['a']);
  });

  it('are one at least', () => {
    expect(filled(1, 9, {}).isFull('a')).toBe(false);
    expect(filled(1, 9, { a: 1 }).isFull('a')).toBe(true);
  });
});
