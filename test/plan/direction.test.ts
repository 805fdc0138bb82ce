import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directionOf, vectorOf } from '../../src/plan/direction.ts';
import { directionWords } from '../../src/plan/plan.ts';

describe('directions', () => {
  it.each([
    [0, 'down'],
    [90, 'left'],
    [180, 'up'],
    [270, 'right'],
    [-90, 'right'],
    [720, 'down'],
    [-0, 'down'],
    [405, 45],
  ])('%i degrees are %s', (degrees, direction) => {
    expect(directionOf(degrees)).toBe(direction);
  });

  it.each(directionWords)('%s is a word of its own, a quarter of a turn behind the one before', (word) => {
    expect(directionOf(90 * directionWords.indexOf(word))).toBe(word);
  });

  it('go clockwise and are as long as one', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1000, max: 1000 }), (degrees) => {
        const { x, y } = vectorOf(directionOf(degrees));
        expect(Math.hypot(x, y)).toBeCloseTo(1);
        const quarter = vectorOf(directionOf(degrees + 90));
        // Turned clockwise, what lay downwards lies left.
        expect(quarter.x).toBeCloseTo(-y);
        expect(quarter.y).toBeCloseTo(x);
      }),
    );
  });
});
