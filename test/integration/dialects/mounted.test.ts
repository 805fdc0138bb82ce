import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jpeg, quadrants } from '../../fixtures/pictures.ts';
import { calm } from '../../helpers/gauges.ts';
import { type Pileus, startPileus } from '../../helpers/pileus.ts';
import { near } from '../../helpers/pixels.ts';
import { makeSite, type Site } from '../../helpers/site.ts';

let site: Site;
let node: Pileus;

beforeAll(async () => {
  site = makeSite();
  site.put('a.jpg', await jpeg(quadrants(200, 120)));
  const tagged = sharp(await jpeg(quadrants(200, 120))).withExif({
    IFD0: { Make: 'Tin' },
    IFD3: { GPSLatitudeRef: 'N' },
  });
  site.put('tagged.jpg', await tagged.jpeg().toBuffer());
  site.configure({
    acceptRequestId: true,
    namespaces: { photos: { origin: './photos' } },
    dialects: [
      { grammar: 'imgproxy', at: '/img', sources: { local: 'photos' } },
      { grammar: 'imgproxy', at: '/best', sources: { local: 'photos' }, autoWebp: true, autoAvif: true },
      { grammar: 'iiif', at: '/iiif/3' },
      { grammar: 'oss', namespace: 'photos' },
      { grammar: 'imagor', at: '/im', namespace: 'photos', unsafe: true },
    ],
  });
  node = await startPileus(site.args);
});

afterAll(async () => {
  await node?.stop();
  site?.clear();
});

const sumOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const sizeOf = async (path: string): Promise<readonly unknown[]> => {
  const { status, body } = await node.get(path);
  const { width, height, format } = await sharp(body).metadata();
  return [status, width, height, format];
};

describe('mounted grammars', () => {
  it.each([
    ['/photos/a.jpg/~w_100.webp', [200, 100, 60, 'webp']],
    ['/img/unsafe/w:100/plain/local:///a.jpg@webp', [200, 100, 60, 'webp']],
    ['/iiif/3/photos%2Fa.jpg/full/100,/0/default.webp', [200, 100, 60, 'webp']],
    ['/photos/a.jpg?x-oss-process=image/resize,w_100/format,webp', [200, 100, 60, 'webp']],
    ['/img/unsafe/t:10/plain/local:///a.jpg@png', [200, 200, 120, 'png']],
    ['/img/unsafe/w:100/pd:10/-/t:10/-/rot:90/plain/local:///a.jpg@png', [200, 60, 100, 'png']],
  ])('%s', async (path, wanted) => {
    expect(await sizeOf(path)).toEqual(wanted);
  });

  it('answer for the one source that a URL means', async () => {
    const [right, wrong] = [sumOf(await jpeg(quadrants(200, 120))), 'ab'.repeat(32)];
    const at = (sum: string) => `/img/unsafe/w:90/hs:sha256:${sum}/plain/local:///a.jpg@webp`;
    expect(await sizeOf(at(right))).toEqual([200, 90, 54, 'webp']);
    // The same picture is at hand, and still it is not what was asked for.
    const { status, body } = await node.get(at(wrong));
    expect([status, body.toString()]).toEqual([422, 'Invalid source image']);
  });

  it('write the smallest of several formats, and say which it is', async () => {
    const at = '/best/unsafe/w:90/plain/local:///a.jpg@best';
    const seen = new Set<string>();
    for (const [accept, types] of [
      ['image/*', ['image/jpeg', 'image/png']],
      ['image/avif,image/webp', ['image/jpeg', 'image/png', 'image/webp', 'image/avif']],
    ] as const) {
      const { status, headers, body } = await node.get(at, { headers: { accept } });
      expect([status, headers.vary]).toEqual([200, 'Accept']);
      expect(types).toContain(headers['content-type']);
      const { format = '' } = await sharp(body).metadata();
      expect(headers['content-type']).toBe(`image/${format === 'heif' ? 'avif' : format}`);
      const again = await node.get(at, { headers: { accept, 'if-none-match': String(headers.etag) } });
      expect(again.status).toBe(304);
      seen.add(String(headers.etag));
    }
    expect(seen.size).toBe(2);
  });

  it('tell what a camera wrote, without the place', async () => {
    const { status, body } = await node.get('/photos/tagged.jpg?x-oss-process=image/info');
    expect(status).toBe(200);
    const said = JSON.parse(body.toString());
    expect(said).toMatchObject({ ImageWidth: { value: '200' }, Make: { value: 'Tin' } });
    expect(said).not.toHaveProperty('GPSLatitudeRef');
  });

  it('tell and measure a source', async () => {
    const asked = async (path: string) => {
      const { status, body } = await node.get(path);
      return status === 200 ? JSON.parse(body.toString()) : status;
    };
    expect(await asked('/img/info/unsafe/plain/local:///tagged.jpg')).toMatchObject({
      format: 'jpeg',
      width: 200,
      height: 120,
      exif: { Manufacturer: 'Tin' },
    });
    const measured = await asked('/img/info/unsafe/bh:4:3/chs:sha256/b:1/plain/local:///tagged.jpg');
    expect(measured).toMatchObject({ bands: 3, blurhash: expect.stringMatching(/^.{28}$/) });
    expect(measured.hashsums.sha256).toHaveLength(64);
    expect(measured.exif).toMatchObject({ Manufacturer: 'Tin' });
    expect(await asked('/img/info/unsafe/bh:10:3/plain/local:///tagged.jpg')).toBe(404);
    const { sha256 } = measured.hashsums;
    expect(await asked(`/img/info/unsafe/hs:sha256:${sha256}/c:100:60/plain/local:///tagged.jpg`)).toMatchObject({
      crop: { left: 0.25, top: 0.25, width: 0.5, height: 0.5 },
    });
    const wrong = `hs:sha256:${'0'.repeat(64)}`;
    for (const place of ['unsafe', 'info/unsafe', 'info/unsafe/avg:1', 'info/unsafe/exif:0/iptc:0/xmp:0']) {
      const { status, body } = await node.get(`/img/${place}/${wrong}/plain/local:///tagged.jpg`);
      expect([place, status, body.toString()]).toEqual([place, 422, 'Invalid source image']);
    }
    expect(await asked('/img/info/unsafe/pg:1/avg:1/plain/local:///tagged.jpg')).toBe(422);
    const { RGB } = await asked('/photos/a.jpg?x-oss-process=image/average-hue');
    expect(RGB).toMatch(/^0x[0-9a-f]{6}$/);
    const meta = await asked('/im/unsafe/meta/100x60/filters:avgcolor():blurhash(4,3):thumbhash()/a.jpg');
    expect(meta).toMatchObject({ width: 100, height: 60, blurhash: expect.stringMatching(/^.{28}$/) });
    const channels = [meta.average_color.r, meta.average_color.g, meta.average_color.b];
    const hue = [2, 4, 6].map((from) => Number.parseInt(RGB.slice(from, from + 2), 16));
    expect(near(channels, hue, 4)).toBe(true);
    const placeholders = await asked('/photos/a.jpg/~ph.json');
    expect(placeholders.blurhash).toHaveLength(28);
    expect(placeholders.palette[0]).toHaveProperty('r');
  });

  it('share a result where they mean the same', async () => {
    const ours = await node.get('/photos/a.jpg/~w_90,q_79,md_c.webp');
    const theirs = await node.get('/img/unsafe/w:90/plain/local:///a.jpg@webp');
    expect([theirs.status, theirs.headers.etag]).toEqual([200, ours.headers.etag]);
    const again = await node.get('/img/unsafe/w:90/plain/local:///a.jpg@webp', {
      headers: { 'if-none-match': ours.headers.etag ?? '' },
    });
    expect(again.status).toBe(304);
  });

  it.each([
    ['/img/unsafe/foo:1/plain/local:///a.jpg', 404, 'text/plain; charset=utf-8', 'Invalid URL'],
    ['/img/unsafe/plain/local:///none.jpg', 404, 'text/plain; charset=utf-8', 'Source is unreachable'],
    ['/iiif/3/photos%2Fa.jpg/full/1000,/0/default.jpg', 400, 'text/plain; charset=utf-8', ''],
    ['/photos/none.jpg?x-oss-process=image/resize,w_100', 404, 'application/xml', 'NoSuchKey'],
    ['/photos/a.jpg/~w_0.webp', 400, 'application/json; charset=utf-8', 'bad_value'],
  ])('%s fails in its own words', async (path, status, type, says) => {
    const reply = await node.get(path);
    expect([reply.status, reply.headers['content-type']]).toEqual([status, type]);
    expect(reply.body.toString()).toContain(says);
  });

  it('answer methods that are not theirs in their own words, too', async () => {
    const reply = await node.get('/img/unsafe/plain/local:///a.jpg', { method: 'POST' });
    expect([reply.status, reply.body.toString()]).toEqual([404, 'Not found']);
  });

  it('have headers of their own', async () => {
    const { headers } = await node.get('/img/unsafe/fn:face/plain/local:///a.jpg@webp');
    expect(headers['content-disposition']).toBe('inline; filename="face.webp"');
    expect(headers['cache-control']).toBe('max-age=31536000, public');
    const info = await node.get('/iiif/3/photos%2Fa.jpg/info.json');
    expect(info.json()).toMatchObject({
      width: 200,
      height: 120,
      id: `http://127.0.0.1:${node.port}/iiif/3/photos%2Fa.jpg`,
    });
    expect(info.headers['access-control-allow-origin']).toBe('*');
    const base = await node.get('/iiif/3/photos%2Fa.jpg');
    expect([base.status, base.headers.location]).toEqual([303, expect.stringMatching(/info\.json$/)]);
  });

  it('take over the id of a request where that is wanted', async () => {
    const idOf = async (id: string) =>
      (await node.get('/photos/a.jpg/~w_50.webp', { headers: { 'x-request-id': id } })).headers['x-request-id'];
    expect(await idOf('valid-id-123')).toBe('valid-id-123');
    expect(await idOf('an id with spaces')).not.toBe('an id with spaces');
  });

  it('leave nothing behind', async () => {
    await calm(node);
    expect(node.lines().filter(({ event }) => event === 'internal-error' || event === 'child-exited')).toEqual([]);
  });
});
