import { describe, expect, it, onTestFinished } from 'vitest';
import { patienceMs, startHerd, startTraffic, workerPids } from './herd.ts';

describe('a worker that has served long enough', { timeout: 90_000 }, () => {
  it.each([false, true])(
    'is replaced after its requests, and none of them fails (kept connections: %s)',
    async (keepAlive) => {
      const herd = await startHerd({ recycleRequests: 50 });
      onTestFinished(herd.stop);
      const before = workerPids(await herd.node.stats());
      const traffic = startTraffic(herd.node, { keepAlive });
      await herd.node.until(({ workers }) => workers.every(({ pid }) => !before.includes(pid)), patienceMs);
      await herd.untilLine('child-exited', { exit: 'recycled' }, 4);
      expect((await traffic.stop()).failures).toEqual({});
      expect(herd.deaths()).toEqual([]);
      await herd.calm();
    },
  );

  it('is replaced for its age', async () => {
    const herd = await startHerd({ recycleAgeMs: 3000 });
    onTestFinished(herd.stop);
    const traffic = startTraffic(herd.node);
    await herd.untilLine('child-exited', { exit: 'recycled' }, 2);
    expect((await traffic.stop()).failures).toEqual({});
  });
});
