import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LruIndex } from '../../../src/store/results/lru-index.ts';

const file = (bytes: number) => ({ bytes, isTrusted: true, touchedMs: 0 });

const drain = (index: LruIndex): string[] => {
  const order: string[] = [];
  for (let id = index.oldest(); id !== undefined; id = index.oldest()) {
    order.push(id);
    index.delete(id);
  }
  return order;
};

describe('lru index', () => {
  it('gives the files in order of use, exactly, when they were used in that order', () => {
    const uses = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 0, max: 50 })));
    fc.assert(
      fc.property(uses, (steps) => {
        const index = new LruIndex(10);
        const model = new Map<string, number>();
        let nowMs = 0;
        for (const [id, waitMs] of steps) {
          nowMs += waitMs;
          index.set(id, file(1), nowMs);
          model.delete(id);
          model.set(id, nowMs);
        }
        expect(drain(index)).toEqual([...model.keys()]);
      }),
    );
  });

  it('gives what a scan found in any order by time, exact to a bucket', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 1000 })), (times) => {
        const index = new LruIndex(10);
        for (const usedMs of times) index.set(String(usedMs), file(1), usedMs);
        const buckets = drain(index).map((id) => Math.floor(Number(id) / 10));
        expect(buckets).toEqual([...buckets].sort((one, other) => one - other));
      }),
    );
  });

  it('always knows how many bytes and files there are', () => {
    const step = fc.tuple(fc.constantFrom('set', 'delete'), fc.constantFrom('a', 'b', 'c'), fc.nat(100), fc.nat(100));
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const index = new LruIndex(10);
        const model = new Map<string, number>();
        for (const [what, id, bytes, atMs] of steps) {
          if (what === 'set') {
            index.set(id, file(bytes), atMs);
            model.set(id, bytes);
          } else {
            expect(index.delete(id)).toBe(model.delete(id));
          }
        }
        expect(index.bytes).toBe([...model.values()].reduce((sum, bytes) => sum + bytes, 0));
        expect(index.size).toBe(model.size);
        expect(drain(index).sort()).toEqual([...model.keys()].sort());
        expect(index.bytes).toBe(0);
      }),
    );
  });
});
