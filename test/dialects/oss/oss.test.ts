import { describe, expect, it } from 'vitest';
import { reportWriter } from '../../../src/dialects/report-writers.ts';
import { noDetails } from '../../../src/plan/header/details.ts';
import type { ErrorCode } from '../../../src/shared/errors.ts';
import { makeHeader } from '../../plan/resolve/scene.ts';
import { namespace, refusal } from '../native/sample-config.ts';
import { mounting, mountOf, ossMount, parseAt, parseProcess } from './mount.ts';

const refusedAs = (text: string): ErrorCode => refusal(() => parseProcess(text)).code;

describe('where it stands', () => {
  it('takes keys of its namespace', () => {
    expect(parseAt('/hotel/g1/%E4%B8%AD%20b.jpg?x-oss-process=image/resize,w_100', ossMount())).toMatchObject({
      dialect: 'oss',
      source: { ns: 'hotel', key: 'g1/中 b.jpg' },
      isCanonical: false,
    });
  });

  it('takes the namespace from the path where the mount has none', () => {
    const at = mounting(mountOf('oss', null, ''));
    expect(parseAt('/hotel/g1/a.jpg?x-oss-process=image/resize,w_100', at).source).toEqual({
      ns: 'hotel',
      key: 'g1/a.jpg',
    });
    expect(refusal(() => parseAt('/nowhere/a.jpg', at)).code).toBe('not_found');
    expect(refusal(() => parseAt('/constructor/a.jpg', at)).code).toBe('not_found');
    expect(refusal(() => parseAt('/hotel', at)).code).toBe('bad_key');
  });

  it('leaves native paths to the native grammar', () => {
    const at = ossMount();
    expect(parseAt('/hotel/a.jpg/~w_300.webp', at).dialect).toBe('native');
    expect(parseAt('/hotel/~a.jpg?x-oss-process=image/resize,w_100', at).dialect).toBe('oss');
  });

  it('gives the native path where there is one', () => {
    expect(parseProcess('image/resize,w_100/format,webp').canonicalPath).toBe('/hotel/a.jpg/~o_0,w_100,pg_0.webp');
    expect(parseProcess('image/resize,w_100').canonicalPath).toBe('/hotel/a.jpg/~o_0,w_100,qs_90,pg_0.same');
  });

  it.each(['/hotel/', '/hotel', '/hotel//a.jpg', '/hotel/../a.jpg', '/hotel/a%2Fb.jpg', '/hotel/%ff.jpg'])(
    '%s is no key',
    (path) => {
      expect(refusal(() => parseAt(`${path}?x-oss-process=image/resize,w_100`, ossMount())).code).toBe('bad_key');
    },
  );
});

describe('the query', () => {
  it('may be percent-encoded, wholly or in part', () => {
    const plain = parseProcess('image/resize,m_fill,w_100/format,png').plan;
    expect(parseProcess('image%2Fresize%2Cm_fill%2Cw_100%2Fformat%2Cpng').plan).toEqual(plain);
    expect(parseProcess('image/resize%2cm_fill,w_100/format,png').plan).toEqual(plain);
  });

  it.each([
    ['x-oss-process=image/resize,w_1&x-oss-process=image/resize,w_2', 'bad_operation'],
    ['x-oss-process=image/resize,w_1&v=1', 'bad_operation'],
    ['X-Oss-Process=image/resize,w_1', 'bad_operation'],
    ['Expires=1&OSSAccessKeyId=a&Signature=b&x-oss-process=image/resize,w_1', 'bad_operation'],
    ['v=1', 'bad_operation'],
    ['&x-oss-process=image/resize,w_1', 'bad_operation'],
    ['x-oss-process', 'bad_operation'],
    ['x-oss-process=', 'bad_operation'],
    ['x-oss-process=image', 'bad_operation'],
    ['x-oss-process=video/snapshot,t_1', 'bad_operation'],
    ['x-oss-process=image%252Fresize,w_1', 'bad_url'],
    ['x-oss-process=image/resize,w_1%', 'bad_url'],
    ['x-oss-process=image/resize,w_%ff', 'bad_url'],
    ['x-oss-process=image/resize,w_1%00', 'bad_url'],
    ['x-oss-process=image/resize,w_1|sys/saveas,o_YQ,b_Yg', 'operation_unsupported'],
  ])('%s is refused as %s', (query, code) => {
    expect(refusal(() => parseAt(`/hotel/a.jpg?${query}`, ossMount())).code).toBe(code);
  });

  it('may have parameters that the mount ignores, and no others', () => {
    const at = ossMount({ ignoredParameters: ['v'] });
    const bare = parseAt('/hotel/a.jpg?x-oss-process=image/resize,w_1', at);
    expect(parseAt('/hotel/a.jpg?v=1&x-oss-process=image/resize,w_1&v=2', at)).toEqual(bare);
    expect(parseAt('/hotel/a.jpg?v=1', at).plan.view).toBe('original');
    expect(refusal(() => parseAt('/hotel/a.jpg?w=1', at)).code).toBe('bad_operation');
  });
});

describe('actions', () => {
  it.each([
    'image/',
    'image//resize,w_1',
    'image/resize,w_1/',
    'image/Resize,w_1',
    'image/toString',
    'image/__proto__',
    'image/resize,w_1,',
    'image/resize,w',
    'image/resize,xx',
    'image/resize,w_1,w_1',
    'image/resize,fw_1',
    'image/crop,z_1',
    'image/circle,r_1,s_1',
    'image/rotate,90,180',
    'image/format,png/format,jpg',
    'image/quality,q_1/quality,Q_1',
    'image/interlace,1/interlace,1',
    'image/auto-orient,1/auto-orient,1',
    'image/info,1',
    'image/average-hue,1',
  ])('%s is a bad operation', (text) => {
    expect(refusedAs(text)).toBe('bad_operation');
  });

  it.each([
    'image/resize',
    'image/resize,m_lfit',
    'image/resize,m_,w_1',
    'image/resize,m_unknown,w_1',
    'image/resize,w_0',
    'image/resize,w_-1',
    'image/resize,w_1.5',
    'image/resize,w_1e3',
    'image/resize,w_NaN',
    'image/resize,w_Infinity',
    'image/resize,w_0x10',
    'image/resize,w_16385',
    `image/resize,w_${'9'.repeat(400)}`,
    'image/resize,p_0',
    'image/resize,p_1001',
    'image/resize,w_1,limit_2',
    'image/resize,m_pad,w_1,color_red',
    'image/resize,m_pad,w_1,color_ff0000ff',
    'image/crop',
    'image/crop,w_-1',
    'image/crop,x_-1',
    'image/crop,g_abc',
    'image/indexcrop',
    'image/indexcrop,i_1',
    'image/indexcrop,x_0',
    'image/indexcrop,x_1,i_-1',
    'image/circle',
    'image/circle,r_',
    'image/circle,r_0',
    'image/circle,r_4097',
    'image/rounded-corners,r_4097',
    'image/rotate',
    'image/rotate,361',
    'image/rotate,-90',
    'image/auto-orient,2',
    'image/blur,r_1',
    'image/blur,r_51,s_1',
    'image/blur,r_1,s_0',
    'image/bright',
    'image/bright,101',
    'image/contrast,-101',
    'image/sharpen,49',
    'image/sharpen,400',
    'image/quality',
    'image/quality,q_0',
    'image/quality,Q_101',
    'image/format',
    'image/format,jxl',
    'image/interlace,2',
  ])('%s is a bad value', (text) => {
    expect(refusedAs(text)).toBe('bad_value');
  });

  it.each([
    'image/resize,p_50,w_1',
    'image/resize,w_1,color_ff0000',
    'image/info/resize,w_1',
    'image/resize,w_1/info',
    'image/format,png/average-hue',
    'image/info/info',
  ])('%s is a bad combination', (text) => {
    expect(refusedAs(text)).toBe('bad_combination');
  });

  it('HEIC is unsupported', () => {
    expect(refusedAs('image/format,heic')).toBe('operation_unsupported');
  });

  it('are limited in number', () => {
    expect(refusedAs(`image/${Array(17).fill('bright,1').join('/')}`)).toBe('bad_url');
    expect(parseProcess(`image/${Array(16).fill('bright,1').join('/')}`).plan.steps).toHaveLength(16);
  });
});

describe('views', () => {
  it('of the header have a body of their own', () => {
    const { plan } = parseProcess('image/info');
    expect(plan).toMatchObject({ view: 'info', steps: [], report: { as: 'oss/info', args: {} } });
  });

  it('of the mean colour have its body too', () => {
    const { plan } = parseProcess('image/average-hue');
    expect(plan).toMatchObject({ view: 'measured', steps: [], measures: { average: true } });
    const facts = { version: 'v1', bytes: 1, header: makeHeader(), modifiedMs: null };
    const average = { r: 115, g: 98, b: 7, a: 255 };
    const { body } = reportWriter(plan.report?.as ?? '')(facts, {}, noDetails, { average });
    expect(JSON.parse(body)).toEqual({ RGB: '0x736207' });
  });

  it('of the original is the bare key', () => {
    expect(parseAt('/hotel/a.jpg', ossMount()).plan.view).toBe('original');
    expect(parseAt('/hotel/a.jpg?', ossMount()).plan.view).toBe('original');
  });
});

describe('styles', () => {
  const styles = { 'thumb.1': 'image/resize,m_fill,w_160,h_160/quality,Q_80' };

  it('are processes of the configuration', () => {
    const styled = parseProcess('style/thumb.1', { styles });
    expect(styled.plan).toEqual(parseProcess(styles['thumb.1']).plan);
    expect(styled.presets).toEqual(['thumb.1']);
  });

  it.each([
    ['style/other', 'preset_not_found'],
    ['style/constructor', 'preset_not_found'],
    ['style/', 'bad_value'],
    ['style/a/b', 'bad_value'],
    [`style/${'a'.repeat(64)}`, 'bad_value'],
  ])('%s is refused as %s', (text, code) => {
    expect(refusal(() => parseProcess(text, { styles })).code).toBe(code);
  });

  it.each([
    { styles: { a: 'image/resize' } },
    { styles: { a: 'style/b' } },
    { styles: { 'a b': 'image/resize,w_1' } },
    { watermarks: { 'a.png': 'Not A Name' } },
    { style: {} },
    { open: 'yes' },
    { ignoredParameters: ['a&b'] },
  ])('%j is no setting', (settings) => {
    expect(() => mountOf('oss', 'hotel', '/hotel', settings)).toThrow();
  });

  it('may name watermarks that are only known later', () => {
    expect(() => mountOf('oss', 'hotel', '/hotel', { styles: { a: 'image/watermark,image_YQ' } })).not.toThrow();
  });
});

describe('policy', () => {
  it('refuses namespaces with keys unless the mount is open', () => {
    expect(refusal(() => parseProcess('image/resize,w_1', {}, 'fd')).code).toBe('signature_missing');
    expect(refusal(() => parseProcess('image/info', {}, 'fd')).code).toBe('signature_missing');
    expect(refusal(() => parseAt('/fd/a.jpg', ossMount({}, 'fd'))).code).toBe('signature_missing');
    expect(parseProcess('image/resize,w_1', { open: true }, 'fd').source.ns).toBe('fd');
    expect(parseAt('/fd/a.jpg', ossMount({ open: true }, 'fd')).plan.view).toBe('original');
  });

  it('asks the namespace that the path names, where the mount has none', () => {
    const at = mounting(mountOf('oss', null, ''));
    expect(refusal(() => parseAt('/fd/a.jpg?x-oss-process=image/resize,w_1', at)).code).toBe('signature_missing');
  });

  it('keeps protected originals', () => {
    expect(refusal(() => parseAt('/sealed/a.jpg', ossMount({}, 'sealed'))).code).toBe('original_protected');
    expect(refusal(() => parseAt('/vault/a.jpg', ossMount({ open: true }, 'vault'))).code).toBe('original_protected');
    expect(parseProcess('image/resize,w_1', {}, 'sealed').plan.view).toBe('image');
  });

  it('answers styles alone where the mount says so', () => {
    const settings = { stylesOnly: true, styles: { a: 'image/resize,w_1' } };
    expect(parseProcess('style/a', settings).plan.steps).toHaveLength(1);
    expect(refusal(() => parseProcess('image/resize,w_1', settings)).code).toBe('not_allowed');
    expect(refusal(() => parseAt('/hotel/a.jpg', ossMount(settings))).code).toBe('not_allowed');
  });

  it('goes by the namespace and nothing else', () => {
    const closed = { ...ossMount(), namespaces: { hotel: namespace('hotel', { keys: [{ kid: 'a', secret: 's' }] }) } };
    expect(refusal(() => parseAt('/hotel/a.jpg?x-oss-process=image/info', closed)).code).toBe('signature_missing');
  });
});
