import { describe, expect, it } from 'vitest';
import { KnownUrls } from '../../src/lb/known-urls.ts';
import { namespace, testConfig } from '../master/test-config.ts';

const nowS = 1_700_000_000;
const request = (rawPath: string, accept = '', rawQuery: string | null = null) => ({
  rawPath,
  rawQuery,
  accept,
  headers: {},
  origin: 'http://x',
  nowS,
});
const preset = (spec: string) => ({ presets: { card: { name: 'card', spec, overrides: [] } } });

describe('known URLs', () => {
  it('are parsed once', () => {
    const urls = new KnownUrls(testConfig());
    const first = urls.read(request('/photos/a.jpg/~w_20.webp'));
    expect(urls.read(request('/photos/a.jpg/~w_20.webp'))).toBe(first);
    expect(first).toMatchObject({ parsed: { source: { ns: 'photos', key: 'a.jpg' } }, namespace: { name: 'photos' } });
  });

  it('are told apart by everything that was asked', () => {
    const urls = new KnownUrls(testConfig());
    const one = urls.read(request('/photos/a.jpg/~w_20.webp'));
    for (const other of ['/photos/a.jpg/~w_21.webp', '/photos/b.jpg/~w_20.webp', '/photos/a.jpg/~w_20.png']) {
      expect(urls.read(request(other)).requestKey).not.toBe(one.requestKey);
    }
  });

  it('lead to one request key however they are spelled', () => {
    const urls = new KnownUrls(testConfig());
    const plain = urls.read(request('/photos/a.jpg/~w_20,h_10.webp'));
    const spelled = urls.read(request('/photos/a.jpg/~h_10,w_20,m_fit.webp'));
    expect(spelled.requestKey).toBe(plain.requestKey);
    expect([plain.parsed.isCanonical, spelled.parsed.isCanonical]).toEqual([true, false]);
  });

  it('are remembered by Accept only where it has a say', () => {
    const urls = new KnownUrls(testConfig());
    const fixed = urls.read(request('/photos/a.jpg/~w_20.webp', 'image/avif'));
    expect(urls.read(request('/photos/a.jpg/~w_20.webp', 'image/png'))).toBe(fixed);
    const modern = urls.read(request('/photos/a.jpg/~w_20.auto', 'image/avif,image/webp'));
    const plain = urls.read(request('/photos/a.jpg/~w_20.auto', 'image/png'));
    expect(modern.requestKey).not.toBe(plain.requestKey);
    expect(urls.read(request('/photos/a.jpg/~w_20.auto', 'image/avif,image/webp'))).toBe(modern);
  });

  it('that were refused are refused again', () => {
    const urls = new KnownUrls(testConfig());
    for (let count = 0; count < 2; count++) {
      expect(() => urls.read(request('/photos/a.jpg/~w_0.webp'))).toThrow(
        expect.objectContaining({ code: 'bad_value' }),
      );
      expect(() => urls.read(request('/none/a.jpg/~w_20.webp'))).toThrow(
        expect.objectContaining({ code: 'not_found' }),
      );
    }
  });

  it('are forgotten with a new configuration: another preset leads elsewhere', () => {
    const urls = new KnownUrls(testConfig({}, preset('w_20')));
    const before = urls.read(request('/photos/a.jpg/~card.webp'));
    urls.configure(testConfig({}, { revision: 2, ...preset('w_30') }));
    const after = urls.read(request('/photos/a.jpg/~card.webp'));
    expect(after.requestKey).not.toBe(before.requestKey);
    urls.configure(testConfig({}, { revision: 3, ...preset('w_20') }));
    expect(urls.read(request('/photos/a.jpg/~card.webp')).requestKey).toBe(before.requestKey);
  });

  it('that name a namespace which is gone are refused', () => {
    const urls = new KnownUrls(testConfig());
    urls.read(request('/photos/a.jpg/~w_20.webp'));
    urls.configure(testConfig({}, { namespaces: { other: { ...namespace, name: 'other' } } }));
    expect(() => urls.read(request('/photos/a.jpg/~w_20.webp'))).toThrow(
      expect.objectContaining({ code: 'not_found' }),
    );
  });

  it.each([
    ['jpegQuality', { jpegQuality: 81 }],
    ['webpEffort', { webpEffort: 3 }],
    ['pngCompression', { pngCompression: 1 }],
    ['metadata', { metadata: 'all' as const }],
  ])('have another request key when the bytes would be others: %s', (_name, options) => {
    const path = '/photos/a.jpg/~w_20.auto';
    const keyWith = (given: typeof options | object): string =>
      new KnownUrls(testConfig(given)).read(request(path)).requestKey;
    expect(keyWith(options)).not.toBe(keyWith({}));
    expect(keyWith({ requestMs: 20_000 })).toBe(keyWith({}));
  });

  it('that expire are never remembered: when their time has passed they are refused', () => {
    const urls = new KnownUrls(testConfig());
    const hour = Math.ceil(nowS / 3600);
    const path = `/photos/a.jpg/~w_20,e_${hour.toString(36)}.webp`;
    const first = urls.read(request(path));
    expect(urls.read(request(path))).not.toBe(first);
    expect(() => urls.read({ ...request(path), nowS: (hour + 1) * 3600 })).toThrow(
      expect.objectContaining({ code: 'signature_expired' }),
    );
  });
});
