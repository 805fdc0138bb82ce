import { afterEach, describe, expect, it } from 'vitest';
import type { MountConfig } from '../../src/config/config.ts';
import { imgproxySettings } from '../../src/dialects/imgproxy/settings.ts';
import { type ErrorCode, PileusError } from '../../src/shared/errors.ts';
import { namespace, testConfig } from '../master/test-config.ts';
import { type FrontRig, openFront, pictureAnswer } from './front-rig.ts';
import { reportOf } from './kit.ts';

const rigs: FrontRig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

/** A mount of imgproxy whose sources all end in `code`; its fallback, and what URLs name as one, can be had. */
async function openWith(code: ErrorCode, settings: Readonly<Record<string, unknown>> = {}): Promise<FrontRig> {
  const mount: MountConfig = {
    grammar: 'imgproxy',
    at: '',
    namespace: null,
    settings: imgproxySettings.parse({
      sources: { local: 'photos' },
      fallbackImage: { namespace: 'spare', key: 'spare.png' },
      ...settings,
    }),
  };
  const namespaces = { photos: namespace, spare: { ...namespace, name: 'spare' } };
  const rig = await openFront(testConfig({}, { namespaces, mounts: [mount] }));
  rigs.push(rig);
  rig.worker.answer = ({ source }) => {
    if (source.key.startsWith('spare')) return pictureAnswer(source.key, source.key);
    const error = new PileusError(code);
    return { kind: 'error', error, report: reportOf({ version: null, facts: null, result: null }) };
  };
  return rig;
}

const path = '/unsafe/w:20/plain/local:///a.png@webp';

describe('a fallback', () => {
  it.each<ErrorCode>(['source_not_found', 'origin_timeout', 'not_an_image', 'source_too_large', 'origin_failed'])(
    'is answered where the source ends in %s',
    async (code) => {
      const rig = await openWith(code);
      const reply = await rig.send(path);
      expect([reply.status, reply.body, reply.headers['x-pileus-fallback']]).toEqual([200, 'spare.png', '1']);
      expect(rig.worker.orders.at(-1)?.plan).toEqual(rig.worker.orders[0]?.plan);
      expect((await rig.accessLines(1))[0]).toMatchObject({ insteadOf: code, ns: 'spare', status: 200 });
    },
  );

  it.each<ErrorCode>(['undecodable', 'source_too_many_pixels', 'overloaded', 'processing_deadline'])(
    'is not for %s',
    async (code) => {
      const rig = await openWith(code);
      const reply = await rig.send(path);
      expect(reply.headers['content-type']).toContain('text/plain');
      expect(rig.worker.orders.some(({ source }) => source.ns === 'spare')).toBe(false);
    },
  );

  it('is not for a URL that cannot be read', async () => {
    const rig = await openWith('source_not_found');
    expect((await rig.send('/unsafe/foo:1/plain/local:///a.png')).body).toBe('Invalid URL');
  });

  it('has a status and a time to live of its own', async () => {
    const rig = await openWith('source_not_found', { fallbackImageHttpCode: 404, fallbackImageTtlS: 30 });
    const reply = await rig.send(path);
    expect([reply.status, reply.body]).toEqual([404, 'spare.png']);
    expect(reply.headers['cache-control']).toBe('max-age=30, public');
  });

  it.each([
    ['source_not_found', 404],
    ['origin_timeout', 504],
    ['not_an_image', 422],
  ] as const)('of status 0 keeps that of %s: %i', async (code, status) => {
    const rig = await openWith(code, { fallbackImageHttpCode: 0 });
    const reply = await rig.send(path);
    expect([reply.status, reply.body]).toEqual([status, 'spare.png']);
  });

  it('is kept as a result of its own, never of the source: once that is there it is served', async () => {
    const rig = await openWith('origin_timeout');
    await rig.send(path);
    const made = rig.worker.orders.length;
    rig.worker.answer = ({ source }) => pictureAnswer(source.key, source.key);
    const reply = await rig.send(path);
    expect([reply.body, reply.headers['x-pileus-fallback'], reply.headers.etag]).toEqual([
      'a.png',
      undefined,
      '"a.png"',
    ]);
    expect(rig.worker.orders).toHaveLength(made + 1);
  });

  it('has no ETag, and no condition of the client holds for it', async () => {
    const rig = await openWith('source_not_found');
    const reply = await rig.send(path, { 'if-none-match': '*' });
    expect([reply.status, reply.headers.etag]).toEqual([200, undefined]);
  });

  it('by HEAD has no body', async () => {
    const rig = await openWith('source_not_found');
    const reply = await rig.send(path, {}, 'HEAD');
    expect([reply.status, reply.headers['content-length'], reply.body]).toEqual([200, '9', '']);
  });

  it('may be named in the URL', async () => {
    const rig = await openWith('source_not_found', { fallbackImage: null });
    const url = Buffer.from('local:///spare-2.png').toString('base64url');
    expect((await rig.send(`/unsafe/fiu:${url}/plain/local:///a.png@webp`)).body).toBe('spare-2.png');
    expect((await rig.send('/unsafe/fiu:!/plain/local:///a.png@webp')).body).toBe('Invalid URL');
  });

  it('that cannot be had either leaves the error as it was', async () => {
    const rig = await openWith('source_not_found', { fallbackImage: { namespace: 'photos', key: 'gone.png' } });
    expect(await rig.send(path)).toMatchObject({ status: 404, body: 'Source is unreachable' });
    expect(rig.lines.filter(({ event }) => event === 'fallback-failed')).toHaveLength(1);
  });
});
