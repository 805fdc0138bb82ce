import { describe, expect, it } from 'vitest';
import { predictCost } from '../../src/plan/cost.ts';
import { explain } from '../../src/plan/explain.ts';
import { resolve } from '../../src/plan/resolve.ts';
import { box, makeContext, makeHeader, makePlan, makeResize } from './resolve/scene.ts';

const plan = makePlan({
  steps: [
    makeResize({ size: box(400, null) }),
    { op: 'watermark', asset: 'logo', gravity: 'se', dx: 4, dy: 4, opacity: 60, scalePercent: 10 },
  ],
});
const header = makeHeader({ width: 4000, height: 3000, orientation: 6 });
const resolved = resolve(plan, header, makeContext());
const cost = predictCost(resolved);
const explanation = explain(plan, header, resolved, cost);

describe('explain', () => {
  it('says what is known, what is done and what comes out', () => {
    expect(explanation).toMatchObject({
      source: header,
      plan,
      input: { format: 'jpeg', width: 4000, height: 3000, shrinkOnLoad: 4 },
      ops: [{ op: 'orient' }, { op: 'resize', width: 400, height: 533 }, { op: 'watermark', asset: 'logo' }],
      result: { width: 400, height: 533, frames: 1 },
      encode: { format: 'jpg', quality: 80 },
    });
  });

  it('says in words how the engine carries it out', () => {
    expect(explanation.chains).toEqual([expect.stringMatching(/^decode.*scale to .*watermark logo.*encode$/)]);
    const deep = explain(plan, { ...header, bitsPerChannel: 16 }, resolved, cost).chains;
    expect(deep).toHaveLength(2);
    expect(deep[1]).toMatch(/^from raw pixels, .*watermark logo/);
  });

  it('gives the cost by part, and the parts add up', () => {
    const { ms, decodeMs, resizeMs, opsMs, encodeMs } = explanation.cost;
    expect(decodeMs + resizeMs + opsMs + encodeMs).toBeCloseTo(ms, 1);
    expect(ms).toBeCloseTo(cost.ms, 2);
  });

  it('is JSON and names no file', () => {
    const text = JSON.stringify(explanation);
    expect(JSON.parse(text)).toEqual(explanation);
    expect(text).not.toContain('/assets');
  });
});
