import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { gradient, jpeg } from '../../fixtures/pictures.ts';
import { askAll, type Herd, isAlive, outcomeOf, startHerd, startTraffic, workerPids } from './herd.ts';

const url = (key: string, ops = 'w_50.jpg'): string => `/photos/${key}/~${ops}`;

describe('a worker that dies', () => {
  let herd: Herd;
  beforeAll(async () => {
    herd = await startHerd({ hardMs: 2000, softMs: 1000, heartbeatTimeoutMs: 4000 });
  });
  afterAll(() => herd?.stop());
  afterEach(() => herd.calm());

  it('is replaced when it was idle, and nobody notices', async () => {
    const traffic = startTraffic(herd.node, { clients: 1 });
    const [pid = 0] = workerPids(await herd.node.stats());
    process.kill(pid, 'SIGKILL');
    const obituary = await herd.untilLine('child-exited', { childPid: pid });
    expect(obituary).toMatchObject({ exit: 'killed', signal: 'SIGKILL' });
    await herd.node.until(({ workers }) => workers.every(({ state, pid: now }) => state === 'ready' && now !== pid));
    expect((await traffic.stop()).failures).toEqual({});
  });

  it('leaves pictures and originals waiting for the next one where it was the last', async () => {
    for (const pid of workerPids(await herd.node.stats())) process.kill(pid, 'SIGKILL');
    await herd.node.until(({ workers }) => workers.every(({ state }) => state !== 'ready'));
    const answers = await Promise.all(
      [url(herd.good()), url(herd.good(), 'orig.jpg')].map((each) => herd.node.get(each)),
    );
    expect(answers.map(outcomeOf)).toEqual(['200', '200']);
  });

  it.each([
    ['segv', { exit: 'crashed', signal: 'SIGSEGV', code: null }],
    ['abort', { exit: 'crashed', signal: 'SIGABRT', code: null }],
    ['exit', { exit: 'crashed', signal: null, code: 7 }],
    ['uncaught', { exit: 'crashed', signal: null, code: 1 }],
  ] as const)('by %s costs its own picture and no other, and is named in the obituary', async (kind, end) => {
    const before = herd.deaths().length;
    const key = herd.poison(kind);
    const traffic = startTraffic(herd.node);
    expect(outcomeOf(await herd.node.get(url(key)))).toBe('500 worker_crashed');
    expect((await traffic.stop()).failures).toEqual({});

    const obituary = await herd.untilLine('child-exited', end, 2);
    expect(obituary.jobs).toMatchObject([{ ns: 'photos', key }]);
    expect(isAlive(obituary.childPid as number)).toBe(false);
    await herd.calm();
    // The first try, and the one retry.
    expect(herd.deaths().length - before).toBe(2);
  });

  it('does not die of a picture that merely throws', async () => {
    const before = herd.deaths().length;
    expect(outcomeOf(await herd.node.get(url(herd.poison('throw'))))).toBe('500 internal');
    await herd.calm();
    expect(herd.deaths().length).toBe(before);
  });

  it('that is stuck in libvips is killed at the hard deadline; its client gets 504 and no retry', async () => {
    const before = herd.deaths().length;
    const key = herd.poison('hang');
    const traffic = startTraffic(herd.node);
    expect(outcomeOf(await herd.node.get(url(key)))).toBe('504 processing_deadline');
    expect((await traffic.stop()).failures).toEqual({});
    expect(await herd.untilLine('child-exited', { exit: 'deadline' })).toMatchObject({
      cause: 'deadline',
      jobs: [{ key }],
    });
    expect(herd.linesOf('strike').filter((line) => line.key === key)).toHaveLength(1);
    await herd.calm();
    expect(herd.deaths().length - before).toBe(1);
  });

  it('that spins is killed although it hears nothing', async () => {
    const key = herd.poison('spin');
    const traffic = startTraffic(herd.node);
    expect(outcomeOf(await herd.node.get(url(key)))).toBe('504 processing_deadline');
    expect((await traffic.stop()).failures).toEqual({});
    expect(await herd.untilLine('child-exited', { exit: 'deadline' }, 2)).toMatchObject({ jobs: [{ key }] });
  });

  it('that is stopped (SIGSTOP) is killed for its silence', async () => {
    const [, pid = 0] = workerPids(await herd.node.stats());
    process.kill(pid, 'SIGSTOP');
    const traffic = startTraffic(herd.node);
    expect(await herd.untilLine('child-exited', { childPid: pid })).toMatchObject({ cause: 'stuck', exit: 'stuck' });
    expect((await traffic.stop()).failures).toEqual({});
  });
});

describe('a worker that is killed with jobs in it', () => {
  let herd: Herd;
  const lights = Array.from({ length: 12 }, (_, i) => url(`good-${i % 8}.jpg`, `m_cover,w_200,h_${20 + i}.jpg`));
  beforeAll(async () => {
    herd = await startHerd({ workers: 1, hardMs: 120_000, softMs: 100_000 });
    herd.site.put('large.jpg', await jpeg(gradient(5000, 4000)));
  });
  afterAll(() => herd?.stop());
  afterEach(() => herd.calm(1));

  it('gives them back: the started one is tried once more, the others never noticed', async () => {
    const before = herd.deaths().length;
    const slow = herd.node.get(url('large.jpg', 'w_4000.avif'));
    const { workers } = await herd.node.until((now) => now.workers[0]?.job != null);
    const others = askAll(herd.node, lights);
    await herd.node.until((now) => (now.workers[0]?.jobsInside ?? 0) > 1);
    process.kill(workers[0]?.pid ?? 0, 'SIGKILL');

    expect(outcomeOf(await slow)).toBe('200');
    expect(await others).toEqual({ 200: lights.length });
    await herd.calm(1);
    expect(herd.deaths().length - before).toBe(1);
    expect(herd.deaths().at(-1)).toMatchObject({ exit: 'killed', jobs: [{ key: 'large.jpg' }] });
  });

  it('gives back those that stood behind a picture that was stuck', async () => {
    herd.configure({ workers: 1, hardMs: 3000, softMs: 2000 });
    herd.node.signal('SIGHUP');
    await herd.untilLine('config-reloaded');
    const stuck = herd.node.get(url(herd.poison('hang')));
    await herd.node.until((now) => now.workers[0]?.job != null);
    const others = askAll(
      herd.node,
      lights.map((light) => light.replace('w_200', 'w_201')),
    );
    expect(outcomeOf(await stuck)).toBe('504 processing_deadline');
    expect(await others).toEqual({ 200: lights.length });
  });
});
