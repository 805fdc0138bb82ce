import { describe, expect, it } from 'vitest';
import { SourceHolders } from '../../src/lb/source-holders.ts';

describe('holders of sources', () => {
  it('are the last workers that had the bytes', () => {
    const holders = new SourceHolders();
    expect(holders.of('photos/a.jpg')).toBeNull();
    holders.note('photos/a.jpg', { slot: 1, generation: 4 });
    holders.note('photos/a.jpg', { slot: 0, generation: 7 });
    expect(holders.of('photos/a.jpg')).toEqual({ slot: 0, generation: 7 });
  });

  it('are forgotten in the order in which they were last noted', () => {
    const holders = new SourceHolders(2);
    const life = { slot: 0, generation: 1 };
    for (const source of ['a', 'b', 'a', 'c']) holders.note(source, life);
    expect(['a', 'b', 'c'].map((source) => holders.of(source))).toEqual([life, null, life]);
  });
});
