import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jpeg, quadrants } from '../../fixtures/pictures.ts';
import { type Pileus, type Reply, startPileus } from '../../helpers/pileus.ts';
import { makeSite, type Site } from '../../helpers/site.ts';

const secrets: Readonly<Record<string, string>> = { a: 'a secret of the first key', b: 'a secret of the next key' };

/** As docs/url.md tells it, so that what people copy from there is what is tried. */
const mac = (secret: string, ns: string, key: string, plan: string, ext: string): string =>
  createHmac('sha256', secret)
    .update(`v1\n${ns}\n${key}\n${plan}.${ext}`)
    .digest()
    .subarray(0, 16)
    .toString('base64url');

/** A URL of `guarded` whose spec is `spelled`, and whose signature covers `signed`. */
function signedUrl(
  kid: string,
  signed: string,
  spelled = signed,
  key = 'a/b.jpg',
  ext = 'png',
  ns = 'guarded',
): string {
  return `/${ns}/${key}/~${spelled}~${kid}${mac(secrets[kid] ?? 'no key', ns, key, signed, ext)}.${ext}`;
}

const inHours = (hours: number): string => Math.floor(Date.now() / 3_600_000 + hours).toString(36);

let site: Site;
let node: Pileus;

beforeAll(async () => {
  const origin = './photos';
  const keys = Object.entries(secrets).map(([kid, secret]) => ({ kid, secret }));
  site = makeSite({
    namespaces: {
      guarded: { origin, keys, ladder: [40, 80], protectOriginals: true },
      telling: { origin, keys, explain: true },
      sealed: { origin, protectOriginals: true },
    },
    presets: { thumb: 'm_cover,w_33,h_22' },
  });
  site.put('a/b.jpg', await jpeg(quadrants(200, 120)));
  node = await startPileus(site.args);
});

afterAll(async () => {
  await node?.stop();
  site?.clear();
});

const outcome = async (url: string): Promise<string> => {
  const { status, json }: Reply = await node.get(url);
  return status === 200 ? '200' : `${status} ${(json() as { code: string }).code}`;
};

describe('signed URLs', () => {
  it.each([
    ['of the first key', signedUrl('a', 'w_123')],
    ['of the other live key', signedUrl('b', 'w_123')],
    ['whatever the order of the operations', signedUrl('a', 'w_123,h_70,q_80', 'q_80,h_70,w_123')],
    ['that have not expired', signedUrl('a', `w_123,e_${inHours(2)}`)],
    ['of the average colour', signedUrl('a', 'avg', undefined, 'a/b.jpg', 'json')],
    ['of an explanation', signedUrl('a', 'explain,w_50', undefined, 'a/b.jpg', 'json')],
  ])('are answered: %s', async (_name, url) => {
    expect(await outcome(url)).toBe('200');
  });

  it.each([
    ['for another plan', signedUrl('a', 'w_123', 'w_124'), '403 signature_invalid'],
    ['for another extension', signedUrl('a', 'w_123').replace(/png$/, 'webp'), '403 signature_invalid'],
    ['for another key of the store', signedUrl('a', 'w_123').replace('a/b.jpg', 'a/c.jpg'), '403 signature_invalid'],
    ['for another namespace', signedUrl('a', 'w_123').replace('/guarded/', '/telling/'), '403 signature_invalid'],
    ['cut short', signedUrl('a', 'w_123').replace(/.\.png$/, '.png'), '403 signature_invalid'],
    ['of a key id that is not live', signedUrl('c', 'w_123'), '403 signature_invalid'],
    ['of one key under the id of another', signedUrl('a', 'w_123').replace('~a', '~b'), '403 signature_invalid'],
    ['where there are no keys', signedUrl('a', 'w_123', 'w_123', 'a/b.jpg', 'png', 'sealed'), '403 signature_invalid'],
    ['for an original that is protected', signedUrl('a', 'orig'), '403 original_protected'],
    ['after they have expired', signedUrl('a', `w_123,e_${inHours(-1)}`), '403 signature_expired'],
  ])('are refused: %s', async (_name, url, expected) => {
    expect(await outcome(url)).toBe(expected);
  });

  it('refuses with no hint of what would be right', async () => {
    const bodies = await Promise.all(
      [signedUrl('a', 'w_123', 'w_124'), signedUrl('c', 'w_124')].map(async (url) => {
        const { requestId: _id, ...rest } = (await node.get(url)).json() as Record<string, unknown>;
        return rest;
      }),
    );
    expect(bodies[0]).toEqual(bodies[1]);
  });

  it('and unsigned ones of the same picture share a result', async () => {
    const [signed, free] = await Promise.all([
      node.get(signedUrl('a', `w_80,e_${inHours(2)}`)),
      node.get('/guarded/a/b.jpg/~w_80.png'),
    ]);
    expect(signed.headers.etag).toBe(free.headers.etag);
  });
});

describe('unsigned URLs, where there are keys', () => {
  it.each([
    ['a preset', '/guarded/a/b.jpg/~thumb.webp', '200'],
    ['a preset for a dense screen', '/guarded/a/b.jpg/~thumb,dpr_2.auto', '200'],
    ['sizes of the ladder', '/guarded/a/b.jpg/~m_cover,w_80,h_40,g_ne.webp', '200'],
    ['info', '/guarded/a/b.jpg/~info.json', '200'],
    ['the average colour', '/guarded/a/b.jpg/~avg.json', '403 not_allowed'],
    ['the average colour where the namespace explains itself', '/telling/a/b.jpg/~avg.json', '200'],
    ['a size beside the ladder', '/guarded/a/b.jpg/~w_81.webp', '403 signature_missing'],
    ['a size that a density leads off the ladder', '/guarded/a/b.jpg/~w_40,dpr_1.5.webp', '403 signature_missing'],
    ['an operation', '/guarded/a/b.jpg/~w_80,bl_5.webp', '403 signature_missing'],
    ['a quality', '/guarded/a/b.jpg/~w_80,q_10.webp', '403 signature_missing'],
    ['a focal point', '/guarded/a/b.jpg/~m_cover,w_80,h_80,g_10.20.webp', '403 signature_missing'],
    ['an expiry', `/guarded/a/b.jpg/~w_80,e_${inHours(2)}.webp`, '403 signature_missing'],
    ['the original, protected', '/guarded/a/b.jpg/~orig.jpg', '403 original_protected'],
    ['the original, not protected', '/telling/a/b.jpg/~orig.jpg', '200'],
    ['an explanation', '/guarded/a/b.jpg/~explain,w_80.json', '403 not_allowed'],
    ['an explanation where the namespace allows it', '/telling/a/b.jpg/~explain,w_80.json', '200'],
    ['a source that does not exist, beside the ladder', '/guarded/none.jpg/~w_81.webp', '403 signature_missing'],
  ])('%s', async (_name, url, expected) => {
    expect(await outcome(url)).toBe(expected);
  });

  it('protected originals are refused also without keys', async () => {
    expect(await outcome('/sealed/a/b.jpg/~orig.jpg')).toBe('403 original_protected');
    expect(await outcome('/sealed/a/b.jpg/~w_81.jpg')).toBe('200');
  });
});
