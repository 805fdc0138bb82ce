import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  composeTurns,
  orientationTurn,
  quarterTurns,
  type Turn,
  turnMargins,
  turnRect,
  turnSize,
  unturnRect,
  upright,
} from '../../src/plan/turn.ts';

const turns = fc.record({ flip: fc.boolean(), flop: fc.boolean(), quarter: fc.boolean() });
const sizes = fc.record({ width: fc.integer({ min: 1, max: 50 }), height: fc.integer({ min: 1, max: 50 }) });
const placed = sizes.chain((size) =>
  fc
    .tuple(fc.nat(size.width - 1), fc.nat(size.height - 1))
    .chain(([left, top]) =>
      fc
        .tuple(fc.integer({ min: 1, max: size.width - left }), fc.integer({ min: 1, max: size.height - top }))
        .map(([width, height]) => ({ size, rect: { left, top, width, height } })),
    ),
);

describe('turns', () => {
  it('there are eight, one for each EXIF orientation', () => {
    const all = [1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => JSON.stringify(orientationTurn(orientation)));
    expect(new Set(all).size).toBe(8);
  });

  it('compose like a group', () => {
    fc.assert(
      fc.property(turns, turns, turns, (a, b, c) => {
        expect(composeTurns(composeTurns(a, b), c)).toEqual(composeTurns(a, composeTurns(b, c)));
        expect(composeTurns(a, upright)).toEqual(a);
        expect(composeTurns(upright, a)).toEqual(a);
      }),
    );
  });

  it('four quarter turns, or two of the same mirror, are none', () => {
    const quarter = quarterTurns(90);
    expect([quarter, quarter, quarter].reduce(composeTurns, quarter)).toEqual(upright);
    for (const mirror of [orientationTurn(2), orientationTurn(4)])
      expect(composeTurns(mirror, mirror)).toEqual(upright);
    expect(composeTurns(quarter, quarter)).toEqual(quarterTurns(180));
    expect(composeTurns(quarterTurns(180), quarter)).toEqual(quarterTurns(270));
  });

  it('carry a rectangle there and back', () => {
    fc.assert(
      fc.property(placed, turns, ({ size, rect }, turn) => {
        expect(unturnRect(turnRect(rect, size, turn), size, turn)).toEqual(rect);
      }),
    );
  });

  it('carry a rectangle in two steps as in one', () => {
    fc.assert(
      fc.property(placed, turns, turns, ({ size, rect }, first, then) => {
        const stepwise = turnRect(turnRect(rect, size, first), turnSize(size, first), then);
        expect(stepwise).toEqual(turnRect(rect, size, composeTurns(first, then)));
      }),
    );
  });

  it('carry margins as they carry the rectangle inside them', () => {
    fc.assert(
      fc.property(placed, turns, ({ size, rect }, turn: Turn) => {
        const marginsOf = (of: typeof rect, within: typeof size) => ({
          left: of.left,
          top: of.top,
          right: within.width - of.left - of.width,
          bottom: within.height - of.top - of.height,
        });
        const turned = marginsOf(turnRect(rect, size, turn), turnSize(size, turn));
        expect(turnMargins(marginsOf(rect, size), turn)).toEqual(turned);
      }),
    );
  });
});
