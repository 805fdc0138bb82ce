import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Alias, AliasTable } from '../../../src/store/results/alias-table.ts';

const alias = (changes: Partial<Alias> = {}): Alias => ({
  ns: 'photos',
  key: 'a.jpg',
  version: 'v1',
  derivation: 'd1',
  presets: [],
  ...changes,
});

describe('alias table', () => {
  it('holds only for the version that it was made with', () => {
    const table = new AliasTable(10);
    table.learn('r1', alias());
    expect(table.get('r1', 'v1')).toEqual(alias());
    expect(table.get('r1', 'v2')).toBeNull();
    expect(table.get('r2', 'v1')).toBeNull();
    table.learn('r1', alias({ version: 'v2', derivation: 'd2' }));
    expect(table.get('r1', 'v1')).toBeNull();
    expect(table.get('r1', 'v2')?.derivation).toBe('d2');
  });

  it('holds no more than its maximum, and lets go of what was used longest ago', () => {
    const table = new AliasTable(2);
    table.learn('r1', alias());
    table.learn('r2', alias());
    table.get('r1', 'v1');
    table.learn('r3', alias());
    expect(table.size).toBe(2);
    expect(table.get('r2', 'v1')).toBeNull();
  });

  it('tells of what is new, once', () => {
    const told: string[] = [];
    const table = new AliasTable(10, (requestKey, { derivation }) => told.push(`${requestKey} ${derivation}`));
    table.learn('r1', alias());
    table.learn('r1', alias());
    table.learn('r1', alias({ version: 'v2', derivation: 'd2' }));
    expect(told).toEqual(['r1 d1', 'r1 d2']);
  });

  it('learns further presets of a known alias, and keeps those it has for the next version', () => {
    const told: (readonly string[])[] = [];
    const table = new AliasTable(10, (_, { presets }) => told.push(presets));
    table.learn('r1', alias());
    table.learn('r1', alias({ presets: ['card'] }));
    table.learn('r1', alias({ presets: ['wide'] }));
    table.learn('r1', alias({ presets: ['card'] }));
    table.learn('r1', alias({ version: 'v2', derivation: 'd2' }));
    expect(told).toEqual([[], ['card'], ['card', 'wide'], ['card', 'wide']]);
    expect(table.forgetPreset('wide')).toEqual([alias({ version: 'v2', derivation: 'd2', presets: ['card', 'wide'] })]);
  });

  it('does not look at other sources when one is forgotten', () => {
    let looked = 0;
    const watched = (number: number): Alias =>
      Object.defineProperty(alias({ key: `${number}.jpg` }), 'ns', {
        enumerable: true,
        get: () => {
          looked += 1;
          return 'photos';
        },
      });
    const table = new AliasTable(2000);
    for (let number = 0; number < 1000; number++) table.learn(`r${number}`, watched(number));
    looked = 0;
    expect(table.forgetSource({ ns: 'photos', key: '7.jpg' })).toHaveLength(1);
    expect(looked).toBeLessThan(5);
  });

  it('forgets exactly what is there of a source, whatever was learned, pushed out or forgotten before', () => {
    const step = fc.record({
      request: fc.integer({ min: 0, max: 9 }),
      ns: fc.constantFrom('a', 'b'),
      key: fc.constantFrom('x', 'y', 'z'),
      does: fc.constantFrom('learn', 'restore', 'source', 'namespace'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const table = new AliasTable(5);
        for (const { request, ns, key, does } of steps) {
          const given = alias({ ns, key, derivation: `${ns}${key}` });
          const isMeant = (one: Alias | null) => one?.ns === ns && (does === 'namespace' || one.key === key);
          const there = table.requestKeys().map((requestKey) => table.peek(requestKey));
          const size = table.size;
          if (does === 'learn') table.learn(`r${request}`, given);
          else if (does === 'restore') table.restore(`r${request}`, given);
          else {
            const gone = does === 'source' ? table.forgetSource({ ns, key }) : table.forgetNamespace(ns);
            expect(gone).toHaveLength(there.filter(isMeant).length);
            expect(gone.every(isMeant)).toBe(true);
            expect(table.size).toBe(size - gone.length);
          }
        }
      }),
    );
  });

  it('forgets by source, by namespace and by preset, and gives what it forgot', () => {
    const filled = (): AliasTable => {
      const table = new AliasTable(10);
      table.learn('r1', alias({ presets: ['card'] }));
      table.learn('r2', alias({ key: 'b.jpg', presets: ['card', 'wide'] }));
      table.learn('r3', alias({ ns: 'photos2', derivation: 'd3' }));
      return table;
    };
    const left = (table: AliasTable): readonly string[] => [...table.requestKeys()].sort();
    const bySource = filled();
    expect(bySource.forgetSource({ ns: 'photos', key: 'a.jpg' })).toEqual([alias({ presets: ['card'] })]);
    expect(left(bySource)).toEqual(['r2', 'r3']);
    const byNamespace = filled();
    expect(byNamespace.forgetNamespace('photos')).toHaveLength(2);
    expect(left(byNamespace)).toEqual(['r3']);
    const byPreset = filled();
    expect(byPreset.forgetPreset('wide')).toHaveLength(1);
    expect(left(byPreset)).toEqual(['r1', 'r3']);
    expect(byPreset.forgetPreset('none')).toEqual([]);
  });
});
