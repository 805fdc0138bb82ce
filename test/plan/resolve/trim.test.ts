import { describe, expect, it } from 'vitest';
import { predictCost } from '../../../src/plan/cost/predict.ts';
import type { Plan, Step } from '../../../src/plan/plan.ts';
import { closePlan, trimOf, trimProbe, trimsMax } from '../../../src/plan/resolve/trim.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import { isPileusError } from '../../../src/shared/errors.ts';
import { makeContext, makeHeader, makePlan, makeResize } from './scene.ts';

const trim: Step = { op: 'trim', threshold: 10, colour: null, equalX: false, equalY: false };
const half = makeResize({ size: { by: 'percent', percent: 50 } });
const box = { x: 1, y: 2, w: 30, h: 20 };
const placeOf = (plan: Plan) => {
  const place = trimOf(plan);
  if (place === null) throw new Error('no trim');
  return place;
};

describe('a trim', () => {
  it('is found wherever it stands, the first one first', () => {
    expect(trimOf(makePlan({ steps: [half] }))).toBeNull();
    expect(trimOf(makePlan({ steps: [half, trim, trim] }))).toEqual({ trim, at: 1 });
  });

  it('is searched for in what the steps before it make, with what they add', () => {
    const encode = { format: 'webp', background: 'ff0000ff', flatten: true, bytesMax: 5 } as const;
    const plan = makePlan({ steps: [half, trim, half], encode });
    const probe = trimProbe(plan, placeOf(plan));
    expect(probe.steps).toEqual([half]);
    expect(probe.encode).toEqual({ format: 'png', metadata: 'none', background: 'ff0000ff', flatten: true });
    const first = makePlan({ steps: [trim, half], encode });
    expect(trimProbe(first, placeOf(first)).encode).toEqual({ format: 'png', metadata: 'none' });
  });

  it('becomes the region that was found', () => {
    const plan = makePlan({ steps: [half, trim, half] });
    expect(closePlan(plan, placeOf(plan), box).steps).toEqual([half, { op: 'region', unit: 'px', ...box }, half]);
  });

  it('leaves the plan open until the last one is closed', () => {
    const plan = makePlan({ steps: [trim, half, trim] });
    const header = makeHeader({ format: 'png' });
    const once = resolve(plan, header, makeContext());
    expect(once.open).toEqual({ plan });
    const nextPlan = closePlan(plan, placeOf(plan), { x: 0, y: 0, w: 400, h: 200 });
    const next = resolve(nextPlan, header, makeContext());
    expect([next.width, next.height, next.open]).toEqual([200, 100, { plan: nextPlan }]);
    const last = resolve(closePlan(nextPlan, placeOf(nextPlan), box), header, makeContext());
    expect([last.width, last.height, last.open]).toEqual([30, 20, undefined]);
  });

  it('costs the work before it once more', () => {
    const costOf = (steps: readonly Step[]) =>
      predictCost(resolve(makePlan({ steps }), makeHeader({ format: 'png' }), makeContext())).ms;
    expect(costOf([half, trim])).toBeGreaterThan(costOf([half]));
    expect(costOf([half, trim])).toBeLessThan(costOf([trim, half]));
    expect(costOf([half, trim, trim])).toBeGreaterThan(costOf([half, trim]));
  });

  it('comes at most a few times', () => {
    const steps = Array.from({ length: trimsMax + 1 }, () => trim);
    let thrown: unknown;
    try {
      trimOf(makePlan({ steps }));
    } catch (error) {
      thrown = error;
    }
    expect(isPileusError(thrown) && thrown.code).toBe('operation_unsupported');
  });
});
