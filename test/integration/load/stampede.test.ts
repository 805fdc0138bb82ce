import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { gradient, jpeg } from '../../fixtures/pictures.ts';
import { calm, jobsDoneOf, metric } from '../../helpers/gauges.ts';
import type { Reply } from '../../helpers/pileus.ts';
import { gate, type OriginRig, originOf, patientOptions, seen, startRig } from '../origins/rig.ts';

vi.setConfig({ testTimeout: 120_000 });

const crowdSize = 1000;
let rig: OriginRig;
let photo: Buffer;

beforeAll(async () => {
  photo = await jpeg(gradient(60, 40));
  rig = await startRig({ origins: { far: {} }, options: { ...patientOptions, waitersMax: crowdSize } });
});

afterAll(async () => {
  await rig?.stop();
});

/** Asks so many times at once. */
const crowdOf = (path: string, count = crowdSize): readonly Promise<Reply>[] =>
  Array.from({ length: count }, () => rig.node.get(path));

const inFlight = (count: number) =>
  rig.node.until(({ lbs }) => lbs.reduce((sum, lb) => sum + lb.requestsInFlight, 0) === count, 50_000);

const digestOf = ({ body }: Reply): string => createHash('sha256').update(body).digest('hex');

describe('a thousand requests for one new picture at once', () => {
  it('cost one fetch and one job, and all get the same bytes', async () => {
    const { route, open } = gate(photo);
    originOf(rig, 'far').on('new.jpg', route);
    const before = await calm(rig.node);
    const crowd = crowdOf('/far/new.jpg/~w_20.webp');
    await inFlight(crowdSize);
    open();
    const replies = await Promise.all(crowd);
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(replies.map(digestOf)).size).toBe(1);
    expect(new Set(replies.map(({ headers }) => headers['x-request-id'])).size).toBe(crowdSize);
    expect(seen(originOf(rig, 'far'), 'GET', 'new.jpg')).toBe(1);
    const after = await calm(rig.node);
    expect(jobsDoneOf(after) - jobsDoneOf(before)).toBe(1);
    expect((after.counters.made ?? 0) - (before.counters.made ?? 0)).toBe(1);
    expect((after.counters.joined ?? 0) - (before.counters.joined ?? 0)).toBe(crowdSize - 1);
    expect(await metric(rig.node, 'pileus_singleflight_joined_total')).toBe(crowdSize - 1);
  });

  it('cost one fetch when it fails, and all get the same error', async () => {
    const { route, open } = gate(Buffer.from('down'), 500);
    originOf(rig, 'far').on('down.jpg', route);
    const crowd = crowdOf('/far/down.jpg/~w_20.webp');
    await inFlight(crowdSize);
    open();
    const replies = await Promise.all(crowd);
    const codes = replies.map((reply) => `${reply.status} ${(reply.json() as { code: string }).code}`);
    expect(new Set(codes)).toEqual(new Set(['502 origin_failed']));
    expect(seen(originOf(rig, 'far'), 'GET', 'down.jpg')).toBe(1);
    await calm(rig.node);
  });

  it('wait in a bounded number: who comes beyond it is refused at once, with a time to come again', async () => {
    const { route, open } = gate(photo);
    originOf(rig, 'far').on('full.jpg', route);
    const crowd = crowdOf('/far/full.jpg/~w_20.webp');
    await inFlight(crowdSize);
    const late = await Promise.all(crowdOf('/far/full.jpg/~w_20.webp', 20));
    for (const reply of late) {
      expect([reply.status, reply.headers['retry-after']]).toEqual([503, '1']);
      expect(reply.json()).toMatchObject({ code: 'overloaded' });
    }
    open();
    expect(new Set((await Promise.all(crowd)).map(({ status }) => status))).toEqual(new Set([200]));
    await calm(rig.node);
  });

  it('cost nothing when it is there already', async () => {
    const before = jobsDoneOf(await calm(rig.node));
    const replies = await Promise.all(crowdOf('/far/new.jpg/~w_20.webp'));
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
    expect(jobsDoneOf(await calm(rig.node))).toBe(before);
    expect(seen(originOf(rig, 'far'), 'GET', 'new.jpg')).toBe(1);
  });
});
