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
  ])('%s changes how the source is decoded', (spec, decode) => {
    expect(parseSpec(`${spec}.webp`).plan.decode).toEqual(decode);
    expect(parseSpec(`${spec}.webp`).isCanonical).toBe(true);
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
    ['p_1001', 'Expected an integer in 1-1000 for `p`, got "1001".'],
    ['a_25000001', 'Expected an integer in 1-25000000 for `a`, got "25000001".'],
    ['rt_361', 'Expected an integer in 0-360 for `rt`, got "361".'],
    ['rt_-90', 'Expected an integer in 0-360 for `rt`, got "-90".'],
    ['bt_256', 'Expected an integer in 0-255 for `bt`, got "256".'],
    ['bl_0.29', 'Expected a number in 0.3-100 with at most two decimals for `bl`, got "0.29".'],
    ['bl_100.01', 'Expected a number in 0.3-100 with at most two decimals for `bl`, got "100.01".'],
    ['bl_.5', 'Expected a number in 0.3-100 with at most two decimals for `bl`, got ".5".'],
    ['bl_1.234', 'Expected a number in 0.3-100 with at most two decimals for `bl`, got "1.234".'],
    ['bl_1e1', 'Expected a number in 0.3-100 with at most two decimals for `bl`, got "1e1".'],
    ['bl_Infinity', 'Expected a number in 0.3-100 with at most two decimals for `bl`, got "Infinity".'],
    ['sh_10.01', 'Expected a number in 0.3-10 with at most two decimals for `sh`, got "10.01".'],
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
    ['wm_logo.se.0.0.100.0.1', 'Expected name.g.x.y.opacity.scale for `wm`, got "logo.se.0.0.100.0.1".'],
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
