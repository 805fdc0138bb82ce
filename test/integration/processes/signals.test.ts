import http from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { gradient, jpeg } from '../../fixtures/pictures.ts';
import { askAll, type Herd, isAlive, lbPid, startHerd, startTraffic, until, workerPids } from './herd.ts';

const url = (key: string, ops = 'w_50.jpg'): string => `/photos/${key}/~${ops}`;
/** Pictures that take a moment each. */
const slow = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => url('large.jpg', `w_${1500 + i}.webp`));

async function childrenOf(herd: Herd): Promise<readonly number[]> {
  const stats = await herd.node.stats();
  return [lbPid(stats), ...workerPids(stats)];
}

describe('stopping', { timeout: 90_000 }, () => {
  const stopped: Herd[] = [];
  afterEach(async () => {
    for (const herd of stopped.splice(0)) await herd.stop();
  });
  const start = async (config: Readonly<Record<string, unknown>> = {}): Promise<Herd> => {
    const herd = await startHerd(config);
    herd.site.put('large.jpg', await jpeg(gradient(2400, 1800)));
    stopped.push(herd);
    return herd;
  };

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'with %s answers all that is under way, and leaves nobody behind',
    async (signal) => {
      const herd = await start();
      const children = await childrenOf(herd);
      const requests = slow(12);
      const answers = askAll(herd.node, requests);
      await herd.node.until(({ lbs }) => (lbs[0]?.requestsInFlight ?? 0) >= requests.length, 30_000);
      herd.node.signal(signal);
      expect(await answers).toEqual({ 200: requests.length });
      expect(await herd.node.exited).toBe(0);
      expect(children.filter(isAlive)).toEqual([]);
      expect(herd.linesOf('child-exited').map(({ exit }) => exit)).toEqual(['drained', 'drained', 'drained']);
    },
  );

  it('goes on a connection that is kept alive: the last answer says that it closes', async () => {
    const herd = await start();
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    const first = await herd.node.get(url(herd.good()), { agent });
    expect(first.headers.connection).toBe('keep-alive');
    const underWay = herd.node.get(url('large.jpg', 'w_2000.webp'), { agent });
    await herd.node.until(({ lbs }) => lbs[0]?.requestsInFlight === 1, 30_000);
    herd.node.signal('SIGTERM');
    const last = await underWay;
    expect(last.status).toBe(200);
    expect(last.headers.connection).toBe('close');
    expect(await herd.node.exited).toBe(0);
    agent.destroy();
  });

  it('says so at once: not ready', async () => {
    const herd = await start();
    const answers = askAll(herd.node, slow(6));
    await herd.node.until(({ lbs }) => (lbs[0]?.requestsInFlight ?? 0) >= 6, 30_000);
    expect((await herd.node.admin('/readyz')).status).toBe(200);
    herd.node.signal('SIGTERM');
    await herd.untilLine('stopping');
    expect((await herd.node.admin('/readyz')).status).toBe(503);
    expect(await answers).toEqual({ 200: 6 });
    expect(await herd.node.exited).toBe(0);
  });

  it('is quick the second time', async () => {
    const herd = await start({ hardMs: 120_000, softMs: 100_000 });
    const children = await childrenOf(herd);
    const stuck = herd.node.get(url(herd.poison('hang'))).catch((error: Error) => error);
    await herd.node.until(({ workers }) => workers.some(({ job }) => job !== null), 30_000);
    herd.node.signal('SIGTERM');
    await herd.untilLine('stopping');
    expect(isAlive(herd.node.pid)).toBe(true);
    herd.node.signal('SIGTERM');
    await until(() => !isAlive(herd.node.pid), 'the master has ended', 15_000);
    expect(await herd.node.exited).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);
    await stuck;
  });

  it('with SIGQUIT waits for nobody', async () => {
    const herd = await start({ hardMs: 120_000, softMs: 100_000 });
    const children = await childrenOf(herd);
    const stuck = herd.node.get(url(herd.poison('hang'))).catch((error: Error) => error);
    await herd.node.until(({ workers }) => workers.some(({ job }) => job !== null), 30_000);
    herd.node.signal('SIGQUIT');
    await until(() => !isAlive(herd.node.pid), 'the master has ended', 15_000);
    expect(await herd.node.exited).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);
    await stuck;
  });

  it('kills what is not done after drainMs, and still ends with 0', async () => {
    const herd = await start({ hardMs: 120_000, softMs: 100_000, drainMs: 1000 });
    const stuck = herd.node.get(url(herd.poison('spin'))).catch((error: Error) => error);
    await herd.node.until(({ workers }) => workers.some(({ job }) => job !== null), 30_000);
    const children = await childrenOf(herd);
    herd.node.signal('SIGTERM');
    expect(await herd.node.exited).toBe(0);
    expect(children.filter(isAlive)).toEqual([]);
    await stuck;
  });
});

describe('signals to a node that goes on', { timeout: 60_000 }, () => {
  let herd: Herd;
  beforeAll(async () => {
    herd = await startHerd();
    herd.site.put('large.jpg', await jpeg(gradient(2400, 1800)));
  });
  afterAll(() => herd?.stop());
  afterEach(() => herd.calm());

  it('TTIN and TTOU: one worker more, one worker fewer', async () => {
    const traffic = startTraffic(herd.node);
    herd.node.signal('SIGTTIN');
    await herd.node.until(
      ({ workers }) => workers.length === 3 && workers.every(({ state }) => state === 'ready'),
      30_000,
    );
    herd.node.signal('SIGTTOU');
    await herd.node.until(
      ({ workers }) => workers.length === 2 && workers.every(({ state }) => state === 'ready'),
      30_000,
    );
    herd.node.signal('SIGTTOU');
    await herd.node.until(({ workers }) => workers.length === 1, 30_000);
    // One fewer than one is one.
    herd.node.signal('SIGTTOU');
    await herd.untilLine('signal', { signal: 'SIGTTOU' }, 3);
    herd.node.signal('SIGTTIN');
    await herd.node.until(({ workers }) => workers.length === 2, 30_000);
    expect((await traffic.stop()).failures).toEqual({});
  });

  it('mean nothing to its children: a terminal sends them to all at once', async () => {
    const before = await childrenOf(herd);
    const traffic = startTraffic(herd.node);
    for (const pid of before)
      for (const signal of [
        'SIGTERM',
        'SIGINT',
        'SIGHUP',
        'SIGQUIT',
        'SIGUSR2',
        'SIGTTIN',
        'SIGTTOU',
        'SIGWINCH',
      ] as const)
        process.kill(pid, signal);
    herd.node.signal('SIGWINCH');
    await herd.node.until(() => traffic.answers() > 50, 30_000);
    expect((await traffic.stop()).failures).toEqual({});
    expect(await childrenOf(herd)).toEqual(before);
  });
});
