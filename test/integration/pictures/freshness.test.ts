import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { colours, png } from '../../fixtures/pictures.ts';
import { type Pileus, type Reply, startPileus } from '../../helpers/pileus.ts';
import { decode, draw, near, type Pixel, pixelAt } from '../../helpers/pixels.ts';
import { makeSite, type Site } from '../../helpers/site.ts';

/** Nodes that start and reload take seconds where many do at once. */
const patient = { timeout: 120_000 };

const plain = (colour: Pixel, width = 60, height = 40): Promise<Buffer> => png(draw(width, height, 3, () => colour));
const colourOf = async ({ body }: Reply): Promise<Pixel> => pixelAt(await decode(body), 5, 5).slice(0, 3);

/** Asks again until the answer is as wanted; the bound is only there to end a failing test. */
async function eventually(ask: () => Promise<Reply>, holds: (reply: Reply) => boolean | Promise<boolean>) {
  const endMs = performance.now() + 20_000;
  for (;;) {
    const reply = await ask();
    if (await holds(reply)) return reply;
    if (performance.now() > endMs) throw new Error(`Still ${reply.status} ${JSON.stringify(reply.headers)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

describe('results and configuration', () => {
  const config = { dataDir: './data', jpegQuality: 90, presets: { card: 'w_30' } };
  let site: Site;
  let node: Pileus;

  beforeAll(async () => {
    site = makeSite(config);
    site.put('a.png', await plain(colours.red));
    site.put(
      'busy.png',
      await png(draw(120, 80, 3, (x, y) => [(x * 7 + y * 13) % 256, (x * y) % 256, (x * 3 + y) % 256])),
    );
    node = await startPileus(site.args);
  });

  afterAll(async () => {
    await node?.stop();
    site?.clear();
  });

  const reload = (changes: Readonly<Record<string, unknown>>): void => {
    site.configure({ ...config, ...changes });
    node.signal('SIGHUP');
  };

  it('results are found again after a restart, without a worker', patient, async () => {
    const urls = ['/photos/a.png/~w_31.webp', '/photos/a.png/~w_21.jpg', '/photos/a.png/~info.json'];
    const kept = (await node.stats()).caches.storeEntries ?? 0;
    const before = await Promise.all(urls.map((url) => node.get(url)));
    await node.until(({ caches }) => (caches.storeEntries ?? 0) >= kept + urls.length);
    await node.stop();

    node = await startPileus(site.args);
    const [first] = before;
    const headers = { 'if-none-match': first?.headers.etag ?? '' };
    expect((await node.get(urls[0] ?? '', { headers })).status).toBe(304);
    const after = await Promise.all(urls.map((url) => node.get(url)));
    expect(after.map(({ body }) => body)).toEqual(before.map(({ body }) => body));
    expect(after.map((reply) => reply.headers.etag)).toEqual(before.map((reply) => reply.headers.etag));
    const { counters } = await node.until((stats) => stats.counters.requests === urls.length + 1);
    expect([counters.hitsStore, counters.notModified, counters.made]).toEqual([urls.length, 1, 0]);
  });

  it('a changed preset leads to another picture at once', patient, async () => {
    const widthOf = async (reply: Reply): Promise<number> => (await decode(reply.body)).width;
    const ask = () => node.get('/photos/a.png/~card.png');
    const before = await ask();
    expect(await widthOf(before)).toBe(30);
    reload({ presets: { card: 'w_20' } });
    const after = await eventually(ask, async (reply) => (await widthOf(reply)) === 20);
    expect(after.headers.etag).not.toBe(before.headers.etag);
    const headers = { 'if-none-match': before.headers.etag ?? '' };
    expect((await node.get('/photos/a.png/~card.png', { headers })).status).toBe(200);
  });

  it('a changed quality leads to other bytes, also of what was kept', patient, async () => {
    const ask = () => node.get('/photos/busy.png/~w_100.jpg');
    const before = await ask();
    reload({ jpegQuality: 20 });
    const after = await eventually(ask, ({ headers }) => headers.etag !== before.headers.etag);
    expect(after.body.length).toBeLessThan(before.body.length);
  });

  it('a faulty configuration changes nothing', patient, async () => {
    const ask = () => node.get('/photos/a.png/~card.png');
    const before = await ask();
    reload({ presets: { card: 'w_nonsense' } });
    await node.awaitLines(({ event }) => event === 'config-refused');
    const after = await ask();
    expect([after.status, after.headers.etag]).toEqual([200, before.headers.etag]);
  });
});

describe('a source', () => {
  let site: Site;
  let node: Pileus;

  beforeAll(async () => {
    const origin = './photos';
    const namespaces = { photos: { origin }, calm: { origin, limits: { sourceFreshMs: '1h' } } };
    site = makeSite({ namespaces, sourceFreshMs: 50, missingFreshMs: 50 });
    node = await startPileus(site.args);
  });

  afterAll(async () => {
    await node?.stop();
    site?.clear();
  });

  it('that is replaced is noticed after sourceFreshMs, and the old ETag holds no longer', patient, async () => {
    site.put('a.png', await plain(colours.red));
    const url = '/photos/a.png/~w_30.png';
    const before = await node.get(url);
    expect(near(await colourOf(before), colours.red, 2)).toBe(true);
    site.put('a.png', await plain(colours.blue, 61, 40));
    const headers = { 'if-none-match': before.headers.etag ?? '' };
    const after = await eventually(
      () => node.get(url, { headers }),
      ({ status }) => status === 200,
    );
    expect(near(await colourOf(after), colours.blue, 2)).toBe(true);
    expect(after.headers.etag).not.toBe(before.headers.etag);
    const original = await node.get('/photos/a.png/~orig.png');
    expect(near(await colourOf(original), colours.blue, 2)).toBe(true);
    expect((await node.get('/photos/a.png/~info.json')).json()).toMatchObject({ width: 61 });
  });

  it('is believed without asking until then', patient, async () => {
    site.put('b.png', await plain(colours.red));
    const ask = () => node.get('/calm/b.png/~w_30.png');
    const before = await ask();
    site.put('b.png', await plain(colours.blue));
    const after = await ask();
    expect([after.headers.etag, near(await colourOf(after), colours.red, 2)]).toEqual([before.headers.etag, true]);
  });

  it('that is deleted becomes 404, and one that comes back is served', patient, async () => {
    site.put('c.png', await plain(colours.red));
    const ask = () => node.get('/photos/c.png/~w_30.png');
    expect((await ask()).status).toBe(200);
    site.remove('c.png');
    const gone = await eventually(ask, ({ status }) => status === 404);
    expect(gone.json()).toMatchObject({ code: 'source_not_found' });
    expect(gone.headers['cache-control']).toBe('public, max-age=0, s-maxage=10');
    site.put('c.png', await plain(colours.green));
    const back = await eventually(ask, ({ status }) => status === 200);
    expect(near(await colourOf(back), colours.green, 2)).toBe(true);
  });

  it('that was no picture and is mended is served', patient, async () => {
    site.put('d.png', Buffer.from('not yet a picture'));
    const ask = () => node.get('/photos/d.png/~w_30.png');
    expect([(await ask()).status, (await ask()).status]).toEqual([415, 415]);
    site.put('d.png', await plain(colours.green));
    await eventually(ask, ({ status }) => status === 200);
  });
});
