import { describe, expect, it } from 'vitest';
import { DerivationTable, type SharedWork } from '../../src/worker/derivation-table.ts';
import { deferred } from '../../src/worker/promises.ts';
import { never, settle } from './fakes.ts';

function open() {
  const table = new DerivationTable<string>();
  const begun: { work: SharedWork; result: ReturnType<typeof deferred<string>> }[] = [];
  const join = (signal: AbortSignal = never, onStarted: () => void = () => {}) =>
    table.join('d', { signal, onStarted }, (work) => {
      const result = deferred<string>();
      begun.push({ work, result });
      work.signal.addEventListener('abort', () => result.reject(work.signal.reason));
      return result.promise;
    });
  return { table, begun, join };
}

describe('DerivationTable', () => {
  it('begins equal work once, and gives all of them its result', async () => {
    const { table, begun, join } = open();
    const all = [join(), join(), join()];
    await settle();
    expect(begun).toHaveLength(1);
    begun[0]?.result.resolve('done');
    expect(await Promise.all(all)).toEqual(['done', 'done', 'done']);
    expect(table.has('d')).toBe(false);
  });

  it('tells all who wait when the work has started, also those who come later', async () => {
    const { begun, join } = open();
    const told: string[] = [];
    void join(never, () => told.push('first'));
    void join(never, () => told.push('second'));
    await settle();
    expect(told).toEqual([]);
    begun[0]?.work.started();
    expect(told).toEqual(['first', 'second']);
    void join(never, () => told.push('late'));
    expect(told).toEqual(['first', 'second', 'late']);
  });

  it('lets a failure reach all of them, and the next one try again', async () => {
    const { begun, join } = open();
    const all = [join(), join()];
    await settle();
    begun[0]?.result.reject(new Error('no'));
    for (const one of all) await expect(one).rejects.toThrow('no');
    void join().catch(() => {});
    await settle();
    expect(begun).toHaveLength(2);
  });

  it('aborts work that has not started when the last one leaves, not before', async () => {
    const { table, begun, join } = open();
    const leavers = [new AbortController(), new AbortController()];
    const all = leavers.map(({ signal }) => join(signal));
    await settle();
    leavers[0]?.abort(new Error('left'));
    await expect(all[0]).rejects.toThrow('left');
    expect(begun[0]?.work.signal.aborted).toBe(false);
    leavers[1]?.abort(new Error('left too'));
    await expect(all[1]).rejects.toThrow('left too');
    expect(begun[0]?.work.signal.aborted).toBe(true);
    expect(table.has('d')).toBe(false);
  });

  it('never aborts work that has started, and lets newcomers join it', async () => {
    const { begun, join } = open();
    const leaver = new AbortController();
    const first = join(leaver.signal);
    await settle();
    begun[0]?.work.started();
    leaver.abort(new Error('left'));
    await expect(first).rejects.toThrow('left');
    const second = join();
    begun[0]?.result.resolve('done');
    expect(await second).toBe('done');
    expect([begun.length, begun[0]?.work.signal.aborted]).toEqual([1, false]);
  });
});
