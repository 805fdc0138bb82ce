import { describe, expect, it } from 'vitest';
import { predictCost } from '../../../src/plan/cost.ts';
import type { Measures, Plan } from '../../../src/plan/plan.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import { makeContext, makeHeader, makePlan } from '../resolve/scene.ts';

const resolveMeasures = (measures: Measures) => {
  const plan: Plan = { ...makePlan({ encode: { format: 'source' } }), view: 'measured', measures };
  return resolve(plan, makeHeader({ width: 3000, height: 2000 }), makeContext());
};
const msOf = (measures: Measures): number => predictCost(resolveMeasures(measures)).ms;

describe('measures', () => {
  it('are made of a small picture of the same ratio, and are part of its key', () => {
    const resolved = resolveMeasures({ thumbhash: true });
    expect([resolved.width, resolved.height]).toEqual([64, 43]);
    expect(resolved.measures).toEqual({ thumbhash: true });
  });

  it.each<Measures>([
    { average: true },
    { palette: 6 },
    { dominant: true },
    { blurhash: { x: 4, y: 3 } },
    { thumbhash: true },
    { perceptual: true },
    { transparency: true },
  ])('%j costs something', (measures) => {
    expect(msOf(measures)).toBeGreaterThan(msOf({}));
  });

  it('of more components cost more', () => {
    expect(msOf({ blurhash: { x: 9, y: 9 } })).toBeGreaterThan(msOf({ blurhash: { x: 4, y: 3 } }) + 50);
  });
});
