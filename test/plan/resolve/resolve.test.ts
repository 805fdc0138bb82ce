import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Header } from '../../../src/plan/header.ts';
import type { Plan } from '../../../src/plan/plan.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import type { Resolved, ResolvedOp } from '../../../src/plan/resolved.ts';
import { isPileusError } from '../../../src/shared/errors.ts';
import { anyHeader, anyPlan, makeContext, makeHeader, makeOptions, makePlan } from './scene.ts';

const context = makeContext({ options: makeOptions({ resultSideMax: 65_535, resultPixelsMax: 50_000_000 }) });

/** Resolves a random plan; what is refused is refused with a PileusError. */
function attempt(plan: Plan, header: Header): Resolved | null {
  try {
    return resolve(plan, header, context);
  } catch (error) {
    expect(isPileusError(error)).toBe(true);
    return null;
  }
}

/** Carries a resolved plan out on a frame that is nothing but its size, and checks that every op fits it. */
function simulate({ input, ops }: Resolved): [number, number] {
  let [width, height] = [input.width, input.height];
  for (const op of ops) {
    if (op.op === 'extract') expectInside(op, width, height);
    if (op.op === 'watermark') {
      expect(op.width).toBeLessThanOrEqual(width);
      expect(op.height).toBeLessThanOrEqual(height);
    }
    [width, height] = after(op, width, height);
  }
  return [width, height];
}

function expectInside(op: Extract<ResolvedOp, { op: 'extract' }>, width: number, height: number): void {
  expect(Math.min(op.left, op.top)).toBeGreaterThanOrEqual(0);
  expect(Math.min(op.width, op.height)).toBeGreaterThanOrEqual(1);
  expect(op.left + op.width).toBeLessThanOrEqual(width);
  expect(op.top + op.height).toBeLessThanOrEqual(height);
}

function after(op: ResolvedOp, width: number, height: number): [number, number] {
  if (op.op === 'orient') return op.orientation > 4 ? [height, width] : [width, height];
  if (op.op === 'extract' || op.op === 'resize' || op.op === 'smartcrop') return [op.width, op.height];
  if (op.op === 'extend') return [width + op.left + op.right, height + op.top + op.bottom];
  if (op.op !== 'rotate') return [width, height];
  if (op.degrees % 180 === 0) return [width, height];
  if (op.degrees % 90 === 0) return [height, width];
  const cos = Math.abs(Math.cos((op.degrees * Math.PI) / 180));
  const sin = Math.abs(Math.sin((op.degrees * Math.PI) / 180));
  return [Math.round(width * cos + height * sin), Math.round(width * sin + height * cos)];
}

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

describe('resolve', () => {
  it('gives the size that its ops produce, and every op fits the picture it meets', () => {
    fc.assert(
      fc.property(anyPlan, anyHeader, (plan, header) => {
        const resolved = attempt(plan, header);
        if (resolved) expect(simulate(resolved)).toEqual([resolved.width, resolved.height]);
      }),
      { numRuns: 2000 },
    );
  });

  it('gives nothing but integers', () => {
    fc.assert(
      fc.property(anyPlan, anyHeader, (plan, header) => {
        expect(numbersIn(attempt(plan, header)).every(Number.isSafeInteger)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('emits no op that does nothing', () => {
    fc.assert(
      fc.property(anyPlan, anyHeader, (plan, header) => {
        const resolved = attempt(plan, header);
        let [width, height] = [header.width, header.height];
        for (const op of resolved?.ops ?? []) {
          const isSizing = op.op === 'resize' || op.op === 'extract' || op.op === 'smartcrop' || op.op === 'extend';
          const [nextWidth, nextHeight] = after(op, width, height);
          if (isSizing) expect([nextWidth, nextHeight]).not.toEqual([width, height]);
          if ('amount' in op) expect(op.amount).not.toBe(0);
          if ('sigma' in op) expect(op.sigma).toBeGreaterThan(0);
          if ('degrees' in op) expect(op.degrees).toBeGreaterThan(0);
          if (op.op === 'flip') expect(op.horizontal || op.vertical).toBe(true);
          [width, height] = [nextWidth, nextHeight];
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('is a function of its arguments, which it leaves alone', () => {
    fc.assert(
      fc.property(anyPlan, anyHeader, (plan, header) => {
        const before = JSON.stringify([plan, header]);
        const first = JSON.stringify(attempt(plan, header));
        expect(JSON.stringify(attempt(JSON.parse(JSON.stringify(plan)), header))).toBe(first);
        expect(JSON.stringify([plan, header])).toBe(before);
      }),
    );
  });

  it('survives a journey as JSON', () => {
    fc.assert(
      fc.property(anyPlan, anyHeader, (plan, header) => {
        const resolved = attempt(plan, header);
        expect(JSON.parse(JSON.stringify(resolved))).toEqual(resolved);
      }),
    );
  });

  it('says when the decoder holds the whole picture', () => {
    expect(resolve(makePlan(), makeHeader({ progressive: true }), context).input.progressive).toBe(true);
    expect(resolve(makePlan(), makeHeader(), context).input).not.toHaveProperty('progressive');
  });

  it('draws no blur that is wider than the engine can in good time', () => {
    const blurred = (sigma: number) => resolve(makePlan({ steps: [{ op: 'blur', sigma }] }), makeHeader(), context).ops;
    expect(blurred(250)).toEqual([{ op: 'blur', sigma: 250 }]);
    expect(blurred(1000)).toEqual(blurred(250));
  });

  it('keeps the order of the plan', () => {
    const steps = [{ op: 'blur', sigma: 2 }, { op: 'grey' }, { op: 'contrast', amount: 10 }, { op: 'square' }] as const;
    expect(resolve(makePlan({ steps }), makeHeader(), context).ops.map(({ op }) => op)).toEqual([
      'blur',
      'grey',
      'contrast',
      'extract',
    ]);
  });
});
