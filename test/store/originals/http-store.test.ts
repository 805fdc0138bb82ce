import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/shared/clock.ts';
import type { Resolve } from '../../../src/store/originals/checked-connect.ts';
import { isWholeRange, statOf } from '../../../src/store/originals/http-answer.ts';
import { HttpStore } from '../../../src/store/originals/http-store.ts';
import { type OriginSimulator, routes, startOriginSimulator } from '../../helpers/origin-simulator.ts';
import { describeOriginalStore, fetchAll, generousDeadlines, openOptions, pattern, readAll } from './contract.ts';

const storeFor = (
  baseUrl: string,
  changes: { headers?: Record<string, string>; redirectHosts?: string[]; allowAddresses?: string[] } = {},
  resolve?: Resolve,
): HttpStore =>
  new HttpStore(
    { kind: 'http', baseUrl, headers: {}, redirectHosts: [], allowAddresses: ['127.0.0.1'], ...changes },
    systemClock,
    resolve,
  );

const etagFor = (bytes: Buffer): string => `"${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}"`;

describe.each([
  ['http with strong ETags', (bytes: Buffer) => ({ etag: etagFor(bytes) })],
  ['http with weak ETags', (bytes: Buffer) => ({ etag: `W/${etagFor(bytes)}` })],
  ['http with Last-Modified', () => ({ 'last-modified': 'Tue, 01 Oct 2024 10:00:00 GMT' })],
])('%s', (name, headersFor) => {
  describeOriginalStore(name, async () => {
    const origin = await startOriginSimulator();
    const store = storeFor(`${origin.url}base/`);
    return {
      store,
      put: async (key, bytes) => origin.put(`base/${key}`, bytes, headersFor(bytes)),
      remove: async (key) => origin.remove(`base/${key}`),
      close: async () => {
        await origin.close();
        await store.close();
      },
    };
  });
});

describe('http store', () => {
  let origin: OriginSimulator;
  let store: HttpStore;
  beforeEach(async () => {
    origin = await startOriginSimulator();
    store = storeFor(origin.url, { headers: { Authorization: 'secret' } });
  });
  afterEach(async () => {
    await origin.close();
    await store.close();
  });

  describe('an origin that misbehaves', () => {
    it.each([
      ['a body shorter than announced', routes.shortLength(10, 20), 'origin_truncated'],
      ['a chunked body that is cut', routes.chunkCut(), 'origin_truncated'],
      ['a reset after some bytes', routes.resetAfter(10, 20), 'origin_truncated'],
      ['a chunked body that is malformed', routes.brokenChunk(), 'origin_failed'],
      ['an answer that is not HTTP', routes.raw('SSH-2.0-OpenSSH_9.6\r\n'), 'origin_failed'],
      ['an endless chunked body', routes.endless(), 'source_too_large'],
      ['a huge Content-Length', routes.hangBody(0, 10_000_000_000), 'source_too_large'],
      ['a 206 that was not asked for', routes.partial('bytes 0-4/9', 'hello'), 'origin_failed'],
      ['a gzip bomb', routes.gzipBomb(50_000_000), 'source_too_large'],
      ['a gzip body that is cut', routes.gzipCut(pattern(5000)), 'origin_truncated'],
      ['a gzip body that is none', routes.encoded('gzip', pattern(5000)), 'origin_failed'],
      ['a brotli body', routes.encoded('br', pattern(50)), 'origin_failed'],
      ['connections that always break before an answer', routes.resetAtOnce(9, routes.status(200)), 'origin_failed'],
      ['404', routes.status(404), 'source_not_found'],
      ['410', routes.status(410), 'source_not_found'],
      ['401', routes.status(401), 'source_not_found'],
      ['403', routes.status(403), 'source_not_found'],
      ['400', routes.status(400), 'origin_failed'],
      ['418', routes.status(418), 'origin_failed'],
      ['500', routes.status(500), 'origin_failed'],
      ['204', routes.status(204), 'origin_failed'],
      ['a 304 that was not asked for', routes.status(304), 'origin_failed'],
      ['a redirect that leads nowhere', routes.status(302), 'origin_failed'],
      ['300', routes.status(300, { location: '/fine' }), 'origin_failed'],
    ])('%s', async (_name, route, code) => {
      origin.on('a.jpg', route);
      origin.put('fine', pattern(10));
      await expect(fetchAll(store, 'a.jpg')).rejects.toMatchObject({ code });
      expect(await fetchAll(store, 'fine')).toEqual(pattern(10));
    });

    it.each([
      ['headers that never come', routes.hangHeaders(), { headersMs: 40 }, 'headers'],
      ['a body that stops', routes.hangBody(10, 20), { idleMs: 40 }, 'idle'],
      ['one byte now and then', routes.trickle(5), { idleMs: 5000, totalMs: 150 }, 'total'],
      ['headers that never come, later than the whole', routes.hangHeaders(), { totalMs: 40 }, 'total'],
    ])('origin_timeout for %s', async (_name, route, deadlines, phase) => {
      origin.on('a.jpg', route);
      await expect(
        fetchAll(store, 'a.jpg', { deadlines: { ...generousDeadlines, ...deadlines } }),
      ).rejects.toMatchObject({ code: 'origin_timeout', detail: expect.stringContaining(phase) });
    });

    it('lets go of the connection at the total deadline although nobody reads', async () => {
      const closed = new Promise<void>((resolve) => {
        origin.on('a.jpg', (request, response) => {
          request.socket.on('close', () => resolve());
          routes.hangBody(10, 20)(request, response);
        });
      });
      const original = await store.open('a.jpg', openOptions({ deadlines: { ...generousDeadlines, totalMs: 500 } }));
      await closed;
      await expect(original.read(Buffer.alloc(10))).rejects.toMatchObject({ code: 'origin_timeout' });
      await original.close();
    });

    it('lets go of the connection when the asker leaves before the headers', async () => {
      const leaving = new AbortController();
      const closed = new Promise<void>((resolve) => {
        origin.on('a.jpg', (request) => {
          request.socket.on('close', () => resolve());
          leaving.abort();
        });
      });
      await expect(store.open('a.jpg', openOptions({ signal: leaving.signal }))).rejects.toMatchObject({
        code: 'client_gone',
      });
      await closed;
    });

    it('uses exactly the announced bytes of a longer body, and the next original is whole', async () => {
      origin.on('long', routes.longBody(5, 500));
      origin.put('next', pattern(100));
      expect(await fetchAll(store, 'long')).toEqual(Buffer.from('xxxxx'));
      expect(await fetchAll(store, 'next')).toEqual(pattern(100));
    });

    it('asks once more when the connection broke before any answer, and not a third time', async () => {
      origin.on('a.jpg', routes.resetAtOnce(1, routes.status(200, {}, 'hello')));
      expect(await fetchAll(store, 'a.jpg')).toEqual(Buffer.from('hello'));
      expect(origin.requests).toHaveLength(2);
      origin.on('b.jpg', routes.resetAtOnce(2, routes.status(200, {}, 'hello')));
      await expect(fetchAll(store, 'b.jpg')).rejects.toMatchObject({ code: 'origin_failed' });
      expect(origin.requests).toHaveLength(4);
    });

    it('hands on Retry-After in seconds, from either form, held to an hour', async () => {
      origin.on('a', routes.status(503, { 'retry-after': '7' }));
      origin.on('b', routes.status(429, { 'retry-after': '99999' }));
      origin.on('c', routes.status(503, { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }));
      origin.on('d', routes.status(503, { 'retry-after': 'soon' }));
      await expect(fetchAll(store, 'a')).rejects.toMatchObject({ code: 'origin_busy', retryAfterS: 7 });
      await expect(fetchAll(store, 'b')).rejects.toMatchObject({ code: 'origin_busy', retryAfterS: 3600 });
      await expect(fetchAll(store, 'c')).rejects.toMatchObject({ code: 'origin_busy', retryAfterS: 1 });
      await expect(fetchAll(store, 'd')).rejects.toMatchObject({ code: 'origin_busy', retryAfterS: undefined });
    });

    it('never puts the origin into what it says in public', async () => {
      origin.on('a', routes.status(500));
      const error = await fetchAll(store, 'a').catch((caught: Error) => caught);
      expect(String(error)).not.toContain('127.0.0.1');
    });
  });

  describe('bodies', () => {
    it('unwraps gzip although plain bytes were asked for', async () => {
      origin.on('a.svg', routes.gzip(pattern(100_000)));
      const original = await store.open('a.svg', openOptions());
      expect(original.stat.bytes).toBeNull();
      expect((await readAll(original)).equals(pattern(100_000))).toBe(true);
      expect(origin.requests[0]?.headers['accept-encoding']).toBe('identity');
    });

    it('hands on what is no picture: an error document with status 200 is for the probe to see', async () => {
      origin.on('a.jpg', routes.xmlError());
      const original = await store.open('a.jpg', openOptions());
      expect((await readAll(original)).toString()).toContain('InternalError');
    });

    it('cuts the range out of a whole answer where the origin knows no ranges', async () => {
      origin.on('a.jpg', routes.status(200, {}, 'abcdefghij'));
      expect((await fetchAll(store, 'a.jpg', { range: { first: 2, last: 4 } })).toString()).toBe('cde');
    });

    it.each([
      ['another range', 'bytes 1-5/10'],
      ['a range that is too long', 'bytes 2-9/10'],
      ['a range that stops before the end', 'bytes 2-3/10'],
      ['no range', null],
      ['nonsense', 'bytes x'],
    ])('refuses a 206 with %s', async (_name, contentRange) => {
      origin.on('a.jpg', routes.partial(contentRange, 'cde'));
      await expect(fetchAll(store, 'a.jpg', { range: { first: 2, last: 4 } })).rejects.toMatchObject({
        code: 'origin_failed',
      });
    });

    // Two, not one: a connection rests for a turn of the event loop before it is used again.
    it('reads twenty originals one after another over two connections at most', async () => {
      origin.put('a.jpg', pattern(300_000));
      for (let i = 0; i < 20; i++) await fetchAll(store, 'a.jpg');
      expect(origin.connections()).toBeLessThanOrEqual(2);
    });

    it('sends the configured headers and the trace context', async () => {
      origin.put('a.jpg', pattern(1));
      await fetchAll(store, 'a.jpg', { traceparent: '00-11-22-01' });
      expect(origin.requests[0]?.headers).toMatchObject({ authorization: 'secret', traceparent: '00-11-22-01' });
    });
  });

  it('has usual headers, which configured ones replace, but for what it has to say itself', async () => {
    origin.put('a.jpg', pattern(1));
    const headers = { Accept: 'image/jpeg', 'user-agent': 'our-node', 'Accept-Encoding': 'gzip' };
    const dressed = storeFor(origin.url, { headers });
    await fetchAll(store, 'a.jpg');
    await fetchAll(dressed, 'a.jpg');
    const sent = origin.requests.map((request) => request.headers);
    expect(sent.map((one) => [one.accept, one['user-agent'], one['accept-encoding']])).toEqual([
      ['*/*', 'pileus', 'identity'],
      ['image/jpeg', 'our-node', 'identity'],
    ]);
    await dressed.close();
  });

  describe('versions', () => {
    it('has none where the origin gives neither ETag nor Last-Modified with a length', async () => {
      origin.on('bare', routes.status(200, { 'content-length': '2' }, 'ab'));
      origin.on('chunked', (_request, response) => {
        response.writeHead(200, { 'last-modified': 'Tue, 01 Oct 2024 10:00:00 GMT' });
        response.end('ab');
      });
      for (const key of ['bare', 'chunked']) {
        const original = await store.open(key, openOptions());
        expect(original.stat.version).toBeNull();
        await original.close();
      }
    });

    it('revalidates with If-None-Match, without a body', async () => {
      origin.put('a.jpg', pattern(10), { etag: '"v1"' });
      const { version } = await store.stat('a.jpg', openOptions());
      expect(await store.stat('a.jpg', openOptions({ knownVersion: version }))).toMatchObject({ same: true, version });
      expect(origin.requests.map(({ method, headers }) => [method, headers['if-none-match']])).toEqual([
        ['HEAD', undefined],
        ['HEAD', '"v1"'],
      ]);
    });

    it('never confirms a version of another URL by its ETag', async () => {
      for (const place of ['old', 'new']) origin.put(`${place}/a.jpg`, pattern(10), { etag: '"v1"' });
      const moved = storeFor(`${origin.url}new/`);
      const { version } = await store.stat('old/a.jpg', openOptions());
      const now = await moved.stat('a.jpg', openOptions({ knownVersion: version }));
      expect(now.same).toBe(false);
      expect(now.version).not.toBe(version);
      await moved.close();
    });

    it('falls back to GET where HEAD is refused', async () => {
      origin.on('a.jpg', (request, response) => {
        if (request.method === 'HEAD') response.writeHead(405).end();
        else response.writeHead(200, { etag: '"v1"', 'content-length': 3 }).end('abc');
      });
      expect(await store.stat('a.jpg', openOptions())).toMatchObject({ bytes: 3, same: false });
    });

    it('hashes an ETag that would not fit a header, and still tells it apart', async () => {
      origin.put('a.jpg', pattern(10), { etag: `"${'x'.repeat(3000)}"` });
      const first = await store.stat('a.jpg', openOptions());
      origin.put('a.jpg', pattern(10), { etag: `"${'x'.repeat(2999)}y"` });
      const second = await store.stat('a.jpg', openOptions({ knownVersion: first.version }));
      expect(first.version?.length).toBeLessThan(100);
      expect(second).toMatchObject({ same: false });
    });
  });

  describe('redirects', () => {
    it('follows three of them, not four, and ends a loop', async () => {
      origin.put('end', pattern(10));
      origin.on('3', routes.redirect('end', 301));
      origin.on('2', routes.redirect('/3', 303));
      origin.on('1', routes.redirect(`${origin.url}2`, 307));
      origin.on('0', routes.redirect('/1', 308));
      origin.on('loop', routes.redirect('/loop'));
      expect(await fetchAll(store, '1')).toEqual(pattern(10));
      await expect(fetchAll(store, '0')).rejects.toMatchObject({ code: 'origin_failed' });
      await expect(fetchAll(store, 'loop')).rejects.toMatchObject({ code: 'origin_failed' });
      await expect(fetchAll(store, '1', { redirectsMax: 2 })).rejects.toMatchObject({ code: 'origin_failed' });
    });

    it('takes its headers to a listed host but not the configured ones, and not back again either', async () => {
      const other = await startOriginSimulator();
      const trusting = storeFor(origin.url, { headers: { Authorization: 'secret' }, redirectHosts: [other.host] });
      origin.on('a.jpg', routes.redirect(`${other.url}b.jpg`));
      other.on('b.jpg', routes.redirect(`${origin.url}c.jpg`));
      origin.put('c.jpg', pattern(10));
      expect(await fetchAll(trusting, 'a.jpg', { traceparent: '00-11-22-01' })).toEqual(pattern(10));
      expect(origin.requests.map(({ headers }) => headers.authorization)).toEqual(['secret', undefined]);
      expect(other.requests[0]?.headers.authorization).toBeUndefined();
      expect(other.requests[0]?.headers.traceparent).toBeUndefined();
      expect(other.requests[0]?.headers['accept-encoding']).toBe('identity');
      await other.close();
      await trusting.close();
    });

    it.each([
      'http://169.254.169.254/latest/meta-data/',
      'http://[::1]/',
      'http://10.0.0.1/',
      'http://example.com/',
      'http://user@127.0.0.1/',
      'file:///etc/passwd',
      'ftp://127.0.0.1/',
      'gopher://127.0.0.1/',
      'data:image/png;base64,AA==',
    ])('does not follow one to %s', async (location) => {
      origin.on('a.jpg', routes.redirect(location));
      const error = await fetchAll(store, 'a.jpg').catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'origin_unreachable', detail: undefined });
      expect(origin.requests).toHaveLength(1);
    });
  });
});

describe('what may be dialled', () => {
  let canary: OriginSimulator;
  const port = (): string => new URL(canary.url).port;
  beforeEach(async () => {
    canary = await startOriginSimulator();
    canary.put('a.jpg', pattern(10));
  });
  afterEach(() => canary.close());

  const answering =
    (...rounds: string[][]): Resolve =>
    (_hostname, _options, callback) => {
      const addresses = rounds.length > 1 ? rounds.shift() : rounds[0];
      callback(
        null,
        (addresses ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    };

  const tryFetch = async (baseUrl: string, allowAddresses: string[], resolve?: Resolve): Promise<unknown> => {
    const store = storeFor(baseUrl, { allowAddresses }, resolve);
    const outcome = await fetchAll(store, 'a.jpg').catch((error: unknown) => error);
    await store.close();
    return outcome;
  };

  it.each([
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '①②⑦.⓪.⓪.①',
    '0',
    '0.0.0.0',
    '[::]',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::7f00:1]',
    '[::ffff:0:7f00:1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::]',
    '[2001:db8::5efe:7f00:1]',
    'localhost',
    'localhost.',
  ])('the literal %s reaches nothing', async (host) => {
    const error = await tryFetch(`http://${host}:${port()}/`, []);
    expect(error).toMatchObject({ code: 'origin_unreachable', detail: undefined });
    expect(canary.connections()).toBe(0);
  });

  it('dials what is listed', async () => {
    expect(await tryFetch(`http://127.0.0.1:${port()}/`, ['127.0.0.0/8'])).toEqual(pattern(10));
    expect(await tryFetch(`http://localhost:${port()}/`, ['127.0.0.0/8', '::1'])).toEqual(pattern(10));
  });

  it('refuses a name all of whose addresses are private', async () => {
    const error = await tryFetch(`http://cdn.test:${port()}/`, [], answering(['127.0.0.1', '::1']));
    expect(error).toMatchObject({ code: 'origin_unreachable' });
    expect(canary.connections()).toBe(0);
  });

  it('dials only the checked addresses of a name that has others too', async () => {
    const resolve = answering(['::1', '10.0.0.1', '127.0.0.1']);
    expect(await tryFetch(`http://cdn.test:${port()}/`, ['127.0.0.1/32'], resolve)).toEqual(pattern(10));
  });

  it('resolves once, so that a second answer cannot rebind the name', async () => {
    const resolve = answering(['127.0.0.1'], ['10.0.0.1']);
    expect(await tryFetch(`http://cdn.test:${port()}/`, ['127.0.0.1/32'], resolve)).toEqual(pattern(10));
    const rebound = answering(['192.0.2.1'], ['127.0.0.1']);
    expect(await tryFetch(`http://cdn.test:${port()}/`, [], rebound)).toMatchObject({ code: 'origin_unreachable' });
    expect(canary.connections()).toBe(1);
  });

  it('says the same of a blocked, an unknown, a refusing and an untrusted host', async () => {
    const closed = await startOriginSimulator();
    await closed.close();
    const unknown: Resolve = (_hostname, _options, callback) =>
      callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }), []);
    const errors = [
      await tryFetch('http://10.0.0.1/', []),
      await tryFetch('http://cdn.test/', [], unknown),
      await tryFetch(closed.url, ['127.0.0.1']),
      await tryFetch(`https://127.0.0.1:${port()}/`, ['127.0.0.1']),
    ];
    expect(new Set(errors.map((error) => JSON.stringify([String(error), error])))).toHaveProperty('size', 1);
    expect(errors[0]).toMatchObject({ code: 'origin_unreachable' });
  });

  it('gives up connecting at its deadline', async () => {
    const never: Resolve = () => {};
    const store = storeFor('http://cdn.test/', {}, never);
    await expect(
      fetchAll(store, 'a.jpg', { deadlines: { ...generousDeadlines, connectMs: 40 } }),
    ).rejects.toMatchObject({ code: 'origin_timeout', detail: expect.stringContaining('connect') });
    await store.close();
  });
});

describe('what an origin says of caching', () => {
  it.each([
    [{ 'cache-control': 'max-age=5, private' }, { control: 'max-age=5, private', expiresMs: null }],
    [{ expires: 'Wed, 21 Oct 2015 07:28:00 GMT' }, { control: null, expiresMs: 1_445_412_480_000 }],
    [{ expires: '0' }, { control: null, expiresMs: 0 }],
    [{ 'cache-control': 'x'.repeat(600) }, undefined],
    [{}, undefined],
  ])('%j is known beside the version', (headers, caching) => {
    const stat = statOf(new URL('http://host/a'), 200, { etag: '"x"', ...headers }, null);
    expect(stat.caching).toEqual(caching);
  });
});

describe('a 206 to a whole request', () => {
  it.each([
    ['bytes 0-99/100', '100', true],
    ['bytes 0-99/*', '100', true],
    ['bytes 0-99/100', undefined, true],
    ['bytes 0-98/100', '99', false],
    ['bytes 1-99/100', '99', false],
    ['bytes 0-98/*', '100', false],
    ['bytes 0-99/*', undefined, false],
    ['bytes 0-0/0', '100', false],
    ['nonsense', '100', false],
  ])('%s of %s bytes is all of it: %j', (range, length, wanted) => {
    const headers = { 'content-range': range, ...(length === undefined ? {} : { 'content-length': length }) };
    expect(isWholeRange(headers)).toBe(wanted);
  });
});
