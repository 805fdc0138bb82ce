import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { calm, metric, pidsOf } from '../../helpers/gauges.ts';
import { type Pileus, startPileus } from '../../helpers/pileus.ts';
import { makeSite, type Site } from '../../helpers/site.ts';
import { noise } from './noise.ts';

vi.setConfig({ testTimeout: 60_000 });

let site: Site;
let node: Pileus;

beforeAll(async () => {
  site = makeSite({ workers: 1, queueJobsMax: 8 });
  const photo = await noise(900, 600).jpeg().toBuffer();
  for (let index = 0; index < 100; index++) site.put(`${index}.jpg`, photo);
  node = await startPileus(site.args, { PILEUS_HEARTBEAT_MS: '50' });
});

afterAll(async () => {
  await node?.stop();
  site?.clear();
});

describe('more requests than the node can take', () => {
  it('are answered or refused with a time to come again, nothing else, and leave nothing behind', async () => {
    const workers = pidsOf(await node.stats());
    const paths = Array.from({ length: 100 }, (_, index) => `/photos/${index}.jpg/~w_600.webp`);
    const replies = await Promise.all(paths.map((path) => node.get(path)));

    const refused = replies.filter(({ status }) => status === 503);
    const served = replies.filter(({ status }) => status === 200);
    expect(served.length + refused.length).toBe(paths.length);
    expect(served.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
    for (const reply of refused) {
      expect(reply.headers['retry-after']).toMatch(/^[1-9]\d*$/);
      expect(reply.headers['cache-control']).toBe('no-store');
      expect(reply.json()).toMatchObject({ code: 'overloaded', requestId: reply.headers['x-request-id'] });
    }

    const after = await calm(node);
    expect(pidsOf(after)).toEqual(workers);
    expect(await metric(node, 'pileus_shed_total')).toBe(refused.length);
    expect(await metric(node, 'pileus_http_requests_total', { status: 503 })).toBe(refused.length);
    expect(await metric(node, 'pileus_errors_total', { code: 'overloaded' })).toBe(refused.length);
    expect((await node.get('/photos/0.jpg/~w_601.webp')).status).toBe(200);
  });

  it('are served when they come again, one by one', async () => {
    for (let at = 0; at < 10; at++) expect((await node.get(`/photos/${at}.jpg/~w_600.webp`)).status).toBe(200);
    await calm(node);
  });
});
