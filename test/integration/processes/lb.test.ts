import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../../helpers/pileus.ts';
import { askAll, type Herd, lbPid, outcomeOf, patienceMs, startHerd, startTraffic, until, workerPids } from './herd.ts';

const url = (key: string, ops = 'w_50.jpg'): string => `/photos/${key}/~${ops}`;

describe('an lb that dies', { timeout: 60_000 }, () => {
  const dataDir = path.join(scratchFolder(), 'data');
  let herd: Herd;
  beforeAll(async () => {
    herd = await startHerd({ dataDir, heartbeatTimeoutMs: 3000 });
  });
  afterAll(() => herd?.stop());
  afterEach(() => herd.calm());

  /** Kills the lb by `signal` and waits for the next one. */
  const replaced = async (signal: 'SIGKILL' | 'SIGSTOP'): Promise<void> => {
    const before = lbPid(await herd.node.stats());
    process.kill(before, signal);
    await herd.node.until(({ lbs }) => lbs.some(({ pid, state }) => pid !== before && state === 'ready'), patienceMs);
  };

  it('is replaced at the same address, and serves from the store what the one before it had made', async () => {
    const keys = Array.from({ length: 8 }, herd.good);
    const urls = keys.map((key) => url(key));
    const stored = (await herd.node.stats()).caches.storeEntries ?? 0;
    expect(await askAll(herd.node, urls)).toEqual({ 200: 8 });
    await herd.node.until(({ caches }) => (caches.storeEntries ?? 0) >= stored + 8, patienceMs);
    const journals = (): string =>
      readdirSync(dataDir)
        .filter((name) => name.endsWith('.ndjson'))
        .map((name) => readFileSync(path.join(dataDir, name), 'utf8'))
        .join('');
    // Written once a second: the last second is what a kill may cost.
    await until(() => keys.every((key) => journals().includes(key)), 'what is known is written down');
    const workers = workerPids(await herd.node.stats());
    await replaced('SIGKILL');
    const before = (await herd.calm()).counters;
    expect(await askAll(herd.node, urls)).toEqual({ 200: 8 });
    const { counters } = await herd.node.until((now) => (now.counters.requests ?? 0) >= (before.requests ?? 0) + 8);
    expect(counters.hitsStore).toBe((before.hitsStore ?? 0) + 8);
    expect(counters.made).toBe(before.made);
    expect(workerPids(await herd.node.stats())).toEqual(workers);
  });

  it('under load is missed for a moment, and nothing stays behind', async () => {
    const traffic = startTraffic(herd.node);
    await until(() => traffic.answers() > 20, 'traffic');
    await replaced('SIGKILL');
    const { failures } = await traffic.stop();
    // Connections that were cut or refused in between; never a wrong answer.
    expect(Object.keys(failures).filter((how) => !/ECONNREFUSED|ECONNRESET|socket hang up|EPIPE/.test(how))).toEqual(
      [],
    );
    const again = startTraffic(herd.node);
    await until(() => again.answers() > 20, 'traffic again');
    expect((await again.stop()).failures).toEqual({});
  });

  it('leaves its knowledge of the quarantined to the next', async () => {
    const key = herd.poison('segv');
    expect(outcomeOf(await herd.node.get(url(key)))).toBe('500 worker_crashed');
    await herd.calm();
    await replaced('SIGKILL');
    expect(outcomeOf(await herd.node.get(url(key)))).toBe('422 quarantined');
    expect(herd.deaths(key)).toHaveLength(2);
  });

  it('is replaced also when it stands still', async () => {
    await replaced('SIGSTOP');
    expect(await herd.untilLine('child-exited', { of: 'lb', exit: 'stuck' })).toMatchObject({ cause: 'stuck' });
    expect(outcomeOf(await herd.node.get(url(herd.good())))).toBe('200');
  });
});
