import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { gradient, jpeg } from '../../fixtures/pictures.ts';
import { scratchFolder } from '../../helpers/pileus.ts';
import {
  type Herd,
  isAlive,
  lbPid,
  outcomeOf,
  patienceMs,
  pause,
  startHerd,
  startTraffic,
  stateOf,
  until,
  workerPids,
} from './herd.ts';

/** One worker inside libvips, the other in an endless loop of JavaScript. */
async function busyHerd(env: Readonly<Record<string, string>>): Promise<Herd> {
  const herd = await startHerd({ hardMs: 250_000, softMs: 200_000, heartbeatTimeoutMs: 60_000, avifEffort: 4 }, env);
  const atWork = (count: number) =>
    herd.node.until(({ workers }) => workers.filter(({ job }) => job !== null).length === count, patienceMs);
  const visit = (url: string): void => void herd.node.get(url).catch(() => {});
  visit(`/photos/${herd.poison('spin')}/~w_50.jpg`);
  await atWork(1);
  // Several, since one of them may be sent to stand behind the loop, which nobody can know to be one.
  const large = await jpeg(gradient(3600, 3000));
  for (const name of ['a', 'b', 'c', 'd']) {
    herd.site.put(`large-${name}.jpg`, large);
    visit(`/photos/large-${name}.jpg/~w_3500.avif`);
  }
  await atWork(2);
  return herd;
}

const environmentOf = (pid: number): string => readFileSync(`/proc/${pid}/environ`, 'utf8');

describe('a master that is killed (SIGKILL)', { timeout: 90_000 }, () => {
  it.each([
    ['by the kernel, where setpriv can ask it to', {}, false],
    ['by a watchdog thread where it cannot', { PATH: '/nowhere' }, true],
  ] as const)('takes its children along, whatever they are doing: %s', async (_how, env, byWatchdog) => {
    const herd = await busyHerd(env);
    onTestFinished(herd.stop);
    const stats = await herd.node.stats();
    const children = [lbPid(stats), ...workerPids(stats)];
    if (byWatchdog) expect(children.every((pid) => environmentOf(pid).includes('PILEUS_CHILD_WATCHDOG='))).toBe(true);
    herd.node.signal('SIGKILL');
    await until(() => !children.some(isAlive), 'all children are gone', 5000);
  });

  it('leaves a folder of sockets that the next start removes', async () => {
    const runtimeDir = scratchFolder();
    const folders = (): readonly string[] => readdirSync(runtimeDir).filter((name) => /^pileus-\d+-/.test(name));
    const first = await startHerd({}, {}, ['--runtime-dir', runtimeDir]);
    onTestFinished(first.stop);
    const [left = ''] = folders();
    expect(existsSync(path.join(runtimeDir, left))).toBe(true);
    first.node.signal('SIGKILL');
    await first.node.exited;

    const second = await startHerd({}, {}, ['--runtime-dir', runtimeDir]);
    onTestFinished(second.stop);
    expect(folders()).toHaveLength(1);
    expect(folders()).not.toContain(left);
    await second.stop();
    expect(folders()).toEqual([]);
  });
});

describe('a master that is stopped for a while (SIGSTOP, a frozen container)', { timeout: 60_000 }, () => {
  it('kills nobody for what it did not hear, and requests are answered meanwhile', async () => {
    const heartbeatTimeoutMs = 3000;
    const herd = await startHerd({ heartbeatTimeoutMs });
    onTestFinished(herd.stop);
    const before = await herd.node.stats();
    const traffic = startTraffic(herd.node);
    herd.node.signal('SIGSTOP');
    await until(() => stateOf(herd.node.pid) === 'T', 'the master stands still');
    const answered = traffic.answers();
    await pause(2 * heartbeatTimeoutMs);
    expect(traffic.answers()).toBeGreaterThan(answered);
    herd.node.signal('SIGCONT');
    await herd.untilLine('sleep-forgiven');
    expect((await traffic.stop()).failures).toEqual({});
    const after = await herd.calm();
    expect(workerPids(after)).toEqual(workerPids(before));
    expect(lbPid(after)).toBe(lbPid(before));
    expect(herd.linesOf('child-killed')).toEqual([]);
    expect(outcomeOf(await herd.node.get(`/photos/${herd.good()}/~w_50.jpg`))).toBe('200');
  });
});
