import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { signPath } from '../../../src/dialects/native/sign-path.ts';
import { macOf } from '../../../src/dialects/native/signature.ts';
import { config, namespace, parse, refusal, secondKey, vectorKey } from './sample-config.ts';

const nowS = 1_760_000_000;
const hours = (offset: number): string => (Math.floor(nowS / 3600) + offset).toString(36);
const codeOf = (path: string, asking: { config?: Config } = {}): string =>
  refusal(() => parse(path, { nowS, ...asking })).code;
const sign = (spec: string, ext = 'webp', kid = 'k', ns = 'fd'): string =>
  signPath(config, ns, 'a.jpg', spec, ext, kid);

describe('a signature', () => {
  it.each([
    ['hotel', 'g1/M00/ab.jpg', 'w_300,h_200', 'webp', 'r2CIWxHEp1Vi55xdJGwmUw'],
    ['hotel', 'g1/M00/ab.jpg', 'm_cover,w_300,h_200,q_80', 'jpg', 'kdd6-yCmEfh7Yox78k_0wQ'],
    ['fd', '中文/a b.png', 'thumb', 'auto', 'LxV5MFTz2UM9FLMb7SBrZg'],
  ])('fits its published vector: %s %s %s.%s', (ns, key, spec, ext, mac) => {
    expect(macOf(vectorKey.secret, { ns, key, spec, ext })).toBe(mac);
    const keyed: Config = { ...config, namespaces: { [ns]: namespace(ns, { keys: [vectorKey] }) } };
    const path = `/${ns}/${encodeURI(key)}/~${spec}~k${mac}.${ext}`;
    expect(signPath(keyed, ns, key, spec, ext, 'k')).toBe(path);
    expect(parse(path, { config: keyed })).toMatchObject({ signed: true, isCanonical: true, canonicalPath: path });
  });

  it('allows what an unsigned URL may not say', () => {
    for (const spec of ['w_301', 'm_cover,w_300,h_200,q_33,bl_2', 'g_25.75,m_cover,w_80', 'explain']) {
      expect(parse(sign(spec, spec === 'explain' ? 'json' : 'webp'), { nowS }).signed).toBe(true);
    }
  });

  it('holds for every spelling of its plan, and the canonical path keeps it', () => {
    const signed = sign('m_cover,w_300,h_200');
    const respelled = signed.replace('m_cover,w_300,h_200', 'h_0200,up_0,w_150,m_cover').replace('w_150', 'w_300');
    const parsed = parse(respelled.replace('/~', '/%7e'), { nowS });
    expect(parsed).toMatchObject({ signed: true, isCanonical: false, canonicalPath: signed });
  });

  it.each([
    ['either live key', 'k'],
    ['either live key', '2'],
  ])('may be made with %s (%s)', (_, kid) => {
    expect(parse(sign('w_301', 'webp', kid), { nowS }).signed).toBe(true);
  });

  const good = sign('w_301');
  it.each<[string, string]>([
    ['another size', good.replace('w_301', 'w_302')],
    ['another extension', good.replace('.webp', '.avif')],
    ['another key', good.replace('/a.jpg/', '/b.jpg/')],
    ['another namespace', good.replace('/fd/', '/vault/')],
    ['another live kid', good.replace('~k', '~2')],
    ['a kid that is not live', good.replace('~k', '~z')],
    ['no kid', good.replace('~k', '~')],
    ['one character less', good.replace('.webp', '').slice(0, -1).concat('.webp')],
    ['one character more', good.replace('.webp', 'A.webp')],
    ['nothing', '/fd/a.jpg/~w_301~.webp'],
    ['a kid alone', '/fd/a.jpg/~w_301~k.webp'],
    ['8 kB', `/fd/a.jpg/~w_301~k${'A'.repeat(8000)}.webp`],
    ['22 characters outside ASCII', `/fd/a.jpg/~w_301~k${'é'.repeat(22)}.webp`],
    ['capitals swapped', good.replace(/~k(.*)\.webp/, (_, mac: string) => `~k${swapCase(mac)}.webp`)],
  ])('with %s is signature_invalid', (_, path) => {
    expect(path).not.toBe(good);
    expect(codeOf(path)).toBe('signature_invalid');
  });

  it('has one spelling: other bits in the last character are another signature', () => {
    const last = good.charAt(good.length - '.webp'.length - 1);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const sibling = alphabet.charAt(alphabet.indexOf(last) ^ 1);
    expect(codeOf(good.replace(`${last}.webp`, `${sibling}.webp`))).toBe('signature_invalid');
  });

  it('cannot be made with whatever stands in for a key that is not live', () => {
    const signed = { ns: 'fd', key: 'a.jpg', spec: 'w_301', ext: 'webp' };
    for (const secret of ['', 'no live key', 'undefined']) {
      expect(codeOf(`/fd/a.jpg/~w_301~z${macOf(secret, signed)}.webp`)).toBe('signature_invalid');
    }
  });

  it('is invalid where there are no keys, whoever made it', () => {
    expect(codeOf(good.replace('/fd/', '/hotel/'))).toBe('signature_invalid');
  });

  it('is not made with a key that is not live, nor for what cannot be parsed', () => {
    expect(refusal(() => sign('w_300', 'webp', 'x')).code).toBe('signature_invalid');
    expect(refusal(() => sign('w_300', 'webp', 'k', 'hotel')).code).toBe('signature_invalid');
    expect(refusal(() => sign('w_300', 'webp', 'k', 'nowhere')).code).toBe('not_found');
    expect(refusal(() => sign('w_99999')).code).toBe('bad_value');
    expect(refusal(() => signPath(config, 'fd', '../a', 'w_300', 'webp', 'k')).code).toBe('bad_key');
    expect(refusal(() => signPath(config, 'fd', 'a\ud800', 'w_300', 'webp', 'k')).code).toBe('bad_key');
  });
});

const swapCase = (text: string): string =>
  text.replace(/[a-zA-Z]/g, (letter) => (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()));

describe('an expiry', () => {
  it('lets a URL live up to its hour and not beyond', () => {
    const path = sign(`w_301,e_${hours(1)}`);
    const endS = (Math.floor(nowS / 3600) + 1) * 3600;
    expect(parse(path, { nowS: endS - 1 }).signed).toBe(true);
    expect(refusal(() => parse(path, { nowS: endS })).code).toBe('signature_expired');
  });

  it('is told with the request, after a preset too, and is never where there is none', () => {
    const endS = (Math.floor(nowS / 3600) + 1) * 3600;
    for (const spec of ['w_301', 'card', 'orig']) {
      const ext = spec === 'orig' ? 'jpg' : 'webp';
      expect(parse(sign(`${spec},e_${hours(1)}`, ext), { nowS }).expiresAtS).toBe(endS);
      expect(parse(sign(spec, ext), { nowS }).expiresAtS).toBeNull();
    }
  });

  it('is covered by the signature', () => {
    const path = sign(`w_301,e_${hours(1)}`);
    expect(codeOf(path.replace(`,e_${hours(1)}`, ''))).toBe('signature_invalid');
    expect(codeOf(path.replace(hours(1), hours(2)))).toBe('signature_invalid');
    expect(codeOf(path.replace(hours(1), hours(-1)))).toBe('signature_invalid');
  });

  it('is not part of the plan', () => {
    expect(parse(sign(`w_301,e_${hours(1)}`), { nowS }).plan).toEqual(parse(sign('w_301'), { nowS }).plan);
  });

  it.each(['/hotel/a.jpg/~w_300', '/fd/a.jpg/~w_300', '/fd/a.jpg/~card', '/hotel/a.jpg/~card'])(
    'that has passed is signature_expired without a signature too: %s',
    (path) => {
      expect(codeOf(`${path},e_${hours(0)}.webp`)).toBe('signature_expired');
    },
  );

  it('is honoured unsigned where there are no keys, and has to be signed where there are', () => {
    expect(parse(`/hotel/a.jpg/~w_300,e_${hours(1)}.webp`, { nowS }).signed).toBe(false);
    expect(codeOf(`/fd/a.jpg/~w_320,e_${hours(1)}.webp`)).toBe('signature_missing');
    expect(codeOf(`/fd/a.jpg/~card,e_${hours(1)}.webp`)).toBe('signature_missing');
  });

  it('stands beside any view', () => {
    expect(parse(sign(`orig,e_${hours(1)}`, 'jpg'), { nowS }).plan.view).toBe('original');
  });

  it('is written in whole hours, base 36', () => {
    expect(sign('w_301,e_0ZZ')).toContain('~w_301,e_zz~k');
  });
});

describe('what may be had unsigned where there are keys', () => {
  it.each([
    'card.webp',
    'card,dpr_2.auto',
    'card,q_50.webp',
    'card,w_320.webp',
    'm_cover,w_320,h_160.webp',
    'w_0320,up_0.webp',
    'w_320,dpr_2.webp',
    'l_640,s_80.avif',
    'm_cover,w_320,g_ne.webp',
    'm_cover,w_320,g_att.webp',
    'm_fit.webp',
    'info.json',
    'orig.jpg',
  ])('%s', (last) => {
    expect(parse(`/fd/a.jpg/~${last}`).signed).toBe(false);
  });

  it.each([
    'w_321.webp',
    'w_640,dpr_2.webp',
    'h_1.webp',
    'm_cover,w_320,g_25.75.webp',
    'w_320,q_80.webp',
    'w_320,rt_90.webp',
    'w_320,up_1.webp',
    'w_320,bl_2.webp',
    'w_320,md_0.webp',
    'w_320,wm_logo.webp',
    'w_320,wm_logo_os_1.webp',
    'w_320,tx_SGk.sans_s_9.webp',
    'w_320,sp_1.webp',
    'w_320,li_9.webp',
    'w_320,du_000000:ffffff:9.webp',
    'w_320,co_000000:9.webp',
    'w_320,gd_000000:9:up:0:1.webp',
    'w_320,fc_000000.webp',
    'w_320,mn_3.webp',
    'w_320,re_b2:0:0:9:9.webp',
    'ly_w_320_li_9.webp',
    'w_320,ln_1.webp',
    'w_320,ks_jpg,ko_1.webp',
    'w_320,ko_1.webp',
    'w_320,dp_1.webp',
    'w_320,ic_source.webp',
    'w_320,fr_0.webp',
    'w_320,o_0.webp',
    'c_sq,w_320.webp',
    'p_50.webp',
    'a_1000.webp',
    'card,w_321.webp',
    'w_320,-,h_320.webp',
    'w_320,rd_f.webp',
    'm_cover,w_320,g_f5050.5000.webp',
    'ly_w_320.webp',
    'nt_webp.auto',
    'by_5000.webp',
  ])('%s is signature_missing', (last) => {
    expect(codeOf(`/fd/a.jpg/~${last}`)).toBe('signature_missing');
  });

  it('says what would do', () => {
    expect(refusal(() => parse('/fd/a.jpg/~w_321.webp')).detail).toBe(
      'Unsigned, `w` has to be one of 40, 80, 160, 320, 640, got 321.',
    );
    expect(refusal(() => parse('/fd/a.jpg/~w_320,q_80.webp')).detail).toBe('`q` has to be signed here.');
  });

  it('a namespace without keys allows any plan within the limits', () => {
    expect(parse('/hotel/a.jpg/~w_321,q_33,bl_2,fr_3.webp').signed).toBe(false);
  });
});

describe('views that need leave', () => {
  it('protected originals are served to nobody, signed or not', () => {
    expect(codeOf('/vault/a.jpg/~orig.jpg')).toBe('original_protected');
    expect(codeOf('/sealed/a.jpg/~orig.jpg')).toBe('original_protected');
    expect(codeOf(sign('orig', 'jpg', 'k', 'vault'))).toBe('original_protected');
    expect(parse(sign('orig', 'jpg')).plan.view).toBe('original');
    expect(parse('/vault/a.jpg/~card.jpg').plan.view).toBe('image');
  });

  it('explain is for signed URLs, namespaces that allow it, and namespaces without keys', () => {
    expect(codeOf('/fd/a.jpg/~explain.json')).toBe('not_allowed');
    expect(parse(sign('explain,w_301', 'json')).plan.view).toBe('explain');
    expect(parse('/vault/a.jpg/~explain,card.json').plan.view).toBe('explain');
    expect(parse('/hotel/a.jpg/~explain,w_301.json').plan.view).toBe('explain');
  });

  it('the average colour is decoded for those that may see an explanation, and for signed URLs', () => {
    expect(codeOf('/fd/a.jpg/~avg.json')).toBe('not_allowed');
    expect(parse(sign('avg', 'json')).plan.view).toBe('average');
    expect(parse('/vault/a.jpg/~avg.json').plan.view).toBe('average');
    expect(parse('/hotel/a.jpg/~avg.json').plan.view).toBe('average');
  });

  it('placeholders are decoded for the same', () => {
    expect(codeOf('/fd/a.jpg/~ph.json')).toBe('not_allowed');
    expect(parse(sign('ph', 'json')).plan.view).toBe('measured');
    expect(parse('/hotel/a.jpg/~ph.json').plan.measures).toMatchObject({ blurhash: { x: 4, y: 3 }, thumbhash: true });
  });

  it('info is for everybody', () => {
    expect(parse('/fd/a.jpg/~info.json').plan.view).toBe('info');
  });

  it('explain explains no plan that the picture itself would need a signature for', () => {
    expect(codeOf('/vault/a.jpg/~explain,w_301.json')).toBe('signature_missing');
  });
});

describe('the second key', () => {
  it('is as good as the first while both are live, and dead when it is gone', () => {
    const path = sign('w_301', 'webp', '2');
    const rotated: Config = { ...config, namespaces: { fd: namespace('fd', { keys: [vectorKey] }) } };
    expect(secondKey.kid).toBe('2');
    expect(codeOf(path, { config: rotated })).toBe('signature_invalid');
  });
});
