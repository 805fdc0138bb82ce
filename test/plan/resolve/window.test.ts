import { describe, expect, it } from 'vitest';
import type { Compass, Step } from '../../../src/plan/plan.ts';
import { compassGravity } from '../../../src/plan/plan.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import { refusal } from '../../dialects/native/sample-config.ts';
import { makeContext, makeHeader, makePlan, resolveSteps } from './scene.ts';

const opsOf = (step: Step, width = 200, height = 100) => resolveSteps([step], { width, height }).ops;
const crop = (w: number | null, h: number | null, at: Compass = 'c', dx = 0, dy = 0): Step => ({
  op: 'crop',
  w,
  h,
  gravity: compassGravity(at),
  dx,
  dy,
});
const canvas = (w: number | null, h: number | null, at: Compass = 'c', dx = 0, dy = 0): Step => ({
  ...(crop(w, h, at, dx, dy) as Extract<Step, { op: 'crop' }>),
  op: 'canvas',
});

describe('crop', () => {
  it.each([
    [crop(50, 40), { left: 75, top: 30, width: 50, height: 40 }],
    [crop(50, 40, 'nw'), { left: 0, top: 0, width: 50, height: 40 }],
    [crop(50, 40, 'se'), { left: 150, top: 60, width: 50, height: 40 }],
    [crop(50, 40, 'se', 10, 5), { left: 140, top: 55, width: 50, height: 40 }],
    [crop(50, 40, 'nw', 10, 5), { left: 10, top: 5, width: 50, height: 40 }],
    [crop(50, null), { left: 75, top: 0, width: 50, height: 100 }],
    // What hangs over is clipped.
    [crop(50, 40, 'nw', 180, 0), { left: 180, top: 0, width: 20, height: 40 }],
    [crop(500, 40, 'nw'), { left: 0, top: 0, width: 200, height: 40 }],
  ])('%j', (step, rect) => {
    expect(opsOf(step)).toEqual([{ op: 'extract', ...rect }]);
  });

  it('is nothing where it is all of the picture', () => {
    expect(opsOf(crop(200, 100))).toEqual([]);
    expect(opsOf(crop(null, 900))).toEqual([]);
  });

  it('is refused where nothing of it lies in the picture', () => {
    expect(refusal(() => opsOf(crop(10, 10, 'nw', 200, 0))).code).toBe('operation_unsupported');
  });

  it('is found by content one side after the other, the narrower first, and never scaled', () => {
    const smart = (w: number, h: number): Step => ({
      op: 'crop',
      w,
      h,
      gravity: { kind: 'smart', by: 'entropy' },
      dx: 0,
      dy: 0,
    });
    const cut = (width: number, height: number) => ({ op: 'smartcrop', width, height, by: 'entropy' });
    expect(resolveSteps([smart(50, 80)], { width: 200, height: 100 }).ops).toEqual([cut(50, 100), cut(50, 80)]);
    expect(resolveSteps([smart(150, 20)], { width: 200, height: 100 }).ops).toEqual([cut(200, 20), cut(150, 20)]);
    expect(resolveSteps([smart(50, 500)], { width: 200, height: 100 }).ops).toEqual([cut(50, 100)]);
    expect(resolveSteps([smart(200, 500)], { width: 200, height: 100 }).ops).toEqual([]);
  });

  it('is not found by content in an animation, whose frames would jump', () => {
    const step: Step = { op: 'crop', w: 5, h: 5, gravity: { kind: 'smart', by: 'attention' }, dx: 0, dy: 0 };
    const plan = makePlan({ steps: [step], encode: { format: 'gif' } });
    const animation = makeHeader({ format: 'gif', frames: 3 });
    expect(refusal(() => resolve(plan, animation, makeContext())).code).toBe('operation_unsupported');
  });
});

describe('canvas', () => {
  const background = 'ffffffff';
  it('pads what is smaller and cuts what is larger', () => {
    expect(opsOf(canvas(300, 100))).toEqual([{ op: 'extend', left: 50, top: 0, right: 50, bottom: 0, background }]);
    expect(opsOf(canvas(100, 150, 'nw'))).toEqual([
      { op: 'extract', left: 0, top: 0, width: 100, height: 100 },
      { op: 'extend', left: 0, top: 0, right: 0, bottom: 50, background },
    ]);
  });

  it('keeps the picture on it, however far it is moved', () => {
    expect(opsOf(canvas(300, 100, 'nw', 500, 0))).toEqual([
      { op: 'extend', left: 100, top: 0, right: 0, bottom: 0, background },
    ]);
  });
});

describe('scale, pad, tile and round', () => {
  it('in integers', () => {
    expect(opsOf({ op: 'scale', x: 5000, y: 10_000 })).toEqual([{ op: 'resize', width: 100, height: 100 }]);
    expect(opsOf({ op: 'scale', x: 1, y: 1 })).toEqual([{ op: 'resize', width: 1, height: 1 }]);
    expect(opsOf({ op: 'pad', top: 1, right: 2, bottom: 3, left: 4 })).toEqual([
      { op: 'extend', left: 4, top: 1, right: 2, bottom: 3, background: 'ffffffff' },
    ]);
    expect(opsOf({ op: 'tile', axis: 'x', size: 90, index: 2 })).toEqual([
      { op: 'extract', left: 180, top: 0, width: 20, height: 100 },
    ]);
    expect(opsOf({ op: 'round', shape: 'ellipse' })).toEqual([{ op: 'round', rx: 100, ry: 50 }]);
    expect(opsOf({ op: 'round', shape: 'corners', unit: 'px', x: 20, y: 900 })).toEqual([
      { op: 'round', rx: 20, ry: 50 },
    ]);
    expect(opsOf({ op: 'round', shape: 'corners', unit: 'share', x: 5000, y: 1000 })).toEqual([
      { op: 'round', rx: 50, ry: 10 },
    ]);
  });

  it('a slice that the picture does not have is refused', () => {
    expect(refusal(() => opsOf({ op: 'tile', axis: 'y', size: 50, index: 2 })).code).toBe('operation_unsupported');
  });

  it.each<Step>([
    { op: 'scale', x: 10_000, y: 10_000 },
    { op: 'pad', top: 0, right: 0, bottom: 0, left: 0 },
    { op: 'round', shape: 'corners', unit: 'px', x: 0, y: 9 },
    { op: 'pixelate', size: 1 },
    { op: 'gamma', gamma: 1 },
    { op: 'hue', degrees: 360 },
  ])('%j does nothing', (step) => {
    expect(opsOf(step)).toEqual([]);
  });
});
