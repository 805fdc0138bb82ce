import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { askAll, type Herd, type Line, outcomeOf, startHerd, startTraffic } from './herd.ts';

const url = (key: string, ops = 'w_50.jpg'): string => `/photos/${key}/~${ops}`;
const sizes = (key: string, format = 'jpg'): readonly string[] =>
  Array.from({ length: 50 }, (_, i) => url(key, `w_${20 + i}.${format}`));
const times = (count: number, path: string): readonly string[] => Array.from({ length: count }, () => path);

describe('a picture that kills its worker', { timeout: 90_000 }, () => {
  let herd: Herd;
  beforeAll(async () => {
    herd = await startHerd();
  });
  afterAll(() => herd?.stop());
  afterEach(() => herd.calm());

  it('asked for by a hundred clients at once kills two workers and no third; good pictures see nothing of it', async () => {
    const key = herd.poison('segv');
    const traffic = startTraffic(herd.node);
    expect(await askAll(herd.node, times(100, url(key)))).toEqual({ '500 worker_crashed': 100 });
    expect(await askAll(herd.node, times(100, url(key)))).toEqual({ '422 quarantined': 100 });
    expect((await traffic.stop()).failures).toEqual({});
    await herd.calm();
    expect(herd.deaths(key)).toHaveLength(2);
  });

  it('asked for in fifty sizes at once kills three workers at most', async () => {
    const key = herd.poison('segv');
    const traffic = startTraffic(herd.node);
    const outcomes = await askAll(herd.node, sizes(key));
    expect(Object.keys(outcomes).every((outcome) => ['422 quarantined', '500 worker_crashed'].includes(outcome))).toBe(
      true,
    );
    expect(await askAll(herd.node, sizes(key))).toEqual({ '422 quarantined': 50 });
    expect((await traffic.stop()).failures).toEqual({});
    await herd.calm();
    expect(herd.deaths(key).length).toBeLessThanOrEqual(3);
  });

  it('asked for in fifty sizes of three formats at once is quarantined as a whole after three deaths', async () => {
    const key = herd.poison('abort');
    const traffic = startTraffic(herd.node);
    await askAll(herd.node, [...sizes(key, 'jpg'), ...sizes(key, 'webp'), ...sizes(key, 'png')]);
    expect((await traffic.stop()).failures).toEqual({});
    await herd.calm();
    expect(herd.deaths(key)).toHaveLength(3);
    const { entries } = (await herd.node.admin('/quarantine')).json() as { entries: readonly Line[] };
    expect(entries).toContainEqual(expect.objectContaining({ key, scope: 'source', strikes: 3 }));
  });

  it('only in one format stays usable in the others', async () => {
    const key = herd.poison('segv', 'avif');
    const traffic = startTraffic(herd.node);
    const outcomes = await askAll(herd.node, [...sizes(key, 'avif'), ...sizes(key, 'webp')]);
    expect((await traffic.stop()).failures).toEqual({});
    expect(outcomes).toMatchObject({ 200: 50 });
    await herd.calm();
    expect(herd.deaths(key).length).toBeLessThanOrEqual(3);
    expect(outcomeOf(await herd.node.get(url(key, 'w_99.avif')))).toBe('422 quarantined');
    expect(outcomeOf(await herd.node.get(url(key, 'w_99.webp')))).toBe('200');
  });
});
