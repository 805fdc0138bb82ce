import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { opNames } from '../../../src/dialects/native/tokens.ts';
import { parse, parseSpec, refusal } from './sample-config.ts';

const resize = {
  op: 'resize',
  mode: 'fit',
  size: { by: 'box', w: 300, h: null },
  dpr: 1,
  enlarge: 'no',
  gravity: { kind: 'compass', at: 'c' },
  rounding: 'nearest',
};
const box = (w: number | null, h: number | null) => ({ by: 'box', w, h });
const watermark = { op: 'watermark', asset: 'logo', gravity: 'se', dx: 10, dy: -20, opacity: 80, scalePercent: 15 };
const plainMark = { ...watermark, dx: 0, dy: 0, opacity: 100, scalePercent: 0 };
const area = { x: 0, y: 0, w: 5000, h: 10_000 };
const hello = {
  op: 'text',
  text: 'Hello',
  font: 'sans',
  size: 40,
  colour: '000000ff',
  gravity: 'se',
  dx: 0,
  dy: 0,
  opacity: 100,
};
const base64url = (text: string): string => Buffer.from(text, 'utf8').toString('base64url');

describe('each token', () => {
  it.each<[string, unknown[]]>([
    ['c_10.20.300.400', [{ op: 'region', unit: 'px', x: 10, y: 20, w: 300, h: 400 }]],
    ['c_sq', [{ op: 'square' }]],
    ['cp_500.0.9500.10000', [{ op: 'region', unit: 'bp', x: 500, y: 0, w: 9500, h: 10_000 }]],
    ['m_cover,w_300,h_200', [{ ...resize, mode: 'cover', size: box(300, 200) }]],
    ['m_min,w_300,h_200', [{ ...resize, mode: 'min', size: box(300, 200) }]],
    ['m_pad,w_300,h_200', [{ ...resize, mode: 'pad', size: box(300, 200) }]],
    ['m_exact,w_300,h_200', [{ ...resize, mode: 'exact', size: box(300, 200) }]],
    ['m_aspect,w_300,h_200', [{ ...resize, mode: 'aspect', size: box(300, 200) }]],
    ['w_300', [resize]],
    ['h_8192', [{ ...resize, size: box(null, 8192) }]],
    ['l_640,s_480', [{ ...resize, size: { by: 'sides', long: 640, short: 480 } }]],
    ['s_480', [{ ...resize, size: { by: 'sides', long: null, short: 480 } }]],
    ['p_50', [{ ...resize, size: { by: 'percent', percent: 50 } }]],
    ['a_1000000', [{ ...resize, size: { by: 'area', pixels: 1_000_000 } }]],
    ['m_cover,w_300,g_nw', [{ ...resize, mode: 'cover', gravity: { kind: 'compass', at: 'nw' } }]],
    ['m_cover,w_300,g_25.75', [{ ...resize, mode: 'cover', gravity: { kind: 'focal', x: 2500, y: 7500 } }]],
    ['m_cover,w_300,g_att', [{ ...resize, mode: 'cover', gravity: { kind: 'smart', by: 'attention' } }]],
    ['m_cover,w_300,g_ent', [{ ...resize, mode: 'cover', gravity: { kind: 'smart', by: 'entropy' } }]],
    ['w_300,up_1', [{ ...resize, enlarge: 'yes' }]],
    ['w_300,up_2', [{ ...resize, enlarge: 'only' }]],
    ['w_300,up_3', [{ ...resize, enlarge: 'error' }]],
    ['fl_h', [{ op: 'flip', horizontal: true, vertical: false }]],
    ['fl_v', [{ op: 'flip', horizontal: false, vertical: true }]],
    ['fl_hv', [{ op: 'flip', horizontal: true, vertical: true }]],
    ['rt_359', [{ op: 'rotate', degrees: 359 }]],
    ['bl_0.3', [{ op: 'blur', sigma: 0.3 }]],
    ['sh_1.25', [{ op: 'sharpen', sigma: 1.25 }]],
    ['gr_1', [{ op: 'grey' }]],
    ['bt_0', [{ op: 'bitonal', threshold: 0 }]],
    ['br_-100', [{ op: 'brightness', amount: -100 }]],
    ['ct_100', [{ op: 'contrast', amount: 100 }]],
    ['sa_5', [{ op: 'saturation', amount: 5 }]],
    ['wm_logo.se.10.-20.80.15', [watermark]],
    ['wm_logo.se.10.-20.80.12.5', [{ ...watermark, scalePercent: 12.5 }]],
    ['bl_1.234', [{ op: 'blur', sigma: 1.234 }]],
    ['rt_22.5', [{ op: 'rotate', degrees: 22.5 }]],
    ['p_0.5', [{ ...resize, size: { by: 'percent', percent: 0.5 } }]],
    ['w_300,rd_f', [{ ...resize, rounding: 'floor' }]],
    ['m_cover,w_300,g_f3333.5000', [{ ...resize, mode: 'cover', gravity: { kind: 'focal', x: 3333, y: 5000 } }]],
    ['tr_10', [{ op: 'trim', threshold: 10, colour: null, equalX: false, equalY: false }]],
    ['tr_2.5_ff0000', [{ op: 'trim', threshold: 2.5, colour: 'ff0000ff', equalX: false, equalY: false }]],
    ['tr_0_auto_xy', [{ op: 'trim', threshold: 0, colour: null, equalX: true, equalY: true }]],
    ['cr_300.200.se.5.-6', [{ op: 'crop', w: 300, h: 200, gravity: { kind: 'compass', at: 'se' }, dx: 5, dy: -6 }]],
    ['cr_0.9.25-75.0.0', [{ op: 'crop', w: null, h: 9, gravity: { kind: 'focal', x: 2500, y: 7500 }, dx: 0, dy: 0 }]],
    ['ti_x200.3', [{ op: 'tile', axis: 'x', size: 200, index: 3 }]],
    ['sc_5000.10000', [{ op: 'scale', x: 5000, y: 10_000 }]],
    ['cv_40.30.c.0.0', [{ op: 'canvas', w: 40, h: 30, gravity: { kind: 'compass', at: 'c' }, dx: 0, dy: 0 }]],
    ['pd_1.2.3.4', [{ op: 'pad', top: 1, right: 2, bottom: 3, left: 4 }]],
    ['px_8', [{ op: 'pixelate', size: 8 }]],
    ['ng_1', [{ op: 'negate' }]],
    ['no_1', [{ op: 'normalise' }]],
    ['ga_2.2', [{ op: 'gamma', gamma: 2.2 }]],
    ['hu_-90', [{ op: 'hue', degrees: -90 }]],
    ['tn_704214', [{ op: 'tint', colour: '704214ff' }]],
    ['rc_e', [{ op: 'round', shape: 'ellipse' }]],
    ['rc_20', [{ op: 'round', shape: 'corners', unit: 'px', x: 20, y: 20 }]],
    ['rc_s500.250', [{ op: 'round', shape: 'corners', unit: 'share', x: 500, y: 250 }]],
    ['sp_1', [{ op: 'sepia' }]],
    ['li_-255', [{ op: 'lift', amount: -255 }]],
    ['mn_15', [{ op: 'median', size: 15 }]],
    ['fc_00ff0080', [{ op: 'flatten', colour: '00ff0080' }]],
    ['du_000000:ffcc00:62.5', [{ op: 'duotone', dark: '000000ff', light: 'ffcc00ff', mix: 62.5 }]],
    ['co_ff0000:50', [{ op: 'colorize', colour: 'ff0000ff', opacity: 50, keepAlpha: false }]],
    ['co_ff0000:0.5:k', [{ op: 'colorize', colour: 'ff0000ff', opacity: 0.5, keepAlpha: true }]],
    [
      'gd_000000:80:up:1e-7:0.75',
      [{ op: 'gradient', colour: '000000ff', opacity: 80, to: 'up', start: 1e-7, stop: 0.75 }],
    ],
    ['tr_10_se_x', [{ op: 'trim', threshold: 10, colour: null, equalX: true, equalY: false, corner: 'se' }]],
    ['tr_10_se', [{ op: 'trim', threshold: 10, colour: null, equalX: false, equalY: false, corner: 'se' }]],
    ['us_1:24', [{ op: 'unsharp', weight: 1, divider: 24 }]],
    ['us_0.5:6.5:s', [{ op: 'unsharp', weight: 0.5, divider: 6.5, ifSmaller: true }]],
    ['un_ff000080', [{ op: 'underlay', colour: 'ff000080' }]],
    ['mo_b3b3b3:62.5', [{ op: 'monochrome', colour: 'b3b3b3ff', mix: 62.5 }]],
    ['gd_000000:80:45.5:0:1', [{ op: 'gradient', colour: '000000ff', opacity: 80, to: 45.5, start: 0, stop: 1 }]],
    ['pu_8.5:left:0:0.75', [{ op: 'progressiveBlur', sigma: 8.5, to: 'left', start: 0, stop: 0.75 }]],
    ['pu_8:359:0:1', [{ op: 'progressiveBlur', sigma: 8, to: 359, start: 0, stop: 1 }]],
    ['re_b2.5:0:0:5000:10000', [{ op: 'redact', areas: [area], how: { by: 'blur', sigma: 2.5 } }]],
    ['re_s:b2:0:0:5000:10000', [{ op: 'redact', areas: [area], how: { by: 'blur', sigma: 2 }, of: 'source' }]],
    ['re_p8:0:0:5000:10000', [{ op: 'redact', areas: [area], how: { by: 'pixelate', size: 8 } }]],
    [
      're_f000000:0:0:5000:10000:1:2:3:4.5',
      [{ op: 'redact', areas: [area, { x: 1, y: 2, w: 3, h: 4.5 }], how: { by: 'fill', colour: '000000ff' } }],
    ],
    ['wm_logo_x_0.25', [{ ...plainMark, dx: 0.25 }]],
    ['wm_logo_o_12.5_w_15_os_1', [{ ...plainMark, opacity: 12.5, scalePercent: 15, oversize: true }]],
    ['wm_logo_y_20000_wi_1', [{ ...plainMark, dy: 20_000, within: true }]],
    ['wm_logo_tx_e_ty_n', [{ ...plainMark, tile: { x: { by: 'even' }, y: null } }]],
    [
      'wm_logo_g_c_tx_c0.1_ty_s9_ch_1_d_-22.5',
      [
        {
          ...plainMark,
          gravity: 'c',
          tile: { x: { by: 'centre', gap: 0.1 }, y: { by: 'start', gap: 9 }, chess: true },
          degrees: -22.5,
        },
      ],
    ],
    ['wm_logo_ss_2', [{ ...plainMark, shadow: { sigma: 2, opacity: 100, dx: 0, dy: 0 } }]],
    ['wm_logo_ss_0_so_50_sx_3_sy_-4.5', [{ ...plainMark, shadow: { sigma: 0, opacity: 50, dx: 3, dy: -4.5 } }]],
    ['tx_SGVsbG8.sans_s_40', [hello]],
    [
      `tx_${base64url('中文_a\n\u{1f600}\ufeff')}.sans_s_0.5_c_ff000080_g_nw_x_-0.5_y_3_o_80_d_45_ss_1`,
      [
        {
          ...hello,
          text: '中文_a\n\u{1f600}\ufeff',
          size: 0.5,
          colour: 'ff000080',
          gravity: 'nw',
          dx: -0.5,
          dy: 3,
          opacity: 80,
          degrees: 45,
          shadow: { sigma: 1, opacity: 100, dx: 0, dy: 0 },
        },
      ],
    ],
    [`tx_${base64url('>>>???')}.sans_s_40`, [{ ...hello, text: '>>>???' }]],
    [`tx_${base64url('a'.repeat(256))}.sans_s_1000`, [{ ...hello, text: 'a'.repeat(256), size: 1000 }]],
    ['w_300,-,c_sq,w_40', [resize, { op: 'square' }, { ...resize, size: box(40, null) }]],
    [
      'bl_1,-,bl_1',
      [
        { op: 'blur', sigma: 1 },
        { op: 'blur', sigma: 1 },
      ],
    ],
  ])('%s means its step, and is its own canonical form', (spec, steps) => {
    const parsed = parseSpec(`${spec}.webp`);
    expect(parsed.plan.steps).toEqual(steps);
    expect(parsed.plan.decode).toEqual({ orient: true, frames: 'auto' });
    expect(parsed.isCanonical).toBe(true);
  });

  it.each([
    ['bg_00ff7f', { background: '00ff7fff' }],
    ['bg_00ff7f80', { background: '00ff7f80' }],
    ['q_1', { quality: { kind: 'absolute', value: 1 } }],
    ['qs_100', { quality: { kind: 'source-capped', value: 100 } }],
    ['qc_75', { quality: { kind: 'corrected', value: 75 } }],
    ['kb_100', { bytesMax: 102_400 }],
    ['ll_1', { lossless: true }],
    ['pg_0', { progressive: false }],
    ['pg_1', { progressive: true }],
    ['md_0', { metadata: 'none' }],
    ['md_c', { metadata: 'copyright' }],
    ['md_1', { metadata: 'all' }],
    ['by_5000', { bytesMax: 5000 }],
    ['ft_1', { flatten: true }],
    ['as_16', { avifSideMin: 16 }],
    ['ks_jpg.png', { keepSource: ['jpg', 'png'] }],
    ['ks_jpg,ko_1', { keepSource: ['jpg'], keepOnly: true }],
    ['dp_1', { deep: true }],
    ['ic_source', { profile: 'source' }],
    ['ic_srgb', { profile: 'srgb' }],
    ['ic_none', { profile: 'none' }],
    ['di_300', { dpi: 300 }],
    [
      'aq_d0.02:e0.001:jpg.70.80.avif.40.50:p9',
      {
        search: {
          by: 'dssim',
          target: 0.02,
          error: 0.001,
          min: { jpg: 70, avif: 40 },
          max: { jpg: 80, avif: 50 },
          pixelsMax: 9,
        },
      },
    ],
    ['aq_b9000:e0:webp.1.1', { search: { by: 'bytes', target: 9000, error: 0, min: { webp: 1 }, max: { webp: 1 } } }],
    ['jo_p0.c.t.d.q8', { jpeg: { progressive: false, fullChroma: true, trellis: true, deringing: true, table: 8 } }],
    ['po_i1.c16', { png: { interlaced: true, colours: 16 } }],
    ['wo_cn.s.ptext', { webp: { compression: 'near', smartChroma: true, preset: 'text' } }],
    ['ao_c', { avif: { fullChroma: true } }],
    ['qf_jpg.80.webp.75', { qualities: { jpg: 80, webp: 75 } }],
  ])('%s means its wish for the encoder, and is kept though it may be the configured default', (spec, wish) => {
    const parsed = parseSpec(`${spec}.webp`);
    expect(parsed.plan.encode).toEqual({ format: 'webp', ...wish });
    expect(parsed.isCanonical).toBe(true);
  });

  it.each([
    ['o_0', { orient: false, frames: 'auto' }],
    ['fr_0', { orient: true, frames: 'first' }],
    ['fr_7', { orient: true, frames: 7 }],
    ['fr_all', { orient: true, frames: 'all' }],
    ['fr_p0.3', { orient: true, frames: { page: 0, pages: 3 } }],
    ['fr_s7.1', { orient: true, frames: { page: 7, pages: 1, still: true } }],
    ['ln_1', { orient: true, frames: 'auto', linear: true }],
  ])('%s changes how the source is decoded', (spec, decode) => {
    expect(parseSpec(`${spec}.webp`).plan.decode).toEqual(decode);
    expect(parseSpec(`${spec}.webp`).isCanonical).toBe(true);
  });

  it.each([
    'aq_d0.1',
    'aq_x1:e0:jpg.1.2',
    'aq_d1:e0:jpg.3.2',
    'aq_d1:e0:png.1.2',
    'jo_',
    'jo_t.t',
    'jo_p',
    'jo_q9',
    'jo_tt',
    'po_c1',
    'wo_cx',
    'ao_d',
    'fr_p1',
    'fr_s1.0',
    'hs_md5.ab',
    'di_0',
  ])('%s is no value', (spec) => {
    expect(refusal(() => parseSpec(`${spec}.webp`)).code).toBe('bad_value');
  });

  it('says which source is meant', () => {
    const { plan, canonicalPath } = parseSpec(`hs_md5.${'AB'.repeat(16)}.webp`);
    expect(plan.expects).toEqual({ hash: 'md5', hex: 'ab'.repeat(16) });
    expect(canonicalPath).toContain(`~hs_md5.${'ab'.repeat(16)}.webp`);
  });

  it('puts steps in the order of the grammar, whatever the order of the tokens', () => {
    const spec = 'wm_logo,sa_1,ct_1,br_1,bt_9,gr_1,sh_1,bl_1,rt_90,fl_h,h_9,c_0.0.9.9';
    expect(parseSpec(`${spec}.png`).plan.steps.map((step) => step.op)).toEqual([
      'region',
      'resize',
      'flip',
      'rotate',
      'blur',
      'sharpen',
      'grey',
      'bitonal',
      'brightness',
      'contrast',
      'saturation',
      'watermark',
    ]);
  });

  it('lists the steps of a stage in an order that no address of before is changed by', () => {
    const spec = 'wm_logo,rc_9,tn_ff0000,hu_9,ga_2,no_1,ng_1,px_9,pd_1.1.1.1,cv_9.9,sc_1.1,w_9,cr_9,c_sq,ly_0,tr_1';
    expect(parseSpec(`${spec}.png`).plan.steps.map((step) => step.op)).toEqual([
      'trim',
      'layout',
      'square',
      'crop',
      'resize',
      'scale',
      'canvas',
      'pad',
      'pixelate',
      'negate',
      'normalise',
      'gamma',
      'hue',
      'tint',
      'round',
      'watermark',
    ]);
  });

  it('puts the effects among them where docs/url.md has them', () => {
    const spec = `tx_SGk.sans_s_9,wm_logo,rc_9,fc_000000,gd_000000:9:up:0:1,co_000000:9,mo_b3b3b3:9,pu_9:up:0:1,ct_9,li_9,sp_1,gr_1,re_p9:0:0:9:9,mn_3,sh_1,us_1:2`;
    expect(parseSpec(`${spec}.png`).plan.steps.map((step) => step.op)).toEqual([
      'unsharp',
      'sharpen',
      'median',
      'progressiveBlur',
      'redact',
      'grey',
      'sepia',
      'lift',
      'contrast',
      'monochrome',
      'colorize',
      'gradient',
      'flatten',
      'round',
      'watermark',
      'text',
    ]);
  });

  it.each([
    ['sp_0,li_0,ln_0,ko_0,dp_0,w_9', 'w_9'],
    ['wm_logo_g_n_x_5', 'wm_logo.n.5.0.100.0'],
    ['wm_logo_os_0_d_0_o_050', 'wm_logo.se.0.0.50.0'],
    ['wm_logo_wi_1_tx_e_x_1', 'wm_logo_x_1_tx_e_ty_n_wi_1'],
    ['tx_SGk.sans_c_000000_x_0_s_9.0', 'tx_SGk.sans_s_9'],
    ['tx_SGk.sans_s_9_o_0,w_9', 'w_9'],
    ['kn_lanczos3,w_9', 'w_9'],
    ['kn_cubic,w_9,m_aspect,h_9', 'm_aspect,w_9,h_9'],
    ['w_9,up_1,kn_linear', 'w_9,kn_linear,up_1'],
    ['ly_k_cubic_cw_9_ce_1_ca_1.5', 'ly_cw_9_ca_1.5_ce_1_k_cubic'],
    ['ly_cw_9_ce_1', 'ly_cw_9'],
    ['co_FF0000ff:05.0', 'co_ff0000:5'],
    ['gd_000000:9:90:0:1', 'gd_000000:9:left:0:1'],
    ['pu_9:360:0:1', 'pu_9:down:0:1'],
    ['ic_srgb,w_9,-,ln_1,w_8', 'ln_1,w_9,-,w_8,ic_srgb'],
  ])('%s is written as %s', (spec, canonical) => {
    expect(parseSpec(`${spec}.png`).canonicalPath).toBe(`/hotel/a.jpg/~${canonical}.png`);
  });

  it('stands in the fewest stages, what holds for the whole plan at its ends', () => {
    const canonical = (spec: string): string => parseSpec(`${spec}.webp`).canonicalPath;
    expect(canonical('w_9,-,gr_1')).toBe('/hotel/a.jpg/~w_9,gr_1.webp');
    expect(canonical('fl_h,-,w_9,q_80,o_0,-,h_9,dpr_2')).toBe('/hotel/a.jpg/~o_0,fl_h,-,w_18,-,h_18,q_80.webp');
    expect(canonical('m_fit,-,rt_0,-,w_9')).toBe('/hotel/a.jpg/~w_9.webp');
  });

  it.each(['-', 'w_1,-', '-,w_1', 'w_1,-,-,h_1'])('%s has a stage without operations', (spec) => {
    expect(refusal(() => parseSpec(`${spec}.webp`)).code).toBe('bad_operation');
  });

  it('a border may be cut off what a stage has made', () => {
    const parsed = parseSpec('w_1,-,tr_9.webp');
    expect(parsed.isCanonical).toBe(true);
    expect(parsed.plan.steps.map(({ op }) => op)).toEqual(['resize', 'trim']);
  });

  it.each(['card,-,w_1', 'info,w_1', 'q_1,-,w_1,qf_jpg.9', 'kb_1,by_1', 'w_9,-,w_1,l_1'])(
    '%s cannot be combined',
    (spec) => {
      const ext = spec.startsWith('info') ? 'json' : 'webp';
      expect(refusal(() => parseSpec(`${spec}.${ext}`)).code).toBe('bad_combination');
    },
  );

  it('stands once, in whichever stage, where it holds for the whole plan', () => {
    expect(refusal(() => parseSpec('w_1,q_1,-,h_1,q_2.webp')).detail).toBe('`q` stands twice.');
  });

  it.each([
    ['nt_webp.auto', { format: 'auto', negotiated: 'webp' }],
    ['nt_none.auto', { format: 'auto' }],
    ['pf_png.jpg,nt_plain.auto', { format: 'preferred', preferred: ['png', 'jpg'], negotiated: 'plain' }],
    ['w_9.same', { format: 'source' }],
  ])('%s settles the format without Accept', (spec, encode) => {
    const parsed = parseSpec(spec, { accept: 'image/avif,image/webp' });
    expect(parsed.plan.encode).toEqual(encode);
    expect(parsed.negotiated).toBeNull();
    expect(parsed.isCanonical).toBe(true);
  });

  it('prefers formats where Accept names none', () => {
    const parsed = parseSpec('pf_png.auto', { accept: 'image/webp' });
    expect(parsed.plan.encode).toEqual({ format: 'preferred', preferred: ['png'], negotiated: 'webp' });
    expect(parsed.negotiated).toBe('webp');
  });

  it('of a layout says only what is not so anyway', () => {
    const spec =
      'ly_cw_40_ch_0.5_cg_smart_t_fill-down_w_300_h_200_d_1.5_up_1_g_nw_gx_-0.25_gy_1e-7_bl_2_px_4_x_focal_xx_0.3_pl_9';
    const parsed = parseSpec(`${spec}.webp`);
    expect(parsed.isCanonical).toBe(true);
    expect(parsed.plan.steps).toEqual([
      {
        op: 'layout',
        crop: { w: 40, h: 0.5, anchor: { kind: 'smart' } },
        type: 'fill-down',
        w: 300,
        h: 200,
        minW: 0,
        minH: 0,
        zoomX: 1,
        zoomY: 1,
        dpr: 1.5,
        enlarge: true,
        anchor: { kind: 'compass', at: 'nw', x: -0.25, y: 1e-7 },
        filters: [
          { op: 'blur', sigma: 2 },
          { op: 'pixelate', size: 4 },
        ],
        extend: { kind: 'focal', x: 0.3, y: 0 },
        extendRatio: null,
        padding: { top: 0, right: 0, bottom: 0, left: 9 },
        sideMax: 0,
      },
    ]);
    expect(parseSpec('ly_t_fit_g_c_gx_0_zx_1.webp').canonicalPath).toBe('/hotel/a.jpg/~ly_0.webp');
  });

  it('of a layout says filters in their one order', () => {
    const spec =
      'ly_w_300_us_2:9:s_li_-5_ct_900_sa_-100_mo_ff0000:9_du_000000:ffffff:40_bl_2_sh_1_px_4_pu_9:30:0:1_re_b3:0:0:9:9_co_ff0000:50:k_gd_000000:9:up:0:0.5_un_ff000080';
    const parsed = parseSpec(`${spec}.webp`);
    expect(parsed.isCanonical).toBe(true);
    expect(parsed.plan.steps).toMatchObject([
      {
        filters: [
          { op: 'unsharp', weight: 2, divider: 9, ifSmaller: true },
          { op: 'lift', amount: -5 },
          { op: 'contrast', amount: 900 },
          { op: 'saturation', amount: -100 },
          { op: 'monochrome', colour: 'ff0000ff', mix: 9 },
          { op: 'duotone', dark: '000000ff', light: 'ffffffff', mix: 40 },
          { op: 'blur', sigma: 2 },
          { op: 'sharpen', sigma: 1 },
          { op: 'pixelate', size: 4 },
          { op: 'progressiveBlur', sigma: 9, to: 30, start: 0, stop: 1 },
          { op: 'redact', areas: [{ x: 0, y: 0, w: 9, h: 9 }], how: { by: 'blur', sigma: 3 } },
          { op: 'colorize', colour: 'ff0000ff', opacity: 50, keepAlpha: true },
          { op: 'gradient', colour: '000000ff', opacity: 9, to: 'up', start: 0, stop: 0.5 },
          { op: 'underlay', colour: 'ff000080' },
        ],
      },
    ]);
    expect(parseSpec('ly_gd_000000:9:up:0:1_li_0_px_0_bl_1.webp').canonicalPath).toBe(
      '/hotel/a.jpg/~ly_bl_1_gd_000000:9:up:0:1.webp',
    );
  });

  it.each([
    'li_256',
    'li_0.5',
    'kn_best',
    'ly_k_lanczos3',
    'ly_ca_1',
    're_s:0:0:9:9',
    're_s:s:b2:0:0:9:9',
    'us_1',
    'us_0:9',
    'us_1:0',
    'us_1:2:a',
    'un_f',
    'mo_b3b3b3',
    'gd_000000:9:361:0:1',
    'gd_000000:9:-1:0:1',
    'pu_1001:up:0:1',
    'pu_9:up:1:0',
    'pu_9:over:0:1',
    'mn_2',
    'mn_17',
    'fc_fff',
    'du_000000:ffffff',
    'du_000000:ffffff:101',
    'co_000000:9:x',
    'co_000000:-1',
    'gd_000000:9:left:0.5:0.4',
    'gd_000000:9:away:0:1',
    'gd_000000:9:up:0:1.1',
    're_b2',
    're_b0:0:0:9:9',
    're_p1001:0:0:9:9',
    're_x2:0:0:9:9',
    're_b2:0:0:9',
    're_b2:0:0:9:10001',
    `re_b2${':0:0:9:9'.repeat(33)}`,
    'ic_other',
    'wm_logo_',
    'wm_logo_x',
    'wm_logo_x_1_x_2',
    'wm_logo_z_1',
    'wm_logo.se_x_1',
    'wm_logo_ch_1',
    'wm_logo_sx_1',
    'wm_logo_tx_9',
    'wm_logo_tx_s0.5',
    'wm_logo_tx_s-1',
    'wm_logo_ss_101',
    'wm_logo_w_1001',
    'wm_logo_s_9',
    'tx_SGk',
    'tx_SGk.sans',
    'tx_SGk.sans_c_ff0000',
    'tx_SGk.sans_s_0',
    'tx_SGk.sans_s_1001',
    'tx_SGk.sans_s_9_w_9',
    'tx_SGk.ghost_s_9',
    'tx_SGk.logo_s_9',
    'tx_SGk.constructor_s_9',
    'tx_SGk=.sans_s_9',
    'tx_SGl.sans_s_9',
    'tx_S+k.sans_s_9',
    `tx_${base64url('a\u0007')}.sans_s_9`,
    'tx__w.sans_s_9',
    `tx_${base64url('a'.repeat(257))}.sans_s_9`,
    'ly_li_256',
    'ly_ct_901',
    'ly_du_1',
  ])('%s is a bad_value', (spec) => {
    expect(refusal(() => parseSpec(`${spec}.webp`)).code).toBe('bad_value');
  });

  it.each([
    'ly_',
    'ly_w',
    'ly_w_1_w_2',
    'ly_z_1',
    'ly_xx_1',
    'ly_cg_n',
    'ly_d_0',
    'ly_t_wide',
    'ly_g_up',
    'ly_x_smart_xx_1',
  ])('%s is no layout', (spec) => {
    expect(refusal(() => parseSpec(`${spec}.webp`)).code).toBe('bad_value');
  });

  it('of a watermark may leave out what it does not change', () => {
    expect(parseSpec('wm_logo.png').canonicalPath).toBe('/hotel/a.jpg/~wm_logo.se.0.0.100.0.png');
    expect(parseSpec('wm_logo.n.5.png').canonicalPath).toBe('/hotel/a.jpg/~wm_logo.n.5.0.100.0.png');
  });

  it('stands in the table of docs/url.md', () => {
    const page = readFileSync(new URL('../../../docs/url.md', import.meta.url), 'utf8');
    const rows = page.split('\n').filter((line) => line.startsWith('|'));
    for (const name of opNames)
      expect(
        rows.some((row) => row.includes(`\`${name}_`)),
        name,
      ).toBe(true);
  });
});

describe('a value outside its range', () => {
  it.each([
    ['w_spoons', 'Expected an integer in 1-8192 for `w`, got "spoons".'],
    ['w_0', 'Expected an integer in 1-8192 for `w`, got "0".'],
    ['w_8193', 'Expected an integer in 1-8192 for `w`, got "8193".'],
    ['h_-1', 'Expected an integer in 1-8192 for `h`, got "-1".'],
    ['l_1e3', 'Expected an integer in 1-8192 for `l`, got "1e3".'],
    ['s_0x10', 'Expected an integer in 1-8192 for `s`, got "0x10".'],
    ['w_NaN', 'Expected an integer in 1-8192 for `w`, got "NaN".'],
    ['w_', 'Expected an integer in 1-8192 for `w`, got "".'],
    ['w_300.0', 'Expected an integer in 1-8192 for `w`, got "300.0".'],
    ['br_-0', 'Expected an integer in -100 to 100 for `br`, got "-0".'],
    ['br_+5', 'Expected an integer in -100 to 100 for `br`, got "+5".'],
    ['ct_101', 'Expected an integer in -100 to 100 for `ct`, got "101".'],
    ['sa_-101', 'Expected an integer in -100 to 100 for `sa`, got "-101".'],
    ['p_10000001', 'Expected a number in 1e-10-10000000 for `p`, got "10000001".'],
    ['a_25000001', 'Expected an integer in 1-25000000 for `a`, got "25000001".'],
    ['rt_361', 'Expected a number in 0-360 for `rt`, got "361".'],
    ['rt_-90', 'Expected a number in 0-360 for `rt`, got "-90".'],
    ['bt_256', 'Expected an integer in 0-255 for `bt`, got "256".'],
    ['bl_0', 'Expected a number in 1e-10-1000 for `bl`, got "0".'],
    ['bl_1000.1', 'Expected a number in 1e-10-1000 for `bl`, got "1000.1".'],
    ['bl_.5', 'Expected a number in 1e-10-1000 for `bl`, got ".5".'],
    ['bl_1e4', 'Expected a number in 1e-10-1000 for `bl`, got "1e4".'],
    ['bl_Infinity', 'Expected a number in 1e-10-1000 for `bl`, got "Infinity".'],
    ['sh_10.01', 'Expected a number in 1e-10-10 for `sh`, got "10.01".'],
    ['w_9,dpr_0.5', 'Expected a number in 1-5 with at most two decimals for `dpr`, got "0.5".'],
    ['w_9,dpr_5.01', 'Expected a number in 1-5 with at most two decimals for `dpr`, got "5.01".'],
    ['q_0', 'Expected an integer in 1-100 for `q`, got "0".'],
    ['qs_101', 'Expected an integer in 1-100 for `qs`, got "101".'],
    ['qc_x', 'Expected an integer in 1-100 for `qc`, got "x".'],
    ['kb_32769', 'Expected an integer in 1-32768 for `kb`, got "32769".'],
    ['fr_-1', 'Expected an integer in 0-99999 for `fr`, got "-1".'],
    ['fr_some', 'Expected an integer in 0-99999 for `fr`, got "some".'],
    ['c_1.2.3', 'Expected x.y.w.h in pixels or sq for `c`, got "1.2.3".'],
    ['c_1.2.3.4.5', 'Expected x.y.w.h in pixels or sq for `c`, got "1.2.3.4.5".'],
    ['c_0.0.0.9', 'Expected an integer in 1-100000 for `c`, got "0".'],
    ['cp_0.0.10001.9', 'Expected an integer in 1-10000 for `cp`, got "10001".'],
    ['cp_sq', 'Expected x.y.w.h in 1/10000 of the sides for `cp`, got "sq".'],
    ['m_stretch', 'Expected one of fit, cover, min, pad, exact, aspect for `m`, got "stretch".'],
    ['m_toString', 'Expected one of fit, cover, min, pad, exact, aspect for `m`, got "toString".'],
    ['up_4', 'Expected one of 0, 1, 2, 3 for `up`, got "4".'],
    ['g_north', 'Expected nw, n, ne, w, c, e, sw, s, se, att, ent or x.y in percent for `g`, got "north".'],
    ['g_101.0', 'Expected an integer in 0-100 for `g`, got "101".'],
    ['fl_x', 'Expected one of h, v, hv for `fl`, got "x".'],
    ['gr_2', 'Expected one of 0, 1 for `gr`, got "2".'],
    ['o_x', 'Expected one of 0, 1 for `o`, got "x".'],
    ['ll_yes', 'Expected one of 0, 1 for `ll`, got "yes".'],
    ['pg_2', 'Expected one of 0, 1 for `pg`, got "2".'],
    ['md_2', 'Expected one of 0, c, 1 for `md`, got "2".'],
    ['bg_fff', 'Expected rrggbb or rrggbbaa in hex for `bg`, got "fff".'],
    ['bg_gggggg', 'Expected rrggbb or rrggbbaa in hex for `bg`, got "gggggg".'],
    ['wm_logo.middle', 'Expected nw, n, ne, w, c, e, sw, s or se as the second part for `wm`, got "logo.middle".'],
    ['wm_logo.se.0.0.101', 'Expected an integer in 0-100 for `wm`, got "101".'],
    ['wm_logo.se.10001', 'Expected an integer in -10000 to 10000 for `wm`, got "10001".'],
    ['wm_logo.se.0.0.100.0.1.1', 'Expected name.g.x.y.opacity.scale for `wm`, got "logo.se.0.0.100.0.1.1".'],
    ['wm_ghost', 'There is no watermark "ghost" for `wm`.'],
    ['wm_constructor', 'There is no watermark "constructor" for `wm`.'],
    ['e_!', 'Expected hours since 1970 in base 36, 1-8 characters, for `e`, got "!".'],
  ])('%s is a bad_value that names operation, range and value', (spec, detail) => {
    const error = refusal(() => parseSpec(`${spec}.webp`));
    expect(error.code).toBe('bad_value');
    expect(error.detail).toBe(detail);
  });

  it('is quoted shortly', () => {
    const error = refusal(() => parseSpec(`w_${'9'.repeat(200)}.webp`));
    expect(error.detail).toBe(`Expected an integer in 1-8192 for \`w\`, got "${'9'.repeat(40)}...".`);
  });

  it('is measured by the limits of the namespace', () => {
    expect(parse('/hotel/a.jpg/~w_1001.webp').isCanonical).toBe(true);
    const error = refusal(() => parse('/narrow/a.jpg/~w_1001.webp'));
    expect(error.detail).toBe('Expected an integer in 1-1000 for `w`, got "1001".');
  });
});
