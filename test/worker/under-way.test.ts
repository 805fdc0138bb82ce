import { describe, expect, it } from 'vitest';
import { UnderWay } from '../../src/worker/under-way.ts';

describe('what is under way', () => {
  it('is none at first', async () => {
    await new UnderWay().whenNone();
  });

  it('tells all who wait, once, when the last one ends', async () => {
    const underWay = new UnderWay();
    const told: string[] = [];
    underWay.begin();
    underWay.begin();
    const both = Promise.all(['a', 'b'].map((name) => underWay.whenNone().then(() => told.push(name))));
    underWay.end();
    await Promise.resolve();
    expect(told).toEqual([]);
    underWay.end();
    await both;
    underWay.begin();
    underWay.end();
    await Promise.resolve();
    expect(told).toEqual(['a', 'b']);
  });
});
