import { describe, expect, it } from 'vitest';
import { signPath } from '../../src/dialects/native/sign-path.ts';
import { KnownUrls } from '../../src/lb/known-urls.ts';
import { config } from '../dialects/native/sample-config.ts';

/** Hour 474,000 since 1970, in base36. */
const expiry = (474_000).toString(36);
const beforeS = 474_000 * 3600 - 10;
const afterS = 474_000 * 3600;
const signed = signPath(config, 'fd', 'a.jpg', `w_301,e_${expiry}`, 'webp', 'k');

describe('a URL that expires', () => {
  it.each([
    ['as signed', signed],
    ['with an encoded comma', signed.replace(',e_', '%2Ce_')],
    ['with an encoded tilde', signed.replace('/~', '/%7E')],
  ])('is not answered from memory after its time: %s', (_spelling, rawPath) => {
    const urls = new KnownUrls(config);
    const read = (nowS: number) =>
      urls.read({ rawPath, rawQuery: null, accept: '', headers: {}, origin: 'http://x', nowS });
    expect(read(beforeS).parsed.signed).toBe(true);
    expect(() => read(afterS)).toThrow(expect.objectContaining({ code: 'signature_expired' }));
  });

  it('leaves other URLs remembered', () => {
    const urls = new KnownUrls(config);
    const request = {
      rawPath: '/hotel/a.jpg/~w_301.webp',
      rawQuery: null,
      accept: '',
      headers: {},
      origin: 'http://x',
      nowS: 0,
    };
    expect(urls.read(request)).toBe(urls.read(request));
  });
});
