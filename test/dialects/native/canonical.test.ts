import { describe, expect, it } from 'vitest';
import { parse, parseSpec, refusal } from './sample-config.ts';

describe('the canonical spelling', () => {
  it.each([
    // order and numbers
    ['h_200,w_300,m_cover', 'm_cover,w_300,h_200'],
    ['w_0300', 'w_300'],
    ['w_007', 'w_7'],
    ['bl_1.50', 'bl_1.5'],
    ['bl_02.00', 'bl_2'],
    ['br_-007', 'br_-7'],
    ['w_300,up_01', 'w_300,up_1'],
    ['c_01.02.03.04', 'c_1.2.3.4'],
    ['bg_FF000080', 'bg_ff000080'],
    ['bg_FF0000ff', 'bg_ff0000'],
    ['w_300,e_0AHK1', 'w_300,e_ahk1'],
    // defaults of the grammar, and what does nothing
    ['m_fit,w_300', 'w_300'],
    ['w_300,up_0', 'w_300'],
    ['m_cover,w_300,g_c', 'm_cover,w_300'],
    ['w_300,rt_0', 'w_300'],
    ['w_300,rt_360', 'w_300'],
    ['w_300,o_1', 'w_300'],
    ['w_300,gr_0', 'w_300'],
    ['w_300,ll_0', 'w_300'],
    ['w_300,br_0,ct_0,sa_00', 'w_300'],
    ['w_300,bg_ffffff', 'w_300'],
    ['w_300,bg_FFFFFFFF', 'w_300'],
    ['w_300,dpr_1', 'w_300'],
    ['cp_0.0.10000.10000,w_300', 'w_300'],
    ['w_300,wm_logo.se.0.0.0', 'w_300'],
    ['p_100,q_80', 'q_80'],
    // what has no effect where it stands
    ['w_300,g_nw', 'w_300'],
    ['m_exact,w_300,h_200,g_att', 'm_exact,w_300,h_200'],
    ['m_cover,p_50,g_n', 'p_50'],
    ['m_aspect,w_3,h_2,up_1', 'm_aspect,w_3,h_2'],
    ['m_cover,g_n,up_1,dpr_2,q_80', 'q_80'],
    ['p_50,dpr_2', 'p_50'],
    // configurable defaults are never dropped
    ['w_300,q_80', 'w_300,q_80'],
    ['w_300,pg_0', 'w_300,pg_0'],
    ['w_300,md_0', 'w_300,md_0'],
    // a spec is never empty
    ['m_fit', 'm_fit'],
    ['rt_0', 'm_fit'],
    ['m_cover', 'm_fit'],
    ['dpr_3', 'm_fit'],
    ['m_fit,e_zzzz', 'e_zzzz'],
  ])('of %s is %s', (spec, canonical) => {
    const parsed = parseSpec(`${spec}.webp`);
    expect(parsed.canonicalPath).toBe(`/hotel/a.jpg/~${canonical}.webp`);
    expect(parsed.isCanonical).toBe(spec === canonical);
  });

  it.each([
    ['w_300,dpr_2', 'w_600'],
    ['w_300,h_200,dpr_1.5', 'w_450,h_300'],
    ['w_10,dpr_1.15', 'w_12'],
    ['w_333,dpr_1.33', 'w_443'],
    ['l_100,s_50,dpr_3', 'l_300,s_150'],
    ['w_8192,dpr_5', 'w_8192'],
    ['w_5000,h_1000,dpr_2', 'w_8192,h_1638'],
  ])('multiplies a pixel ratio into the size, within the limit and in proportion: %s is %s', (spec, canonical) => {
    const parsed = parseSpec(`${spec}.webp`);
    expect(parsed.canonicalPath).toBe(`/hotel/a.jpg/~${canonical}.webp`);
    expect(parsed.plan).toEqual(parseSpec(`${canonical}.webp`).plan);
  });

  it('decodes ~ and , of old encoders in the last segment', () => {
    const parsed = parse('/hotel/a.jpg/%7Em_cover%2Cw_300%2ch_200.webp');
    expect(parsed.canonicalPath).toBe('/hotel/a.jpg/~m_cover,w_300,h_200.webp');
    expect(parsed.isCanonical).toBe(false);
    expect(parse('/hotel/a.jpg/%7ew_300.webp').canonicalPath).toBe('/hotel/a.jpg/~w_300.webp');
  });

  it.each([
    ['/hotel/a%20b.jpg', '/hotel/a%20b.jpg'],
    ['/hotel/%61.jpg', '/hotel/a.jpg'],
    ['/hotel/%e4%b8%ad.jpg', '/hotel/%E4%B8%AD.jpg'],
    ['/hotel/icon@2x(1),+.jpg', '/hotel/icon@2x(1),+.jpg'],
    ['/hotel/what%3F%23.jpg', '/hotel/what%3F%23.jpg'],
    ['/hotel/a[1]^.jpg', '/hotel/a%5B1%5D%5E.jpg'],
    ['/hotel/~w_1.png/b.jpg', '/hotel/~w_1.png/b.jpg'],
    ['/hotel/100%25.jpg', '/hotel/100%25.jpg'],
  ])('of the key in %s is %s', (path, canonical) => {
    expect(parse(`${path}/~w_300.webp`).canonicalPath).toBe(`${canonical}/~w_300.webp`);
  });
});

describe('operations that do not fit together', () => {
  it.each([
    ['w_300,l_300', '`w` and `l` exclude each other.'],
    ['h_300,s_300', '`h` and `s` exclude each other.'],
    ['w_300,p_50', '`w` and `p` exclude each other.'],
    ['h_300,a_50', '`h` and `a` exclude each other.'],
    ['l_300,p_50', '`l` and `p` exclude each other.'],
    ['a_300,p_50', '`p` and `a` exclude each other.'],
    ['c_sq,cp_0.0.5.5', '`c` and `cp` exclude each other.'],
    ['q_80,qs_80', '`q` and `qs` exclude each other.'],
    ['qc_80,qs_80', '`qs` and `qc` exclude each other.'],
  ])('%s is a bad_combination', (spec, detail) => {
    const error = refusal(() => parseSpec(`${spec}.webp`));
    expect([error.code, error.detail]).toEqual(['bad_combination', detail]);
  });

  it.each([
    ['w_300,w_300', '`w` stands twice.'],
    ['wm_logo,wm_logo', '`wm` stands twice.'],
    ['gr_0,gr_1', '`gr` stands twice.'],
    ['x_300', 'There is no operation "x_300".'],
    ['W_300', 'There is no operation "W_300".'],
    ['_300', 'There is no operation "_300".'],
    ['constructor_1', 'There is no operation "constructor_1".'],
    ['__proto___1', 'There is no operation "__proto___1".'],
    ['w_300,', 'There is no operation "". A preset or a view can only stand first.'],
    ['w_300,card', 'There is no operation "card". A preset or a view can only stand first.'],
    ['card,thumb', 'There is no operation "thumb". A preset or a view can only stand first.'],
    ['w_300,info', 'There is no operation "info". A preset or a view can only stand first.'],
    ['Card', 'There is no operation "Card". A preset or a view can only stand first.'],
  ])('%s is a bad_operation', (spec, detail) => {
    const error = refusal(() => parseSpec(`${spec}.webp`));
    expect([error.code, error.detail]).toEqual(['bad_operation', detail]);
  });
});

describe('views', () => {
  it.each([
    ['info.json', 'info', 'source'],
    ['avg.json', 'average', 'source'],
    ['ph.json', 'measured', 'source'],
    ['explain.json', 'explain', 'auto'],
    ['orig.jpg', 'original', 'source'],
    ['orig.heic', 'original', 'source'],
    ['orig.json', 'original', 'source'],
    ['info,e_zzzz.json', 'info', 'source'],
  ])('~%s shows %s', (spec, view, format) => {
    const parsed = parseSpec(spec);
    expect(parsed.plan.view).toBe(view);
    expect(parsed.plan.encode.format).toBe(format);
    expect(parsed.plan.steps).toEqual([]);
    expect(parsed.isCanonical).toBe(true);
  });

  it('explain explains operations and presets, in the format that Accept would get', () => {
    const parsed = parseSpec('explain,card,dpr_2.json', { accept: 'image/webp' });
    expect(parsed.plan).toEqual({ ...parseSpec('card,dpr_2.auto', { accept: 'image/webp' }).plan, view: 'explain' });
    expect(parsed.negotiated).toBe('webp');
    expect(parsed.presets).toEqual(['card']);
    expect(parseSpec('explain,h_9,w_9.json').canonicalPath).toBe('/hotel/a.jpg/~explain,w_9,h_9.json');
  });

  it.each(['info,w_300.json', 'avg,rt_90.json', 'orig,q_80.jpg', 'w_300.json', 'card.json', 'info.jpg', 'avg.auto'])(
    '~%s is a bad_combination',
    (spec) => {
      expect(refusal(() => parseSpec(spec)).code).toBe('bad_combination');
    },
  );

  it('auto asks Accept, a named format does not', () => {
    const auto = parseSpec('w_300.auto', { accept: 'image/avif,image/webp,*/*' });
    expect(auto.negotiated).toBe('avif');
    expect(auto.plan.encode).toEqual({ format: 'auto', negotiated: 'avif' });
    expect(parseSpec('w_300.png', { accept: 'image/avif,image/webp' }).negotiated).toBeNull();
    expect(parseSpec('info.json', { accept: 'image/avif,image/webp' }).negotiated).toBeNull();
  });

  it.each(['jpg', 'png', 'webp', 'avif', 'gif', 'tif'])('.%s is the format of the result', (ext) => {
    expect(parseSpec(`w_300.${ext}`).plan.encode).toEqual({ format: ext });
  });
});
