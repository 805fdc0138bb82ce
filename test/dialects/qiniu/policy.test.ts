import { describe, expect, it } from 'vitest';
import { tokenOf } from '../../../src/dialects/qiniu/token.ts';
import { settingsOf } from '../../../src/dialects/registry.ts';
import { configWith, nowS, parseUrl } from '../fop/scene.ts';
import { refusal } from '../native/sample-config.ts';

const styles = {
  small: 'imageView2/1/w/100/h/100',
  'large.jpg': 'imageMogr2/auto-orient/thumbnail/1000x>',
  facts: 'imageInfo',
};
const codeOf = (url: string, config: Parameters<typeof parseUrl>[1]) => refusal(() => parseUrl(url, config)).code;

describe('the key', () => {
  it('belongs to the namespace of the mount, or stands behind its name', () => {
    const chain = 'imageView2/2/w/100';
    const here = configWith('qiniu', { at: '/pictures' });
    expect(parseUrl(`/pictures/a/%E4%B8%AD%20b.jpg?${chain}`, here).source).toEqual({ ns: 'hotel', key: 'a/中 b.jpg' });
    const anywhere = configWith('qiniu', { namespace: null });
    expect(parseUrl(`/hotel/a/b.jpg?${chain}`, anywhere).source).toEqual({ ns: 'hotel', key: 'a/b.jpg' });
    expect(codeOf(`/motel/a.jpg?${chain}`, anywhere)).toBe('not_found');
  });

  it.each(['/hotel/../a.jpg', '/hotel/a//b.jpg', '/hotel/a%2fb.jpg', '/hotel/a%00.jpg', '/hotel/%ff.jpg'])(
    '%s is none',
    (path) => {
      expect(codeOf(`${path}?imageView2/2/w/100`, configWith('qiniu'))).toBe('bad_key');
    },
  );

  it('alone is the original', () => {
    expect(parseUrl('/hotel/a.jpg', configWith('qiniu')).plan.view).toBe('original');
    expect(parseUrl('/hotel/a.jpg?', configWith('qiniu')).plan.view).toBe('original');
    expect(codeOf('/sealed/a.jpg', configWith('qiniu', { namespace: 'sealed' }))).toBe('original_protected');
  });
});

describe('styles', () => {
  const config = configWith('qiniu', { settings: { styles, separators: ['-', '!'] } });

  it.each([
    ['/hotel/a.jpg-small', 'a.jpg', 'small'],
    ['/hotel/a.jpg!small', 'a.jpg', 'small'],
    ['/hotel/a.jpg%21small', 'a.jpg', 'small'],
    ['/hotel/a-b-c.jpg-large.jpg', 'a-b-c.jpg', 'large.jpg'],
    ['/hotel/a-small-small', 'a-small', 'small'],
  ])('%s', (path, key, style) => {
    const parsed = parseUrl(path, config);
    expect(parsed.source).toEqual({ ns: 'hotel', key });
    expect(parsed.presets).toEqual([style]);
    expect(parsed.plan).toEqual(parseUrl(`/hotel/a.jpg?${styles[style as 'small']}`, config).plan);
  });

  it.each(['/hotel/a-b.jpg', '/hotel/a.jpg-toString', '/hotel/a.jpg_small', '/hotel/small', '/hotel/a.jpg-smal'])(
    '%s is an original',
    (path) => {
      expect(parseUrl(path, config).plan.view).toBe('original');
    },
  );

  it('give no key away that is none', () => {
    expect(codeOf('/hotel/-small', config)).toBe('bad_key');
    expect(codeOf('/hotel/a/-small', config)).toBe('bad_key');
  });

  it('take no operations beside them', () => {
    expect(codeOf('/hotel/a.jpg-small?imageInfo', config)).toBe('bad_combination');
  });

  it('may be all that is answered', () => {
    const only = configWith('qiniu', { settings: { styles, stylesOnly: true } });
    expect(parseUrl('/hotel/a.jpg-small', only).plan.view).toBe('image');
    expect(parseUrl('/hotel/a.jpg-facts', only).plan.view).toBe('info');
    expect(codeOf('/hotel/a.jpg?imageView2/2/w/100', only)).toBe('not_allowed');
    expect(codeOf('/hotel/a.jpg', only)).toBe('not_allowed');
  });

  it.each([
    [{ styles: { small: 'imageView2/9/w/1' } }, /mode from 0 to 5/],
    [{ styles: { small: 'imageMogr2/thumbnail/1x/ignore-error/1' } }, /ignore-error/],
    [{ styles: { 'a-b': 'imageInfo' } }, /separator -/],
    [{ styles: { 'a/b': 'imageInfo' } }, /expected 1-64/],
    [{ separators: ['a'] }, /signs/],
    [{ ignoreError: 'always' }, /refuse/],
    [{ keys: [{ accessKey: 'k' }] }, /string/],
    [{ style: {} }, /[Uu]nrecognized/],
  ])('and settings are checked with the configuration: %j', (settings, fault) => {
    const read = settingsOf('qiniu').safeParse(settings);
    expect(read.error?.issues.map(({ message }) => message).join()).toMatch(fault);
  });
});

describe('a namespace with keys', () => {
  const config = configWith('qiniu', { namespace: 'fd', settings: { styles } });

  it.each(['?imageView2/2/w/100', '?imageInfo', '?exif', ''])('refuses a.jpg%s unsigned', (query) => {
    expect(codeOf(`/fd/a.jpg${query}`, config)).toBe('signature_missing');
  });

  it('answers styles, as it does presets', () => {
    expect(parseUrl('/fd/a.jpg-small', config)).toMatchObject({ signed: false, presets: ['small'] });
  });

  it('answers everything where the mount is open', () => {
    const open = configWith('qiniu', { namespace: 'fd', settings: { open: true } });
    expect(parseUrl('/fd/a.jpg?imageView2/2/w/100', open).plan.view).toBe('image');
    expect(codeOf('/vault/a.jpg', configWith('qiniu', { namespace: 'vault', settings: { open: true } }))).toBe(
      'original_protected',
    );
  });
});

describe('download tokens', () => {
  const key = { accessKey: 'MY_ACCESS_KEY', secretKey: 'MY_SECRET_KEY' };
  const config = configWith('qiniu', { settings: { keys: [key], styles } });
  const origin = 'http://my-bucket.qiniudn.com';
  const expiry = nowS + 60;
  const sign = (path: string) => {
    const url = `${path}${path.includes('?') ? '&' : '?'}e=${expiry}`;
    return `${url}&token=${tokenOf(key, origin + url)}`;
  };
  const parseAt = (url: string, at = nowS) => parseUrl(url, config, { origin, nowS: at });

  it('are made as published', () => {
    expect(tokenOf(key, 'http://my-bucket.qiniudn.com/sunflower.jpg?e=1451491200')).toBe(
      'MY_ACCESS_KEY:yN9WtB0lQheegAwva64yBuH3ZgU=',
    );
  });

  it.each(['/hotel/a.jpg', '/hotel/a.jpg?imageView2/2/w/100', '/hotel/a%20b.jpg?imageMogr2/strip%7CimageView2/0/w/9'])(
    'sign %s until they expire',
    (path) => {
      expect(parseAt(sign(path))).toMatchObject({ signed: true, expiresAtS: expiry });
      expect(refusal(() => parseAt(sign(path), expiry)).code).toBe('signature_expired');
    },
  );

  it('may be percent-encoded', () => {
    const url = sign('/hotel/a.jpg').replace('KEY:', 'KEY%3A').replace(/=$/, '%3D');
    expect(parseAt(url).signed).toBe(true);
  });

  it('are asked for where there are keys, but not by styles', () => {
    expect(refusal(() => parseAt('/hotel/a.jpg?imageInfo')).code).toBe('signature_missing');
    expect(parseAt('/hotel/a.jpg-small').signed).toBe(false);
  });

  it('cover all that stands before them', () => {
    const url = sign('/hotel/a.jpg?imageView2/2/w/100');
    for (const other of [
      url.replace('w/100', 'w/101'),
      url.replace('a.jpg', 'b.jpg'),
      url.replace(`e=${expiry}`, `e=${expiry + 1}`),
      url.replace('MY_ACCESS', 'HIS_ACCESS'),
      url.slice(0, -2),
    ]) {
      expect(refusal(() => parseAt(other)).code).toBe('signature_invalid');
    }
    expect(refusal(() => parseUrl(url, config, { origin: 'http://elsewhere' })).code).toBe('signature_invalid');
    expect(refusal(() => parseUrl(url, configWith('qiniu'), { origin })).code).toBe('signature_invalid');
  });

  it.each(['?e=1', '?token=a:b', '?token=a:b&e=1', '?e=1&token=a:b&imageInfo', '?e=1&e=2&token=a:b', '?e=x&token=a:b'])(
    'are whole and last, not %s',
    (query) => {
      expect(refusal(() => parseAt(`/hotel/a.jpg${query}`)).code).toBe('bad_url');
    },
  );
});
