import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flatPng, manyFrames } from '../../fixtures/bombs.ts';
import { animatedGif, animatedWebp, gradient, jpeg, opened, png, quadrants } from '../../fixtures/pictures.ts';
import { calm } from '../../helpers/gauges.ts';
import { type Pileus, type Reply, startPileus } from '../../helpers/pileus.ts';
import { makeSite, type Site } from '../../helpers/site.ts';

const patient = { timeout: 120_000 };
const shares = [10, 30, 50, 70, 90] as const;
const stills = ['jpg', 'progressive.jpg', 'png', 'webp', 'avif', 'tif'] as const;
const moving = ['gif', 'moving.webp'] as const;
const exactBytes = 20_000;

let site: Site;
let node: Pileus;
let pids: readonly number[];

const scene = gradient(300, 200);
const wholes = async (): Promise<Readonly<Record<(typeof stills | typeof moving)[number], Buffer>>> => ({
  jpg: await jpeg(scene),
  'progressive.jpg': await jpeg(scene, { progressive: true }),
  png: await png(scene),
  webp: await opened(scene).webp({ quality: 90 }).toBuffer(),
  avif: await opened(scene).avif({ quality: 60, effort: 0 }).toBuffer(),
  tif: await opened(scene).tiff({ compression: 'lzw' }).toBuffer(),
  gif: await animatedGif(60, 40),
  'moving.webp': await animatedWebp(60, 40),
});

beforeAll(async () => {
  const origin = './photos';
  site = makeSite({
    namespaces: {
      photos: { origin },
      lenient: { origin, truncated: 'ok' },
      small: { origin, limits: { sourceBytesMax: exactBytes } },
    },
  });
  for (const [name, bytes] of Object.entries(await wholes())) {
    site.put(`whole.${name}`, bytes);
    for (const share of shares) site.put(`cut-${share}.${name}`, bytes.subarray(0, (bytes.length * share) / 100));
    for (let at = 0; at < 12; at++) site.put(`flip-${at}.${name}`, flipped(bytes, at));
  }
  site.put('good.jpg', await jpeg(quadrants(60, 40)));
  site.put('bomb.png', flatPng(16_000, 16_000));
  site.put('uber.gif', manyFrames(40_000));
  const picture = await jpeg(quadrants(60, 40));
  site.put('exact.jpg', Buffer.concat([picture, Buffer.alloc(exactBytes - picture.length)]));
  site.put('over.jpg', Buffer.concat([picture, Buffer.alloc(exactBytes + 1 - picture.length)]));
  for (const [name, text] of Object.entries(mistyped)) site.put(name, Buffer.from(text, 'latin1'));
  node = await startPileus(site.args, { PILEUS_REQUEST_MS: '60000', PILEUS_QUEUE_WAIT_MS_MAX: '30000' });
  pids = (await node.stats()).workers.map(({ pid }) => pid);
}, 120_000);

afterAll(async () => {
  await node?.stop();
  site?.clear();
});

/** Some bits changed behind the first 100 bytes; the same ones every time. */
function flipped(bytes: Buffer, variant: number): Buffer {
  const copy = Buffer.from(bytes);
  for (let n = 0; n < 6; n++) {
    const at = 100 + (((variant + 1) * 7919 + n * 104_729) % (copy.length - 100));
    copy[at] = (copy[at] ?? 0) ^ (1 << ((variant + n) % 8));
  }
  return copy;
}

const mistyped: Readonly<Record<string, string>> = {
  'page.jpg': '<html><body>MARKER</body></html>',
  'data.png': '{"error": "MARKER"}',
  'denied.jpg': '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>MARKER</Message></Error>',
  'script.svg': '<svg xmlns="http://www.w3.org/2000/svg"><script>MARKER</script></svg>',
  'magick.jpg': "push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://127.0.0.1/MARKER)'\npop graphic-context",
  'ghost.jpg': '%!PS\nuserdict /setpagedevice undef\nMARKER',
  'zeros.png': '\0'.repeat(5000),
};

const codeOf = (reply: Reply): string | null => (reply.status === 200 ? null : (reply.json() as { code: string }).code);
const ask = (key: string, plan = 'w_50.webp', ns = 'photos'): Promise<Reply> => node.get(`/${ns}/${key}/~${plan}`);

async function checkUnharmed(): Promise<void> {
  const stats = await calm(node, 30_000);
  expect(stats.workers.map(({ pid }) => pid)).toEqual(pids);
  expect(node.lines().filter(({ event }) => event === 'internal-error' || event === 'child-exited')).toEqual([]);
  expect((await ask('good.jpg')).status).toBe(200);
}

describe('pictures that are cut short', () => {
  it.each([...stills, ...moving])('are never served as if they were whole (%s)', patient, async (name) => {
    expect((await ask(`whole.${name}`)).status).toBe(200);
    for (const share of shares) {
      const reply = await ask(`cut-${share}.${name}`);
      expect([share, reply.status, codeOf(reply)]).toEqual([share, 422, 'source_truncated']);
      expect(reply.headers['cache-control']).toBe('public, max-age=300');
    }
  });

  it.each(['jpg', 'progressive.jpg', 'png'])(
    'are served as far as they go where the namespace says so (%s)',
    patient,
    async (name) => {
      const reply = await ask(`cut-70.${name}`, 'm_fit.png', 'lenient');
      expect(reply.status).toBe(200);
      const { data, info } = await sharp(reply.body).raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height]).toEqual([300, 200]);
      const [r = 0, g = 0] = data.subarray(0, 2);
      expect([Math.abs(r - 20) < 12, Math.abs(g - 30) < 12]).toEqual([true, true]);
    },
  );

  it('are no animations in part, also there', patient, async () => {
    expect((await ask('cut-50.gif', 'w_50.webp', 'lenient')).status).toBe(422);
  });
});

describe('pictures with bits flipped', () => {
  it.each([...stills, ...moving])('are served or refused, and the same way twice (%s)', patient, async (name) => {
    for (let at = 0; at < 12; at++) {
      const first = await ask(`flip-${at}.${name}`);
      expect([200, 413, 415, 422], `${at}: ${first.status}`).toContain(first.status);
      const again = await ask(`flip-${at}.${name}`);
      expect([again.status, codeOf(again), again.headers.etag]).toEqual([
        first.status,
        codeOf(first),
        first.headers.etag,
      ]);
    }
    await checkUnharmed();
  });
});

describe('what is no picture', () => {
  it.each(Object.keys(mistyped))('%s is 415, and nothing of it comes back', async (key) => {
    const reply = await ask(key);
    expect(reply.status).toBe(415);
    expect(reply.body.toString()).not.toContain('MARKER');
    expect(['not_an_image', 'unsupported_format']).toContain(codeOf(reply));
  });
});

describe('what hides in a picture', () => {
  const marker = '<script>MARKER</script>';
  const carriers = ['comment.jpg', 'exif.jpg', 'appended.jpg', 'appended.png', 'appended.gif'] as const;

  beforeAll(async () => {
    const jpg = await jpeg(scene);
    const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0, marker.length + 2]), Buffer.from(marker)]);
    site.put('comment.jpg', Buffer.concat([jpg.subarray(0, 2), comment, jpg.subarray(2)]));
    site.put(
      'exif.jpg',
      await sharp(jpg)
        .withExif({ IFD0: { ImageDescription: marker } })
        .toBuffer(),
    );
    for (const [name, whole] of [
      ['jpg', jpg],
      ['png', await png(scene)],
      ['gif', await animatedGif(60, 40)],
    ] as const)
      site.put(`appended.${name}`, Buffer.concat([whole, Buffer.from(marker)]));
  });

  it.each(carriers)('does not come out of it (%s)', async (key) => {
    for (const extension of ['jpg', 'png', 'webp', 'gif']) {
      const reply = await ask(key, `w_50.${extension}`);
      expect([reply.status, reply.body.includes('MARKER')]).toEqual([200, false]);
    }
    const original = await ask(key, 'orig.bin');
    expect(original.body.includes('MARKER')).toBe(true);
    expect(original.headers['content-type']).toMatch(/^image\/(jpeg|png|gif)$/);
    expect(original.headers['x-content-type-options']).toBe('nosniff');
  });
});

describe('sizes', () => {
  it('a picture of 256 megapixels is refused before any of them is decoded', patient, async () => {
    const reply = await ask('bomb.png');
    expect([reply.status, codeOf(reply)]).toEqual([413, 'source_too_many_pixels']);
    expect((reply.json() as { detail: string }).detail).toContain('50000000');
    const id = reply.headers['x-request-id'];
    const [line] = await node.awaitLines(({ event, requestId }) => event === 'access' && requestId === id);
    expect(line?.processMs ?? 0).toBe(0);
    await checkUnharmed();
  });

  it('40,000 frames are too many at once, and one of them is fine', patient, async () => {
    const reply = await ask('uber.gif');
    expect([reply.status, codeOf(reply)]).toEqual([413, 'source_too_many_frames']);
    expect((await ask('uber.gif', 'fr_0.png')).status).toBe(200);
    expect((await ask('uber.gif', 'm_fit.jpg')).status).toBe(200);
  });

  it('a result over resultPixelsMax is refused before any work', async () => {
    const reply = await ask('good.jpg', 'm_exact,w_8000,h_8000,up_1.png');
    expect([reply.status, codeOf(reply)]).toEqual([413, 'result_too_large']);
  });

  it('a source of exactly sourceBytesMax is served, and one byte more is not', async () => {
    expect((await ask('exact.jpg', 'w_50.webp', 'small')).status).toBe(200);
    const reply = await ask('over.jpg', 'w_50.webp', 'small');
    expect([reply.status, codeOf(reply)]).toEqual([413, 'source_too_large']);
    expect((await ask('over.jpg')).status).toBe(200);
  });
});
