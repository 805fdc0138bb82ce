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
