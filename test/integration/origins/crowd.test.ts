import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { gradient, jpeg } from '../../fixtures/pictures.ts';
import { calm, pidsOf } from '../../helpers/gauges.ts';
import { gate, type OriginRig, originOf, patientOptions, seen, startRig } from './rig.ts';

vi.setConfig({ testTimeout: 60_000 });

let rig: OriginRig;
let photo: Buffer;

beforeAll(async () => {
  photo = await jpeg(gradient(60, 40));
  // No deadline passes: what hangs goes on when the test says so.
  rig = await startRig({
    origins: { good: {}, hung: {}, stale: { limits: { sourceFreshMs: 0 } } },
    options: patientOptions,
  });
});

afterAll(async () => {
  await rig?.stop();
});

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
const statusesOf = async (replies: readonly Promise<{ status: number }>[]): Promise<readonly number[]> =>
  (await Promise.all(replies)).map(({ status }) => status);

/** Pictures of the folder and of the good origin, none of them asked for before, one after the other. */
async function askTheOthers(name: string): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (const index of numbers(5)) {
    const key = `${name}-${index}.jpg`;
    rig.site.put(key, photo);
    originOf(rig, 'good').put(key, photo);
    for (const ns of ['photos', 'good']) statuses.push((await rig.node.get(`/${ns}/${key}/~w_20.webp`)).status);
  }
  return statuses;
}

/** Resolves when the origin has seen this many requests. */
async function reached(name: string, method: string, count: number, path?: string): Promise<void> {
  await rig.node.until(() => seen(originOf(rig, name), method, path) >= count, 30_000);
}

/** Answers of a crowd, all there when the origin goes on: pictures, or refusals. */
async function expectServed(crowd: Promise<readonly number[]>): Promise<void> {
  const statuses = await crowd;
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(statuses).toContain(200);
  await calm(rig.node);
}

describe('while one origin hangs', () => {
  it('a crowd of its pictures keeps neither files nor another origin waiting', async () => {
    const workers = pidsOf(await rig.node.stats());
    const { route, open } = gate(photo);
    for (const index of numbers(80)) originOf(rig, 'hung').on(`${index}.jpg`, route);
    const crowd = statusesOf(numbers(80).map((index) => rig.node.get(`/hung/${index}.jpg/~w_20.webp`)));
    await reached('hung', 'GET', 12);
    expect(new Set(await askTheOthers('crowd'))).toEqual(new Set([200]));
    expect(seen(originOf(rig, 'hung'), 'GET')).toBe(12);
    open();
    await expectServed(crowd);
    expect(pidsOf(await rig.node.stats())).toEqual(workers);
  });

  it('a crowd of sizes of one picture of it keeps nobody waiting', async () => {
    const { route, open } = gate(photo);
    originOf(rig, 'hung').on('one.jpg', route);
    const crowd = statusesOf(numbers(60).map((index) => rig.node.get(`/hung/one.jpg/~w_${10 + index}.webp`)));
    await reached('hung', 'GET', 1, 'one.jpg');
    expect(new Set(await askTheOthers('sizes'))).toEqual(new Set([200]));
    open();
    await expectServed(crowd);
    expect(seen(originOf(rig, 'hung'), 'GET', 'one.jpg')).toBe(1);
  });

  it('a crowd that it has to confirm keeps nobody waiting, with one worker either', async () => {
    await rig.stop();
    rig = await startRig({
      origins: { good: {}, stale: { limits: { sourceFreshMs: 0 } } },
      options: { ...patientOptions, workers: 1 },
    });
    const origin = originOf(rig, 'stale');
    const ask = (index: number) => rig.node.get(`/stale/${index}.jpg/~info.json`);
    for (const index of numbers(100)) {
      origin.put(`${index}.jpg`, photo, { etag: '"1"' });
      expect((await ask(index)).status).toBe(200);
    }
    const { route, open } = gate(photo);
    for (const index of numbers(100)) origin.on(`${index}.jpg`, route);
    const crowd = statusesOf(numbers(100).map(ask));
    // As many as the worker has connections to one origin.
    await reached('stale', 'HEAD', 64);
    expect(new Set(await askTheOthers('confirm'))).toEqual(new Set([200]));
    open();
    expect(new Set(await crowd)).toEqual(new Set([200]));
    await calm(rig.node);
  });
});
