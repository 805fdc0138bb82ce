import { describe, expect, it } from 'vitest';
import type { Compass, Step } from '../../../src/plan/plan.ts';
import { codeOf, resolveSteps } from './scene.ts';

type Watermark = Extract<Step, { op: 'watermark' }>;

const mark = (changes: Partial<Watermark>): Watermark => ({
  op: 'watermark',
  asset: 'logo',
  gravity: 'nw',
  dx: 0,
  dy: 0,
  opacity: 100,
  scalePercent: 0,
  ...changes,
});

/** On 1000 x 600; the asset has 200 x 100. */
const opOf = (changes: Partial<Watermark>, width = 1000, height = 600) =>
  resolveSteps([mark(changes)], { width, height }).ops[0];

describe('watermark', () => {
  it.each([
    ['nw', 10, 20],
    ['n', 410, 20],
    ['ne', 790, 20],
    ['c', 410, 270],
    ['se', 790, 480],
    ['s', 410, 480],
  ] as const)('at %s moves inwards by dx and dy', (gravity: Compass, left, top) => {
    expect(opOf({ gravity, dx: 10, dy: 20 })).toMatchObject({ left, top, width: 200, height: 100 });
  });

  it.each([
    [0, 200, 100],
    [10, 100, 50],
    [50, 500, 250],
    [100, 1000, 500],
  ])('scaled to %i percent of the width is %ix%i', (scalePercent, width, height) => {
    expect(opOf({ scalePercent })).toMatchObject({ width, height });
  });

  it('is never larger than the picture', () => {
    expect(opOf({}, 100, 600)).toMatchObject({ width: 100, height: 50 });
    expect(opOf({ scalePercent: 100 }, 1000, 100)).toMatchObject({ width: 200, height: 100 });
  });

  it('may hang over the edge, and is no op beyond it or unseen', () => {
    expect(opOf({ dx: -50 })).toMatchObject({ left: -50 });
    expect(opOf({ dx: -200 })).toBeUndefined();
    expect(opOf({ opacity: 0 })).toBeUndefined();
  });

  it('carries the version of its asset, which changes the bytes', () => {
    expect(opOf({})).toMatchObject({ asset: 'logo', assetVersion: 'v1', opacity: 100 });
  });

  it.each(['unknown', 'toString'])('named %s is refused', (asset) => {
    expect(codeOf(() => opOf({ asset }))).toBe('bad_value');
  });
});

describe('an oversize watermark', () => {
  it('keeps its size on a smaller picture', () => {
    expect(opOf({ oversize: true, gravity: 'c' }, 100, 50)).toMatchObject({
      width: 200,
      height: 100,
      left: -50,
      top: -25,
    });
  });

  it('has no more pixels than a picture may have on the way', () => {
    expect(codeOf(() => opOf({ oversize: true, scalePercent: 100_000 }))).toBe('result_too_large');
  });
});

describe('the look of a watermark', () => {
  it('names what it has and nothing else', () => {
    const shadow = { sigma: 2, opacity: 50, dx: 1, dy: 1 };
    expect(opOf({ shadow, degrees: 360 })).toEqual({
      op: 'watermark',
      asset: 'logo',
      assetVersion: 'v1',
      left: -7,
      top: -7,
      width: 200,
      height: 100,
      opacity: 100,
      shadow,
    });
    expect(opOf({ shadow: { ...shadow, opacity: 0 } })).not.toHaveProperty('shadow');
    expect(codeOf(() => opOf({ shadow: { ...shadow, sigma: 101 } }))).toBe('bad_value');
  });
});

describe('a watermark within a share of the picture', () => {
  it.each([
    [50, 1000, 100, 100, 50],
    [50, 1000, 600, 500, 250],
    [200, 100, 100, 200, 100],
  ])('of %i percent of %ix%i has %ix%i', (scalePercent, w, h, width, height) => {
    expect(opOf({ scalePercent, within: true }, w, h)).toMatchObject({ width, height });
  });
});

describe('a watermark in a box', () => {
  it.each([
    [{ w: 50, h: 0 }, 50, 25],
    [{ w: 0, h: 200 }, 400, 200],
    [{ w: 300, h: 300 }, 300, 150],
    [{ w: 3000, h: 0 }, 1000, 500],
  ])('of %j is %ix%i', (box, width, height) => {
    expect(opOf({ box })).toMatchObject({ width, height });
  });

  it('has no say beside a percentage', () => {
    expect(opOf({ box: { w: 50, h: 0 }, scalePercent: 50 })).toMatchObject({ width: 500 });
  });
});

describe('a watermark that is another original', () => {
  const asset = { ns: 'photos', key: 'logo.png' };

  it('is refused while nothing is known of it', () => {
    expect(codeOf(() => opOf({ asset }))).toBe('bad_value');
  });

  it('carries its version, and what has to be decoded for it', () => {
    const from = { format: 'png', pixels: 200 } as const;
    const assets = { 'photos:logo.png': { name: 'photos:logo.png', version: 'v9', width: 20, height: 10, from } };
    const { ops } = resolveSteps([mark({ asset })], { width: 100, height: 60 }, { assets });
    expect(ops).toEqual([
      {
        op: 'watermark',
        asset: 'photos:logo.png',
        assetVersion: 'v9',
        from,
        left: 0,
        top: 0,
        width: 20,
        height: 10,
        opacity: 100,
      },
    ]);
  });
});

describe('offsets below 1', () => {
  it('are shares of the side', () => {
    expect(opOf({ dx: 0.1, dy: -0.05 })).toMatchObject({ left: 100, top: -30 });
    expect(opOf({ gravity: 'se', dx: 0.1, dy: 0.05 })).toMatchObject({ left: 700, top: 470 });
  });
});
