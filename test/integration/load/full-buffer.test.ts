import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { calm, metric, pidsOf } from '../../helpers/gauges.ts';
import { type OriginRig, originOf, patientOptions, startRig } from '../origins/rig.ts';
import { noise } from './noise.ts';

vi.setConfig({ testTimeout: 60_000 });

let rig: OriginRig;
let photo: Buffer;

beforeAll(async () => {
  photo = await noise(1300, 1000).jpeg({ quality: 90 }).toBuffer();
  // Room for one of them, not for two.
  const blobBufferBytes = Math.round(photo.length * 1.5);
  rig = await startRig({
    origins: { far: {} },
    options: { ...patientOptions, blobBufferBytes, sourceBytesMax: blobBufferBytes },
  });
});

afterAll(async () => {
  await rig?.stop();
});

/** Announces the picture, sends half of it, and the rest when it is told to. */
function halfAnswer(key: string): () => void {
  let finish: () => void = () => {};
  const whole = new Promise<void>((resolve) => {
    finish = resolve;
  });
  originOf(rig, 'far').on(key, (_request, response) => {
    response.writeHead(200, { 'content-length': photo.length, etag: `"${key}"` });
    response.write(photo.subarray(0, photo.length / 2));
    void whole.then(() => response.end(photo.subarray(photo.length / 2)));
  });
  return finish;
}

const ask = (key: string) => rig.node.get(`/far/${key}/~w_40.webp`);
const redirects = (): Promise<number> => metric(rig.node, 'pileus_redirects_total', { reason: 'buffer_full' });

describe('a source that finds no room in any blob buffer', () => {
  it('is handed back by each worker and in the end refused, and served once there is room', async () => {
    const before = await rig.node.stats();
    expect(photo.length * 2).toBeGreaterThan(before.workers[0]?.bufferBytes ?? 0);
    const finishers = ['a.jpg', 'b.jpg', 'c.jpg'].map(halfAnswer);
    // One fills each worker: the second has no room beside the first and goes to the other.
    const filling = [ask('a.jpg')];
    await rig.node.until(({ workers }) => workers.filter(({ bufferBytesUsed }) => bufferBytesUsed > 0).length === 1);
    filling.push(ask('b.jpg'));
    await rig.node.until(({ workers }) => workers.every(({ bufferBytesUsed }) => bufferBytesUsed > 0));

    const refused = await ask('c.jpg');
    expect([refused.status, refused.headers['retry-after']]).toEqual([503, '1']);
    expect(refused.json()).toMatchObject({ code: 'overloaded' });

    for (const finish of finishers) finish();
    expect((await Promise.all(filling)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await ask('c.jpg')).status).toBe(200);
    expect(pidsOf(await calm(rig.node))).toEqual(pidsOf(before));
    expect(await redirects()).toBeGreaterThanOrEqual(2);
  });

  it('of many at once each is served or refused with a time to come again', async () => {
    const keys = Array.from({ length: 12 }, (_, index) => `many-${index}.jpg`);
    for (const key of keys) originOf(rig, 'far').put(key, photo, { etag: `"${key}"` });
    const replies = await Promise.all(keys.map(ask));
    for (const reply of replies) {
      if (reply.status !== 200) expect([reply.status, reply.headers['retry-after']]).toEqual([503, expect.any(String)]);
    }
    expect(replies.some(({ status }) => status === 200)).toBe(true);
    await calm(rig.node);
    for (const key of keys) expect((await ask(key)).status).toBe(200);
  });
});
