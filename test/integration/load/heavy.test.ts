import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { gradient, jpeg } from '../../fixtures/pictures.ts';
import { calm, metric, pidsOf } from '../../helpers/gauges.ts';
import { type Pileus, startPileus } from '../../helpers/pileus.ts';
import { makeSite, type Site } from '../../helpers/site.ts';
import { noise } from './noise.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** Far more than a thumbnail takes, far less than a large picture, on any machine. */
const options = { heavyJobMs: 60, requestMs: 110_000, softMs: 60_000, hardMs: 70_000, queueWaitMsMax: 60_000 };
const heavyCount = 6;
let site: Site;

beforeAll(async () => {
  site = makeSite(options);
  const large = await noise(2400, 1800).jpeg().toBuffer();
  for (let index = 0; index < heavyCount; index++) site.put(`large-${index}.jpg`, large);
  const small = await jpeg(gradient(60, 40));
  for (let index = 0; index < 20; index++) site.put(`small-${index}.jpg`, small);
});

afterAll(() => {
  site?.clear();
});

const heavyPath = (index: number): string => `/photos/large-${index}.jpg/~w_2300.webp`;
const lightPath = (index: number): string => `/photos/small-${index}.jpg/~w_20.webp`;

/** Asks for all the large ones at once, and for thumbnails one after the other while they are under way. */
async function askForBoth(node: Pileus): Promise<Readonly<{ statuses: readonly number[]; heavyLeft: number }>> {
  let heavyLeft = heavyCount;
  const heavy = Array.from({ length: heavyCount }, async (_, index) => {
    const { status } = await node.get(heavyPath(index));
    heavyLeft -= 1;
    return status;
  });
  await node.until(({ workers }) => workers.some(({ job }) => job !== null), 30_000);
  const light: number[] = [];
  for (let index = 0; index < 20; index++) light.push((await node.get(lightPath(index))).status);
  const leftThen = heavyLeft;
  return { statuses: [...light, ...(await Promise.all(heavy))], heavyLeft: leftThen };
}

describe('heavy pictures and thumbnails together', () => {
  it('with two workers no thumbnail waits for the heavy ones, and the heavy ones end as well', async () => {
    const node = await startPileus(site.args, { PILEUS_HEARTBEAT_MS: '50' });
    try {
      const workers = pidsOf(await node.stats());
      const { statuses, heavyLeft } = await askForBoth(node);
      expect(new Set(statuses)).toEqual(new Set([200]));
      // Twenty thumbnails, one after the other, were answered before the heavy ones were through.
      expect(heavyLeft).toBeGreaterThan(0);
      const after = await calm(node);
      expect(pidsOf(after)).toEqual(workers);
      // What turned out heavy only at the probe was handed back: inside, and seen by nobody.
      expect(await metric(node, 'pileus_redirects_total', { reason: 'heavier_than_announced' })).toBeGreaterThan(0);
      expect(await metric(node, 'pileus_http_requests_total')).toBe(statuses.length);
      expect(await metric(node, 'pileus_http_requests_total', { status: 200 })).toBe(statuses.length);
    } finally {
      await node.stop();
    }
  });

  it('with one worker both end', async () => {
    const node = await startPileus([...site.args, '--workers', '1'], { PILEUS_HEARTBEAT_MS: '50' });
    try {
      const { statuses } = await askForBoth(node);
      expect(new Set(statuses)).toEqual(new Set([200]));
      await calm(node);
    } finally {
      await node.stop();
    }
  });
});
