import { describe, expect, it } from 'vitest';
import { redactOps } from '../../../src/plan/resolve/redact.ts';
import type { ResolvedOp } from '../../../src/plan/resolved.ts';
import { gradient } from '../../fixtures/pictures.ts';
import { difference, draw, pixelAt, type Raster } from '../../helpers/pixels.ts';
import { runOps } from '../../helpers/run.ts';
import { codeOf } from '../../plan/resolve/scene.ts';

const area = { left: 8, top: 6, width: 16, height: 12 };
const isInside = (x: number, y: number): boolean => x >= 8 && x < 24 && y >= 6 && y < 18;
const outside = (raster: Raster): Raster =>
  draw(raster.width, raster.height, raster.channels, (x, y) =>
    isInside(x, y) ? Array<number>(raster.channels).fill(0) : pixelAt(raster, x, y),
  );
const checks = (channels: number): Raster =>
  draw(40, 30, channels, (x, y) => {
    const value = (x + y) % 2 === 0 ? 240 : 20;
    return channels === 1 ? [value] : [value, value, 20, 255].slice(0, channels);
  });

describe('redacted areas', () => {
  it.each<[string, Extract<ResolvedOp, { op: 'redact' }>['how']]>([
    ['blur', { by: 'blur', sigma: 4 }],
    ['pixelate', { by: 'pixelate', size: 8 }],
    ['fill', { by: 'fill', colour: '123456ff' }],
  ])('by %s lose what was in them, and nothing around them changes', async (_name, how) => {
    for (const channels of [3, 4]) {
      const source = checks(channels);
      const made = await runOps(source, [{ op: 'redact', areas: [area], how }]);
      expect(difference(outside(made), outside(source)).max).toBe(0);
      const rows = [10, 11, 12].flatMap((y) => [12, 13, 14, 15].map((x) => pixelAt(made, x, y)[0] ?? 0));
      expect(Math.max(...rows) - Math.min(...rows)).toBeLessThan(20);
    }
    const grey = await runOps(checks(1), [{ op: 'redact', areas: [area], how }]);
    expect(Math.abs((pixelAt(grey, 12, 10)[0] ?? 0) - (pixelAt(grey, 13, 10)[0] ?? 0))).toBeLessThan(20);
  });

  it('take nothing from beside them', async () => {
    const source = draw(40, 30, 3, (x, y) => (isInside(x, y) ? [10, 10, 10] : [250, 250, 250]));
    const made = await runOps(source, [{ op: 'redact', areas: [area], how: { by: 'blur', sigma: 10 } }]);
    expect(difference(made, source).max).toBeLessThanOrEqual(1);
  });

  it('may be several', async () => {
    const source = gradient(40, 30);
    const areas = [area, { left: 0, top: 0, width: 3, height: 3 }];
    const made = await runOps(source, [{ op: 'redact', areas, how: { by: 'fill', colour: 'ff0000ff' } }]);
    expect([pixelAt(made, 1, 1), pixelAt(made, 10, 10)]).toEqual([
      [255, 0, 0],
      [255, 0, 0],
    ]);
    expect(pixelAt(made, 4, 4)).toEqual(pixelAt(source, 4, 4));
  });
});

describe('areas in shares', () => {
  const how = { by: 'pixelate', size: 9 } as const;
  const opsOf = (...areas: readonly (readonly [number, number, number, number])[]) =>
    redactOps({ op: 'redact', areas: areas.map(([x, y, w, h]) => ({ x, y, w, h })), how }, { width: 101, height: 50 });

  it('are rounded outwards and clipped', () => {
    expect(opsOf([5000, 0, 2500, 1], [9000, 9000, 5000, 5000])).toEqual([
      {
        op: 'redact',
        areas: [
          { left: 50, top: 0, width: 26, height: 1 },
          { left: 90, top: 45, width: 11, height: 5 },
        ],
        how,
      },
    ]);
  });

  it.each([
    { by: 'blur', sigma: 1001 },
    { by: 'blur', sigma: 0 },
    { by: 'pixelate', size: 0 },
  ] as const)('by %o are refused', (by) => {
    const areas = [{ x: 0, y: 0, w: 100, h: 100 }];
    expect(codeOf(() => redactOps({ op: 'redact', areas, how: by }, { width: 10, height: 10 }))).toBe('bad_value');
  });

  it('outside are none, and too many are refused', () => {
    expect(opsOf([10_000, 0, 100, 100], [0, 0, 0, 100])).toEqual([]);
    expect(codeOf(() => opsOf(...Array<[number, number, number, number]>(33).fill([0, 0, 1, 1])))).toBe('bad_value');
  });
});
