import { describe, expect, it } from 'vitest';
import { MemoryResultCache } from '../../../src/store/results/memory-result-cache.ts';
import { refOf, resultOf } from './samples.ts';

describe('memory result cache', () => {
  it('gives everyone the one buffer', () => {
    const cache = new MemoryResultCache(100_000);
    const result = resultOf('picture');
    cache.put(refOf('d1'), result);
    expect(cache.get('d1')?.bytes).toBe(result.bytes);
    expect(cache.get('d2')).toBeNull();
  });

  it('never holds more bytes than it may, and lets go of what was used longest ago', () => {
    const cache = new MemoryResultCache(35_000);
    for (const name of ['d1', 'd2', 'd3']) cache.put(refOf(name), resultOf(Buffer.alloc(10_000)));
    cache.get('d1');
    cache.put(refOf('d4'), resultOf(Buffer.alloc(10_000)));
    expect(cache.get('d2')).toBeNull();
    expect(cache.get('d1')).not.toBeNull();
    expect(cache.bytes).toBeGreaterThan(30_000);
    expect(cache.bytes).toBeLessThanOrEqual(35_000);
  });

  it('does not make room for one that is larger than all of it', () => {
    const cache = new MemoryResultCache(20_000);
    cache.put(refOf('d1'), resultOf('picture'));
    cache.put(refOf('d2'), resultOf(Buffer.alloc(20_000)));
    expect(cache.get('d2')).toBeNull();
    expect(cache.get('d1')).not.toBeNull();
  });

  it('keeps nothing when it may hold nothing', () => {
    const cache = new MemoryResultCache(0);
    cache.put(refOf('d1'), resultOf('picture'));
    expect(cache.get('d1')).toBeNull();
    expect([cache.bytes, cache.entries, cache.purge({ ns: 'photos', key: null })]).toEqual([0, 0, 0]);
  });

  it('purges a source or a namespace', () => {
    const cache = new MemoryResultCache(100_000);
    cache.put(refOf('d1', 'a.jpg'), resultOf('1'));
    cache.put(refOf('d2', 'a.jpg'), resultOf('2'));
    cache.put(refOf('d3', 'b.jpg'), resultOf('3'));
    cache.put(refOf('d4', 'a.jpg', 'other'), resultOf('4'));
    expect(cache.purge({ ns: 'photos', key: 'a.jpg' })).toBe(2);
    expect(cache.purge({ ns: 'photos', key: null })).toBe(1);
    expect(cache.entries).toBe(1);
    expect(cache.delete('d4')).toBe(true);
    expect(cache.bytes).toBe(0);
  });
});
