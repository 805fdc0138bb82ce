import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaSize } from '../../../src/plan/resolve/scale.ts';
import type { ResolvedOp } from '../../../src/plan/resolved.ts';
import { box, codeOf, makeResize, type ResizeStep, resolveSteps } from './scene.ts';

type Picture = readonly [number, number];

const sizeOfResult = (picture: Picture, changes: Partial<ResizeStep>): string => {
  const { width, height } = resolveSteps([makeResize(changes)], { width: picture[0], height: picture[1] });
  return `${width}x${height}`;
};

const opsOf = (picture: Picture, changes: Partial<ResizeStep>): readonly ResolvedOp[] =>
  resolveSteps([makeResize(changes)], { width: picture[0], height: picture[1] }).ops;

const R = { mode: 'cover', enlarge: 'no', rounding: 'floor' } as const;
const C = { mode: 'cover', enlarge: 'yes', rounding: 'floor' } as const;
const W = { mode: 'fit', enlarge: 'no', rounding: 'floor' } as const;
const Z = { mode: 'fit', enlarge: 'yes', rounding: 'floor' } as const;

describe('resize with floor rounding gives the sizes of the older servers', () => {
  it.each([
    [[1000, 600], R, box(300, 200), '300x200'],
    [[1000, 600], C, box(300, 200), '300x200'],
    [[1000, 600], W, box(300, 200), '300x180'],
    [[1000, 600], Z, box(300, 200), '300x180'],
    [[1000, 600], W, box(600, null), '600x360'],
    [[1000, 600], W, box(null, 300), '500x300'],
    [[1000, 600], W, box(100, 100), '100x60'],
    [[1000, 600], Z, box(100, 100), '100x60'],
    [[640, 427], R, box(300, 200), '300x200'],
    [[640, 427], C, box(300, 200), '300x200'],
    [[640, 427], W, box(600, null), '600x400'],
    [[640, 427], W, box(null, 300), '449x300'],
    [[640, 427], W, box(100, 100), '100x66'],
    [[200, 100], R, box(300, 200), '200x100'],
    [[200, 100], C, box(300, 200), '300x200'],
    [[200, 100], W, box(300, 200), '200x100'],
    [[200, 100], Z, box(300, 200), '300x150'],
    [[200, 100], W, box(600, null), '200x100'],
    [[200, 100], W, box(null, 300), '200x100'],
    [[200, 100], W, box(100, 100), '100x50'],
    [[150, 400], R, box(300, 200), '150x200'],
    [[150, 400], C, box(300, 200), '300x200'],
    [[150, 400], W, box(300, 200), '75x200'],
    [[150, 400], Z, box(300, 200), '75x200'],
    [[150, 400], W, box(600, null), '150x400'],
    [[150, 400], W, box(null, 300), '112x300'],
    [[150, 400], Z, box(100, 100), '37x100'],
  ] as const)('%j %j %j -> %s', (picture, rule, size, expected) => {
    expect(sizeOfResult(picture, { ...rule, size })).toBe(expected);
  });
});

describe('resize by box', () => {
  it.each([
    ['fit', 'no', box(500, 500), '500x300'],
    ['fit', 'no', box(2000, 2000), '1000x600'],
    ['fit', 'yes', box(2000, 2000), '2000x1200'],
    ['fit', 'only', box(500, 500), '1000x600'],
    ['fit', 'only', box(2000, 2000), '2000x1200'],
    ['fit', 'error', box(1000, 600), '1000x600'],
    ['fit', 'no', box(null, null), '1000x600'],
    ['min', 'no', box(500, 500), '833x500'],
    ['min', 'yes', box(2000, 2000), '3333x2000'],
    ['min', 'no', box(500, null), '500x300'],
    ['cover', 'no', box(500, 500), '500x500'],
    ['cover', 'no', box(2000, 300), '1000x300'],
    ['cover', 'yes', box(2000, 300), '2000x300'],
    ['cover', 'only', box(500, 500), '1000x600'],
    ['cover', 'only', box(1200, 100), '1200x100'],
    ['cover', 'no', box(null, 300), '500x300'],
    ['pad', 'no', box(500, 500), '500x500'],
    ['pad', 'no', box(2000, 2000), '2000x2000'],
    ['pad', 'no', box(2000, null), '2000x600'],
    ['pad', 'only', box(500, 500), '1000x600'],
    ['exact', 'no', box(500, 500), '500x500'],
    ['exact', 'no', box(2000, 500), '1000x500'],
    ['exact', 'yes', box(2000, 500), '2000x500'],
    ['exact', 'yes', box(2000, null), '2000x1200'],
    ['exact', 'only', box(2000, 500), '1000x600'],
    ['exact', 'only', box(2000, 700), '2000x700'],
    ['aspect', 'no', box(1, 1), '600x600'],
    ['aspect', 'no', box(4000, 1000), '1000x250'],
    ['aspect', 'no', box(16, null), '1000x600'],
  ] as const)('%s, enlarge %s, %j -> %s', (mode, enlarge, size, expected) => {
    expect(sizeOfResult([1000, 600], { mode, enlarge, size })).toBe(expected);
  });

  it.each(['fit', 'cover', 'min', 'pad', 'exact'] as const)('refuses to enlarge by %s under `error`', (mode) => {
    const step = makeResize({ mode, enlarge: 'error', size: box(1001, 601) });
    expect(codeOf(() => resolveSteps([step], { width: 1000, height: 600 }))).toBe('enlarge_refused');
  });

  it('multiplies the size by the device pixel ratio', () => {
    expect(sizeOfResult([1000, 600], { size: box(100, null), dpr: 1.15 })).toBe('115x69');
    expect(sizeOfResult([1000, 600], { size: { by: 'percent', percent: 10 }, dpr: 2 })).toBe('200x120');
    expect(sizeOfResult([1000, 600], { size: { by: 'area', pixels: 6000 }, dpr: 2 })).toBe('200x120');
  });

  it('keeps a side of a very thin picture at one pixel', () => {
    expect(sizeOfResult([5000, 2], { size: box(100, 100) })).toBe('100x1');
    expect(sizeOfResult([2, 5000], { size: box(100, 100) })).toBe('1x100');
  });
});

describe('resize by other sizes', () => {
  it.each([
    [[1000, 600], { by: 'sides', long: 500, short: null }, 'no', '500x300'],
    [[600, 1000], { by: 'sides', long: 500, short: null }, 'no', '300x500'],
    [[600, 1000], { by: 'sides', long: null, short: 300 }, 'no', '300x500'],
    [[1000, 600], { by: 'sides', long: 500, short: 100 }, 'no', '167x100'],
    [[1000, 600], { by: 'percent', percent: 50 }, 'no', '500x300'],
    [[1000, 600], { by: 'percent', percent: 200 }, 'no', '1000x600'],
    [[1000, 600], { by: 'percent', percent: 200 }, 'yes', '2000x1200'],
    [[1000, 600], { by: 'percent', percent: 50 }, 'only', '1000x600'],
    [[333, 777], { by: 'percent', percent: 10 }, 'no', '33x78'],
    [[1000, 600], { by: 'area', pixels: 60_000 }, 'no', '317x189'],
    [[200, 100], { by: 'area', pixels: 80_000 }, 'no', '200x100'],
    [[200, 100], { by: 'area', pixels: 80_000 }, 'yes', '400x200'],
    [[640, 427], { by: 'area', pixels: 640 * 427 }, 'yes', '640x427'],
    [[1000, 1], { by: 'area', pixels: 10 }, 'no', '10x1'],
  ] as const)('%j %j, enlarge %s -> %s', (picture, size, enlarge, expected) => {
    expect(sizeOfResult(picture, { size, enlarge })).toBe(expected);
  });

  it('never exceeds an area, and comes within a row and a column of it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8000 }),
        fc.integer({ min: 1, max: 8000 }),
        fc.integer({ min: 1, max: 20_000_000 }),
        (width, height, pixels) => {
          const result = areaSize({ width, height }, pixels, 'nearest');
          expect(result.width * result.height).toBeLessThanOrEqual(pixels);
          const isThin = result.width === 1 || result.height === 1;
          if (!isThin) expect((result.width + 1) * (result.height + 1)).toBeGreaterThan(pixels);
        },
      ),
    );
  });
});

describe('what a resize does', () => {
  it('scales to cover, then crops by gravity', () => {
    expect(opsOf([1000, 600], { mode: 'cover', size: box(300, 300) })).toEqual([
      { op: 'resize', width: 500, height: 300 },
      { op: 'extract', left: 100, top: 0, width: 300, height: 300 },
    ]);
  });

  it.each([
    ['nw', 0],
    ['c', 100],
    ['e', 200],
  ] as const)('crops at %s from %i', (at, left) => {
    const ops = opsOf([1000, 600], { mode: 'cover', size: box(300, 300), gravity: { kind: 'compass', at } });
    expect(ops.at(-1)).toMatchObject({ op: 'extract', left });
  });

  it.each([
    [0, 0],
    [4000, 50],
    [5000, 100],
    [10_000, 200],
  ])('centres the crop on a focal point at %i/10,000 as far as the edges allow', (x, left) => {
    const gravity = { kind: 'focal', x, y: 0 } as const;
    const ops = opsOf([1000, 600], { mode: 'cover', size: box(300, 300), gravity });
    expect(ops.at(-1)).toMatchObject({ op: 'extract', left, top: 0 });
  });

  it('leaves a crop by content to the engine, and only where there is something to crop', () => {
    const gravity = { kind: 'smart', by: 'attention' } as const;
    expect(opsOf([1000, 600], { mode: 'cover', size: box(300, 300), gravity })).toEqual([
      { op: 'smartcrop', width: 300, height: 300, by: 'attention' },
    ]);
    expect(opsOf([1000, 600], { mode: 'cover', size: box(500, 300), gravity })).toEqual([
      { op: 'resize', width: 500, height: 300 },
    ]);
    expect(opsOf([150, 400], { mode: 'cover', size: box(300, 200), gravity })).toEqual([
      { op: 'smartcrop', width: 150, height: 200, by: 'attention' },
    ]);
  });

  it('pads to the box on the sides that gravity leaves free', () => {
    expect(opsOf([1000, 600], { mode: 'pad', size: box(500, 500) })).toEqual([
      { op: 'resize', width: 500, height: 300 },
      { op: 'extend', left: 0, top: 100, right: 0, bottom: 100, background: 'ffffffff' },
    ]);
    const gravity = { kind: 'compass', at: 's' } as const;
    expect(opsOf([1000, 600], { mode: 'pad', size: box(1000, 700), gravity })).toEqual([
      { op: 'extend', left: 0, top: 100, right: 0, bottom: 0, background: 'ffffffff' },
    ]);
  });

  it('emits nothing where the size stays', () => {
    expect(opsOf([1000, 600], { size: box(1000, 600) })).toEqual([]);
    expect(opsOf([1000, 600], { mode: 'aspect', size: box(10, 6) })).toEqual([]);
  });
});
