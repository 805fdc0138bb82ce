import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { gradient, jpeg, png, quadrants } from '../../fixtures/pictures.ts';
import { type OriginSimulator, type Route, routes } from '../../helpers/origin-simulator.ts';
import { decode } from '../../helpers/pixels.ts';
import { type OriginRig, originOf, patientOptions, seen, startRig } from './rig.ts';

vi.setConfig({ testTimeout: 60_000 });

let rig: OriginRig;
let origin: OriginSimulator;
let photo: Buffer;
let other: Buffer;
let count = 0;
let key = '';

beforeAll(async () => {
  photo = await jpeg(gradient(60, 40));
  other = await png(quadrants(60, 40));
  // `asked` goes by what its origin said at once; `believed` for so long that no test sees the end of it.
  rig = await startRig({
    origins: { believed: {}, asked: { limits: { sourceFreshMs: 0, missingFreshMs: 0 } } },
    options: { ...patientOptions, sourceFreshMs: 600_000, missingFreshMs: 600_000, queueWaitMsMax: 30_000 },
  });
});

afterAll(async () => {
  await rig?.stop();
});

beforeEach(() => {
  origin = originOf(rig, 'believed');
  count += 1;
  key = `${count}.jpg`;
});

const askBelieved = (spec = 'w_20.webp') => rig.node.get(`/believed/${key}/~${spec}`);

describe('a missing source', () => {
  it('is asked for once while it is believed to be missing, whatever is asked of it', async () => {
    const first = await askBelieved();
    const second = await askBelieved();
    const wider = await askBelieved('w_30.webp');
    for (const reply of [first, second, wider]) {
      expect(reply.status).toBe(404);
      expect(reply.json()).toMatchObject({ code: 'source_not_found' });
      expect(reply.headers['cache-control']).toBe('public, max-age=0, s-maxage=10');
    }
    expect(seen(origin, 'GET', key)).toBe(1);
  });

  it('is asked for once by ten sizes at once', async () => {
    const sizes = Array.from({ length: 10 }, (_, index) => 10 + index);
    const replies = await Promise.all(sizes.map((size) => askBelieved(`w_${size}.webp`)));
    expect(replies.map(({ status }) => status)).toEqual(sizes.map(() => 404));
    expect(seen(origin, 'GET', key)).toBe(1);
  });

  it('is asked for once, its original too', async () => {
    expect((await askBelieved('orig.jpg')).status).toBe(404);
    const before = origin.requests.length;
    expect((await askBelieved('orig.jpg')).status).toBe(404);
    expect((await askBelieved()).status).toBe(404);
    expect(origin.requests.length).toBe(before);
  });
});

describe('a source that is there', () => {
  it('is fetched once for ten sizes asked for at once', async () => {
    origin.put(key, photo, { etag: '"1"' });
    const sizes = Array.from({ length: 10 }, (_, index) => 10 + index);
    const replies = await Promise.all(sizes.map((size) => askBelieved(`w_${size}.webp`)));
    expect(replies.map(({ status }) => status)).toEqual(sizes.map(() => 200));
    const widths = await Promise.all(replies.map(async ({ body }) => (await decode(body)).width));
    expect(widths).toEqual(sizes);
    expect(seen(origin, 'GET', key)).toBe(1);
    expect(seen(origin, 'HEAD', key)).toBe(0);
  });

  it('is fetched once for ten sizes asked for one after the other', async () => {
    origin.put(key, photo, { etag: '"1"' });
    for (let size = 10; size < 20; size++) expect((await askBelieved(`w_${size}.webp`)).status).toBe(200);
    expect(origin.requests.filter(({ url }) => url === `/${key}`)).toHaveLength(1);
  });

  it('keeps its trace: traceparent reaches the origin as it came, and nothing that only looks like it', async () => {
    const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    origin.put(key, photo);
    await rig.node.get(`/believed/${key}/~w_20.webp`, { headers: { traceparent: trace } });
    origin.put('no.jpg', photo);
    await rig.node.get('/believed/no.jpg/~w_20.webp', { headers: { traceparent: 'nonsense' } });
    const traces = new Map(origin.requests.map(({ url, headers }) => [url, headers.traceparent]));
    expect(traces.get(`/${key}`)).toBe(trace);
    expect(traces.get('/no.jpg')).toBeUndefined();
  });

  const shapes: Readonly<Record<string, () => Route>> = {
    'called HTML': () => (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(photo);
    },
    'packed by gzip': () => routes.gzip(photo),
    'sent in chunks': () => (_request, response) => {
      response.writeHead(200).write(photo.subarray(0, 100));
      response.end(photo.subarray(100));
    },
    'followed by bytes that nobody announced': () =>
      routes.raw(`HTTP/1.1 200 OK\r\ncontent-length: ${photo.length}\r\n\r\n${photo.toString('latin1')}and more`),
    'behind a redirect within its origin': () => {
      origin.put(`there-${key}`, photo);
      return routes.redirect(`/there-${key}`);
    },
  };

  it.each(Object.entries(shapes))('is a picture all the same when it is %s', async (_name, shape) => {
    origin.on(key, shape());
    const reply = await askBelieved('w_20.png');
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('image/png');
    expect((await decode(reply.body)).width).toBe(20);
  });

  it('is asked for again when an old connection breaks before any answer', async () => {
    origin.on(
      key,
      routes.resetAtOnce(1, (_request, response) => void response.end(photo)),
    );
    expect((await askBelieved()).status).toBe(200);
    expect(seen(origin, 'GET', key)).toBe(2);
  });
});

/** A namespace where nothing is believed: what a source is like after `sourceFreshMs`. */
describe('a source whose time is over', () => {
  const ask = (spec = 'w_20.png', headers: Record<string, string> = {}) =>
    rig.node.get(`/asked/${key}/~${spec}`, { headers });

  beforeEach(() => {
    origin = originOf(rig, 'asked');
  });

  it('costs one HEAD and no bytes while it is unchanged', async () => {
    origin.put(key, photo, { etag: '"1"' });
    const first = await ask();
    const second = await ask();
    const known = await ask('w_20.png', { 'if-none-match': String(first.headers.etag) });
    expect([first.status, second.status, known.status]).toEqual([200, 200, 304]);
    expect(second.body.equals(first.body)).toBe(true);
    expect([seen(origin, 'GET', key), seen(origin, 'HEAD', key)]).toEqual([1, 2]);
    const conditions = origin.requests
      .filter(({ method }) => method === 'HEAD')
      .map(({ headers }) => headers['if-none-match']);
    expect(new Set(conditions)).toEqual(new Set(['"1"']));
  });

  it('is not fetched again for another size while it is unchanged', async () => {
    origin.put(key, photo, { etag: '"1"' });
    expect((await ask()).status).toBe(200);
    expect((await ask('w_30.png')).status).toBe(200);
    expect(seen(origin, 'GET', key)).toBe(1);
  });

  it('is fetched once when its ETag has changed, and what comes then is the new picture', async () => {
    origin.put(key, photo, { etag: '"1"' });
    const first = await ask();
    origin.put(key, other, { etag: '"2"' });
    const second = await ask();
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(second.headers.etag).not.toBe(first.headers.etag);
    expect(second.body.equals(first.body)).toBe(false);
    expect([seen(origin, 'GET', key), seen(origin, 'HEAD', key)]).toEqual([2, 1]);
    expect((await ask()).body.equals(second.body)).toBe(true);
    expect(seen(origin, 'GET', key)).toBe(2);
  });

  it('is fetched and compared when its origin gives it no version, and its result is the same', async () => {
    origin.put(key, photo);
    const first = await ask();
    const second = await ask();
    expect(first.headers['server-timing']).toContain('process;');
    expect(second.headers['server-timing']).not.toContain('process;');
    expect(second.headers.etag).toBe(first.headers.etag);
    expect(seen(origin, 'GET', key)).toBe(2);
  });

  it('is 404 when it is gone, and there again when it is back', async () => {
    origin.put(key, photo, { etag: '"1"' });
    expect((await ask()).status).toBe(200);
    origin.remove(key);
    expect((await ask()).status).toBe(404);
    origin.put(key, photo, { etag: '"1"' });
    expect((await ask()).status).toBe(200);
  });

  it('is an error of its origin when that fails now, and nothing is forgotten by it', async () => {
    origin.put(key, photo, { etag: '"1"' });
    expect((await ask()).status).toBe(200);
    origin.on(key, routes.status(500));
    expect((await ask()).json()).toMatchObject({ code: 'origin_failed' });
    origin.put(key, photo, { etag: '"1"' });
    expect((await ask()).status).toBe(200);
    expect(seen(origin, 'GET', key)).toBe(1);
  });
});
