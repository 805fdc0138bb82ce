import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { colours, jpeg, png, quadrants } from '../../fixtures/pictures.ts';
import { type Pileus, startPileus } from '../../helpers/pileus.ts';
import { decode, draw, near, pixelAt } from '../../helpers/pixels.ts';
import { makeSite, type Site } from '../../helpers/site.ts';
import { hasIiifValidator, validate, validatorColours, validatorIdentifier } from './validator.ts';

let site: Site;
let node: Pileus;

const validates = hasIiifValidator();

beforeAll(async () => {
  site = makeSite({
    workers: 1,
    namespaces: { photos: { origin: './photos', cors: { origins: ['https://www.example.org'], maxAgeS: 60 } } },
    dialects: [
      { grammar: 'iiif', at: '/iiif/3', namespace: 'photos' },
      { grammar: 'iiif', at: '/iiif/2', namespace: 'photos', version: 2 },
      { grammar: 'iiif', at: '/all' },
    ],
  });
  site.put('deep/quarters.jpg', await jpeg(quadrants(200, 120)));
  site.put('tall.jpg', await jpeg(quadrants(200, 120), { orientation: 6 }));
  if (validates) {
    const squares = await validatorColours();
    const at = (x: number, y: number) => squares[Math.floor(x / 100)]?.[Math.floor(y / 100)] ?? [0, 0, 0];
    site.put(validatorIdentifier, await png(draw(1000, 1000, 3, at)));
  }
  node = await startPileus(site.args);
});

afterAll(async () => {
  await node?.stop();
  site?.clear();
});

describe('a served picture', () => {
  it('is cut, scaled, mirrored, turned and greyed in that order', async () => {
    const { status, headers, body } = await node.get('/iiif/3/deep%2Fquarters.jpg/100,0,100,120/50,/!90/default.png');
    expect([status, headers['content-type']]).toEqual([200, 'image/png']);
    const picture = await decode(body);
    expect([picture.width, picture.height]).toEqual([60, 50]);
    // Green over yellow: a mirror changes nothing, a quarter turn lays the lower half to the left.
    expect(near(pixelAt(picture, 10, 25), colours.yellow, 12)).toBe(true);
    expect(near(pixelAt(picture, 50, 25), colours.green, 12)).toBe(true);
  });

  it('has transparent corners where the format can', async () => {
    const turned = await decode((await node.get('/iiif/3/deep%2Fquarters.jpg/full/max/45/default.png')).body);
    expect(pixelAt(turned, 0, 0)[3]).toBe(0);
    expect(pixelAt(turned, Math.floor(turned.width / 2), Math.floor(turned.height / 2))[3]).toBe(255);
    const flat = await decode((await node.get('/iiif/3/deep%2Fquarters.jpg/full/max/45/default.jpg')).body);
    expect(near(pixelAt(flat, 0, 0), [255, 255, 255], 3)).toBe(true);
  });

  it('is for every origin, whatever the namespace says, and names its profile and canonical URI', async () => {
    const { headers } = await node.get('/iiif/3/deep%2Fquarters.jpg/full/max/0/color.jpg');
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers.link).toBe(
      '<http://iiif.io/api/image/3/level2.json>;rel="profile", ' +
        `<http://127.0.0.1:${node.port}/iiif/3/deep%2Fquarters.jpg/full/max/0/default.jpg>;rel="canonical"`,
    );
  });
});

describe('served information', () => {
  it('names itself as it was asked for, and is kept apart for each host', async () => {
    const idOf = async (host: string) =>
      (await node.get('/all/photos%2Ftall.jpg/info.json', { headers: { host } })).json() as Record<string, unknown>;
    const expected = { width: 120, height: 200, profile: 'level2' };
    expect(await idOf('one.example.org')).toMatchObject({
      ...expected,
      id: 'http://one.example.org/all/photos%2Ftall.jpg',
    });
    expect(await idOf('two.example.org:81')).toMatchObject({
      ...expected,
      id: 'http://two.example.org:81/all/photos%2Ftall.jpg',
    });
  });

  it('is JSON-LD or JSON by Accept, and says so to caches', async () => {
    const typeFor = async (at: string, accept: string) => {
      const { headers } = await node.get(`${at}/tall.jpg/info.json`, { headers: { accept } });
      expect(String(headers.vary)).toContain('Accept');
      return headers['content-type'];
    };
    const jsonLd = 'application/ld+json;profile="http://iiif.io/api/image/3/context.json"';
    for (const _ of ['made', 'remembered']) {
      expect(await typeFor('/iiif/3', 'application/json')).toBe('application/json');
      expect(await typeFor('/iiif/3', 'application/ld+json')).toBe(jsonLd);
      expect(await typeFor('/iiif/3', '*/*')).toBe(jsonLd);
      expect(await typeFor('/iiif/2', '*/*')).toBe('application/json');
      expect(await typeFor('/iiif/2', 'application/ld+json')).toBe('application/ld+json');
    }
  });

  it('is where the base URI leads', async () => {
    const { status, headers, body } = await node.get('/iiif/3/deep%2fquarters.jpg');
    expect([status, body.length]).toEqual([303, 0]);
    expect(headers.location).toBe(`http://127.0.0.1:${node.port}/iiif/3/deep%2Fquarters.jpg/info.json`);
    expect(headers['access-control-allow-origin']).toBe('*');
  });
});

describe('a served error', () => {
  it.each([
    ['/iiif/3/none.jpg/info.json', 404],
    ['/iiif/3/deep/quarters.jpg/full/max/0/default.jpg', 404],
    ['/all/nowhere%2Fa.jpg/info.json', 404],
    ['/iiif/3/tall.jpg/full/201,/0/default.jpg', 400],
    ['/iiif/3/tall.jpg/200,0,10,10/max/0/default.jpg', 400],
    ['/iiif/3/tall.jpg/full/^pct:81900/0/default.jpg', 400],
    ['/iiif/3/tall.jpg/full/max/0/default.jp2', 400],
  ])('%s is %i in plain text for every origin', async (path, expected) => {
    const { status, headers, body } = await node.get(path);
    expect([status, headers['content-type']]).toEqual([expected, 'text/plain; charset=utf-8']);
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(body.toString()).toContain(`request: ${headers['x-request-id']}`);
  });
});

describe.skipIf(!validates)('the public validator', () => {
  it.each([
    ['/iiif/3', '3.0', 33],
    ['/iiif/2', '2.0', 30],
  ] as const)('finds %s compliant with %s at level 2, in at least %i tests', async (at, version, tests) => {
    const verdicts = await validate(`127.0.0.1:${node.port}`, at.slice(1), version, 2);
    expect(verdicts.filter(({ failure }) => failure !== null)).toEqual([]);
    expect(verdicts.length).toBeGreaterThanOrEqual(tests);
  });
});
