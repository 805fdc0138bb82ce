import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Blame } from '../../../src/master/blame/strikes.ts';
import { subject } from '../table.ts';

const limits = { quarantineMs: 1000, quarantineMax: 100 };
const scopes = (blame: Blame, nowMs: number) =>
  blame.quarantined(nowMs).map(({ scope, operation }) => [scope, operation]);

describe('strikes', () => {
  it('leaves a picture alone after its first, but runs it one at a time', () => {
    const blame = new Blame(limits);
    expect(blame.strike(subject(), 0)).toEqual([]);
    expect(blame.quarantined(0)).toEqual([]);
    expect(blame.struck()).toEqual([{ ns: 'photos', key: 'a.jpg', version: 'v1' }]);
  });

  it('quarantines an operation class at its second, and only that class', () => {
    const blame = new Blame(limits);
    blame.strike(subject('a.jpg', 'blur'), 0);
    expect(blame.strike(subject('a.jpg', 'blur'), 10)).toEqual([
      {
        scope: 'operation',
        ns: 'photos',
        key: 'a.jpg',
        version: 'v1',
        operation: 'blur',
        untilMs: 1010,
        strikes: 2,
      },
    ]);
    expect(scopes(blame, 10)).toEqual([['operation', 'blur']]);
  });

  it('quarantines the source at its third, whatever was asked of it', () => {
    const blame = new Blame(limits);
    blame.strike(subject('a.jpg', 'one'), 0);
    blame.strike(subject('a.jpg', 'two'), 0);
    blame.strike(subject('a.jpg', 'three'), 0);
    expect(scopes(blame, 0)).toEqual([['source', null]]);
  });

  it('does not count against the source what dies of a class that is quarantined already', () => {
    const blame = new Blame(limits);
    for (let death = 0; death < 4; death++) blame.strike(subject('a.jpg', 'blur'), death);
    expect(scopes(blame, 4)).toEqual([['operation', 'blur']]);
    blame.strike(subject('a.jpg', 'two'), 4);
    expect(scopes(blame, 4)).toContainEqual(['source', null]);
  });

  it('keeps versions and sources apart', () => {
    const blame = new Blame(limits);
    blame.strike(subject('a.jpg', 'x', 'v1'), 0);
    blame.strike(subject('a.jpg', 'x', 'v2'), 0);
    blame.strike(subject('b.jpg', 'x', 'v1'), 0);
    expect(blame.quarantined(0)).toEqual([]);
    expect(blame.struck()).toHaveLength(3);
  });

  it('ends by itself, says when, and then runs the picture one at a time', () => {
    const blame = new Blame(limits);
    blame.strike(subject(), 0);
    blame.strike(subject(), 0);
    expect(blame.nextChangeMs).toBe(1000);
    expect(blame.tick(999)).toBe(false);
    expect(blame.quarantined(999)).toHaveLength(1);
    expect(blame.tick(1000)).toBe(true);
    expect(blame.quarantined(1000)).toEqual([]);
    expect(blame.struck()).toHaveLength(1);
  });

  it('quarantines again after one failed probe, for twice as long each time, up to a day', () => {
    const blame = new Blame({ quarantineMs: 60_000, quarantineMax: 100 });
    let nowMs = 0;
    blame.strike(subject(), nowMs);
    const ttls: number[] = [];
    for (let i = 0; i < 13; i += 1) {
      const ofClass = blame.strike(subject(), nowMs).find(({ scope }) => scope === 'operation');
      ttls.push((ofClass?.untilMs ?? Number.NaN) - nowMs);
      nowMs = Math.max(nowMs, ...blame.quarantined(nowMs).map(({ untilMs }) => untilMs));
    }
    expect(ttls.slice(0, 3)).toEqual([60_000, 120_000, 240_000]);
    expect(ttls.at(-1)).toBe(86_400_000);
  });

  it('is not lengthened by a death that was already on its way', () => {
    const blame = new Blame(limits);
    blame.strike(subject('a.jpg', 'x'), 0);
    blame.strike(subject('a.jpg', 'x'), 0);
    blame.strike(subject('a.jpg', 'x'), 500);
    expect(blame.quarantined(500).find(({ scope }) => scope === 'operation')?.untilMs).toBe(1000);
  });

  it('forgets what stays quiet', () => {
    const blame = new Blame(limits);
    blame.strike(subject(), 0);
    blame.tick(1000);
    expect(blame.struck()).toEqual([]);
    expect(blame.strike(subject(), 2000)).toEqual([]);
    expect(blame.nextChangeMs).toBe(3000);
  });

  it('releases one source in all its versions, or everything', () => {
    const blame = new Blame(limits);
    for (const version of ['v1', 'v2']) {
      blame.strike(subject('a.jpg', 'x', version), 0);
      blame.strike(subject('a.jpg', 'x', version), 0);
    }
    blame.strike(subject('b.jpg'), 0);
    expect(blame.release({ ns: 'photos', key: 'a.jpg' }, 0)).toBe(2);
    expect(blame.quarantined(0)).toEqual([]);
    expect(blame.struck()).toHaveLength(1);
    expect(blame.release({ ns: 'photos', key: 'none' }, 0)).toBe(0);
    expect(blame.release(null, 0)).toBe(1);
    expect(blame.nextChangeMs).toBe(Number.POSITIVE_INFINITY);
  });

  it('remembers a bounded number of sources and forgets those that were struck longest ago', () => {
    const blame = new Blame({ quarantineMs: 1000, quarantineMax: 3 });
    for (const key of ['a', 'b', 'c', 'a', 'd']) blame.strike(subject(key), 0);
    expect(blame.struck().map(({ key }) => key)).toEqual(['c', 'a', 'd']);
  });

  it('never lets one picture cost more than three deaths within a quarantine', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 40, size: 'max' }),
        (operations) => {
          const blame = new Blame(limits);
          let deaths = 0;
          for (const operation of operations) {
            const refused = blame
              .quarantined(deaths)
              .some((entry) => entry.scope === 'source' || entry.operation === operation);
            if (refused) continue;
            deaths += 1;
            blame.strike(subject('a.jpg', operation), deaths);
          }
          expect(deaths).toBeLessThanOrEqual(3);
          if (operations.length >= 13) expect(deaths).toBeGreaterThanOrEqual(2);
        },
      ),
    );
  });

  it('always knows when its tables change next', () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b'),
      operation: fc.constantFrom('x', 'y'),
      afterMs: fc.nat(3000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30, size: 'max' }), (steps) => {
        const blame = new Blame(limits);
        let nowMs = 0;
        for (const { key, operation, afterMs } of steps) {
          const shown = JSON.stringify([blame.quarantined(nowMs), blame.struck()]);
          const quietUntilMs = Math.min(nowMs + afterMs, blame.nextChangeMs - 1);
          if (quietUntilMs > nowMs) {
            blame.tick(quietUntilMs);
            expect(JSON.stringify([blame.quarantined(quietUntilMs), blame.struck()])).toBe(shown);
          }
          nowMs += afterMs;
          blame.strike(subject(key, operation), nowMs);
        }
      }),
    );
  });
});
