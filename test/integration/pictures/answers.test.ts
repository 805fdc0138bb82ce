import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alphaSquares, animatedGif, colours, jpeg, png, quadrants } from '../../fixtures/pictures.ts';
import { type Pileus, type Reply, startPileus } from '../../helpers/pileus.ts';
import { decode, draw } from '../../helpers/pixels.ts';
import { makeSite, type Site } from '../../helpers/site.ts';

const chrome = 'image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8';
const older = 'image/webp,*/*';

const origin = './photos';
const config = {
  namespaces: {
    photos: { origin, maxAgeS: 1234 },
    open: { origin, cors: { origins: '*', maxAgeS: 60 } },
    listed: { origin, cors: { origins: ['https://www.example.com'] } },
    few: { origin, presets: ['thumb'] },
  },
  presets: { thumb: 'm_cover,w_20,h_20', card: { spec: 'm_cover,w_48,h_32', overrides: ['q'] } },
  trustProxies: ['127.0.0.1'],
};

let site: Site;
let node: Pileus;

beforeAll(async () => {
  site = makeSite(config);
  site.put('opaque.jpg', await jpeg(quadrants(200, 120)));
  site.put('glass.png', await png(alphaSquares()));
  site.put('red.png', await png(draw(30, 20, 3, () => colours.red)));
  site.put('moving.gif', await animatedGif());
  site.put('dir/with space & ü.jpg', await jpeg(quadrants(60, 40)));
  node = await startPileus(site.args);
});

afterAll(async () => {
  await node?.stop();
  site?.clear();
});

const accepting = (url: string, accept: string): Promise<Reply> => node.get(url, { headers: { accept } });
const sizeOf = async ({ body }: Reply): Promise<readonly number[]> => {
  const { width, height } = await decode(body);
  return [width, height];
};

describe('presets and formats', () => {
  it('a preset gives what its plan gives, and dpr_ may follow', async () => {
    expect(await sizeOf(await node.get('/photos/opaque.jpg/~card.webp'))).toEqual([48, 32]);
    expect(await sizeOf(await node.get('/photos/opaque.jpg/~card,dpr_2.webp'))).toEqual([96, 64]);
  });

  it('a preset and its plan written out are one result', async () => {
    const named = await node.get('/photos/opaque.jpg/~card.png');
    const written = await node.get('/photos/opaque.jpg/~m_cover,w_48,h_32.png');
    expect(written.headers.etag).toBe(named.headers.etag);
  });

  it('a preset takes only the overrides that it allows', async () => {
    expect((await node.get('/photos/opaque.jpg/~card,q_30.jpg')).status).toBe(200);
    const refused = await node.get('/photos/opaque.jpg/~card,w_300.jpg');
    expect([refused.status, refused.json()]).toMatchObject([403, { code: 'not_allowed' }]);
  });

  it('a preset that the namespace does not have is not found', async () => {
    expect((await node.get('/few/opaque.jpg/~thumb.webp')).status).toBe(200);
    const reply = await node.get('/few/opaque.jpg/~card.webp');
    expect([reply.status, reply.json()]).toMatchObject([404, { code: 'preset_not_found' }]);
  });

  it.each([
    ['a browser of today', 'opaque.jpg', chrome, 'image/avif'],
    ['one without AVIF', 'opaque.jpg', older, 'image/webp'],
    ['an old one', 'opaque.jpg', 'image/png,image/*;q=0.8,*/*;q=0.5', 'image/jpeg'],
    ['an old one, with transparency', 'glass.png', '*/*', 'image/png'],
    ['one that refuses WebP', 'opaque.jpg', 'image/webp;q=0,*/*', 'image/jpeg'],
  ])('auto is for %s (%s) what it can show', async (_name, key, accept, contentType) => {
    const reply = await accepting(`/photos/${key}/~thumb.auto`, accept);
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe(contentType);
    expect(reply.headers.vary).toBe('Accept');
  });

  it('auto has three answers for an opaque picture, whatever Accept says', async () => {
    const parts = ['image/avif', 'image/webp', 'image/*', '*/*', 'text/html', 'image/webp;q=0', 'image/avif;q=0.1', ''];
    const accepts = parts.flatMap((one) => parts.flatMap((two) => [`${one},${two}`, `${two};v=1, ${one} ;q=0.5`]));
    const tags = new Set<string | undefined>();
    for (const accept of accepts) tags.add((await accepting('/photos/opaque.jpg/~w_41.auto', accept)).headers.etag);
    expect(tags.size).toBe(3);
  });

  it('only auto varies with Accept', async () => {
    expect((await accepting('/photos/opaque.jpg/~thumb.webp', chrome)).headers.vary).toBeUndefined();
  });

  it('a key may have spaces, ampersands and letters outside ASCII', async () => {
    const reply = await node.get(`/photos/dir/with%20space%20&%20%C3%BC.jpg/~w_30.png`);
    expect(await sizeOf(reply)).toEqual([30, 20]);
  });
});

describe('views', () => {
  it('info tells what is known of the original, and no path', async () => {
    const reply = await node.get('/photos/moving.gif/~info.json');
    expect([reply.status, reply.headers['content-type']]).toEqual([200, 'application/json']);
    expect(reply.json()).toMatchObject({ format: 'gif', width: 24, height: 16, frames: 4, orientation: 1 });
    expect(reply.body.toString()).not.toContain(site.folder);
  });

  it('explain tells integers and cost, is never kept, and decodes nothing', async () => {
    const reply = await node.get('/photos/opaque.jpg/~explain,m_cover,w_100,h_100.json');
    expect(reply.headers['cache-control']).toBe('no-store');
    const told = reply.json() as { result: unknown; cost: { ms: number }; encode: { format: string } };
    expect(told.result).toEqual({ width: 100, height: 100, frames: 1 });
    expect(told.cost.ms).toBeGreaterThan(0);
    expect(told.encode.format).toBe('jpg');
  });

  it('avg is the average colour', async () => {
    const reply = await node.get('/photos/red.png/~avg.json');
    expect(reply.status).toBe(200);
    expect(reply.body.toString().toLowerCase()).toContain('dc1e28');
  });
});

describe('spelling', () => {
  const other = '/photos/opaque.jpg/~h_60,w_0100,m_fit.png';
  const canonical = '/photos/opaque.jpg/~w_100,h_60.png';

  it('another spelling of a plan is answered with the canonical one beside it', async () => {
    const reply = await node.get(other);
    expect([reply.status, reply.headers['content-location']]).toEqual([200, canonical]);
    const plain = await node.get(canonical);
    expect(plain.headers['content-location']).toBeUndefined();
    expect([plain.headers.etag, plain.body]).toEqual([reply.headers.etag, reply.body]);
  });

  it('two plans that come to the same integers have one ETag', async () => {
    const tags = await Promise.all(
      ['w_100', 'h_60', 'p_50', 'l_100', 's_60', 'w_100,h_400', 'w_50,dpr_2'].map(
        async (plan) => (await node.get(`/photos/opaque.jpg/~${plan}.png`)).headers.etag,
      ),
    );
    expect(new Set(tags).size).toBe(1);
    expect(tags[0]).toMatch(/^"[\w-]{22}"$/);
    expect((await node.get('/photos/opaque.jpg/~w_99.png')).headers.etag).not.toBe(tags[0]);
  });
});

describe('conditional requests', () => {
  const url = '/photos/opaque.jpg/~w_77.webp';
  const asking = (etag: string, path = url): Promise<Reply> => node.get(path, { headers: { 'if-none-match': etag } });

  it('304 for the ETag, weak, in a list, or for any', async () => {
    const { etag = '' } = (await node.get(url)).headers;
    for (const asked of [etag, `W/${etag}`, `"other", ${etag}`, `"other",W/${etag} , "third"`, '*']) {
      const reply = await asking(asked);
      expect([asked, reply.status, reply.body.length]).toEqual([asked, 304, 0]);
      expect(reply.headers.etag).toBe(etag);
      expect(reply.headers['cache-control']).toBe('public, max-age=1234');
    }
    for (const asked of ['"other"', etag.slice(1, -1), '']) expect((await asking(asked)).status).toBe(200);
  });

  it('304 also for a plan that was never asked for, without a worker', async () => {
    const { etag = '' } = (await node.get('/photos/opaque.jpg/~w_78,h_500.webp')).headers;
    const reply = await asking(etag, '/photos/opaque.jpg/~w_78.webp');
    expect(reply.status).toBe(304);
    const [line] = await node.awaitLines(({ requestId }) => requestId === reply.headers['x-request-id']);
    expect([line?.from, line?.worker]).toEqual(['not-modified', undefined]);
  });

  it('304 keeps Vary where the format was negotiated', async () => {
    const first = await accepting('/photos/opaque.jpg/~w_79.auto', chrome);
    const again = await node.get('/photos/opaque.jpg/~w_79.auto', {
      headers: { accept: chrome, 'if-none-match': first.headers.etag ?? '' },
    });
    expect([again.status, again.headers.vary]).toEqual([304, 'Accept']);
  });
});

describe('HEAD', () => {
  /** What differs from one answer to the next by nature. */
  const lasting = ({ headers }: Reply): Record<string, unknown> => {
    const { date: _date, 'x-request-id': _id, 'server-timing': _timing, ...rest } = headers;
    return rest;
  };

  it.each([
    '/photos/opaque.jpg/~w_60.webp',
    '/photos/opaque.jpg/~h_60,m_fit.auto',
    '/photos/opaque.jpg/~info.json',
    '/photos/opaque.jpg/~orig.jpg',
    '/photos/none.jpg/~w_60.webp',
    '/photos/opaque.jpg/~w_0.webp',
    '/-/health',
  ])('%s has the headers of GET, and no body', async (url) => {
    const got = await node.get(url);
    const head = await node.get(url, { method: 'HEAD' });
    expect(head.body.length).toBe(0);
    expect([head.status, lasting(head)]).toEqual([got.status, lasting(got)]);
  });

  it('makes the picture that a GET then finds', async () => {
    const head = await node.get('/photos/opaque.jpg/~w_61.webp', { method: 'HEAD' });
    const got = await node.get('/photos/opaque.jpg/~w_61.webp');
    expect(Number(head.headers['content-length'])).toBe(got.body.length);
  });
});

describe('originals', () => {
  const url = '/photos/opaque.jpg/~orig.jpg';
  const ranged = (range: string, more: Record<string, string> = {}): Promise<Reply> =>
    node.get(url, { headers: { range, ...more } });
  let file: Buffer;
  let tag: string;
  let modified: string;

  beforeAll(async () => {
    const whole = await node.get(url);
    file = await jpeg(quadrants(200, 120));
    tag = whole.headers.etag ?? '';
    modified = whole.headers['last-modified'] ?? '';
  });

  it('are served byte by byte, named by what they are', async () => {
    const reply = await node.get(url);
    expect(reply.body.equals(file)).toBe(true);
    expect(reply.headers).toMatchObject({
      'content-type': 'image/jpeg',
      'accept-ranges': 'bytes',
      'content-length': String(file.length),
      'x-content-type-options': 'nosniff',
    });
    expect(tag).toMatch(/^".+"$/);
  });

  it('in ranges: the first bytes, some in the middle, the last', async () => {
    const size = file.length;
    const cases = [
      ['bytes=0-0', 0, 1],
      ['bytes=0-9', 0, 10],
      ['bytes=100-199', 100, 200],
      ['bytes=100-', 100, size],
      ['bytes=-10', size - 10, size],
      [`bytes=10-${size + 1000}`, 10, size],
      [`bytes=-${size + 10}`, 0, size],
      ['bytes=0-99999999999999999999999', 0, size],
    ] as const;
    for (const [range, from, to] of cases) {
      const reply = await ranged(range);
      expect([range, reply.status]).toEqual([range, 206]);
      expect(reply.headers['content-range']).toBe(`bytes ${from}-${to - 1}/${size}`);
      expect(reply.headers['content-length']).toBe(String(to - from));
      expect(reply.headers['content-type']).toBe('image/jpeg');
      expect(reply.body.equals(file.subarray(from, to))).toBe(true);
    }
  });

  it.each(['bytes=5-2', 'bytes=a-b', 'lines=1-2', 'bytes=0-1,4-5'])('as a whole for %s', async (range) => {
    const reply = await ranged(range);
    expect([reply.status, reply.body.equals(file)]).toEqual([200, true]);
  });

  it('say where ranges have to lie that lie outside', async () => {
    for (const range of [`bytes=${file.length}-`, 'bytes=-0']) {
      const reply = await ranged(range);
      expect([reply.status, reply.headers['content-range']]).toEqual([416, `bytes */${file.length}`]);
      expect(reply.json()).toMatchObject({ code: 'range_not_satisfiable' });
    }
  });

  it('in part only while If-Range names what is there', async () => {
    const cases = [
      [tag, 206],
      [modified, 206],
      ['"other"', 200],
      [`W/${tag}`, 200],
      ['Thu, 01 Jan 1998 00:00:00 GMT', 200],
    ] as const;
    for (const [ifRange, status] of cases) {
      const reply = await ranged('bytes=0-9', { 'if-range': ifRange });
      expect([ifRange, reply.status, reply.body.length]).toEqual([ifRange, status, status === 206 ? 10 : file.length]);
    }
  });

  it('not again where the client has them', async () => {
    const later = new Date(Date.parse(modified) + 60_000).toUTCString();
    const cases = [
      [{ 'if-none-match': tag }, 304],
      [{ 'if-none-match': `W/${tag}, "x"` }, 304],
      [{ 'if-none-match': '"other"' }, 200],
      [{ 'if-modified-since': modified }, 304],
      [{ 'if-modified-since': later }, 304],
      [{ 'if-modified-since': 'Thu, 01 Jan 1998 00:00:00 GMT' }, 200],
      [{ 'if-none-match': '"other"', 'if-modified-since': later }, 200],
      [{ 'if-modified-since': 'nonsense' }, 200],
    ] as const;
    for (const [headers, status] of cases) {
      const reply = await node.get(url, { headers });
      expect([headers, reply.status]).toEqual([headers, status]);
      expect(reply.headers.etag).toBe(tag);
    }
  });

  it('also of what is no picture, as bytes that no browser runs', async () => {
    site.put('page.html', Buffer.from('<html><script>alert(1)</script>'));
    const reply = await node.get('/photos/page.html/~orig.html');
    expect(reply.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'x-content-type-options': 'nosniff',
    });
  });

  it('that do not exist are 404', async () => {
    const reply = await node.get('/photos/none.jpg/~orig.jpg');
    expect([reply.status, reply.json()]).toMatchObject([404, { code: 'source_not_found' }]);
    expect(reply.headers['cache-control']).toBe('public, max-age=0, s-maxage=10');
  });
});

describe('what every answer says', () => {
  it('names its request, its phases, and how long it may be kept', async () => {
    const reply = await node.get('/photos/opaque.jpg/~w_62.webp');
    expect(reply.headers['x-request-id']).toMatch(/^[\w-]{8,}$/);
    const phases = String(reply.headers['server-timing']);
    for (const phase of ['queue', 'fetch', 'wait', 'process', 'total']) expect(phases).toMatch(`${phase};dur=`);
    expect(reply.headers['cache-control']).toBe('public, max-age=1234');
    expect(reply.headers['x-content-type-options']).toBe('nosniff');
    expect(reply.headers['content-length']).toBe(String(reply.body.length));
    const other = await node.get('/photos/opaque.jpg/~w_62.webp');
    expect(other.headers['x-request-id']).not.toBe(reply.headers['x-request-id']);
  });

  it('leaves one access line, with trace, client and phases', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const reply = await node.get('/photos/opaque.jpg/~w_63.webp', {
      headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01`, 'x-forwarded-for': '203.0.113.7' },
    });
    const requestId = reply.headers['x-request-id'];
    const lines = await node.awaitLines((line) => line.event === 'access' && line.requestId === requestId);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      traceId: trace,
      status: 200,
      from: 'made',
      client: '203.0.113.7',
      method: 'GET',
      path: '/photos/opaque.jpg/~w_63.webp',
      ns: 'photos',
      outBytes: reply.body.length,
      inFormat: 'jpeg',
      inPixels: 200 * 120,
    });
    for (const name of ['queueMs', 'fetchMs', 'waitMs', 'processMs', 'totalMs'])
      expect(lines[0]?.[name]).toBeTypeOf('number');
  });

  it('health on the public port is plain, and kept by nobody', async () => {
    const reply = await node.get('/-/health');
    expect([reply.status, reply.body.toString()]).toEqual([200, 'ok\n']);
    expect(reply.headers['cache-control']).toBe('no-store');
  });
});

describe('CORS', () => {
  const from = (url: string, origin: string, method = 'GET'): Promise<Reply> =>
    node.get(url, { method, headers: { origin, 'access-control-request-method': 'GET' } });
  const good = 'https://www.example.com';

  it('is there for all where the namespace says so, and not where it does not', async () => {
    expect((await from('/open/opaque.jpg/~thumb.webp', good)).headers['access-control-allow-origin']).toBe('*');
    expect((await from('/open/none.jpg/~thumb.webp', good)).headers['access-control-allow-origin']).toBe('*');
    expect((await from('/photos/opaque.jpg/~thumb.webp', good)).headers['access-control-allow-origin']).toBeUndefined();
  });

  it('is there for listed origins, and says that it depends on the asker', async () => {
    const listed = await from('/listed/opaque.jpg/~thumb.auto', good);
    expect(listed.headers['access-control-allow-origin']).toBe(good);
    expect(listed.headers.vary).toBe('Accept, Origin');
    const other = await from('/listed/opaque.jpg/~thumb.webp', 'https://evil.example');
    expect(other.headers['access-control-allow-origin']).toBeUndefined();
    expect(other.headers.vary).toBe('Origin');
  });

  it('is on errors too, whatever they say: the page that asked has to read them', async () => {
    for (const path of ['/open/opaque.jpg/~w_0.webp', '/open/opaque.jpg/~nosuch.webp', '/open/opaque.jpg/~w_'])
      expect((await from(path, good)).headers['access-control-allow-origin']).toBe('*');
    expect((await from('/listed/opaque.jpg/~nosuch.webp', good)).headers.vary).toBe('Origin');
  });

  it('answers a preflight, and OPTIONS is refused elsewhere', async () => {
    const preflight = await from('/listed/opaque.jpg/~thumb.webp', good, 'OPTIONS');
    expect([preflight.status, preflight.headers['access-control-allow-methods']]).toEqual([204, 'GET, HEAD']);
    expect((await from('/photos/opaque.jpg/~thumb.webp', good, 'OPTIONS')).status).toBe(405);
    expect((await from('/listed/opaque.jpg/~thumb.webp', 'https://evil.example', 'OPTIONS')).status).toBe(405);
  });
});

describe('canonicalRedirect', () => {
  it('leads every other spelling to the canonical one', async () => {
    site.configure({ ...config, canonicalRedirect: true });
    node.signal('SIGHUP');
    await node.awaitLines(({ event }) => event === 'config-reloaded');
    const reply = await node.get('/photos/opaque.jpg/~h_60,w_100.webp');
    expect([reply.status, reply.headers.location]).toEqual([308, '/photos/opaque.jpg/~w_100,h_60.webp']);
    expect((await node.get(String(reply.headers.location))).status).toBe(200);
    const encoded = await node.get('/photos/opaque%2Ejpg/%7Ew_100.webp');
    expect([encoded.status, encoded.headers.location]).toEqual([308, '/photos/opaque.jpg/~w_100.webp']);
    expect((await node.get('/photos/opaque.jpg/~thumb.webp')).status).toBe(200);
  });
});
