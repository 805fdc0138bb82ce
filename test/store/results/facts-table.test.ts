import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FactsTable, isFresh } from '../../../src/store/results/facts-table.ts';
import { factsOf } from './samples.ts';

const a = { ns: 'photos', key: 'a.jpg' };
const b = { ns: 'photos', key: 'b.jpg' };

describe('facts table', () => {
  it('knows nothing of a source at first, and what was learned afterwards', () => {
    const table = new FactsTable(10);
    expect(table.get(a)).toBeNull();
    table.learn(a, factsOf('v1'), 100);
    expect(table.get(a)).toEqual({ version: 'v1', facts: factsOf('v1'), checkedAtMs: 100 });
    expect(table.get(b)).toBeNull();
  });

  it.each([
    [100, 10_000, 10_099, true],
    [100, 10_000, 10_100, false],
    [100, 0, 100, false],
    [null, 10_000, 0, false],
  ])('checked at %j, fresh for %i ms, at %i: %j', (checkedAtMs, freshMs, nowMs, expected) => {
    expect(isFresh({ version: 'v1', facts: null, checkedAtMs }, freshMs, nowMs)).toBe(expected);
  });

  it('keeps the header when the origin confirms the version, and drops it when it names another', () => {
    const table = new FactsTable(10);
    table.learn(a, factsOf('v1'), 100);
    table.confirm(a, 'v1', 200);
    expect(table.get(a)).toEqual({ version: 'v1', facts: factsOf('v1'), checkedAtMs: 200 });
    table.confirm(a, 'v2', 300);
    expect(table.get(a)).toEqual({ version: 'v2', facts: null, checkedAtMs: 300 });
  });

  it('learns with the confirmation how long the origin lets it be kept', () => {
    const table = new FactsTable(10);
    const caching = { control: 'max-age=9', expiresMs: null };
    table.learn(a, factsOf('v1'), 100);
    table.confirm(a, 'v1', 200, caching);
    table.confirm(a, 'v1', 300);
    expect(table.get(a)?.facts).toEqual({ ...factsOf('v1'), caching });
  });

  it('never lets an answer that was checked earlier bring back another version', () => {
    const table = new FactsTable(10);
    table.learn(a, factsOf('v2'), 200);
    table.learn(a, factsOf('v1'), 100);
    table.confirm(a, 'v1', 150);
    expect(table.get(a)?.version).toBe('v2');
    table.learn(a, factsOf('v1'), 300);
    expect(table.get(a)?.version).toBe('v1');
  });

  it('holds at any time the version of the latest check, whatever the order of answers', () => {
    const answer = fc.record({
      version: fc.constantFrom('v1', 'v2', 'v3'),
      atMs: fc.integer({ min: 0, max: 100 }),
      only: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1 }), (answers) => {
        const table = new FactsTable(10);
        let latest = answers[0];
        for (const one of answers) {
          if (one.only) table.confirm(a, one.version, one.atMs);
          else table.learn(a, factsOf(one.version), one.atMs);
          if (latest && one.atMs >= latest.atMs) latest = one;
        }
        const known = table.get(a);
        expect(known?.version).toBe(latest?.version);
        expect(known?.checkedAtMs).toBe(latest?.atMs);
        if (known?.facts) expect(known.facts.version).toBe(known.version);
      }),
    );
  });

  it('holds no more than its maximum, and lets go of what was used longest ago', () => {
    const table = new FactsTable(2);
    table.learn(a, factsOf('v1'), 1);
    table.learn(b, factsOf('v1'), 2);
    table.get(a);
    table.learn({ ns: 'photos', key: 'c.jpg' }, factsOf('v1'), 3);
    expect(table.size).toBe(2);
    expect(table.get(b)).toBeNull();
    expect(table.get(a)).not.toBeNull();
  });

  it('tells of changes that are worth keeping, and of no mere confirmation', () => {
    const told: string[] = [];
    const table = new FactsTable(10, (source, known) => told.push(`${source.key} ${known.version}`));
    table.learn(a, factsOf('v1'), 1);
    table.learn(a, factsOf('v1'), 2);
    table.confirm(a, 'v1', 3);
    table.confirm(a, 'v2', 4);
    table.learn(a, factsOf('v2'), 5);
    expect(told).toEqual(['a.jpg v1', 'a.jpg v2']);
  });

  it('has to be revalidated after a restart', () => {
    const table = new FactsTable(10);
    table.restore(a, factsOf('v1'));
    const known = table.get(a);
    expect(known).toMatchObject({ version: 'v1', checkedAtMs: null });
    expect(known && isFresh(known, 1e9, 0)).toBe(false);
    table.confirm(a, 'v1', 100);
    expect(table.get(a)).toMatchObject({ checkedAtMs: 100, facts: factsOf('v1') });
  });

  it('forgets a source, or a namespace and none whose name begins like it', () => {
    const table = new FactsTable(10);
    for (const source of [a, b, { ns: 'photos2', key: 'a.jpg' }]) table.learn(source, factsOf('v1'), 1);
    expect(table.forget(a)).toBe(true);
    expect(table.forget(a)).toBe(false);
    expect(table.forgetNamespace('photos')).toBe(1);
    expect(table.size).toBe(1);
    expect(table.get({ ns: 'photos2', key: 'a.jpg' })).not.toBeNull();
  });
});
