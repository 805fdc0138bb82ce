import { describe, expect, it } from 'vitest';
import { canonicalPlan } from '../../../src/plan/canonical-plan.ts';
import { predictCost } from '../../../src/plan/cost.ts';
import type { Header } from '../../../src/plan/header.ts';
import type { EncodeWish, Plan, Step } from '../../../src/plan/plan.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import { shrinkOnLoad } from '../../../src/plan/shrink-on-load.ts';
import { makeContext, makeHeader, makePlan, makeResize } from './scene.ts';

const deepHeader: Partial<Header> = { format: 'png', bitsPerChannel: 16 };
const resolveWith = (encode: EncodeWish, header: Partial<Header> = deepHeader, steps: readonly Step[] = []) =>
  resolve(makePlan({ encode, steps }), makeHeader(header), makeContext());
const bitsOf = (...given: Parameters<typeof resolveWith>) => resolveWith(...given).encode.bits;

describe('bits a channel', () => {
  it.each([
    ['png', 16, 16],
    ['tif', 16, 16],
    ['avif', 16, 12],
    ['avif', 12, 12],
    ['avif', 10, 10],
    ['jpg', 16, undefined],
    ['webp', 16, undefined],
    ['gif', 16, undefined],
    ['png', 8, undefined],
  ] as const)('%s of a source with %i has %s', (format, bitsPerChannel, bits) => {
    expect(bitsOf({ format, deep: true }, { format: 'png', bitsPerChannel })).toBe(bits);
  });

  it('are 8 unless more are asked for', () => {
    expect(bitsOf({ format: 'png' })).toBeUndefined();
  });

  it.each<[Step, number | undefined]>([
    [makeResize(), 16],
    [makeResize({ mode: 'pad' }), 16],
    [{ op: 'rotate', degrees: 90 }, 16],
    [{ op: 'rotate', degrees: 45 }, undefined],
    [{ op: 'blur', sigma: 2 }, 16],
    [{ op: 'pixelate', size: 4 }, 16],
    [{ op: 'grey' }, undefined],
    [{ op: 'brightness', amount: 5 }, undefined],
    [{ op: 'round', shape: 'ellipse' }, undefined],
  ])('behind %j they are %s', (step, bits) => {
    expect(bitsOf({ format: 'png', deep: true }, deepHeader, [step])).toBe(bits);
  });

  it('of CMYK and the like are 8', () => {
    expect(bitsOf({ format: 'png', deep: true }, { ...deepHeader, space: 'cmyk' })).toBeUndefined();
  });

  it('of pages one below the other are 8', () => {
    const bitsOfPages = (pages: number) =>
      resolve(
        makePlan({ frames: { page: 0, pages }, encode: { format: 'png', deep: true } }),
        makeHeader({ format: 'tiff', frames: 3, bitsPerChannel: 16 }),
        makeContext(),
      ).encode.bits;
    expect(bitsOfPages(1)).toBe(16);
    expect(bitsOfPages(2)).toBeUndefined();
  });

  it('cost time and memory', () => {
    for (const format of ['png', 'avif', 'tif'] as const) {
      const flat = predictCost(resolveWith({ format }, deepHeader, [makeResize()]));
      const deep = predictCost(resolveWith({ format, deep: true }, deepHeader, [makeResize()]));
      expect(deep.ms).toBeGreaterThan(flat.ms);
      expect(deep.memoryBytes).toBeGreaterThan(flat.memoryBytes);
    }
  });
});

describe('profile', () => {
  const profileOf = (
    header: Partial<Header>,
    profile: EncodeWish['profile'],
    encode: EncodeWish = { format: 'webp' },
  ) => resolveWith({ ...encode, ...(profile === undefined ? {} : { profile }) }, header).encode.profile;

  it('of the source is kept where it has one that fits', () => {
    expect(profileOf({ icc: true }, 'source')).toBe('source');
    expect(profileOf({ icc: false }, 'source')).toBeUndefined();
    expect(profileOf({ icc: true, space: 'cmyk' }, 'source')).toBeUndefined();
    expect(profileOf({ icc: true, space: 'grey' }, 'source')).toBeUndefined();
    expect(profileOf({ icc: true, format: 'webp', frames: 3 }, 'source')).toBeUndefined();
  });

  it('none is said where there is one', () => {
    expect(profileOf({ icc: true }, 'none')).toBe('none');
    expect(profileOf({ icc: false }, 'none')).toBeUndefined();
    expect(profileOf({ icc: true }, undefined)).toBeUndefined();
  });

  it('sRGB is attached to 8 bits only', () => {
    expect(profileOf({}, 'srgb')).toBe('srgb');
    expect(profileOf(deepHeader, 'srgb')).toBeUndefined();
  });
});

describe('linear light', () => {
  const linear = (plan: Plan): Plan => ({ ...plan, decode: { ...plan.decode, linear: true } });
  const scaling = linear(makePlan({ steps: [makeResize()] }));

  it('is for scales, of sources without a profile', () => {
    expect(resolve(scaling, makeHeader(), makeContext()).linear).toBe(true);
    expect(resolve(linear(makePlan()), makeHeader(), makeContext()).linear).toBeUndefined();
    expect(resolve(scaling, makeHeader({ icc: true }), makeContext()).linear).toBeUndefined();
    expect(resolve(scaling, makeHeader({ space: 'cmyk' }), makeContext()).linear).toBeUndefined();
  });

  it('decodes at full size, and costs accordingly', () => {
    const plain = resolve(
      makePlan({ steps: [makeResize()] }),
      makeHeader({ width: 4000, height: 3000 }),
      makeContext(),
    );
    const lit = { ...plain, linear: true } as const;
    expect(shrinkOnLoad(plain)).toBeGreaterThan(1);
    expect(shrinkOnLoad(lit)).toBe(1);
    expect(predictCost(lit).ms).toBeGreaterThan(predictCost(plain).ms);
  });

  it('stays in the canonical plan', () => {
    expect(canonicalPlan(scaling, 8192).decode).toMatchObject({ linear: true });
  });
});
