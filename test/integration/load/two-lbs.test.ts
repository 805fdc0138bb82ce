import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { gradient, jpeg } from '../../fixtures/pictures.ts';
import { calm, metric } from '../../helpers/gauges.ts';
import type { Reply, Stats } from '../../helpers/pileus.ts';
import { gate, type OriginRig, originOf, patientOptions, seen, startRig } from '../origins/rig.ts';

vi.setConfig({ testTimeout: 60_000 });

let rig: OriginRig;
let photo: Buffer;

beforeAll(async () => {
  photo = await jpeg(gradient(60, 40));
  rig = await startRig({ origins: { far: {} }, options: { ...patientOptions, lbs: 2 } });
});

afterAll(async () => {
  await rig?.stop();
});

const requestsInFlight = async (): Promise<readonly number[]> =>
  (await rig.node.stats()).lbs.map((lb) => lb.requestsInFlight);

describe('with two lbs', () => {
  it('both serve, and a stampede over both is joined in the worker', async () => {
    const { route, open } = gate(photo);
    originOf(rig, 'far').on('new.jpg', route);
    const crowd: Promise<Reply>[] = [];
    const ready = await rig.node.until(({ lbs }) => lbs.every(({ state }) => state === 'ready'));
    expect(ready.lbs).toHaveLength(2);
    // Which of them takes a connection is the kernel's choice: more and more come until both have some.
    await rig.node.until(({ lbs }) => {
      if (lbs.every((lb) => lb.requestsInFlight > 0)) return true;
      for (let count = 0; count < 20 && crowd.length < 2000; count++)
        crowd.push(rig.node.get('/far/new.jpg/~w_20.webp'));
      return false;
    }, 30_000);
    const insideOf = (stats: Stats) => stats.workers.reduce((sum, each) => sum + each.jobsInside, 0);
    await rig.node.until((stats) => insideOf(stats) === 2, 30_000);
    open();
    const replies = await Promise.all(crowd);
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    expect(replies.every(({ body }) => body.equals(replies[0]?.body as Buffer))).toBe(true);
    await calm(rig.node);
    expect(await requestsInFlight()).toEqual([0, 0]);
    const fetches = seen(originOf(rig, 'far'), 'GET', 'new.jpg');
    expect(fetches).toBeLessThanOrEqual(2);
    // Two orders, one of each lb: they meet where they go to the same worker.
    expect(fetches + (await metric(rig.node, 'pileus_worker_sources_total', { from: 'joined' }))).toBe(2);
    expect(
      (await metric(rig.node, 'pileus_worker_pictures_total')) + (await metric(rig.node, 'pileus_worker_joined_total')),
    ).toBe(2);
    expect(await metric(rig.node, 'pileus_http_requests_total', { status: 200 })).toBe(crowd.length);
  });
});
