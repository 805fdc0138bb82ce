import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText, closedUnlessOpened, givesPlanOrRefusal } from '../laws.ts';
import { MountedGrammar } from '../mounted.ts';

const next = new MountedGrammar('next', { at: '' });
const at = (query: string) => `/_next/image?${query}`;
const ok = at('url=%2Fg%2Fa.jpg&w=640&q=75');

it.each([
  [640, 800, 600, '640x480'],
  [1920, 800, 600, '800x600'],
  [16, 800, 600, '16x12'],
])('w=%i of %ix%i is %s: nothing is enlarged', (width, w, h, size) => {
  expect(next.sizeOf(at(`url=/a.jpg&w=${width}&q=75`), w, h)).toBe(size);
});

it.each([
  ['image/avif,image/webp', { format: 'auto', negotiated: 'webp' }, 'webp'],
  ['image/webp', { format: 'auto', negotiated: 'webp' }, 'webp'],
  ['image/*', { format: 'source' }, 'plain'],
])('Accept: %s', (accept, encode, negotiated) => {
  const parsed = next.parse(ok, { accept });
  expect(parsed.plan.encode).toEqual({ ...encode, quality: { kind: 'absolute', value: 75 } });
  expect(parsed.negotiated).toBe(negotiated);
});

it('AVIF takes a lower quality where the mount has it', () => {
  const avif = new MountedGrammar('next', { at: '', settings: { formats: ['avif', 'webp'], qualities: [80] } });
  const { encode } = avif.parse(at('url=/a.jpg&w=640&q=80'), { accept: 'image/avif,image/webp' }).plan;
  expect(encode).toEqual({ format: 'auto', negotiated: 'avif', quality: { kind: 'absolute', value: 50 } });
});

describe('sources', () => {
  it('are paths, percent-encoded in themselves', () => {
    expect(next.parse(ok).source).toEqual({ ns: 'hotel', key: 'g/a.jpg' });
    expect(next.parse(at('url=%2Fg%2Fa%2520b.jpg&w=640&q=75&dpl=d1')).source.key).toBe('g/a b.jpg');
    const free = new MountedGrammar('next', { at: '/shop', namespace: null });
    expect(free.parse('/shop/_next/image?url=/hotel/a.jpg&w=640&q=75').source).toEqual({ ns: 'hotel', key: 'a.jpg' });
  });

  closedUnlessOpened('next', ok, { at: '' });
});

it.each([
  ['w=640&q=75', 'bad_url'],
  ['url=&w=640&q=75', 'bad_url'],
  [`url=/${'a'.repeat(3072)}&w=640&q=75`, 'bad_url'],
  ['url=https://elsewhere.example/a.jpg&w=640&q=75', 'not_allowed'],
  ['url=%2F%2Felsewhere.example%2Fa.jpg&w=640&q=75', 'not_allowed'],
  ['url=/../a.jpg&w=640&q=75', 'bad_key'],
  ['url=/a.jpg&q=75', 'bad_value'],
  ['url=/a.jpg&w=640', 'bad_value'],
  ['url=/a.jpg&w=641&q=75', 'bad_value'],
  ['url=/a.jpg&w=640&q=80', 'bad_value'],
  ['url=/a.jpg&w=-640&q=75', 'bad_value'],
  ['url=/a.jpg&w=640px&q=75', 'bad_value'],
  ['url=/a.jpg&w=640&w=640&q=75', 'bad_operation'],
  ['url=/a.jpg&w=640&q=75&h=5', 'bad_operation'],
])('%s is refused', (query, code) => {
  expect(next.refusal(at(query))).toBe(code);
});

it('claims its own path only', () => {
  expect(next.refusal('/_next/static/a.js')).toBe('not_found');
  expect(next.parse('/hotel/a.jpg/~w_300.webp').dialect).toBe('native');
});

it.each([
  ['bad_value', 400],
  ['not_allowed', 400],
  ['source_not_found', 404],
  ['not_an_image', 415],
  ['overloaded', 503],
] as const)('%s is %i in plain text', (code, status) => {
  expect(next.format(ok, code)).toMatchObject({
    status,
    contentType: 'text/plain; charset=utf-8',
    body: expect.stringMatching(/\.\n$/),
  });
});

it('any text gives a plan or a client error, the same one each time', () => {
  const text = anyText(...['url=', '/a.jpg', '&', 'w=640', 'q=75', '=', '%2F', '%', '..', 'http://', '1']);
  fc.assert(
    fc.property(text, (tail) => givesPlanOrRefusal(() => next.parse(at(tail)))),
    { numRuns: 1000 },
  );
});
