import { describe, expect, it } from 'vitest';
import { leastOf, lighterOfTwo, nextInTurn } from '../../src/lb/selection.ts';
import { seededRng } from '../../src/shared/rng.ts';

describe('least of', () => {
  it('gives null for none and the first of equals', () => {
    expect(leastOf([], () => 0)).toBeNull();
    expect(leastOf(['a', 'b'], () => 1)).toBe('a');
    expect(leastOf([3, 1, 2], (x) => x)).toBe(1);
  });
});

describe('lighter of two', () => {
  it('never draws the same one twice: of two it always finds the lighter', () => {
    const rng = seededRng(7);
    for (let turn = 0; turn < 200; turn++) expect(lighterOfTwo([5, 1], (x) => x, rng)).toBe(1);
  });

  it('never picks the heaviest of many', () => {
    const rng = seededRng(8);
    for (let turn = 0; turn < 500; turn++) expect(lighterOfTwo([1, 2, 3, 4], (x) => x, rng)).not.toBe(4);
  });

  it('spreads over all but the heaviest', () => {
    const rng = seededRng(9);
    const seen = new Set(Array.from({ length: 500 }, () => lighterOfTwo([1, 2, 3, 4], (x) => x, rng)));
    expect([...seen].sort()).toEqual([1, 2, 3]);
  });

  it('gives the only one, and null for none', () => {
    expect(lighterOfTwo(['x'], () => 1, seededRng(1))).toBe('x');
    expect(lighterOfTwo([], () => 1, seededRng(1))).toBeNull();
  });
});

describe('next in turn', () => {
  it('goes around the circle and steps over those that are not there', () => {
    const items = [{ slot: 0 }, { slot: 2 }, { slot: 3 }];
    expect([0, 1, 2, 3, 4].map((turn) => nextInTurn(items, turn)?.slot)).toEqual([0, 2, 2, 3, 0]);
  });
});
