import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/plan/canonical-json.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { encodeSalt, requestKey } from '../../src/plan/request-key.ts';
import { config, defaultOptions, parseSpec } from '../dialects/native/sample-config.ts';

const salt = encodeSalt(defaultOptions, config.assets);
const source = { ns: 'hotel', key: 'a.jpg' };
const keyOf = (spec: string, accept = ''): string => requestKey(source, parseSpec(spec, { accept }).plan, salt);

describe('the request key', () => {
  it('is 22 characters of base64url, the same in every process', () => {
    expect(keyOf('card.webp')).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(keyOf('card.webp')).toBe(keyOf('card.webp'));
  });

  it.each([
    ['card.webp', 'm_cover,w_300,h_200,q_80.webp'],
    ['card.webp', 'q_80,h_200,w_300,m_cover.webp'],
    ['card,dpr_2.webp', 'm_cover,w_600,h_400,q_80.webp'],
    ['w_300.webp', 'w_150,dpr_2,up_0,m_fit.webp'],
    ['w_300,e_zzzz.webp', 'w_300.webp'],
    ['w_300,fr_00.webp', 'fr_0,w_300.webp'],
  ])('is shared by ~%s and ~%s', (one, other) => {
    expect(keyOf(one)).toBe(keyOf(other));
  });

  it.each([
    ['w_300.webp', 'h_300.webp'],
    ['w_300.webp', 'w_300.avif'],
    ['w_300.jpg', 'w_300.auto'],
    ['w_300.jpg', 'w_300,q_80.jpg'],
    ['info.json', 'avg.json'],
    ['explain,w_300.json', 'w_300.auto'],
  ])('differs between ~%s and ~%s', (one, other) => {
    expect(keyOf(one)).not.toBe(keyOf(other));
  });

  it('differs by what was negotiated', () => {
    const keys = ['image/avif,image/webp', 'image/webp', '*/*'].map((accept) => keyOf('w_300.auto', accept));
    expect(new Set(keys).size).toBe(3);
  });

  it('differs by namespace, key and salt, wherever their borders lie', () => {
    const plan = parseSpec('w_300.webp').plan;
    const keys = [
      requestKey({ ns: 'a', key: 'b/c' }, plan, 'd'),
      requestKey({ ns: 'a', key: 'b' }, plan, 'd'),
      requestKey({ ns: 'ab', key: '/c' }, plan, 'd'),
      requestKey({ ns: 'a', key: 'b/c' }, plan, 'dd'),
    ];
    expect(new Set(keys).size).toBe(4);
  });

  it('does not see the order in which a plan was put together', () => {
    const plan: Plan = parseSpec('m_cover,w_300,q_80.webp').plan;
    const backwards = (value: unknown): unknown =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(
            Object.entries(value)
              .reverse()
              .map(([name, member]) => [name, backwards(member)]),
          )
        : value;
    expect(requestKey(source, backwards(plan) as Plan, salt)).toBe(requestKey(source, plan, salt));
  });
});

describe('the salt of a configuration', () => {
  it.each([
    { jpegQuality: 81 },
    { webpQuality: 1 },
    { avifQuality: 51 },
    { webpEffort: 3 },
    { avifEffort: 1 },
    { pngCompression: 9 },
    { gifEffort: 4 },
    { progressive: true },
    { metadata: 'all' as const },
    { budgetEncodesMax: 6 },
  ])('changes with %j', (changed) => {
    expect(encodeSalt({ ...defaultOptions, ...changed }, config.assets)).not.toBe(salt);
  });

  it('changes with the version of a watermark, a new one, and what else changes bytes', () => {
    const { logo } = config.assets;
    expect(encodeSalt(defaultOptions, { logo: { version: 'v2' } })).not.toBe(salt);
    expect(encodeSalt(defaultOptions, { logo: { version: 'v1' }, mark: { version: 'v1' } })).not.toBe(salt);
    expect(encodeSalt(defaultOptions, config.assets, ['libvips 8.18'])).not.toBe(salt);
    expect(encodeSalt(defaultOptions, { mark: { version: '1' }, logo: { version: '2' } })).toBe(
      encodeSalt(defaultOptions, { logo: { version: '2' }, mark: { version: '1' } }),
    );
    expect(logo?.version).toBe('v1');
  });

  it('does not change with options that leave bytes alone', () => {
    expect(encodeSalt({ ...defaultOptions, port: 1, queueJobsMax: 1 } as typeof defaultOptions, config.assets)).toBe(
      salt,
    );
  });
});

describe('canonical JSON', () => {
  it.each<[unknown, string]>([
    [{ b: 1, a: [2, { d: null, c: 'x' }] }, '{"a":[2,{"c":"x","d":null}],"b":1}'],
    [{ a: undefined, b: 'é\n' }, '{"b":"é\\n"}'],
    [[], '[]'],
    [{}, '{}'],
    [[undefined], '[null]'],
    [-1.5, '-1.5'],
  ])('of %j is %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });
});
