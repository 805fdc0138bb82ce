import { writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Explanation } from '../../../src/plan/explain.ts';
import { animatedGif, colours, frameColours, gradient, jpeg, opened, png, quadrants } from '../../fixtures/pictures.ts';
import { type Pileus, startPileus } from '../../helpers/pileus.ts';
import { decode, difference, draw, near, type Pixel, pixelAt, type Raster } from '../../helpers/pixels.ts';
import { makeSite, type Site } from '../../helpers/site.ts';

const { red, green, blue, yellow } = colours;
const white: Pixel = [255, 255, 255];

/** Red, green over blue, yellow; every crop of it tells where it comes from. */
const quarters = quadrants(400, 240);
const portrait = quadrants(240, 400);
const sky = gradient(200, 120);

/** Busy enough that quality shows in bytes; a fixed sequence, so that every run has the same. */
function texture(width: number, height: number): Raster {
  let state = 12_345;
  const next = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  return draw(width, height, 3, (x, y) => {
    const base = 120 + 60 * Math.sin(x / 9) + 40 * Math.cos(y / 7);
    return [base + 30 * next(), base * 0.8 + 30 * next(), 200 - base / 2 + 30 * next()].map(Math.round);
  });
}

/** Grey everywhere but for one saturated patch with detail on the right. */
const patched = draw(400, 200, 3, (x, y) => {
  const inside = x >= 300 && x < 380 && y >= 60 && y < 140;
  if (!inside) return [128, 128, 128];
  return (Math.floor(x / 5) + Math.floor(y / 5)) % 2 === 0 ? red : yellow;
});

/** A vertical edge between two greys. */
const edge = draw(100, 60, 3, (x) => (x < 50 ? [80, 80, 80] : [170, 170, 170]));

let site: Site;
let node: Pileus;

beforeAll(async () => {
  site = makeSite({ assets: { logo: './logo.png' }, jpegQuality: 80 });
  const logo = await png(draw(20, 10, 3, () => [250, 0, 250]));
  writeFileSync(path.join(site.folder, 'logo.png'), logo);
  site.put('quarters.png', await png(quarters));
  site.put('quarters.jpg', await jpeg(quarters));
  site.put('portrait.png', await png(portrait));
  site.put('sky.png', await png(sky));
  site.put('patched.png', await png(patched));
  site.put('edge.png', await png(edge));
  site.put('glass.png', await png(draw(60, 40, 4, (x) => [...red, x < 30 ? 255 : 0])));
  site.put('texture.png', await png(texture(400, 300)));
  site.put('poor.jpg', await opened(texture(400, 300)).jpeg({ quality: 40 }).toBuffer());
  site.put('four.gif', await animatedGif(24, 16));
  site.put(
    'tagged.jpg',
    await opened(quarters)
      .jpeg()
      .withExif({ IFD0: { Copyright: 'The Owner', ImageDescription: 'Where it was taken' } })
      .toBuffer(),
  );
  node = await startPileus(site.args);
});

afterAll(async () => {
  await node?.stop();
  site?.clear();
});

/** Asks for a picture and fails with what the node said where it is none. */
async function made(url: string): Promise<Buffer> {
  const reply = await node.get(url);
  if (reply.status !== 200) throw new Error(`${url}: ${reply.status} ${reply.body.toString()}`);
  return reply.body;
}
const raster = async (url: string): Promise<Raster> => decode(await made(url));

type Point = readonly [x: number, y: number, colour: Pixel];
type Geometry = readonly [promise: string, url: string, size: readonly [number, number], points: readonly Point[]];

const geometry: readonly Geometry[] = [
  [
    'fits into the box',
    'quarters.png/~w_200,h_200.png',
    [200, 120],
    [
      [20, 20, red],
      [180, 20, green],
      [20, 100, blue],
    ],
  ],
  [
    'covers the box',
    'quarters.png/~m_cover,w_100,h_100.png',
    [100, 100],
    [
      [5, 5, red],
      [95, 5, green],
      [95, 95, yellow],
    ],
  ],
  [
    'goes around the box',
    'quarters.png/~m_min,w_100,h_100.png',
    [167, 100],
    [
      [5, 5, red],
      [160, 95, yellow],
    ],
  ],
  [
    'pads to the box with the background',
    'quarters.png/~m_pad,w_200,h_200,bg_102030.png',
    [200, 200],
    [
      [100, 10, [16, 32, 48]],
      [100, 190, [16, 32, 48]],
      [20, 50, red],
      [180, 150, yellow],
    ],
  ],
  [
    'gives the ratio up',
    'quarters.png/~m_exact,w_100,h_200.png',
    [100, 200],
    [
      [10, 90, red],
      [90, 110, yellow],
    ],
  ],
  [
    'crops to a ratio without scaling',
    'quarters.png/~m_aspect,w_1,h_1.png',
    [240, 240],
    [
      [5, 5, red],
      [235, 235, yellow],
    ],
  ],
  [
    'cuts a region in pixels',
    'quarters.png/~c_200.0.100.100.png',
    [100, 100],
    [
      [0, 0, green],
      [99, 99, green],
    ],
  ],
  [
    'clips a region to the picture',
    'quarters.png/~c_300.200.1000.1000.png',
    [100, 40],
    [
      [0, 0, yellow],
      [99, 39, yellow],
    ],
  ],
  [
    'cuts a region in shares',
    'quarters.png/~cp_5000.5000.5000.5000.png',
    [200, 120],
    [
      [0, 0, yellow],
      [199, 119, yellow],
    ],
  ],
  [
    'cuts the centre square',
    'quarters.png/~c_sq.png',
    [240, 240],
    [
      [0, 0, red],
      [119, 119, red],
      [120, 120, yellow],
    ],
  ],
  [
    'cuts, then scales',
    'quarters.png/~c_200.0.200.120,w_50.png',
    [50, 30],
    [
      [0, 0, green],
      [49, 29, green],
    ],
  ],
  ['bounds the long side of a landscape', 'quarters.png/~l_100.png', [100, 60], [[5, 5, red]]],
  ['bounds the long side of a portrait', 'portrait.png/~l_100.png', [60, 100], [[5, 5, red]]],
  ['bounds the short side of a landscape', 'quarters.png/~s_60.png', [100, 60], [[95, 55, yellow]]],
  ['bounds the short side of a portrait', 'portrait.png/~s_60.png', [60, 100], [[55, 95, yellow]]],
  ['scales by percent', 'quarters.png/~p_25.png', [100, 60], [[95, 5, green]]],
  ['bounds the area', 'quarters.png/~a_6000.png', [100, 60], [[5, 55, blue]]],
  [
    'holds on to the left',
    'quarters.png/~m_aspect,w_1,h_2,g_w.png',
    [120, 240],
    [
      [0, 0, red],
      [119, 239, blue],
    ],
  ],
  [
    'holds on to the bottom right',
    'quarters.png/~m_aspect,w_4,h_1,g_se.png',
    [400, 100],
    [
      [0, 0, blue],
      [399, 99, yellow],
    ],
  ],
  [
    'holds on to a focal point',
    'quarters.png/~m_aspect,w_1,h_2,g_100.50.png',
    [120, 240],
    [
      [0, 0, green],
      [119, 239, yellow],
    ],
  ],
  ['leaves a small source as it is', 'quarters.png/~w_800.png', [400, 240], [[5, 5, red]]],
  [
    'enlarges where told',
    'quarters.png/~w_800,up_1.png',
    [800, 480],
    [
      [10, 10, red],
      [790, 470, yellow],
    ],
  ],
  ['never shrinks where told only to enlarge', 'quarters.png/~w_100,up_2.png', [400, 240], [[5, 5, red]]],
  ['multiplies by the density of the screen', 'quarters.png/~w_100,dpr_2.png', [200, 120], [[5, 5, red]]],
  [
    'mirrors left to right',
    'quarters.png/~fl_h.png',
    [400, 240],
    [
      [5, 5, green],
      [395, 5, red],
    ],
  ],
  [
    'mirrors top to bottom',
    'quarters.png/~fl_v.png',
    [400, 240],
    [
      [5, 5, blue],
      [5, 235, red],
    ],
  ],
  [
    'mirrors both ways',
    'quarters.png/~fl_hv.png',
    [400, 240],
    [
      [5, 5, yellow],
      [395, 235, red],
    ],
  ],
  [
    'turns a quarter clockwise',
    'quarters.png/~rt_90.png',
    [240, 400],
    [
      [5, 5, blue],
      [235, 5, red],
      [5, 395, yellow],
    ],
  ],
  [
    'turns half way',
    'quarters.png/~rt_180.png',
    [400, 240],
    [
      [5, 5, yellow],
      [395, 235, red],
    ],
  ],
];

describe('geometry of the picture that comes out', () => {
  it.each(geometry)('%s', async (_promise, url, [width, height], points) => {
    const picture = await raster(`/photos/${url}`);
    expect([picture.width, picture.height]).toEqual([width, height]);
    for (const [x, y, colour] of points) {
      expect(near(pixelAt(picture, x, y).slice(0, 3), colour, 3), `${x},${y}: ${pixelAt(picture, x, y)}`).toBe(true);
    }
  });

  it('fills the corners of an odd turn with the background, and keeps the middle', async () => {
    const picture = await raster('/photos/quarters.png/~rt_45,bg_102030.png');
    expect(near(pixelAt(picture, 2, 2).slice(0, 3), [16, 32, 48], 2)).toBe(true);
    const { width, height } = picture;
    expect(width).toBeGreaterThan(440);
    // What was left of the middle, red over blue, is now above it on the left: red up, blue left.
    expect(near(pixelAt(picture, Math.round(width / 2), Math.round(height / 2) - 40).slice(0, 3), red, 8)).toBe(true);
    expect(near(pixelAt(picture, Math.round(width / 2) - 40, Math.round(height / 2)).slice(0, 3), blue, 8)).toBe(true);
  });

  it.each(['att', 'ent'])('finds where something is (g_%s)', async (gravity) => {
    const picture = await raster(`/photos/patched.png/~m_cover,w_200,h_200,g_${gravity}.png`);
    expect([picture.width, picture.height]).toEqual([200, 200]);
    const isGrey = ([r = 0, g = 0, b = 0]: Pixel) => Math.max(r, g, b) - Math.min(r, g, b) < 12;
    const coloured = Array.from({ length: 200 * 200 }, (_, at) => pixelAt(picture, at % 200, Math.floor(at / 200)));
    // The whole patch of 80 x 80 is inside, but for its blurred rim.
    expect(coloured.filter((pixel) => !isGrey(pixel)).length).toBeGreaterThan(0.9 * 80 * 80);
  });

  it('refuses to enlarge where told so', async () => {
    const reply = await node.get('/photos/quarters.png/~w_800,up_3.png');
    expect(reply.status).toBe(422);
    expect(reply.json()).toMatchObject({ code: 'enlarge_refused' });
  });
});

describe('tones', () => {
  const at = async (url: string, x: number, y: number): Promise<Pixel> =>
    pixelAt(await raster(`/photos/${url}`), x, y).slice(0, 3);

  it('grey has no colour, and keeps light and dark apart', async () => {
    const picture = await raster('/photos/quarters.png/~gr_1.png');
    const levels = [pixelAt(picture, 5, 5), pixelAt(picture, 395, 5), pixelAt(picture, 5, 235)].map(([r]) => r ?? 0);
    for (let n = 0; n < picture.channels - 1 && picture.channels >= 3; n++)
      expect(pixelAt(picture, 5, 5)[n]).toBe(levels[0]);
    expect(levels[1]).toBeGreaterThan(levels[0] ?? 255);
    expect(levels[0]).not.toBe(levels[2]);
  });

  it('a threshold leaves black and white', async () => {
    const picture = await raster('/photos/sky.png/~bt_128.png');
    expect(new Set(picture.bytes)).toEqual(new Set([0, 255]));
  });

  it.each([
    ['brightness up', 'br_40', (now: number, before: number) => now > before],
    ['brightness down', 'br_-40', (now: number, before: number) => now < before],
  ])('%s moves every grey', async (_name, operation, holds) => {
    const [left = 0] = await at(`edge.png/~${operation}.png`, 10, 10);
    const [right = 0] = await at(`edge.png/~${operation}.png`, 90, 10);
    expect(holds(left, 80)).toBe(true);
    expect(holds(right, 170)).toBe(true);
  });

  it('contrast draws greys apart, or together', async () => {
    const apart = async (operation: string): Promise<number> =>
      ((await at(`edge.png/~${operation}.png`, 90, 10))[0] ?? 0) -
      ((await at(`edge.png/~${operation}.png`, 10, 10))[0] ?? 0);
    expect(await apart('ct_40')).toBeGreaterThan(100);
    expect(await apart('ct_-40')).toBeLessThan(80);
  });

  it('saturation -100 is grey, and more is more', async () => {
    const spread = async (operation: string): Promise<number> => {
      const pixel = await at(`sky.png/~${operation}.png`, 100, 60);
      return Math.max(...pixel) - Math.min(...pixel);
    };
    const own = Math.max(...pixelAt(sky, 100, 60)) - Math.min(...pixelAt(sky, 100, 60));
    expect(await spread('sa_-100')).toBeLessThan(3);
    expect(await spread('sa_50')).toBeGreaterThan(own);
  });

  it('blur mixes across an edge and sharpen overshoots at it', async () => {
    const [blurred = 0] = await at('edge.png/~bl_5.png', 48, 30);
    expect(blurred).toBeGreaterThan(90);
    expect(blurred).toBeLessThan(160);
    const [sharpened = 0] = await at('edge.png/~sh_2.png', 49, 30);
    expect(sharpened).toBeLessThan(78);
  });
});

describe('watermark and background', () => {
  it('lays an asset of the configuration where the URL says', async () => {
    const picture = await raster('/photos/quarters.png/~wm_logo.nw.10.20.100.0.png');
    const logo: Pixel = [250, 0, 250];
    expect(near(pixelAt(picture, 10, 20).slice(0, 3), logo, 1)).toBe(true);
    expect(near(pixelAt(picture, 29, 29).slice(0, 3), logo, 1)).toBe(true);
    expect(near(pixelAt(picture, 9, 20).slice(0, 3), red, 1)).toBe(true);
    expect(near(pixelAt(picture, 30, 30).slice(0, 3), red, 1)).toBe(true);
  });

  it('lays it into the lower right corner by default, half transparent and scaled where told', async () => {
    const plain = await raster('/photos/quarters.png/~wm_logo.png');
    expect(near(pixelAt(plain, 399, 239).slice(0, 3), [250, 0, 250], 1)).toBe(true);
    const half = await raster('/photos/quarters.png/~wm_logo.se.0.0.50.50.png');
    // Half of 400 wide: 200 x 100, over yellow and green.
    expect(near(pixelAt(half, 395, 235).slice(0, 3), [245, 110, 150], 3)).toBe(true);
    expect(near(pixelAt(half, 195, 235).slice(0, 3), blue, 1)).toBe(true);
  });

  it('refuses one that is not configured', async () => {
    const reply = await node.get('/photos/quarters.png/~wm_nothing.png');
    expect(reply.status).toBe(400);
  });

  it('keeps transparency where the format can, and shows white or the background where it cannot', async () => {
    const kept = await raster('/photos/glass.png/~w_60.webp');
    expect(kept.channels).toBe(4);
    expect(pixelAt(kept, 50, 20)[3]).toBe(0);
    expect(near(pixelAt(await raster('/photos/glass.png/~w_60.jpg'), 50, 20), white, 3)).toBe(true);
    const coloured = await raster('/photos/glass.png/~w_60,bg_0000ff,q_95.jpg');
    expect(near(pixelAt(coloured, 50, 20), [0, 0, 255], 6)).toBe(true);
    expect(near(pixelAt(coloured, 10, 20), red, 6)).toBe(true);
  });
});

describe('encoding', () => {
  const formats = [
    ['jpg', 'image/jpeg', 'jpeg'],
    ['png', 'image/png', 'png'],
    ['webp', 'image/webp', 'webp'],
    ['avif', 'image/avif', 'heif'],
    ['gif', 'image/gif', 'gif'],
    ['tif', 'image/tiff', 'tiff'],
  ] as const;

  it.each(formats)('%s is what its content type says', async (extension, contentType, format) => {
    const reply = await node.get(`/photos/quarters.png/~w_100.${extension}`);
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe(contentType);
    const metadata = await sharp(reply.body).metadata();
    expect([metadata.format, metadata.width, metadata.height]).toEqual([format, 100, 60]);
    const picture = await decode(reply.body);
    expect(near(pixelAt(picture, 10, 10).slice(0, 3), red, 14), `${pixelAt(picture, 10, 10)}`).toBe(true);
    expect(near(pixelAt(picture, 90, 50).slice(0, 3), yellow, 14), `${pixelAt(picture, 90, 50)}`).toBe(true);
  });

  it.each(['jpg', 'webp', 'avif'])('q_ weighs bytes against likeness (%s)', async (extension) => {
    const [poor, fine] = await Promise.all([
      made(`/photos/texture.png/~q_20.${extension}`),
      made(`/photos/texture.png/~q_90.${extension}`),
    ]);
    expect(poor.length).toBeLessThan(0.6 * fine.length);
    const source = texture(400, 300);
    expect(difference(await decode(fine), source).mean).toBeLessThan(difference(await decode(poor), source).mean);
  });

  it('qs_ never pretends to more quality than the source has, q_ does', async () => {
    const quality = async (operation: string): Promise<number> =>
      ((await node.get(`/photos/poor.jpg/~explain,${operation}.json`)).json() as Explanation).encode.quality;
    expect(await quality('qs_90')).toBe(40);
    expect(await quality('q_90')).toBe(90);
    // Half as wide and high: the source's quality counts for twice as much.
    expect(await quality('qc_90,w_200')).toBe(80);
    const [capped, asked] = await Promise.all([
      made('/photos/poor.jpg/~qs_90.jpg'),
      made('/photos/poor.jpg/~q_90.jpg'),
    ]);
    expect(capped.length).toBeLessThan(asked.length);
  });

  it('kb_ keeps the bytes within the budget, and the picture whole', async () => {
    const free = await made('/photos/texture.png/~q_90.jpg');
    expect(free.length).toBeGreaterThan(30 * 1024);
    const bound = await made('/photos/texture.png/~q_90,kb_30.jpg');
    expect(bound.length).toBeLessThanOrEqual(30 * 1024);
    expect(bound.length).toBeGreaterThan(15 * 1024);
    expect(await decode(bound)).toMatchObject({ width: 400, height: 300 });
  });

  it('ll_1 gives back every pixel', async () => {
    const picture = await raster('/photos/texture.png/~ll_1.webp');
    expect(difference(picture, texture(400, 300)).max).toBe(0);
  });

  it('pg_1 is progressive, pg_0 is not', async () => {
    const isProgressive = async (operation: string) =>
      (await sharp(await made(`/photos/quarters.png/~w_100,${operation}.jpg`)).metadata()).isProgressive;
    expect(await isProgressive('pg_1')).toBe(true);
    expect(await isProgressive('pg_0')).toBe(false);
  });

  it('drops metadata unless asked to keep the copyright, or all', async () => {
    const plain = await made('/photos/tagged.jpg/~w_100.jpg');
    const copyright = await made('/photos/tagged.jpg/~w_100,md_c.jpg');
    const whole = await made('/photos/tagged.jpg/~w_100,md_1.jpg');
    const holds = (file: Buffer, text: string) => file.includes(text, 0, 'latin1');
    expect([plain, copyright, whole].map((file) => holds(file, 'The Owner'))).toEqual([false, true, true]);
    expect([plain, copyright, whole].map((file) => holds(file, 'Where it was'))).toEqual([false, false, true]);
  });

  it('takes one frame of an animation where asked', async () => {
    for (const [index, colour] of frameColours.entries()) {
      const picture = await raster(`/photos/four.gif/~fr_${index}.png`);
      expect([picture.width, picture.height]).toEqual([24, 16]);
      expect(near(pixelAt(picture, 20, 12).slice(0, 3), colour, 2), `${index}`).toBe(true);
    }
  });
});

it('a JPEG gives what the same picture gives as PNG, but for the loss of JPEG', async () => {
  const fromJpeg = await raster('/photos/quarters.jpg/~m_cover,w_60,h_60,fl_h.png');
  const fromPng = await raster('/photos/quarters.png/~m_cover,w_60,h_60,fl_h.png');
  expect(difference(fromJpeg, fromPng).mean).toBeLessThan(3);
});
