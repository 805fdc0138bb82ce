import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Anchor, Step } from '../../../src/plan/plan.ts';
import { positionOf, roundToEven } from '../../../src/plan/resolve/layout.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import { configWith, withOptions } from '../../dialects/imgproxy/kit.ts';
import { makeContext, makeHeader, resolveSteps } from './scene.ts';

const settings = { allowSecurityOptions: true };

/** Size of the result of a URL's options on a picture of 200 x 100. */
function sizeOf(options: string, width = 200, height = 100): string {
  const { plan } = withOptions(options, configWith(settings));
  const resolved = resolve(plan, makeHeader({ format: 'png', width, height }), makeContext());
  return `${resolved.width}x${resolved.height}`;
}

describe('layout', () => {
  it.each([
    ['', '200x100'],
    ['rs:fit:300:300', '200x100'],
    ['rs:fit:300:50', '100x50'],
    ['rs:fit:50:0', '50x25'],
    ['rs:fit:300:300:1', '300x150'],
    ['rs:fill:50:50', '50x50'],
    ['rs:fill:300:300', '200x100'],
    ['rs:fill-down:300:300', '100x100'],
    ['rs:force:50:80', '50x80'],
    ['rs:force:0:40', '200x40'],
    ['rs:auto:100:60', '100x60'],
    ['rs:auto:60:100', '60x30'],
    ['w:50/dpr:2', '100x50'],
    ['w:150/dpr:2', '200x100'],
    ['mw:300', '300x150'],
    ['z:0.5', '100x50'],
    ['rs:fit:50:50/ex:1', '50x50'],
    ['rs:fit:300:300/ex:1', '300x300'],
    ['rs:fit:300:300/exar:1', '200x200'],
    ['pd:10', '220x120'],
    ['w:50/pd:10/dpr:2', '140x90'],
    ['c:50:50', '50x50'],
    ['c:0.5:0.5', '100x50'],
    ['rot:90', '100x200'],
    ['rot:90/w:50', '50x100'],
    ['mrd:50', '50x25'],
    ['w:100/pd:50/mrd:100', '100x75'],
  ])('%s is %s', (options, size) => {
    expect(sizeOf(options)).toBe(size);
  });

  it('never comes out larger than the source unless it is asked to grow', () => {
    const side = fc.integer({ min: 1, max: 3000 });
    fc.assert(
      fc.property(
        side,
        side,
        side,
        side,
        fc.constantFrom('fit', 'fill', 'fill-down', 'auto'),
        (w, h, width, height, type) => {
          const [x = 0, y = 0] = sizeOf(`rs:${type}:${w}:${h}`, width, height).split('x').map(Number);
          expect(x).toBeLessThanOrEqual(Math.max(width, 1));
          expect(y).toBeLessThanOrEqual(Math.max(height, 1));
        },
      ),
    );
  });

  const corpus = new URL('../../../../shared/conformance/imgproxy-cases.json', import.meta.url);
  it.skipIf(!existsSync(corpus))('has the sizes of the public cases', () => {
    const cases = JSON.parse(readFileSync(corpus, 'utf8')) as {
      meta: { source_sizes: Record<string, [number, number]> };
      size_from_tests: { path: string; expect: { width: number; height: number } }[];
    };
    let looked = 0;
    for (const { path, expect: wanted } of cases.size_from_tests) {
      const [, options = '', file = ''] = /^\/unsafe\/(.*)\/plain\/local:\/\/\/(.*)$/.exec(path) ?? [];
      const source = cases.meta.source_sizes[file];
      // What is trimmed depends on pixels, and watermarks need a picture of their own.
      if (!source || /(?:^|\/)(?:trim|t|watermark|wm|format):/.test(options)) continue;
      expect([path, sizeOf(options, ...source)]).toEqual([path, `${wanted.width}x${wanted.height}`]);
      looked++;
    }
    expect(looked).toBeGreaterThan(90);
  });
});

describe('positions', () => {
  const compass = (at: Extract<Anchor, { kind: 'compass' }>['at'], x = 0, y = 0): Anchor => ({
    kind: 'compass',
    at,
    x,
    y,
  });
  const outer = { width: 200, height: 100 };

  it.each<[Anchor, number, number, number, number]>([
    [compass('c'), 50, 50, 76, 26],
    [compass('c'), 51, 33, 75, 34],
    [compass('n'), 50, 50, 76, 0],
    [compass('se'), 50, 50, 150, 50],
    [compass('se', 10, 5), 50, 50, 140, 45],
    [compass('nw', 0.1, 0.1), 50, 50, 20, 10],
    [compass('nw', 999, 999), 50, 50, 150, 50],
    [{ kind: 'focal', x: 1, y: 0 }, 50, 50, 150, 0],
    [{ kind: 'focal', x: 0.5, y: 0.5 }, 50, 50, 75, 25],
  ])('%j, %d x %d', (anchor, width, height, left, top) => {
    expect(positionOf(outer, { width, height }, anchor, 1)).toEqual({ left, top });
  });

  it('round halves to the even number', () => {
    expect([0.5, 1.5, 2.5, -0.5, 2.4, 2.6].map(roundToEven)).toEqual([0, 2, 2, 0, 2, 3]);
  });
});

describe('a crop of a ratio', () => {
  const cropped = (options: string): string => {
    const { ops } = resolveSteps(withOptions(options).plan.steps, { width: 200, height: 100 });
    const [op] = ops;
    if (op === undefined) return 'all';
    return op.op === 'extract' ? `${op.width}x${op.height}+${op.left}+${op.top}` : op.op;
  };

  it.each([
    ['c:60:40:nowe:5:6/car:1', '40x40+5+6'],
    ['c:60:40:nowe:5:6/car:3', '60x20+5+6'],
    ['c:60:40:nowe/car:1:1', '60x60+0+0'],
    ['c:60:40:nowe/car:2:1', '80x40+0+0'],
    ['c:60:90:nowe/car:4:1', '200x50+0+0'],
    ['c:150:20:nowe/car:1:1', '100x100+0+0'],
    ['c:0:40:nowe/car:0.5', '20x40+0+0'],
    ['c:60:40:nowe/car:1.5', '60x40+0+0'],
    ['c:60:40:nowe/car:1e9', '60x1+0+0'],
    ['car:1', 'all'],
  ])('%s: %s', (options, wanted) => {
    expect(cropped(options)).toBe(wanted);
  });

  it('lies in the picture and has its ratio as well as whole pixels allow', () => {
    const side = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(side, side, fc.double({ min: 0.1, max: 10, noNaN: true }), fc.boolean(), (w, h, ratio, grow) => {
        const text = cropped(`c:${w}:${h}/car:${ratio.toFixed(3)}:${grow ? 1 : 0}`);
        const [x = 200, y = 100] = text === 'all' ? [] : text.split(/[x+]/).map(Number);
        expect(x).toBeLessThanOrEqual(200);
        expect(y).toBeLessThanOrEqual(100);
        if (!grow) expect(x <= w && y <= h).toBe(true);
        if (x > 1 && y > 1) expect(Math.abs(x - y * ratio)).toBeLessThanOrEqual(0.51 + 0.51 * ratio);
      }),
    );
  });
});

describe('filters', () => {
  it.each([
    ['rs:fit:50:50/ush:auto', ['resize', 'unsharp']],
    ['rs:fit:50:50/ush:auto/sh:1', ['resize', 'sharpen']],
    ['rs:fit:400:400:1/ush:auto', ['resize']],
    ['rs:fit:400:400:1/ush:always', ['resize', 'unsharp']],
    ['rs:fit:50:50/ush:always/sh:1/ush:none', ['resize', 'sharpen']],
    ['c:10:10/ush:auto', ['extract']],
    ['rs:fit:50:50/ush:auto/-/rot:90/ush:auto', ['resize', 'unsharp', 'rotate']],
  ])('%s', (options, ops) => {
    const resolved = resolveSteps(withOptions(options).plan.steps, { width: 200, height: 100 });
    expect(resolved.ops.map(({ op }) => op)).toEqual(ops);
  });

  it('stand between the crop to the result and what is added around it', () => {
    const [layout] = withOptions('rs:fill:50:50/bl:2/pd:5').plan.steps;
    const { ops } = resolveSteps([layout as Step], { width: 200, height: 100 });
    expect(ops.map(({ op }) => op)).toEqual(['resize', 'extract', 'blur', 'extend']);
  });
});
