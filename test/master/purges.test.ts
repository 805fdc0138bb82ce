import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Purges } from '../../src/master/purges.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const scope = { by: 'namespace', ns: 'photos' } as const;
function open() {
  const sent: [number, string][] = [];
  const purges = new Purges((generation, purgeId) => sent.push([generation, purgeId]));
  return { purges, sent };
}

describe('purges', () => {
  it('reach every lb, and report what all of them dropped', async () => {
    const { purges, sent } = open();
    const report = purges.run(scope, [1, 2]);
    for (const [generation, purgeId] of sent) purges.purged(generation, purgeId, generation * 10);
    expect(await report).toMatchObject({ lbs: 2, acknowledged: 2, results: 30 });
  });

  it('say so when an lb does not answer', async () => {
    const { purges, sent } = open();
    const report = purges.run(scope, [1, 2]);
    purges.purged(1, sent[0]?.[1] ?? '', 5);
    await vi.advanceTimersByTimeAsync(5000);
    expect(await report).toMatchObject({ lbs: 2, acknowledged: 1, results: 5 });
  });

  it('do not wait for an lb that dies, and do not count an answer twice', async () => {
    const { purges, sent } = open();
    const report = purges.run(scope, [1, 2]);
    purges.purged(1, sent[0]?.[1] ?? '', 5);
    purges.purged(1, sent[0]?.[1] ?? '', 5);
    purges.gone(2);
    expect(await report).toMatchObject({ lbs: 2, acknowledged: 1, results: 5 });
  });

  it('end at once where there is no lb', async () => {
    expect(await open().purges.run(scope, [])).toMatchObject({ lbs: 0, acknowledged: 0, results: 0 });
  });

  it('are bounded in number', async () => {
    const { purges } = open();
    const reports = Array.from({ length: 64 }, () => purges.run(scope, [1]));
    expect(purges.isFull).toBe(true);
    await vi.advanceTimersByTimeAsync(5000);
    await Promise.all(reports);
    expect(purges.isFull).toBe(false);
  });
});
