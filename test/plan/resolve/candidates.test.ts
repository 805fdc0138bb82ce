import { describe, expect, it } from 'vitest';
import { predictCost } from '../../../src/plan/cost.ts';
import type { Header } from '../../../src/plan/header.ts';
import type { EncodeWish } from '../../../src/plan/plan.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import { makeContext, makeHeader, makeOptions, makePlan } from './scene.ts';

const resolveBest = (wish: Partial<EncodeWish>, header: Partial<Header> = {}) =>
  resolve(
    makePlan({ encode: { format: 'preferred', smallest: 0, preferred: ['jpg', 'png', 'gif'], ...wish } }),
    makeHeader(header),
    makeContext({ options: makeOptions({ resultSideMax: 20_000 }) }),
  );

const formatsOf = (...given: Parameters<typeof resolveBest>): string => {
  const { encode, others = [] } = resolveBest(...given);
  return [encode, ...others].map(({ format }) => format).join(' ');
};

const all = { preferred: ['png', 'gif', 'tif', 'jpg', 'webp', 'avif', 'bmp', 'ico'] } as const;

describe('formats that are tried', () => {
  it.each<[string, Partial<EncodeWish>, Partial<Header>, string]>([
    ['those that are preferred', {}, {}, 'jpg png'],
    ['four of all', all, {}, 'avif webp jpg png'],
    ['those with alpha', all, { alpha: true }, 'avif webp png'],
    ['any where alpha is blended', { ...all, flatten: true }, { alpha: true }, 'avif webp jpg png'],
    ['those that hold an animation', all, { format: 'gif', frames: 3 }, 'webp gif'],
    ['stills where none holds an animation', { preferred: ['jpg', 'png'] }, { format: 'gif', frames: 3 }, 'jpg png'],
    ['none of AVIF where it is small', { ...all, avifSideMin: 16 }, { width: 90, height: 15 }, 'webp jpg png'],
    ['those that hold the size', all, { width: 16_384, height: 20 }, 'avif jpg png'],
    ['one of a large result', { ...all, smallest: 599_999 }, {}, 'avif'],
    ['all of one that is just not', { ...all, smallest: 600_000 }, {}, 'avif webp jpg png'],
    ['what is preferred where none is worth it', { preferred: ['tif'] }, {}, 'tif'],
  ])('are %s', (_, wish, header, formats) => {
    expect(formatsOf(wish, header)).toBe(formats);
  });

  it('begin with the same pixels', () => {
    const { encode, others = [] } = resolveBest(
      { ...all, deep: true },
      { format: 'png', bitsPerChannel: 16, alpha: true },
    );
    expect(others.length).toBeGreaterThan(0);
    for (const each of [encode, ...others]) {
      expect(each.bits).toBeUndefined();
      expect(each.flatten).toBeNull();
    }
  });

  it('cost their sum', () => {
    const all = predictCost(resolveBest({})).encodeMs;
    const [jpg, png] = (['jpg', 'png'] as const).map(
      (format) => predictCost(resolveBest({ preferred: [format] })).encodeMs,
    );
    expect(all).toBeCloseTo((jpg ?? 0) + (png ?? 0), 6);
  });
});
