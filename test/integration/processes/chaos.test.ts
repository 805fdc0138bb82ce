import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRng } from '../../../src/shared/rng.ts';
import type { WorkerStats } from '../../helpers/pileus.ts';
import { type Herd, patienceMs, pause, startHerd, startTraffic } from './herd.ts';

describe('workers that are killed at random under load', { timeout: 120_000 }, () => {
  const workers = 3;
  let herd: Herd;
  beforeAll(async () => {
    herd = await startHerd({ workers });
  });
  afterAll(() => herd?.stop());

  it('cost nothing but time: what was inside them is made by another', async () => {
    const rng = seededRng(7);
    const isReady = ({ state }: WorkerStats): boolean => state === 'ready';
    const kills = 10;
    // A picture each: who was in libvips at two deaths is quarantined, and rightly so.
    const traffic = startTraffic(herd.node, { key: herd.good });
    for (let i = 0; i < kills; i++) {
      const { workers: all } = await herd.node.until((now) => now.workers.every(isReady), patienceMs);
      process.kill(all[Math.floor(rng() * all.length)]?.pid ?? 0, 'SIGKILL');
      await pause(600 * rng());
    }
    const { failures, answers } = await traffic.stop();
    expect(failures).toEqual({});
    expect(answers).toBeGreaterThan(kills);
    await herd.calm(workers);
  });
});
