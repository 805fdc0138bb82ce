import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Herd, outcomeOf, patienceMs, startHerd, startTraffic, until, workerPids } from './herd.ts';

const url = (key: string): string => `/photos/${key}/~w_50.jpg`;
const canLimit = spawnSync('prlimit', ['--version']).status === 0;
if (!canLimit) console.warn('prlimit is not here: no test of a worker that runs into its memory limit');

const addressSpaceOf = (pid: number): number =>
  1024 * Number(/^VmSize:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

describe('a picture that takes all memory', { timeout: 90_000 }, () => {
  let herd: Herd;
  beforeAll(async () => {
    herd = await startHerd({ hardMs: 20_000, softMs: 15_000 });
  });
  afterAll(() => herd?.stop());
  afterEach(() => herd.calm());

  it.skipIf(!canLimit)('gets an error where its worker has a limit, and the node serves on', async () => {
    for (const pid of workerPids(await herd.node.stats())) {
      const limit = addressSpaceOf(pid) + 300 * 1024 * 1024;
      expect(spawnSync('prlimit', ['--pid', String(pid), `--as=${limit}:${limit}`]).status).toBe(0);
    }
    const traffic = startTraffic(herd.node, { clients: 1 });
    expect(outcomeOf(await herd.node.get(url(herd.poison('oom'))))).toMatch(/^500 (internal|worker_crashed)$/);
    expect((await traffic.stop()).failures).toEqual({});
    for (const { exit } of herd.deaths()) expect(['crashed', 'oom-suspected']).toContain(exit);
    // Those with a limit are not needed any more.
    for (const pid of workerPids(await herd.calm())) process.kill(pid, 'SIGKILL');
  });

  it('is suspected when the kernel kills a worker that was close to its limit', async () => {
    herd.configure({ workerRssMax: 400e6 });
    herd.node.signal('SIGHUP');
    await herd.untilLine('config-reloaded');
    const key = herd.poison('oom');
    const answer = herd.node.get(url(key));
    // In the kernel's place, since its limits cannot be set everywhere.
    for (let deaths = 1; deaths <= 2; deaths++) {
      const { workers } = await herd.node.until(
        (now) => now.workers.some(({ rssBytes, job }) => job !== null && rssBytes > 390e6),
        patienceMs,
      );
      process.kill(workers.find(({ rssBytes }) => rssBytes > 390e6)?.pid ?? 0, 'SIGKILL');
      await until(() => herd.deaths(key).length >= deaths, 'the death is known');
    }
    expect(outcomeOf(await answer)).toBe('500 worker_crashed');
    expect(outcomeOf(await herd.node.get(url(key)))).toBe('422 quarantined');
    expect(herd.deaths(key).map(({ exit }) => exit)).toEqual(['oom-suspected', 'oom-suspected']);
  });
});
