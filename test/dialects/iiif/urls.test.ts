import { describe, expect, it } from 'vitest';
import { ask, refusalAt } from './scene.ts';

const parameters = 'full/max/0/default.jpg';
const sourceOf = (path: string) => ask(path).source;

describe('the identifier', () => {
  it.each([
    ['/iiif/3/a.jpg', { ns: 'hotel', key: 'a.jpg' }],
    ['/iiif/3/g1%2FM00%2Fab.jpg', { ns: 'hotel', key: 'g1/M00/ab.jpg' }],
    ['/iiif/3/g1%2fab.jpg', { ns: 'hotel', key: 'g1/ab.jpg' }],
    ['/iiif/3/%61%2D.jpg', { ns: 'hotel', key: 'a-.jpg' }],
    ['/iiif/3/caf%C3%A9%3F%23.jpg', { ns: 'hotel', key: 'café?#.jpg' }],
    ['/iiif/3/info.json', { ns: 'hotel', key: 'info.json' }],
    ['/all/hotel%2Fg1%2Fab.jpg', { ns: 'hotel', key: 'g1/ab.jpg' }],
    ['/hotel%2Fab.jpg', { ns: 'hotel', key: 'ab.jpg' }],
  ])('of %s is %j', (path, source) => {
    expect(sourceOf(path)).toEqual(source);
    expect(sourceOf(`${path}/info.json`)).toEqual(source);
    expect(sourceOf(`${path}/${parameters}`)).toEqual(source);
  });

  it('is decoded once', () => {
    expect(sourceOf(`/iiif/3/a%252Fb%2541/${parameters}`)).toEqual({ ns: 'hotel', key: 'a%2Fb%41' });
  });

  // Section 9 of the API, as far as a key may be so.
  it.each([
    'ark:%2F12025%2F654xz321',
    'urn:foo:a123,456',
    'urn:sici:1046-8188(199501)13:1%253C69:FTTHBI%253E2.0.TX;2-4',
    'example.com%2F%3F54%23a',
    'bb157hs6068',
    'a%40b%5Bc%5D',
  ])('%s is spelled so in the base URI', (identifier) => {
    const { report } = ask(`/iiif/3/${identifier}/info.json`).plan;
    expect(report?.args.id).toBe(`http://example.org/iiif/3/${identifier}`);
  });

  it('has one base URI in all its spellings', () => {
    const { report } = ask('/iiif/3/%67%31%2fa%2Db.jpg/info.json').plan;
    expect(report?.args.id).toBe('http://example.org/iiif/3/g1%2Fa-b.jpg');
  });

  it.each([
    ['/iiif/3/..%2Fa.jpg', 'bad_key'],
    ['/iiif/3/%2Fa.jpg', 'bad_key'],
    ['/iiif/3/a%2F%2Fb.jpg', 'bad_key'],
    ['/iiif/3/a%00.jpg', 'bad_key'],
    ['/iiif/3/a%5Cb.jpg', 'bad_key'],
    ['/iiif/3/a%zz.jpg', 'bad_key'],
    ['/iiif/3/a%ff.jpg', 'bad_key'],
    [`/iiif/3/${'a'.repeat(1025)}`, 'bad_key'],
    ['/all/a.jpg', 'not_found'],
    ['/all/nowhere%2Fa.jpg', 'not_found'],
    ['/all/constructor%2Fa.jpg', 'not_found'],
  ])('%s is %s', (path, code) => {
    for (const url of [path, `${path}/info.json`, `${path}/${parameters}`]) expect(refusalAt(url).code).toBe(code);
  });
});

describe('a path', () => {
  it.each([
    '/iiif/3',
    '/iiif/3/',
    '/iiif/3//info.json',
    '/iiif/3/a.jpg/',
    '/iiif/3/a.jpg/info.xml',
    '/iiif/3/a.jpg/full',
    '/iiif/3/a.jpg/full/max',
    '/iiif/3/a.jpg/full/max/0',
    `/iiif/3/a/b/${parameters}`,
    `/iiif/3/a.jpg/${parameters}/`,
  ])('%s is nothing of the API', (path) => {
    expect(refusalAt(path).code).toBe('not_found');
  });

  it('has no query', () => {
    for (const path of ['/iiif/3/a.jpg', '/iiif/3/a.jpg/info.json', `/iiif/3/a.jpg/${parameters}`]) {
      expect(refusalAt(path, { rawQuery: '' }).code).toBe('bad_url');
      expect(refusalAt(path, { rawQuery: 'w=1' }).code).toBe('bad_url');
    }
  });

  it('with parameters in a broken encoding is not well formed', () => {
    for (const region of ['%', '%zz', '%ff', 'full%']) {
      expect(refusalAt(`/iiif/3/a.jpg/${region}/max/0/default.jpg`).code).toBe('bad_url');
    }
  });

  it('in our own grammar stays our own, also where both share a place', () => {
    expect(ask('/hotel/a.jpg/~w_300.webp').dialect).toBe('native');
    expect(ask('/hotel%2Fa.jpg/full/300,/0/default.webp').dialect).toBe('iiif');
  });
});

describe('the base URI', () => {
  it('leads to its info.json', () => {
    const { answer, negotiated } = ask('/iiif/3/g1%2fa.jpg', { accept: 'application/json' });
    expect(answer.redirect).toBe('http://example.org/iiif/3/g1%2Fa.jpg/info.json');
    expect(negotiated).toBeNull();
  });

  it('is what the configuration says, where it says so', () => {
    expect(ask('/public/a.jpg').answer.redirect).toBe('https://images.example.org/shop/public/a.jpg/info.json');
  });
});

describe('headers', () => {
  const headersOf = (path: string) => ask(path).answer.headers ?? {};

  it('of every answer are for any origin, and name the profile', () => {
    for (const [at, version] of [
      ['/iiif/3', 3],
      ['/iiif/2', 2],
    ] as const) {
      for (const rest of ['', '/info.json', '/full/100,/0/default.jpg']) {
        const headers = headersOf(`${at}/a.jpg${rest}`);
        expect(headers['access-control-allow-origin']).toBe('*');
        expect(headers.link).toBe(`<http://iiif.io/api/image/${version}/level2.json>;rel="profile"`);
      }
    }
  });

  it.each([
    ['/iiif/3', 'full/max/0/default.jpg', 'full/max/0/default.jpg'],
    ['/iiif/3', 'full/max/360/color.png', 'full/max/0/default.png'],
    ['/iiif/3', 'full/max/!022.50/gray.png', 'full/max/!22.5/gray.png'],
    ['/iiif/3', 'full/max/100/bitonal.tif', 'full/max/100/bitonal.tif'],
    ['/iiif/3', 'full/max/0.0000000001/default.jpg', 'full/max/0.0000000001/default.jpg'],
    ['/iiif/2', 'full/full/0/color.jpg', 'full/full/0/default.jpg'],
  ])('at %s %s is canonically %s', (at, given, canonical) => {
    expect(headersOf(`${at}/g1%2fa.jpg/${given}`).link).toContain(
      `, <http://example.org${at}/g1%2Fa.jpg/${canonical}>;rel="canonical"`,
    );
  });

  it.each([
    ['/iiif/3', 'full/^max/0/default.jpg'],
    ['/iiif/3', 'square/max/0/default.jpg'],
    ['/iiif/3', '0,0,10,10/max/0/default.jpg'],
    ['/iiif/3', 'full/pct:50/0/default.jpg'],
    ['/iiif/2', 'full/max/0/default.jpg'],
  ])('at %s the canonical URI of %s needs the source, and is left out', (at, given) => {
    expect(headersOf(`${at}/a.jpg/${given}`).link).not.toContain('canonical');
  });
});

describe('a namespace with keys', () => {
  it('is closed to a grammar without signatures', () => {
    for (const rest of ['', '/info.json', `/${parameters}`]) {
      expect(refusalAt(`/keyed/a.jpg${rest}`).code).toBe('signature_missing');
      expect(refusalAt(`/all/vault%2Fa.jpg${rest}`).code).toBe('signature_missing');
    }
  });

  it('is open where the mount says so', () => {
    expect(ask(`/iiif/open/a.jpg/${parameters}`)).toMatchObject({ source: { ns: 'fd', key: 'a.jpg' }, signed: false });
  });
});
