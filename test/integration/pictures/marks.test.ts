import { utimesSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { colours, jpeg, png } from '../../fixtures/pictures.ts';
import { calm } from '../../helpers/gauges.ts';
import { type Pileus, startPileus } from '../../helpers/pileus.ts';
import { decode, draw, near, type Pixel, pixelAt } from '../../helpers/pixels.ts';
import { makeSite, type Site } from '../../helpers/site.ts';

const plain = (colour: Pixel, width: number, height: number) => draw(width, height, 3, () => colour);
const encoded = (text: string): string => Buffer.from(text).toString('base64url');

let site: Site;
let node: Pileus;

beforeAll(async () => {
  site = makeSite();
  site.put('a.png', await png(plain(colours.blue, 100, 60)));
  site.put('red.png', await png(plain(colours.red, 20, 10)));
  site.put('turned.jpg', await jpeg(plain(colours.green, 20, 10), { orientation: 6 }));
  site.put('drawing.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'));
  site.put('cut.png', (await png(draw(60, 60, 3, (x, y) => [x * 4, y * 4, (x * y) % 256]))).subarray(0, 400));
  site.put('vault/gold.png', await png(plain(colours.yellow, 20, 10)));
  site.configure({
    namespaces: {
      photos: { origin: './photos', limits: { svgBytesMax: 100_000, sourceFreshMs: 0 } },
      vault: { origin: './photos/vault', keys: [{ kid: 'a', secret: '0123456789abcdef0123456789abcdef' }] },
    },
    dialects: [
      { grammar: 'imgproxy', at: '/img', sources: { local: 'photos' } },
      { grammar: 'oss', at: '/oss', namespace: 'photos', marks: { '': 'photos' } },
      { grammar: 'thumbor', at: '/thumbor', namespace: 'photos', unsafe: true, marks: { 'http://cdn/': 'photos' } },
    ],
  });
  node = await startPileus(site.args);
});

afterAll(async () => {
  await node?.stop();
  site?.clear();
});

/** The picture's pixels at the upper left and lower right corner. */
async function corners(url: string): Promise<readonly [Pixel, Pixel]> {
  const { status, body } = await node.get(url);
  if (status !== 200) throw new Error(`${url} is ${status}: ${body.toString()}`);
  const picture = await decode(body);
  return [pixelAt(picture, 2, 2).slice(0, 3), pixelAt(picture, picture.width - 3, picture.height - 3).slice(0, 3)];
}

const codeOf = async (url: string): Promise<readonly unknown[]> => {
  const { status, json } = await node.get(url);
  return [status, (json() as { code: string }).code];
};

const native = (mark: string, pairs = ''): string => `/photos/a.png/~wm_.${encoded(mark)}.${pairs}.png`;

describe('a mark that is another original', () => {
  it.each([
    ['native', native('photos/red.png')],
    ['imgproxy', `/img/unsafe/wm:1:soea/wmu:${encoded('local:///red.png')}/plain/local:///a.png`],
    ['OSS', `/oss/a.png?x-oss-process=image/watermark,image_${encoded('red.png')},g_se,x_0,y_0`],
    ['thumbor', '/thumbor/unsafe/filters:watermark(http://cdn/red.png,-0,-0,0)/a.png'],
  ])('is drawn on the picture: %s', async (_grammar, url) => {
    const [first, last] = await corners(url);
    expect(near(first, colours.blue, 2)).toBe(true);
    expect(near(last, colours.red, 2)).toBe(true);
  });

  it('stands as a viewer sees it', async () => {
    const { body } = await node.get(native('photos/turned.jpg', 'g_nw'));
    const picture = await decode(body);
    expect(near(pixelAt(picture, 8, 18).slice(0, 3), colours.green, 8)).toBe(true);
    expect(near(pixelAt(picture, 12, 2).slice(0, 3), colours.blue, 8)).toBe(true);
  });

  it('is as large as the URL says', async () => {
    const url = `/img/unsafe/wm:1:nowe/wms:40:0/wmu:${encoded('local:///red.png')}/plain/local:///a.png@png`;
    const picture = await decode((await node.get(url)).body);
    expect(near(pixelAt(picture, 38, 18).slice(0, 3), colours.red, 2)).toBe(true);
    expect(near(pixelAt(picture, 42, 18).slice(0, 3), colours.blue, 2)).toBe(true);
    expect(near(pixelAt(picture, 38, 22).slice(0, 3), colours.blue, 2)).toBe(true);
  });

  it('is a part of what is made: a new one makes a new result, an old ETag is over', async () => {
    site.put('badge.png', await png(plain(colours.red, 20, 10)));
    const url = native('photos/badge.png');
    const { headers } = await node.get(url);
    const etag = headers.etag ?? '';
    expect((await node.get(url, { headers: { 'if-none-match': etag } })).status).toBe(304);

    site.put('badge.png', await png(plain(colours.green, 20, 10)));
    utimesSync(path.join(site.originals, 'badge.png'), new Date(1_700_000_000_000), new Date(1_700_000_000_000));
    const changed = await node.get(url, { headers: { 'if-none-match': etag } });
    expect(changed.status).toBe(200);
    expect(near(pixelAt(await decode(changed.body), 98, 58).slice(0, 3), colours.green, 2)).toBe(true);
  });

  it.each(['gone.png', 'drawing.svg', 'cut.png'])('is refused where it cannot be drawn: %s', async (key) => {
    expect(await codeOf(native(`photos/${key}`))).toEqual([422, 'mark_unusable']);
    // Its source is as good as before.
    expect((await node.get('/photos/a.png/~w_50.png')).status).toBe(200);
  });

  it('does not come out of a namespace with keys, nor from beside the root', async () => {
    expect(await codeOf(native('vault/gold.png'))).toEqual([403, 'not_allowed']);
    expect(await codeOf(native('photos/../a.png'))).toEqual([400, 'bad_key']);
    expect(await codeOf(native('nowhere/a.png'))).toEqual([404, 'not_found']);
  });

  it('leaves nothing behind', async () => {
    await calm(node);
  });
});
