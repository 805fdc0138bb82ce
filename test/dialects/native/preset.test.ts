import { describe, expect, it } from 'vitest';
import { checkPreset } from '../../../src/dialects/native/check-preset.ts';
import { config, parse, parseSpec, refusal } from './sample-config.ts';

const codeOf = (spec: string): string => refusal(() => parseSpec(spec)).code;

describe('a preset', () => {
  it('is expanded in the plan and named in the URL', () => {
    const parsed = parseSpec('card.webp');
    expect(parsed.plan).toEqual(parseSpec('m_cover,w_300,h_200,q_80.webp').plan);
    expect(parsed.canonicalPath).toBe('/hotel/a.jpg/~card.webp');
    expect(parsed.presets).toEqual(['card']);
    expect(parsed.isCanonical).toBe(true);
  });

  it.each([
    ['card,dpr_2', 'm_cover,w_600,h_400,q_80'],
    ['card,q_50', 'm_cover,w_300,h_200,q_50'],
    ['card,qs_50', 'm_cover,w_300,h_200,qs_50'],
    ['card,w_100', 'm_cover,w_100,h_200,q_80'],
    ['card,m_fit', 'w_300,h_200,q_80'],
    ['card,w_100,dpr_1.5', 'm_cover,w_150,h_300,q_80'],
    ['thumb,dpr_3', 'm_cover,w_480,h_480'],
    ['half', 'p_50'],
    ['half,dpr_2', 'p_50'],
    ['half,w_80', 'w_80'],
    ['dense', 'w_200'],
    ['dense,dpr_1', 'w_100'],
    ['dense,dpr_3', 'w_300'],
  ])('takes what it allows over it: %s means %s', (spec, long) => {
    expect(parseSpec(`${spec}.webp`).plan).toEqual(parseSpec(`${long}.webp`).plan);
  });

  it.each([
    ['card,g_c,m_fit,dpr_02.50,q_80', 'card,m_fit,g_c,dpr_2.5,q_80'],
    ['card,rt_0', 'card,rt_0'],
    ['card,rt_360', 'card,rt_360'],
    ['card,dpr_1', 'card,dpr_1'],
  ])('keeps everything after it, for what it says may change: %s', (spec, canonical) => {
    const parsed = parseSpec(`${spec}.webp`);
    expect(parsed.canonicalPath).toBe(`/hotel/a.jpg/~${canonical}.webp`);
    expect(parse(parsed.canonicalPath).plan).toEqual(parsed.plan);
  });

  it.each([
    ['card,h_100', 'not_allowed'],
    ['card,l_100', 'not_allowed'],
    ['thumb,q_50', 'not_allowed'],
    ['card,q_50,qs_50', 'bad_combination'],
    ['nosuch', 'preset_not_found'],
    ['constructor', 'preset_not_found'],
    ['to-string', 'preset_not_found'],
  ])('%s is refused as %s', (spec, code) => {
    expect(codeOf(`${spec}.webp`)).toBe(code);
  });

  it('is there only where the namespace has it', () => {
    expect(parse('/narrow/a.jpg/~thumb.webp').presets).toEqual(['thumb']);
    expect(refusal(() => parse('/narrow/a.jpg/~card.webp')).code).toBe('preset_not_found');
  });

  it('is held to the limits of the namespace', () => {
    const error = refusal(() => parse('/narrow/a.jpg/~large.webp'));
    expect([error.code, error.detail]).toEqual(['bad_value', 'The preset `large` has `w` 4000, at most 1000 here.']);
    expect(parse('/narrow/a.jpg/~thumb,dpr_5.webp').plan.steps[0]).toMatchObject({ size: { w: 800, h: 800 } });
  });

  it('that has changed means the new plan, under the same URL', () => {
    const changed = { ...config, presets: { card: { name: 'card', spec: 'w_99', overrides: [] } } };
    const parsed = parse('/hotel/a.jpg/~card.webp', { config: changed });
    expect(parsed.plan).toEqual(parseSpec('w_99.webp').plan);
    expect(parsed.canonicalPath).toBe(parseSpec('card.webp').canonicalPath);
  });
});

describe('checking a preset', () => {
  it.each(Object.values(config.presets))('finds nothing wrong with $name: $spec', ({ name, spec, overrides }) => {
    expect(checkPreset(name, spec, overrides)).toEqual([]);
  });

  it.each<[string, string, string, string[], string[]]>([
    ['a reserved name', 'info', 'w_300', [], ['The name info is reserved for a view.']],
    ['a bad name', 'My_Card', 'w_300', [], ['A name has 1-32 of a-z, 0-9 and -, beginning with a letter.']],
    ['an empty spec', 'x', '', [], ['The plan is empty.']],
    ['a long spec', 'x', 'w'.repeat(1025), [], ['The plan has 1025 characters, at most 1024.']],
    ['a bad token', 'x', 'z_1', [], ['There is no operation "z_1".']],
    ['a bad value', 'x', 'w_0', [], ['Expected an integer in 1-65535 for `w`, got "0".']],
    ['another preset', 'x', 'card,q_80', [], ['A preset cannot name another preset (card).']],
    ['a view', 'x', 'info', [], ['A preset cannot be the view info.']],
    ['a contradiction', 'x', 'w_1,l_1', [], ['`w` and `l` exclude each other.']],
    ['a double', 'x', 'w_1,w_2', [], ['`w` stands twice.']],
    ['an expiry', 'x', 'w_1,e_zz', [], ['A preset cannot expire: `e` belongs into a signed URL.']],
    ['an unknown override', 'x', 'w_1', ['zoom'], ['There is no operation zoom to override.']],
    ['a double override', 'x', 'w_1', ['q', 'q'], ['The override q is listed twice.']],
    ['an expiry to override', 'x', 'w_1', ['e'], ['`e` cannot be an override: it belongs into a signed URL.']],
  ])('finds %s', (_, name, spec, overrides, faults) => {
    expect(checkPreset(name, spec, overrides)).toEqual(faults);
  });

  it('finds every fault at once', () => {
    expect(checkPreset('orig', 'w_0,q_101,card,w_5,l_5', ['zoom'])).toHaveLength(6);
  });

  it('holds values and watermarks to what it is told of the configuration', () => {
    const limits = { sideMax: 1000, areaMax: 1000, kilobytesMax: 10 };
    expect(checkPreset('x', 'w_1001', [], { limits })).toEqual(['Expected an integer in 1-1000 for `w`, got "1001".']);
    expect(checkPreset('x', 'wm_ghost', [], { assets: ['logo'] })).toEqual(['There is no watermark asset ghost.']);
    expect(checkPreset('x', 'tx_SGk.ghost_s_9', [], { assets: ['sans'] })).toEqual(['There is no font asset ghost.']);
    expect(checkPreset('x', 'tx_SGk.sans_s_9', [], { assets: ['sans'] })).toEqual([]);
    expect(checkPreset('x', 'wm_logo', [], { assets: ['logo'] })).toEqual([]);
  });
});
