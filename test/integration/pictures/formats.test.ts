import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  animatedGif,
  animatedWebp,
  cmykJpeg,
  colours,
  deepPng,
  frameColours,
  frameDelaysMs,
  gradient,
  greyAlphaPng,
  greyJpeg,
  jpeg,
  opened,
  png,
  quadrants,
  wideGamutPng,
} from '../../fixtures/pictures.ts';
import { type Pileus, startPileus } from '../../helpers/pileus.ts';
import { decode, difference, draw, near, type Pixel, pixelAt, type Raster, rearrange } from '../../helpers/pixels.ts';
import { makeSite, type Site } from '../../helpers/site.ts';

const { red, green, blue, yellow } = colours;
const upright = quadrants(80, 48);
const sky = gradient(64, 40);

const right = upright.width - 1;
const bottom = upright.height - 1;

/** Which pixel of the upright picture a camera stores at x, y under each EXIF orientation. */
const seenAt: Readonly<Record<number, (x: number, y: number) => readonly [number, number]>> = {
  1: (x, y) => [x, y],
  2: (x, y) => [right - x, y],
  3: (x, y) => [right - x, bottom - y],
  4: (x, y) => [x, bottom - y],
  5: (x, y) => [y, x],
  6: (x, y) => [right - y, x],
  7: (x, y) => [right - y, bottom - x],
  8: (x, y) => [y, bottom - x],
};
const orientations = [1, 2, 3, 4, 5, 6, 7, 8];

function asStored(orientation: number): Raster {
  const from = seenAt[orientation];
  if (from === undefined) throw new Error(`no orientation ${orientation}`);
  return orientation < 5 ? rearrange(upright, 80, 48, from) : rearrange(upright, 48, 80, from);
}

/** Display P3 numbers as sRGB numbers: the curve is the same, the primaries differ (CSS Color 4, section 10). */
function p3AsSrgb(pixel: Pixel): Pixel {
  const [r = 0, g = 0, b = 0] = pixel.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const linear = [1.22494 * r - 0.22494 * g, -0.04206 * r + 1.04206 * g, -0.01964 * r - 0.07864 * g + 1.09827 * b];
  return linear.map((value) => {
    const inside = Math.min(1, Math.max(0, value));
    return Math.round(255 * (inside <= 0.0031308 ? 12.92 * inside : 1.055 * inside ** (1 / 2.4) - 0.055));
  });
}

let site: Site;
let node: Pileus;

beforeAll(async () => {
  site = makeSite({
    namespaces: { photos: { origin: './photos' }, still: { origin: './photos', animated: false } },
  });
  for (const orientation of orientations) {
    site.put(`exif-${orientation}.jpg`, await jpeg(asStored(orientation), { orientation }));
  }
  site.put('moving.gif', await animatedGif(24, 16));
  site.put('moving.webp', await animatedWebp(24, 16));
  site.put('cmyk.jpg', await cmykJpeg(upright));
  site.put('grey.jpg', await greyJpeg(upright));
  site.put('deep.png', await deepPng(sky));
  site.put('deep-p3.png', await deepPng(sky, 'p3'));
  site.put('wide.png', await wideGamutPng(sky));
  site.put('grey-alpha.png', await greyAlphaPng(20, 14));
  site.put('plain.png', await png(sky));
  site.put('plain.webp', await opened(sky).webp({ lossless: true }).toBuffer());
  site.put('plain.avif', await opened(sky).avif({ lossless: true }).toBuffer());
  site.put('plain.tif', await opened(sky).tiff({ compression: 'lzw' }).toBuffer());
  site.put('progressive.jpg', await jpeg(sky, { progressive: true }));
  // A name says nothing: what counts is inside.
  site.put('misnamed.jpg', await png(sky));
  node = await startPileus(site.args);
});

afterAll(async () => {
  await node?.stop();
  site?.clear();
});

async function made(url: string): Promise<Buffer> {
  const reply = await node.get(url);
  if (reply.status !== 200) throw new Error(`${url}: ${reply.status} ${reply.body.toString()}`);
  return reply.body;
}
const raster = async (url: string): Promise<Raster> => decode(await made(url));

describe('EXIF orientation', () => {
  it.each(orientations)('%i comes out upright, and without the tag', async (orientation) => {
    const file = await made(`/photos/exif-${orientation}.jpg/~m_fit.png`);
    const picture = await decode(file);
    expect([picture.width, picture.height]).toEqual([80, 48]);
    const corners = [
      pixelAt(picture, 8, 8),
      pixelAt(picture, 71, 8),
      pixelAt(picture, 8, 39),
      pixelAt(picture, 71, 39),
    ];
    for (const [at, colour] of [red, green, blue, yellow].entries())
      expect(near(corners[at] ?? [], colour, 8), `${corners[at]}`).toBe(true);
    expect((await sharp(file).metadata()).orientation).toBeUndefined();
  });

  it.each(orientations)('%i is cropped and sized as it is seen', async (orientation) => {
    const picture = await raster(`/photos/exif-${orientation}.jpg/~c_40.0.40.24,w_20.png`);
    expect([picture.width, picture.height]).toEqual([20, 12]);
    expect(near(pixelAt(picture, 10, 6), green, 8)).toBe(true);
  });

  it.each(orientations)('%i stays as it is stored where told so', async (orientation) => {
    const picture = await raster(`/photos/exif-${orientation}.jpg/~o_0.png`);
    expect([picture.width, picture.height]).toEqual(orientation < 5 ? [80, 48] : [48, 80]);
    expect(difference(picture, asStored(orientation)).mean).toBeLessThan(2);
  });
});

describe('animations', () => {
  it.each([
    ['gif', 'gif'],
    ['gif', 'webp'],
    ['webp', 'gif'],
    ['webp', 'webp'],
  ])('from %s to %s keep their frames, times and loops', async (from, to) => {
    const file = await made(`/photos/moving.${from}/~w_12.${to}`);
    const metadata = await sharp(file, { pages: -1 }).metadata();
    expect([metadata.pages, metadata.pageHeight, metadata.width]).toEqual([4, 8, 12]);
    expect(metadata.delay).toEqual([...frameDelaysMs]);
    expect(metadata.loop).toBe(3);
    const strip = await decode(file);
    for (const [index, colour] of frameColours.entries()) {
      const pixel = pixelAt(strip, 10, index * 8 + 6).slice(0, 3);
      expect(near(pixel, colour, 24), `${index}: ${pixel}`).toBe(true);
    }
  });

  it('are one picture in formats that hold one, the first frame', async () => {
    for (const extension of ['jpg', 'png', 'avif']) {
      const picture = await raster(`/photos/moving.gif/~m_fit.${extension}`);
      expect([picture.width, picture.height]).toEqual([24, 16]);
      expect(near(pixelAt(picture, 20, 12).slice(0, 3), frameColours[0], 16)).toBe(true);
    }
  });

  it('are one picture where the namespace or the URL says so', async () => {
    for (const url of ['/still/moving.gif/~w_12.webp', '/photos/moving.gif/~fr_0,w_12.webp']) {
      expect((await sharp(await made(url), { pages: -1 }).metadata()).pages ?? 1).toBe(1);
    }
    const reply = await node.get('/still/moving.gif/~w_12,fr_all.webp');
    expect([reply.status, (reply.json() as { code: string }).code]).toEqual([403, 'not_allowed']);
  });

  it('are cropped and turned by quarters frame by frame', async () => {
    const strip = await raster('/photos/moving.gif/~c_12.8.12.8,rt_90.webp');
    expect([strip.width, strip.height]).toEqual([8, 48]);
    for (const [index, colour] of frameColours.entries())
      expect(near(pixelAt(strip, 4, index * 12 + 6).slice(0, 3), colour, 24)).toBe(true);
  });

  it('say that they cannot be turned by odd angles', async () => {
    const reply = await node.get('/photos/moving.gif/~rt_33.webp');
    expect([reply.status, (reply.json() as { code: string }).code]).toEqual([422, 'operation_unsupported']);
  });
});

describe('colours', () => {
  it('CMYK becomes sRGB', async () => {
    const file = await made('/photos/cmyk.jpg/~m_fit.png');
    const metadata = await sharp(file).metadata();
    expect([metadata.space, metadata.channels]).toEqual(['srgb', 3]);
    const picture = await decode(file);
    // Inks hold less than light; the hues have to be right.
    const [r = 0, g = 0, b = 0] = pixelAt(picture, 10, 10);
    expect(r).toBeGreaterThan(Math.max(g, b) + 60);
    const [r2 = 0, g2 = 0, b2 = 0] = pixelAt(picture, 70, 10);
    expect(g2).toBeGreaterThan(Math.max(r2, b2) + 30);
  });

  it('16 bits become 8, in value', async () => {
    const file = await made('/photos/deep.png/~m_fit.png');
    expect((await sharp(file).metadata()).depth).toBe('uchar');
    expect(difference(await decode(file), sky).max).toBeLessThanOrEqual(1);
  });

  it.each([
    ['8 bits', 'wide.png', sky],
    ['16 bits', 'deep-p3.png', draw(sky.width, sky.height, 3, (x, y) => p3AsSrgb(pixelAt(sky, x, y)))],
  ])('a wide-gamut profile becomes sRGB, and goes (%s)', async (_bits, name, wanted) => {
    const file = await made(`/photos/${name}/~m_fit.png`);
    expect((await sharp(file).metadata()).icc).toBeUndefined();
    const { max, mean } = difference(await decode(file), wanted);
    expect(mean).toBeLessThan(1.5);
    expect(max).toBeLessThanOrEqual(6);
  });

  it('grey stays grey', async () => {
    const picture = await raster('/photos/grey.jpg/~m_fit.webp');
    for (const [x, y] of [
      [10, 10],
      [70, 10],
      [10, 40],
    ] as const) {
      const [r = 0, g = 0, b = 0] = pixelAt(picture, x, y);
      expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThan(4);
    }
  });

  it('grey with alpha is laid on white in JPEG, and keeps its alpha in PNG', async () => {
    const flat = await raster('/photos/grey-alpha.png/~q_95.jpg');
    // Transparent at the top: white whatever the grey; opaque at the bottom left: black.
    expect(near(pixelAt(flat, 1, 0).slice(0, 1), [255], 10)).toBe(true);
    expect(near(pixelAt(flat, 0, 13).slice(0, 1), [0], 10)).toBe(true);
    const kept = await raster('/photos/grey-alpha.png/~m_fit.png');
    expect(pixelAt(kept, 5, 0).at(-1)).toBe(0);
    expect(pixelAt(kept, 5, 13).at(-1)).toBe(255);
  });
});

describe('sources', () => {
  it.each(['plain.png', 'plain.webp', 'plain.avif', 'plain.tif', 'misnamed.jpg', 'progressive.jpg'])(
    '%s is read for what it is',
    async (name) => {
      const picture = await raster(`/photos/${name}/~m_fit.png`);
      const loss = name === 'progressive.jpg' ? 6 : name.endsWith('.avif') ? 4 : 0;
      expect(difference(picture, sky).max).toBeLessThanOrEqual(loss);
    },
  );
});
