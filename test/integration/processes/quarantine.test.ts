import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { gradient, jpeg } from '../../fixtures/pictures.ts';
import { askAll, type Herd, type Line, outcomeOf, startHerd, until } from './herd.ts';

const url = (key: string, ops = 'w_50.jpg'): string => `/photos/${key}/~${ops}`;

describe('a quarantined picture', { timeout: 60_000 }, () => {
  let herd: Herd;
  beforeAll(async () => {
    herd = await startHerd({ sourceFreshMs: 100 });
  });
  afterAll(() => herd?.stop());
  afterEach(() => herd.calm());

  const ask = async (key: string, ops?: string): Promise<string> => outcomeOf(await herd.node.get(url(key, ops)));

  it('is answered by the lb alone: no worker hears of it', async () => {
    const jobsOfWorkers = async (): Promise<number> => {
      const lines = (await herd.node.admin('/metrics')).body.toString().split('\n');
      const counts = lines.filter((line) => line.startsWith('pileus_worker_jobs_total'));
      return counts.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    };
    const key = herd.poison('segv');
    expect(await ask(key)).toBe('500 worker_crashed');
    await herd.calm();
    const before = await jobsOfWorkers();
    const reply = await herd.node.get(url(key));
    expect(outcomeOf(reply)).toBe('422 quarantined');
    expect(reply.headers['cache-control']).toBe('no-store');
    const sizes = Array.from({ length: 50 }, (_, i) => url(key, `w_${20 + i}.jpg`));
    expect(await askAll(herd.node, sizes)).toEqual({ '422 quarantined': 50 });
    await herd.calm();
    expect(await jobsOfWorkers()).toBe(before);
  });

  it('still gives what was made of it before', async () => {
    const key = herd.poison('segv', 'avif');
    const made = await herd.node.get(url(key, 'w_60.webp'));
    expect(outcomeOf(made)).toBe('200');
    expect(await ask(key, 'w_60.avif')).toBe('500 worker_crashed');
    expect(await ask(key, 'w_60.avif')).toBe('422 quarantined');
    const again = await herd.node.get(url(key, 'w_60.webp'));
    expect(outcomeOf(again)).toBe('200');
    expect(again.body.equals(made.body)).toBe(true);
  });

  it('is not the picture that takes its place: that one is tried', async () => {
    const key = herd.poison('segv');
    expect(await ask(key)).toBe('500 worker_crashed');
    expect(await ask(key)).toBe('422 quarantined');
    herd.site.put(key, await jpeg(gradient(301, 200)));
    await until(async () => (await ask(key)) === '500 worker_crashed', 'the new version is tried');
    await herd.calm();
    expect(new Set(herd.deaths(key).map(({ jobs }) => (jobs as readonly Line[])[0]?.version)).size).toBe(2);
  });

  it('is listed at the admin port, and can be released there', async () => {
    const listed = async (key: string): Promise<readonly Line[]> =>
      ((await herd.node.admin('/quarantine')).json() as { entries: readonly Line[] }).entries.filter(
        (entry) => entry.key === key,
      );
    const release = async (path: string): Promise<number> => (await herd.node.admin(path, { method: 'DELETE' })).status;

    const key = herd.poison('segv');
    await ask(key);
    expect(await listed(key)).toMatchObject([{ scope: 'operation', ns: 'photos', strikes: 2 }]);
    expect(await release(`/quarantine/photos/${key}`)).toBe(200);
    expect(await listed(key)).toEqual([]);
    await until(async () => (await ask(key)) === '500 worker_crashed', 'it is tried again');

    expect(await release('/quarantine/photos/none.jpg')).toBe(404);
    expect(await release('/quarantine')).toBe(200);
    expect((await herd.node.stats()).quarantine.entries).toBe(0);
  });
});

describe('a quarantine that runs out', { timeout: 60_000 }, () => {
  let herd: Herd;
  beforeAll(async () => {
    herd = await startHerd({ quarantineMs: 5000 });
  });
  afterAll(() => herd?.stop());
  afterEach(() => herd.calm());

  it('allows one probe, which costs one worker at most, and then lasts twice as long', async () => {
    const key = herd.poison('segv');
    expect(outcomeOf(await herd.node.get(url(key)))).toBe('500 worker_crashed');
    const first = await herd.untilLine('quarantined', { key });
    await until(
      async () => outcomeOf(await herd.node.get(url(key))) !== '422 quarantined' || herd.deaths(key).length > 2,
      'a probe',
    );
    const second = await herd.untilLine('quarantined', { key, scope: 'operation' }, 2);
    expect(second.forMs).toBe(2 * (first.forMs as number));
    expect(outcomeOf(await herd.node.get(url(key)))).toBe('422 quarantined');
    await herd.calm();
    expect(herd.deaths(key)).toHaveLength(3);
  });
});
