import { describe, expect, it } from 'vitest';
import { predictCost } from '../../../src/plan/cost.ts';
import { checkFrameLimits } from '../../../src/plan/header/check-limits.ts';
import type { Header } from '../../../src/plan/header.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import { makeContext, makeHeader, makeOptions, makePlan } from './scene.ts';

const averageOf = (header: Partial<Header>) =>
  resolve({ ...makePlan({ encode: { format: 'source' } }), view: 'average' }, makeHeader(header), makeContext());

describe('the average colour', () => {
  it.each([
    ['a JPEG larger than any result', { width: 7500, height: 4000 }],
    ['an AVIF', { format: 'avif', width: 4000, height: 3000 }],
    ['a lossless WebP', { format: 'webp', width: 4000, height: 3000, lossless: true }],
  ] as const)('of %s is resolved small and cheap to encode', (_, header) => {
    const resolved = averageOf(header);
    expect(resolved).toMatchObject({ width: 64, height: 64, frames: 1, encode: { format: 'png', bytesMax: 0 } });
    expect(predictCost(resolved).encodeMs).toBeLessThan(1);
  });

  it('of a large JPEG is decoded at reduced size', () => {
    const whole = resolve(makePlan(), makeHeader({ width: 4800, height: 4000 }), makeContext());
    expect(predictCost(averageOf({ width: 4800, height: 4000 })).ms).toBeLessThan(predictCost(whole).ms / 2);
  });

  it('of a long animation takes its first frame, and no limit of frames', () => {
    const header = makeHeader({ format: 'gif', frames: 2000 });
    const { input } = averageOf(header);
    expect([input.page, input.pages]).toEqual([0, 1]);
    expect(checkFrameLimits(header, input, makeOptions())).toBeNull();
  });

  it('of a small picture is that of all its pixels', () => {
    expect(averageOf({ width: 20, height: 3 }).ops).toEqual([]);
  });
});
