import { describe, expect, it, onTestFinished } from 'vitest';
import type { Stats } from '../../helpers/pileus.ts';
import {
  bootFault,
  type Herd,
  isAlive,
  lbPid,
  outcomeOf,
  patienceMs,
  startHerd,
  startTraffic,
  workerPids,
} from './herd.ts';

const generations = ({ workers, lbs }: Stats): readonly number[] =>
  [...lbs, ...workers].map(({ generation }) => generation);

async function start(
  config: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Herd> {
  const herd = await startHerd(config, env);
  onTestFinished(herd.stop);
  return herd;
}

describe('a rolling restart (SIGUSR2)', { timeout: 90_000 }, () => {
  it('replaces every process, and no request fails: fresh connections and kept ones', async () => {
    const herd = await start();
    const before = await herd.node.stats();
    const fresh = startTraffic(herd.node);
    const kept = startTraffic(herd.node, { keepAlive: true });
    herd.node.signal('SIGUSR2');
    await herd.untilLine('rolling-restart', { msg: 'rolling restart is done' });
    const after = await herd.node.stats();
    expect((await fresh.stop()).failures).toEqual({});
    expect((await kept.stop()).failures).toEqual({});
    expect(Math.min(...generations(after))).toBeGreaterThan(Math.max(...generations(before)));
    expect(
      [lbPid(after), ...workerPids(after)].filter((pid) => [lbPid(before), ...workerPids(before)].includes(pid)),
    ).toEqual([]);
    expect(herd.deaths()).toEqual([]);
    await herd.calm();
  });

  it('brings in options that a reload cannot', async () => {
    const herd = await start();
    herd.configure({ blobBufferBytes: 17e6, workers: 3 });
    const traffic = startTraffic(herd.node);
    herd.node.signal('SIGUSR2');
    await herd.untilLine('rolling-restart', { msg: 'rolling restart is done' });
    expect((await traffic.stop()).failures).toEqual({});
    await herd.calm(3);
    await herd.node.until(({ workers }) => workers.every(({ bufferBytes }) => bufferBytes === 17e6), patienceMs);
  });

  it('gives way to a stop in the middle of it', async () => {
    const herd = await start();
    herd.node.signal('SIGUSR2');
    await herd.untilLine('child-draining', { reason: 'renew' });
    const { workers, lbs } = await herd.node.stats();
    herd.node.signal('SIGTERM');
    expect(await herd.node.exited).toBe(0);
    expect([...workers, ...lbs].map(({ pid }) => pid).filter((pid) => pid !== null && isAlive(pid))).toEqual([]);
  });

  it('asked for twice, and beside a reload, is done twice, one after the other', async () => {
    const herd = await start();
    const traffic = startTraffic(herd.node, { keepAlive: true });
    herd.configure({ presets: { strip: 'm_cover,w_60,h_10' } });
    for (const signal of ['SIGUSR2', 'SIGHUP'] as const) herd.node.signal(signal);
    await herd.untilLine('rolling-restart', { msg: 'rolling restart begins' });
    herd.node.signal('SIGUSR2');
    await herd.untilLine('rolling-restart', { msg: 'rolling restart is done' }, 2);
    await herd.untilLine('config-reloaded');
    expect((await traffic.stop()).failures).toEqual({});
    expect(outcomeOf(await herd.node.get(`/photos/${herd.good()}/~strip.jpg`))).toBe('200');
    await herd.calm();
  });

  it('stops at the first process that cannot start, and the others go on', async () => {
    const fault = bootFault();
    const herd = await start({}, fault.env);
    const before = await herd.node.stats();
    const traffic = startTraffic(herd.node, { keepAlive: true });
    fault.arm();
    herd.configure({ presets: { strip: 'm_cover,w_60,h_10' } });
    herd.node.signal('SIGUSR2');
    const { msg } = await herd.untilLine('rolling-restart', { level: 'error' });
    expect(msg).toMatch(/stopped, the others go on: worker \d+ gen \d+ did not get ready/);
    expect(await herd.untilLine('child-exited', { exit: 'boot-failed' })).toMatchObject({
      lastWords: 'the library is not there',
    });
    expect((await traffic.stop()).failures).toEqual({});
    expect(generations(await herd.calm())).toEqual(generations(before));
    expect(outcomeOf(await herd.node.get(`/photos/${herd.good()}/~strip.jpg`))).toBe('404 preset_not_found');
  });
});
