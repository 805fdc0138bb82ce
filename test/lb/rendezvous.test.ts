import { describe, expect, it } from 'vitest';
import { rendezvousSlot } from '../../src/lb/rendezvous.ts';

const sources = Array.from({ length: 4000 }, (_, at) => `photos/folder/${at}.jpg`);

describe('rendezvous hashing', () => {
  it('spreads sources evenly', () => {
    const counts = new Map<number | null, number>();
    for (const source of sources) {
      const slot = rendezvousSlot(source, [0, 1, 2, 3]);
      counts.set(slot, (counts.get(slot) ?? 0) + 1);
    }
    expect(counts.size).toBe(4);
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it('moves only the sources of the worker that leaves', () => {
    for (const source of sources) {
      const before = rendezvousSlot(source, [0, 1, 2, 3]);
      const after = rendezvousSlot(source, [0, 1, 3]);
      if (before !== 2) expect(after).toBe(before);
      else expect(after).not.toBe(2);
    }
  });

  it('does not depend on the order of the workers', () => {
    for (const source of sources.slice(0, 100))
      expect(rendezvousSlot(source, [3, 1, 0, 2])).toBe(rendezvousSlot(source, [0, 1, 2, 3]));
  });

  it('gives null for no workers', () => {
    expect(rendezvousSlot('a', [])).toBeNull();
  });
});
