import { describe, expect, it } from 'vitest';
import { resolve } from '../../../src/plan/resolve.ts';
import { codeOf, makeContext, makeHeader, makePlan, resolveSteps } from './scene.ts';

const turned = (degrees: number, width = 300, height = 200) =>
  resolveSteps([{ op: 'rotate', degrees }], { width, height });

describe('rotate', () => {
  it.each([
    [90, '200x300'],
    [180, '300x200'],
    [270, '200x300'],
    [45, '354x354'],
    [22.5, '354x300'],
    [135.25, '354x353'],
    [0.5, '302x203'],
  ])('by %d degrees gives %s, as libvips does', (degrees, expected) => {
    const { width, height } = turned(degrees);
    expect(`${width}x${height}`).toBe(expected);
  });

  it('does nothing by a whole turn', () => {
    expect(turned(360).ops).toEqual([]);
  });

  it('by half a turn is a flip both ways, so that both share a result', () => {
    expect(turned(180)).toEqual(
      resolveSteps([{ op: 'flip', horizontal: true, vertical: true }], { width: 300, height: 200 }),
    );
  });

  it('fills its corners with the background of the plan', () => {
    const plan = makePlan({
      steps: [{ op: 'rotate', degrees: 10 }],
      encode: { format: 'png', background: '11223344' },
    });
    expect(resolve(plan, makeHeader(), makeContext()).ops).toEqual([
      { op: 'rotate', degrees: 10, background: '11223344' },
    ]);
  });

  it('of an animation takes quarter turns, not odd angles', () => {
    const animation = makeHeader({ format: 'gif', frames: 4 });
    const resolveBy = (degrees: number) =>
      resolve(makePlan({ steps: [{ op: 'rotate', degrees }], encode: { format: 'source' } }), animation, makeContext());
    expect(resolveBy(90)).toMatchObject({ width: 600, height: 1000, frames: 4 });
    expect(codeOf(() => resolveBy(7))).toBe('operation_unsupported');
  });
});

describe('orientation', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8] as const)('%i comes first and swaps the sides from 5 on', (orientation) => {
    const resolved = resolveSteps([], { width: 30, height: 20, orientation });
    expect(resolved.ops).toEqual(orientation === 1 ? [] : [{ op: 'orient', orientation }]);
    expect(resolved.width).toBe(orientation >= 5 ? 20 : 30);
  });

  it('is left alone where the plan says so', () => {
    const resolved = resolve(makePlan({ orient: false }), makeHeader({ orientation: 6 }), makeContext());
    expect(resolved).toMatchObject({ ops: [], width: 1000, height: 600 });
  });
});

describe('flip', () => {
  it('is no op without a direction', () => {
    expect(resolveSteps([{ op: 'flip', horizontal: false, vertical: false }], {}).ops).toEqual([]);
  });
});
