import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flatPng } from '../../fixtures/bombs.ts';
import { jpeg, quadrants } from '../../fixtures/pictures.ts';
import { calm } from '../../helpers/gauges.ts';
import { type Pileus, startPileus } from '../../helpers/pileus.ts';
import { makeSite, type Site } from '../../helpers/site.ts';

const megapixels300 = 300_000_000;

let site: Site;
let node: Pileus;

beforeAll(async () => {
  site = makeSite({ sourcePixelsMax: megapixels300, sourceWholePixelsMax: megapixels300 });
  site.put('good.jpg', await jpeg(quadrants(60, 40)));
  site.put('bomb.png', flatPng(16_000, 16_000));
  node = await startPileus(site.args, {
    PILEUS_REQUEST_MS: '90000',
    PILEUS_SOFT_MS: '70000',
    PILEUS_HARD_MS: '80000',
    PILEUS_QUEUE_WAIT_MS_MAX: '60000',
  });
});

afterAll(async () => {
  await node?.stop();
  site?.clear();
});

describe('a picture of 256 megapixels, with the limits raised', () => {
  it('costs its own requests at most; the others are served meanwhile and afterwards', {
    timeout: 150_000,
  }, async () => {
    let isDone = false;
    const bombs = Promise.all(['w_100.png', 'w_101.webp'].map((plan) => node.get(`/photos/bomb.png/~${plan}`))).finally(
      () => {
        isDone = true;
      },
    );
    const statuses = new Set<number>();
    for (let width = 1; !isDone; width = (width % 500) + 1) {
      statuses.add((await node.get(`/photos/good.jpg/~w_${width},up_1.webp`)).status);
    }
    expect(statuses).toEqual(new Set([200]));
    for (const { status } of await bombs) expect([200, 413, 422, 503, 504]).toContain(status);
    const stats = await calm(node, 60_000, ({ workers }) => workers.length === 2);
    expect(stats.lbs).toHaveLength(1);
    expect((await node.get('/photos/good.jpg/~w_44.png')).status).toBe(200);
    expect(node.lines().filter(({ event, of }) => event === 'child-exited' && of === 'lb')).toEqual([]);
  });
});
