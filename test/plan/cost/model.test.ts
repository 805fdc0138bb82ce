import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { factorMax, factorMin } from '../../../src/plan/cost/correction.ts';
import { CostModel, predictCost } from '../../../src/plan/cost.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import type { Resolved } from '../../../src/plan/resolved.ts';
import { box, makeContext, makeHeader, makePlan, makeResize, resolveSteps } from '../resolve/scene.ts';

const job = resolveSteps([makeResize({ size: box(300, null) })], { width: 4000, height: 3000 });
const otherJob = resolve(makePlan({ encode: { format: 'webp' } }), makeHeader({ format: 'png' }), makeContext());

/** What the model has learned of jobs like `job`. */
const factorOf = (model: CostModel): number => model.predict(job).ms / predictCost(job).ms;

function teach(model: CostModel, ratio: number, samples: number, stepMs = 100): void {
  const actualMs = predictCost(job).ms * ratio;
  for (let sample = 0; sample < samples; sample += 1) model.learn(job, actualMs, sample * stepMs);
}

describe('cost model', () => {
  it('begins with the table', () => {
    expect(new CostModel().predict(job)).toEqual(predictCost(job));
  });

  it.each([0.3, 0.5, 1, 2, 3.9])('converges to jobs that take %d times what was thought', (ratio) => {
    const model = new CostModel();
    teach(model, ratio, 200);
    expect(factorOf(model)).toBeCloseTo(ratio, 2);
  });

  it('learns nothing from tiny pictures: most of what they take is not of their pixels', () => {
    const tiny = resolveSteps([], { width: 8, height: 8 });
    const model = new CostModel();
    for (let sample = 0; sample < 500; sample++) model.learn(tiny, 2, sample * 100);
    expect(model.predict(job)).toEqual(predictCost(job));
  });

  it.each<[string, Resolved]>([
    ['written in several formats', { ...job, others: [{ ...job.encode, format: 'avif' }] }],
    ['searched for', { ...job, encode: { ...job.encode, search: { by: 'bytes', target: 9999, min: 70, encodes: 4 } } }],
  ])('learns nothing but its error from what was %s', (_, several) => {
    const model = new CostModel();
    for (let sample = 0; sample < 50; sample++) model.learn(several, 3 * predictCost(several).ms, sample * 100);
    expect(model.predict(job)).toEqual(predictCost(job));
    expect(model.snapshot().corrections).toEqual([]);
    expect(model.errorRatio).toBeCloseTo(3);
  });

  it('scales every part and the cost pixels alike', () => {
    const model = new CostModel();
    teach(model, 2, 200);
    const [learned, raw] = [model.predict(job), predictCost(job)];
    expect(learned.decodeMs + learned.resizeMs + learned.opsMs + learned.encodeMs).toBeCloseTo(learned.ms, 6);
    expect(learned.costPixels / raw.costPixels).toBeCloseTo(2, 2);
    expect(learned.memoryBytes).toBe(raw.memoryBytes);
  });

  it('stays within its bounds whatever it is told', () => {
    const told = fc.oneof(fc.double(), fc.double({ min: 1e-6, max: 1e6 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(told, fc.nat(1e6))), (samples) => {
        const model = new CostModel();
        for (const [actualMs, nowMs] of samples) model.learn(job, actualMs, nowMs);
        expect(factorOf(model)).toBeGreaterThanOrEqual(factorMin - 1e-9);
        expect(factorOf(model)).toBeLessThanOrEqual(factorMax + 1e-9);
        expect(Number.isFinite(model.errorRatio)).toBe(true);
      }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, 0, -5])('learns nothing from %d ms', (actualMs) => {
    const model = new CostModel();
    model.learn(job, actualMs, 0);
    expect(factorOf(model)).toBe(1);
    expect(model.snapshot().corrections).toEqual([]);
  });

  it('is not thrown by one freak', () => {
    const model = new CostModel();
    model.learn(job, predictCost(job).ms * 1000, 0);
    expect(factorOf(model)).toBeLessThan(1.6);
  });

  it('keeps pairs of formats apart', () => {
    const model = new CostModel();
    teach(model, 3, 50);
    expect(model.predict(otherJob)).toEqual(predictCost(otherJob));
  });

  it('says by how much it is off, either way', () => {
    const [slow, fast] = [new CostModel(), new CostModel()];
    slow.learn(job, predictCost(job).ms * 2, 0);
    fast.learn(job, predictCost(job).ms / 2, 0);
    expect(slow.errorRatio).toBeCloseTo(2);
    expect(fast.errorRatio).toBeCloseTo(2);
    teach(slow, 2, 2000, 1000);
    expect(slow.errorRatio).toBeCloseTo(1, 1);
  });

  it('comes back from its snapshot', () => {
    const model = new CostModel();
    teach(model, 2, 30);
    const restored = new CostModel(JSON.parse(JSON.stringify(model.snapshot())));
    expect(restored.predict(job)).toEqual(model.predict(job));
  });

  it('does not trust a snapshot beyond its bounds', () => {
    const kind = 'jpeg>jpg';
    expect(factorOf(new CostModel({ corrections: [{ kind, log: 99 }] }))).toBeCloseTo(factorMax);
    expect(factorOf(new CostModel({ corrections: [{ kind, log: Number.NaN }] }))).toBe(1);
  });
});
