import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JobOrder, JobReport, OriginalOrder } from '../../src/ipc/order.ts';
import { msToNs } from '../../src/shared/clock.ts';
import { KiB } from '../../src/shared/units.ts';
import { Offers } from '../../src/worker/offers.ts';
import { openServer, type WorkerServer } from '../../src/worker/server.ts';
import { type Bench, breakAfter, headerOf, holdBack, openBench, picture, put, settle } from './fakes.ts';

type Reply = { status: number; headers: http.IncomingHttpHeaders; body: Buffer; report: JobReport };

let bench: Bench;
let server: WorkerServer;
let offers: Offers;
let folder: string;
let socketPath: string;

async function serve(bufferBytes = 1_000_000): Promise<void> {
  bench = await openBench({}, bufferBytes);
  offers = new Offers();
  server = openServer(bench.deps, offers);
  await server.listen(socketPath);
}

function begin(route: string, body: Buffer | string, headers: http.OutgoingHttpHeaders = {}) {
  const [method, url] = route.split(' ');
  const request = http.request({ socketPath, method, path: url, headers, agent: false });
  request.end(body);
  const reply = new Promise<http.IncomingMessage>((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', reject);
  });
  return { request, reply };
}

async function call(route: string, body: Buffer | string, headers: http.OutgoingHttpHeaders = {}): Promise<Reply> {
  const response = await begin(route, body, headers).reply;
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    body: Buffer.concat(chunks),
    report: JSON.parse(String(response.headers['x-pileus-report'])) as JobReport,
  };
}

const job = (order: JobOrder): Promise<Reply> => call('POST /job', JSON.stringify(order));

/** Waits until the fake engine has begun so many pictures. */
async function pictures(count: number): Promise<void> {
  while (bench.engine.running.length < count) await settle();
}

const original = (key: string, change: Partial<OriginalOrder> = {}): OriginalOrder => ({
  requestId: 'r',
  traceparent: null,
  source: { ns: 'photos', key },
  head: false,
  range: null,
  ifNoneMatch: null,
  ifRange: null,
  ifModifiedSince: null,
  deadlineNs: msToNs(bench.clock.nowMs() + 15_000),
  configRevision: 1,
  ...change,
});

const fetchOriginal = (key: string, change: Partial<OriginalOrder> = {}): Promise<Reply> =>
  call('POST /original', JSON.stringify(original(key, change)));

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'pileus-worker-'));
  socketPath = path.join(folder, 'worker.sock');
  await serve();
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

describe('POST /job', () => {
  it('answers 200 with the picture, its type and its length', async () => {
    put(bench, 'a', picture(600, 400));
    const answer = job(bench.order('a'));
    await pictures(1);
    bench.engine.running[0]?.finish(Buffer.from('the picture'));
    const { status, headers, body, report } = await answer;
    expect([status, body.toString()]).toEqual([200, 'the picture']);
    expect(headers).toMatchObject({ 'content-type': 'image/jpeg', 'content-length': '11' });
    expect(report.result?.width).toBe(100);
  });

  it('answers an error with its status, and an empty body', async () => {
    const { status, body, report } = await job(bench.order('missing'));
    expect([status, body.length, report.error?.code]).toEqual([404, 0, 'source_not_found']);
  });

  it('answers 299 with the bytes of the source, which stay pinned until they are sent', async () => {
    const bytes = picture(1000, 1000, 300_000);
    put(bench, 'a', bytes);
    await job(bench.order('a', { plan: { ...bench.order('a').plan, view: 'info', steps: [] } }));
    const { status, body, report } = await job(bench.order('a'));
    expect([status, report.redirect]).toEqual([299, { reason: 'heavier_than_announced', carries: true }]);
    expect(body.equals(bytes)).toBe(true);
    while (bench.buffer.usage.pinnedBytes > 0) await settle();
  });

  const carried = (bytes: Buffer) => ({
    bytes: bytes.length,
    facts: { version: 'v9', bytes: bytes.length, header: headerOf(600, 400), modifiedMs: null },
  });

  function jobWithSource(order: JobOrder, source: Buffer): Promise<Reply> {
    const json = Buffer.from(JSON.stringify(order));
    return call('POST /job', Buffer.concat([json, source]), { 'x-pileus-order-bytes': json.length });
  }

  it('takes a source that follows the order', async () => {
    const source = picture(600, 400, 200_000, 's');
    const answer = jobWithSource(bench.order('a', { carried: carried(source) }), source);
    await pictures(1);
    expect(Buffer.from(bench.engine.running[0]?.source ?? []).equals(source)).toBe(true);
    bench.engine.running[0]?.finish();
    expect((await answer).report.version).toBe('v9');
    expect(bench.store.opened).toEqual([]);
  });

  it('passes a source that followed the order on when it has no room for it', async () => {
    await server.close();
    await serve(1000);
    const source = picture(600, 400, 200_000, 's');
    const { status, body, report } = await jobWithSource(bench.order('a', { carried: carried(source) }), source);
    expect([status, report.redirect]).toEqual([299, { reason: 'buffer_full', carries: true }]);
    expect(body.equals(source)).toBe(true);
  });

  it('asks the origin when the source it was promised breaks off', async () => {
    const source = picture(600, 400, 200_000, 's');
    put(bench, 'a', source, { version: 'v9' });
    const answer = jobWithSource(bench.order('a', { carried: carried(source) }), source.subarray(0, 100_000));
    await pictures(1);
    expect(Buffer.from(bench.engine.running[0]?.source ?? []).equals(source)).toBe(true);
    bench.engine.running[0]?.finish();
    expect((await answer).status).toBe(200);
    expect(bench.store.opened).toEqual(['a']);
  });

  it('keeps details and versions that are not ASCII out of the header as they are', async () => {
    put(bench, 'a', picture(600, 400), { version: 'größe\r\n\u{1f4a5}' });
    const answer = job(bench.order('a'));
    await pictures(1);
    bench.engine.running[0]?.finish();
    expect((await answer).report.version).toBe('größe\r\n\u{1f4a5}');
  });

  it.each([
    ['no JSON', 'nonsense', {}],
    ['an order larger than orders are', ' '.repeat(65 * KiB), {}],
    ['an order length that is none', '{}', { 'x-pileus-order-bytes': 'two' }],
    ['an order length beyond the body', '{}', { 'x-pileus-order-bytes': '20' }],
  ])('refuses %s', async (_name, body, headers) => {
    expect((await call('POST /job', body, headers)).report.error?.code).toBe('bad_request');
  });

  it('drops a job whose lb hangs up before it has started', async () => {
    put(bench, 'a', picture(600, 400));
    put(bench, 'b', picture(600, 400), { version: 'b1' });
    const first = job(bench.order('a'));
    await pictures(1);
    const second = begin('POST /job', JSON.stringify(bench.order('b')));
    second.reply.catch(() => {});
    while (bench.deps.gate.waitingCount === 0) await settle();
    second.request.destroy();
    while (bench.deps.gate.waitingCount > 0) await settle();
    bench.engine.running[0]?.finish();
    expect((await first).status).toBe(200);
    expect(bench.engine.running).toHaveLength(1);
  });
});

describe('other requests', () => {
  it('are not found', async () => {
    expect((await call('GET /', '')).status).toBe(404);
    expect((await call('GET /job', '')).status).toBe(404);
  });
});

describe('POST /revalidate', () => {
  const revalidate = async (key: string, knownVersion: string) => {
    const order = {
      requestId: 'r',
      source: { ns: 'photos', key },
      knownVersion,
      deadlineNs: msToNs(bench.clock.nowMs() + 5000),
      configRevision: 1,
    };
    const { status, body } = await call('POST /revalidate', JSON.stringify(order));
    return { status, answer: JSON.parse(body.toString()) as unknown };
  };

  it('asks the origin, and downloads nothing', async () => {
    put(bench, 'a', picture(600, 400));
    expect(await revalidate('a', 'v1')).toEqual({ status: 200, answer: { same: true, version: 'v1' } });
    expect(await revalidate('a', 'v0')).toEqual({ status: 200, answer: { same: false, version: 'v1' } });
    expect(bench.store.opened).toEqual([]);
  });

  it('hashes the bytes where the origin names no version', async () => {
    put(bench, 'a', picture(600, 400), { version: null });
    const first = await revalidate('a', 'sha256-other');
    const { version } = first.answer as { version: string };
    expect(first.answer).toEqual({ same: false, version: expect.stringMatching(/^sha256-[0-9a-f]{64}$/) });
    expect((await revalidate('a', version)).answer).toEqual({ same: true, version });
  });

  it('answers an error with its status', async () => {
    expect(await revalidate('missing', 'v1')).toEqual({ status: 404, answer: { code: 'source_not_found' } });
  });

  it('is an overload, not a fault, where the source has to be hashed and finds no room', async () => {
    await server.close();
    await serve(500);
    put(bench, 'a', picture(600, 400), { version: null });
    expect(await revalidate('a', 'sha256-other')).toMatchObject({ status: 503, answer: { code: 'overloaded' } });
  });
});

describe('POST /original', () => {
  const jpeg = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(200_000, 'j')]);
  const lastModified = new Date(1_600_000_000_000).toUTCString();

  it('streams the bytes as they are, with one request to the origin', async () => {
    put(bench, 'a', jpeg);
    const { status, headers, body } = await fetchOriginal('a');
    expect(status).toBe(200);
    expect(body.equals(jpeg)).toBe(true);
    expect(headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-length': String(jpeg.length),
      'accept-ranges': 'bytes',
      'last-modified': lastModified,
    });
    expect([bench.store.opened, bench.store.stats, bench.store.closed]).toEqual([['a'], [], ['a']]);
    expect(bench.buffer.usage.usedBytes).toBe(0);
  });

  it('has an ETag of its own, never the origin’s version', async () => {
    put(bench, 'a', jpeg, { version: 'secret' });
    const { headers } = await fetchOriginal('a');
    expect(headers.etag).toMatch(/^"[\w-]{22}"$/);
    expect(JSON.stringify(headers)).not.toContain('secret');
  });

  it.each([
    ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>')],
    ['HTML', Buffer.from('<!doctype html><script>alert(1)</script>')],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1')],
    ['nothing', Buffer.alloc(0)],
  ])('gives %s no type that a browser would run or guess', async (_name, bytes) => {
    put(bench, 'a', bytes);
    const { status, headers, body } = await fetchOriginal('a');
    expect([status, headers['content-type'], body.equals(bytes)]).toEqual([200, 'application/octet-stream', true]);
  });

  it.each([
    ['bytes=0-9', 0, 9],
    ['bytes=100-199', 100, 199],
    ['bytes=200000-', 200_000, 200_003],
    ['bytes=-4', 200_000, 200_003],
    ['bytes=199999-999999', 199_999, 200_003],
  ])('answers %s with 206', async (range, first, last) => {
    put(bench, 'a', jpeg);
    const { status, headers, body } = await fetchOriginal('a', { range });
    expect(status).toBe(206);
    expect(headers).toMatchObject({
      'content-range': `bytes ${first}-${last}/${jpeg.length}`,
      'content-length': String(last - first + 1),
      'content-type': 'image/jpeg',
    });
    expect(body.equals(jpeg.subarray(first, last + 1))).toBe(true);
  });

  it('answers 416 with the length where the range lies outside', async () => {
    put(bench, 'a', jpeg);
    const { status, headers, report } = await fetchOriginal('a', { range: 'bytes=200004-' });
    expect([status, report.error?.code]).toEqual([416, 'range_not_satisfiable']);
    expect(headers['content-range']).toBe(`bytes */${jpeg.length}`);
  });

  it.each(['bytes=0-1,5-9', 'lines=1-2', 'bytes=9-2', 'nonsense'])('ignores the range %s', async (range) => {
    put(bench, 'a', jpeg);
    expect((await fetchOriginal('a', { range })).status).toBe(200);
  });

  it('ignores ranges of what has no known length', async () => {
    put(bench, 'a', jpeg, { announced: false });
    const { status, headers, body } = await fetchOriginal('a', { range: 'bytes=0-9' });
    expect([status, headers['accept-ranges'], headers['content-length']]).toEqual([200, 'none', undefined]);
    expect(body.equals(jpeg)).toBe(true);
  });

  it('answers 304 to the ETag that it gave, and to a date not older than the original', async () => {
    put(bench, 'a', jpeg);
    const { etag } = (await fetchOriginal('a')).headers;
    for (const ifNoneMatch of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const { status, body, headers } = await fetchOriginal('a', { ifNoneMatch: String(ifNoneMatch) });
      expect([status, body.length, headers.etag]).toEqual([304, 0, etag]);
    }
    expect((await fetchOriginal('a', { ifNoneMatch: '"x"', ifModifiedSince: lastModified })).status).toBe(200);
    expect((await fetchOriginal('a', { ifModifiedSince: lastModified })).status).toBe(304);
    expect((await fetchOriginal('a', { ifModifiedSince: 'Thu, 01 Jan 1970 00:00:00 GMT' })).status).toBe(200);
    expect((await fetchOriginal('a', { ifModifiedSince: 'yesterday' })).status).toBe(200);
  });

  it('answers a range only while If-Range names this very original', async () => {
    put(bench, 'a', jpeg);
    const { etag } = (await fetchOriginal('a')).headers;
    const ask = (ifRange: string) => fetchOriginal('a', { range: 'bytes=0-9', ifRange });
    expect((await ask(String(etag))).status).toBe(206);
    expect((await ask(lastModified)).status).toBe(206);
    expect((await ask('"other"')).status).toBe(200);
    expect((await ask(`W/${etag}`)).status).toBe(200);
  });

  it('mixes no two versions: a range of what has changed meanwhile is a failure of the origin', async () => {
    put(bench, 'a', jpeg);
    bench.store.changeAfterStat = () => put(bench, 'a', Buffer.alloc(jpeg.length, 'k'), { version: 'v2' });
    expect((await fetchOriginal('a', { range: 'bytes=0-9' })).report.error?.code).toBe('origin_failed');
  });

  it('answers HEAD with the length of the original, and reads no more than tells its type', async () => {
    put(bench, 'a', jpeg);
    const { reply, request } = begin('POST /original', JSON.stringify(original('a', { head: true })));
    request.on('error', () => {});
    const response = await reply;
    expect([response.statusCode, response.headers['content-length'], response.headers['content-type']]).toEqual([
      200,
      String(jpeg.length),
      'image/jpeg',
    ]);
    response.on('error', () => {});
    response.destroy();
  });

  it('breaks the connection when the origin fails half way: half a picture must not look whole', async () => {
    put(bench, 'a', jpeg);
    breakAfter(bench, 'a', 100_000);
    await expect(fetchOriginal('a')).rejects.toThrow();
  });

  it('stops reading from the origin when the reader leaves', async () => {
    put(bench, 'a', jpeg);
    holdBack(bench, 'a', 100_000);
    const { reply, request } = begin('POST /original', JSON.stringify(original('a')));
    const response = await reply;
    response.on('error', () => {});
    request.on('error', () => {});
    response.destroy();
    while (bench.store.closed.length === 0) await settle();
    expect(bench.store.closed).toEqual(['a']);
  });
});

describe('whenIdle', () => {
  it('waits for the answers under way', async () => {
    put(bench, 'a', picture(600, 400));
    const answer = job(bench.order('a'));
    await pictures(1);
    let idle = false;
    const waiting = server.whenIdle().then(() => {
      idle = true;
    });
    await settle();
    expect(idle).toBe(false);
    bench.engine.running[0]?.finish();
    await answer;
    await waiting;
    expect(idle).toBe(true);
  });
});
