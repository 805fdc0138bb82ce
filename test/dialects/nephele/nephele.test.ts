import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ErrorCode, errorTable, PileusError } from '../../../src/shared/errors.ts';
import { codeOf } from '../../plan/resolve/scene.ts';
import { givesPlanOrRefusal } from '../laws.ts';
import { refusal } from '../native/sample-config.ts';
import { formattedAt, mounting, mountOf, parseAt, resolved } from '../oss/mount.ts';

const mount = (settings = {}, namespace = 'hotel') =>
  mounting(mountOf('nephele', namespace, '/image', { watermarks: { 'marks/a b.png': 'logo' }, ...settings }));
const urlOf = (actions: string): string => `/image/a.jpg?x-nephele-process=image/${actions}`;
const parse = (actions: string) => parseAt(urlOf(actions), mount());
const resolveOn = (actions: string, width: number, height: number, orientation: 1 | 6 = 1) =>
  resolved(parse(actions), { width, height, orientation });
const sizeOn = (actions: string, width: number, height: number, orientation: 1 | 6 = 1): string => {
  const result = resolveOn(actions, width, height, orientation);
  return `${result.width}x${result.height}`;
};

describe('resize', () => {
  it.each([
    ['resize,w_300,h_200', 1000, 600, '300x180'],
    ['resize,w_600', 640, 427, '600x400'],
    ['resize,h_300', 640, 427, '449x300'],
    ['resize,w_100,h_100', 640, 427, '100x66'],
    ['resize,w_300,h_200', 200, 100, '200x100'],
    ['resize,w_300,h_200,limit_0', 200, 100, '200x100'],
    ['resize,w_300,h_200,limit_1', 200, 100, '300x150'],
    ['resize,w_300,h_50', 200, 100, '100x50'],
    ['resize,w_300', 200, 100, '300x150'],
    ['resize,w_0,h_50', 200, 100, '100x50'],
    ['resize,m_fixed,w_50,h_80', 200, 100, '50x80'],
    ['resize,m_fixed,w_300,h_200', 200, 100, '200x100'],
    ['resize,m_fixed,w_300,h_200,limit_1', 200, 100, '300x200'],
    ['resize,p_33', 200, 100, '66x33'],
    ['resize,p_150', 200, 100, '200x100'],
    ['resize,p_150,limit_1', 201, 101, '301x151'],
  ])('%s of %ix%i is %s', (actions, width, height, expected) => {
    expect(sizeOn(actions, width, height)).toBe(expected);
  });

  it('has the limit of OSS turned around', () => {
    const enlargeOf = (actions: string) =>
      parse(actions).plan.steps.map((step) => step.op === 'resize' && step.enlarge);
    expect(enlargeOf('resize,w_9,h_9')).toEqual(['no']);
    expect(enlargeOf('resize,w_9,h_9,limit_0')).toEqual(['no']);
    expect(enlargeOf('resize,w_9,h_9,limit_1')).toEqual(['yes']);
  });
});

describe('crop', () => {
  it.each([
    ['crop,m_t,h_10', [0, 10, 201, 91]],
    ['crop,m_b,h_10', [0, 0, 201, 91]],
    ['crop,m_l,w_10', [10, 0, 191, 101]],
    ['crop,m_r,w_10', [0, 0, 191, 101]],
    ['crop,m_wc,w_11', [5, 0, 190, 101]],
    ['crop,m_hc,h_11', [0, 5, 201, 90]],
    ['crop,m_c,w_51', [75, 0, 51, 101]],
    ['crop,m_c,w_51,h_51', [75, 25, 51, 51]],
    ['crop,m_crop,x_10,y_20,w_30,h_40', [10, 20, 30, 40]],
    ['crop,m_crop,x_190,y_90,w_30,h_40', [190, 90, 11, 11]],
  ] as const)('%s of 201x101 is %j', (actions, [left, top, width, height]) => {
    expect(resolveOn(actions, 201, 101).ops).toEqual([{ op: 'extract', left, top, width, height }]);
  });

  it.each([
    ['crop,m_t,p_20', [0, 20, 200, 80]],
    ['crop,m_b,p_20', [0, 0, 200, 80]],
    ['crop,m_l,p_20', [40, 0, 160, 100]],
    ['crop,m_r,p_20', [0, 0, 160, 100]],
    ['crop,m_wc,p_20', [20, 0, 160, 100]],
    ['crop,m_hc,p_20', [0, 10, 200, 80]],
    ['crop,m_c,p_20', [80, 40, 40, 20]],
    ['crop,m_crop,p_20', [0, 0, 40, 20]],
  ] as const)('%s of 200x100 is %j', (actions, [left, top, width, height]) => {
    expect(resolveOn(actions, 200, 100).ops).toEqual([{ op: 'extract', left, top, width, height }]);
  });

  it.each([
    ['crop,m_resize,w_300,h_200', 1000, 600, '300x200'],
    ['crop,m_resize,w_300,h_200', 150, 400, '150x200'],
    ['crop,m_resize,w_300,h_200', 200, 100, '200x100'],
    ['crop,m_resize,w_300,h_200,limit_1', 200, 100, '300x200'],
  ])('%s of %ix%i is %s', (actions, width, height, expected) => {
    expect(sizeOn(actions, width, height)).toBe(expected);
  });

  it.each(['crop,m_t,h_101', 'crop,m_l,w_300', 'crop,m_crop,x_201,w_1,h_1'])('%s leaves nothing', (actions) => {
    expect(codeOf(() => resolveOn(actions, 201, 101))).toBe('operation_unsupported');
  });
});

describe('the other actions', () => {
  it.each([
    ['rotate,v_90', [{ op: 'rotate', degrees: 90 }], {}],
    ['rotate,v_45', [{ op: 'rotate', degrees: 45 }], { background: '000000ff' }],
    ['rotate,v_360', [], {}],
    ['quality,v_80', [], { quality: { kind: 'absolute', value: 80 } }],
    ['quality,v_0', [], { quality: { kind: 'source-capped', value: 100 } }],
    ['format,v_webp', [], { format: 'webp' }],
    ['sharpen,r_0,s_1.5', [{ op: 'sharpen', sigma: 1.5 }], {}],
    ['strip', [], { metadata: 'none' }],
  ])('%s', (actions, steps, encode) => {
    const { plan } = parse(actions);
    expect(plan.steps).toEqual(steps);
    expect(plan.encode).toEqual({ format: 'source', progressive: false, ...encode });
    expect(plan.decode.orient).toBe(false);
  });

  it('orients where it stands first', () => {
    expect(sizeOn('autoorient/resize,w_50', 200, 100, 6)).toBe('50x100');
    expect(sizeOn('resize,w_50', 200, 100, 6)).toBe('50x25');
    expect(refusal(() => parse('resize,w_50/autoorient')).code).toBe('operation_unsupported');
  });

  const base64 = (text: string): string => encodeURIComponent(Buffer.from(text).toString('base64'));
  const own = { op: 'watermark', asset: 'logo', gravity: 'se', dx: 0, dy: 0, opacity: 100, scalePercent: 0 };

  it.each([
    [`n_${base64('marks/a b.png')}`, {}],
    [`n_${base64('logo')},d_30,l_north`, { opacity: 30, gravity: 'n' }],
    [`n_${base64('logo')},d_0,x_0,y_0,mw_0,mh_0,l_se`, {}],
    [`n_${base64('logo')},x_5`, { gravity: 'nw', dx: 5 }],
  ])('watermark,%s', (params, changes) => {
    expect(parse(`watermark,${params}`).plan.steps).toEqual([{ ...own, ...changes }]);
  });

  it.each([
    ['watermark,d_30', 'bad_value'],
    [`watermark,n_${base64('other')}`, 'bad_value'],
    [`watermark,n_${base64('logo')},l_se,x_1`, 'bad_combination'],
    [`watermark,n_${base64('logo')},mw_100`, 'operation_unsupported'],
    ['resize', 'bad_value'],
    ['resize,w_0', 'bad_value'],
    ['resize,m_fill,w_1,h_1', 'bad_value'],
    ['resize,w_1,limit_2', 'bad_value'],
    ['resize,w_1,l_1', 'bad_operation'],
    ['resize,w_1,w_1', 'bad_operation'],
    ['resize,w_1_2', 'bad_value'],
    ['resize,p_50,w_1', 'bad_combination'],
    ['resize,m_fixed,w_1', 'operation_unsupported'],
    ['crop,w_1', 'bad_value'],
    ['crop,m_t', 'bad_value'],
    ['crop,m_t,w_1', 'bad_value'],
    ['crop,m_crop,w_1', 'bad_value'],
    ['crop,m_c,p_100', 'bad_value'],
    ['crop,m_c,p_10,w_1', 'bad_combination'],
    ['crop,m_c,w_1,x_1', 'bad_combination'],
    ['crop,m_resize,p_10', 'bad_combination'],
    ['crop,m_crop,p_10,x_1', 'operation_unsupported'],
    ['rotate,90', 'bad_operation'],
    ['rotate,v_361', 'bad_value'],
    ['rotate', 'bad_value'],
    ['quality,v_101', 'bad_value'],
    ['format,v_avif', 'bad_value'],
    ['sharpen,r_1', 'bad_value'],
    ['sharpen,s_NaN', 'bad_value'],
    ['sharpen,s_11', 'bad_value'],
    ['strip,v_1', 'bad_operation'],
    ['autoorient,1', 'bad_operation'],
    ['auto-orient,1', 'bad_operation'],
    ['info', 'bad_operation'],
    ['', 'bad_operation'],
  ])('%s is refused as %s', (actions, code) => {
    expect(refusal(() => parse(actions)).code).toBe(code);
  });
});

describe('where it stands', () => {
  it('is the mount, with keys of its namespace; a bare key is the original', () => {
    expect(parse('resize,w_1')).toMatchObject({ dialect: 'nephele', source: { ns: 'hotel', key: 'a.jpg' } });
    expect(parseAt('/image/a.jpg', mount()).plan.view).toBe('original');
    expect(refusal(() => parseAt('/image/a.jpg', mount({}, 'sealed'))).code).toBe('original_protected');
  });

  it('is closed where the namespace has keys, unless the mount is open', () => {
    expect(refusal(() => parseAt(urlOf('resize,w_1'), mount({}, 'fd'))).code).toBe('signature_missing');
    expect(parseAt(urlOf('resize,w_1'), mount({ open: true }, 'fd')).source.ns).toBe('fd');
  });

  it('has a query of one parameter', () => {
    expect(refusal(() => parseAt('/image/a.jpg?x-oss-process=image/resize,w_1', mount())).code).toBe('bad_operation');
    expect(refusal(() => parseAt('/image/a.jpg?x-nephele-process=style/a', mount())).code).toBe('bad_operation');
  });
});

describe('errors', () => {
  it.each<[ErrorCode, number]>([
    ['bad_value', 400],
    ['source_not_found', 400],
    ['undecodable', 400],
    ['original_protected', 400],
    ['quota_exceeded', 429],
    ['overloaded', 503],
    ['internal', 500],
    ['processing_deadline', 504],
  ])('%s is %i', (code, status) => {
    const formatted = formattedAt(urlOf('resize,w_1'), mount(), new PileusError(code, { detail: 'Why.' }));
    expect(formatted).toEqual({
      status,
      contentType: 'text/plain; charset=utf-8',
      body: `${errorTable[code].message} Why.\n`,
    });
  });
});

describe('for any text', () => {
  const survives = (url: string): void => givesPlanOrRefusal(() => parseAt(url, mount()));
  const part = fc.constantFrom(
    ...[
      'resize',
      'crop',
      'rotate',
      'watermark',
      'strip',
      'autoorient',
      'sharpen',
      'm',
      'w',
      'h',
      'p',
      'v',
      'n',
      'limit',
    ],
    ...['t', 'wc', 'crop', '0', '1', '50', '-1', ',', '_', '/', '%', '&', '|', 'bG9nbw=='],
  );

  it('parsing gives a plan or a client error, and the same each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => survives(`/image/${text}`)),
      {
        numRuns: 500,
      },
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => survives(urlOf(parts.join('')))),
      {
        numRuns: 2000,
      },
    );
  });

  it.each(['crop,m_wc,w_1/', 'n_', ',', '/', '_', '%2c'])('work on %j grows no faster than the text', (unit) => {
    survives(urlOf(unit.repeat(262_144 / unit.length)));
  });
});
