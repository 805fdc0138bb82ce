import { afterEach, describe, expect, it } from 'vitest';
import type { MountConfig } from '../../src/config/config.ts';
import { imgproxySettings } from '../../src/dialects/imgproxy/settings.ts';
import { testConfig } from '../master/test-config.ts';
import { type FrontRig, openFront } from './front-rig.ts';

const rigs: FrontRig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

async function open(settings: Readonly<Record<string, unknown>> = {}, at = ''): Promise<FrontRig> {
  const mount: MountConfig = {
    grammar: 'imgproxy',
    at,
    namespace: null,
    settings: imgproxySettings.parse({ sources: { local: 'photos' }, ...settings }),
  };
  const rig = await openFront(testConfig({}, { mounts: [mount] }));
  rigs.push(rig);
  return rig;
}

const path = '/unsafe/w:20/plain/local:///a.png@webp';
/** Of the worker's facts (kit.ts). */
const modified = 'Sun, 13 Sep 2020 12:26:40 GMT';

describe('a mount of imgproxy', () => {
  it('answers OPTIONS everywhere, and only there', async () => {
    const rig = await open({ allowOrigin: 'https://a.example' }, '/img');
    const reply = await rig.send('/img/whatever', {}, 'OPTIONS');
    expect([reply.status, reply.headers.allow, reply.headers['cache-control']]).toEqual([
      200,
      'GET, HEAD, OPTIONS',
      'no-store',
    ]);
    expect(reply.headers['access-control-allow-origin']).toBe('https://a.example');
    expect((await rig.send('/photos/a.jpg/~w_20.webp', {}, 'OPTIONS')).status).toBe(405);
  });

  it('says that it is well while it is', async () => {
    const rig = await open({ healthCheckPath: 'ping', healthCheckMessage: 'here' });
    for (const place of ['/health', '/ping']) {
      expect(await rig.send(place)).toMatchObject({
        status: 200,
        body: 'here',
        headers: { 'cache-control': 'no-cache' },
      });
    }
    rig.setWorkers(0);
    expect((await rig.send('/health')).status).toBe(503);
    expect((await rig.send('/')).status).toBe(200);
  });

  it('lets the pages that it names read pictures and errors', async () => {
    const rig = await open({ allowOrigin: '*' });
    expect((await rig.send(path)).headers['access-control-allow-origin']).toBe('*');
    expect((await rig.send('/unsafe/foo:1/plain/local:///a.png')).headers['access-control-allow-origin']).toBe('*');
    const closed = await open();
    expect((await closed.send(path)).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('tells when the source was changed, and answers the condition, made or kept', async () => {
    const rig = await open();
    const since = { 'if-modified-since': modified };
    expect(await rig.send(path, since)).toMatchObject({ status: 304, headers: { 'last-modified': modified } });
    expect(await rig.send(path)).toMatchObject({ status: 200, headers: { 'last-modified': modified } });
    expect(await rig.send(path, since)).toMatchObject({ status: 304, headers: { 'last-modified': modified } });
    const other = '/unsafe/w:21/plain/local:///a.png@webp';
    const orders = rig.worker.orders.length;
    expect((await rig.send(other, since)).status).toBe(304);
    expect(rig.worker.orders).toHaveLength(orders);
    expect((await rig.send(other, { 'if-modified-since': 'Sun, 13 Sep 2020 12:26:39 GMT' })).status).toBe(200);
  });

  it('hands conditions of elsewhere to an origin that it does not know yet', async () => {
    const rig = await open();
    rig.answerOrigin(async (_source, _version, conditions) => ({
      same: conditions?.ifNoneMatch === '"theirs"',
      version: '',
    }));
    const reply = await rig.send(path, { 'if-none-match': '"theirs"' });
    expect([reply.status, reply.headers.etag, rig.worker.orders.length]).toEqual([304, '"theirs"', 0]);
    expect((await rig.send(path, { 'if-none-match': '"others"' })).status).toBe(200);
    // Now the source is known: the ETag has to be ours.
    expect((await rig.send(path, { 'if-none-match': '"theirs"' })).status).toBe(200);
  });

  it('asks no origin about ETags of its own, and lets the job say what is wrong with it', async () => {
    const rig = await open();
    let asked = 0;
    rig.answerOrigin(async () => {
      asked++;
      throw new Error('down');
    });
    expect((await rig.send(path, { 'if-none-match': '"abcdefghijklmnopqrstuv"' })).status).toBe(200);
    expect(asked).toBe(0);
    const other = '/unsafe/w:20/plain/local:///b.png@webp';
    expect((await rig.send(other, { 'if-modified-since': 'Sun, 13 Sep 2015 12:26:39 GMT' })).status).toBe(200);
    expect(asked).toBe(1);
  });

  it('tells neither where they are off', async () => {
    const rig = await open({ useEtag: false, useLastModified: false });
    const reply = await rig.send(path, { 'if-none-match': '*', 'if-modified-since': modified });
    expect([reply.status, reply.headers.etag, reply.headers['last-modified']]).toEqual([200, undefined, undefined]);
  });

  it('tells sizes where that is wanted', async () => {
    const rig = await open({ enableDebugHeaders: true });
    const wanted = {
      'x-origin-width': '400',
      'x-origin-height': '300',
      'x-result-width': '20',
      'x-result-height': '15',
    };
    for (const from of ['made', 'memory']) expect((await rig.send(path)).headers, from).toMatchObject(wanted);
  });

  it('goes by the hints of clients where that is wanted, and says so to caches', async () => {
    const rig = await open({ enableClientHints: true, autoWebp: true });
    const plain = '/unsafe/plain/local:///a.png';
    const reply = await rig.send(plain, { 'sec-ch-dpr': '2', width: '300' });
    expect(reply.headers.vary).toBe('Accept, Sec-CH-DPR, DPR, Sec-CH-Width, Width');
    expect(rig.worker.orders[0]?.plan.steps[0]).toMatchObject({ w: 150, dpr: 2 });
    await rig.send(plain, { dpr: '3' });
    expect(rig.worker.orders[1]?.plan.steps[0]).toMatchObject({ w: 0, dpr: 3 });
    await rig.send('/unsafe/w:10/plain/local:///a.png', { width: '300' });
    expect(rig.worker.orders[2]?.plan.steps[0]).toMatchObject({ w: 10, dpr: 1 });
    const deaf = await open();
    expect((await deaf.send(plain, { width: '300' })).headers.vary).toBeUndefined();
    expect(deaf.worker.orders[0]?.plan.steps[0]).toMatchObject({ w: 0 });
  });
});
