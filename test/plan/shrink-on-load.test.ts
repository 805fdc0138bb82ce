import { describe, expect, it } from 'vitest';
import type { SourceFormat } from '../../src/plan/header.ts';
import type { ResolvedOp } from '../../src/plan/resolved.ts';
import { drawnSize, shrinkOnLoad } from '../../src/plan/shrink-on-load.ts';

const factorOf = (format: SourceFormat, ops: readonly ResolvedOp[], width = 4000, height = 3000): number =>
  shrinkOnLoad({ input: { format, width, height, page: 0, pages: 1, truncatedOk: false }, ops });

const resize = (width: number, height: number): ResolvedOp => ({ op: 'resize', width, height });

describe('shrink on load', () => {
  it.each([
    [8000, 1],
    [4000, 1],
    [2001, 1],
    // 2 to under 3: one notch lower
    [2000, 1],
    [1334, 1],
    [1333, 2],
    // 4 to under 5: one notch lower
    [1000, 2],
    [801, 2],
    [800, 4],
    // 8 to under 9: one notch lower
    [500, 4],
    [445, 4],
    [444, 8],
    [100, 8],
  ])('of a JPEG of 4000 to %i is %i', (width, factor) => {
    expect(factorOf('jpeg', [resize(width, Math.floor((width * 3) / 4))])).toBe(factor);
  });

  it('follows the side that shrinks least', () => {
    expect(factorOf('jpeg', [resize(100, 1500)])).toBe(1);
    expect(factorOf('jpeg', [{ op: 'smartcrop', width: 100, height: 1000, by: 'attention' }])).toBe(2);
  });

  it('of a WebP is the shrink itself, and never enlarges', () => {
    expect(factorOf('webp', [resize(3000, 2250)])).toBeCloseTo(4 / 3);
    expect(factorOf('webp', [resize(8000, 6000)])).toBe(1);
  });

  it.each(['png', 'gif', 'avif', 'tiff', 'svg'] as const)('is none for %s', (format) => {
    expect(factorOf(format, [resize(100, 75)])).toBe(1);
  });

  it('bears turns before the resize, with the sides swapped by a quarter', () => {
    expect(factorOf('jpeg', [{ op: 'orient', orientation: 6 }, resize(300, 400)])).toBe(8);
    expect(factorOf('jpeg', [{ op: 'orient', orientation: 6 }, resize(1500, 400)])).toBe(1);
    expect(factorOf('jpeg', [{ op: 'orient', orientation: 3 }, resize(400, 300)])).toBe(8);
    expect(factorOf('jpeg', [{ op: 'rotate', degrees: 90, background: 'ffffffff' }, resize(300, 400)])).toBe(8);
    expect(factorOf('jpeg', [{ op: 'flip', horizontal: true, vertical: true }, resize(400, 300)])).toBe(8);
  });

  it.each([
    [{ op: 'extract', left: 0, top: 0, width: 4000, height: 2999 }],
    [{ op: 'blur', sigma: 2 }],
    [{ op: 'rotate', degrees: 1, background: 'ffffffff' }],
    [{ op: 'extend', left: 1, top: 0, right: 0, bottom: 0, background: 'ffffffff' }],
  ] as const)('is none behind %j', (op) => {
    expect(factorOf('jpeg', [op, resize(400, 300)])).toBe(1);
  });

  it('is none without a resize', () => {
    expect(factorOf('jpeg', [])).toBe(1);
  });
});

describe('the size that a vector picture is drawn in', () => {
  const input = { format: 'svg', width: 40, height: 20, page: 0, pages: 1, truncatedOk: false } as const;

  it('is that of its first op, where that scales', () => {
    expect(drawnSize({ input, ops: [resize(400, 100)] })).toEqual({ width: 400, height: 100 });
    const cover = { op: 'smartcrop', width: 100, height: 100, by: 'entropy' } as const;
    expect(drawnSize({ input, ops: [cover] })).toEqual({ width: 200, height: 100 });
  });

  it('is its own where anything comes before the scale, or none does', () => {
    const flip = { op: 'flip', horizontal: true, vertical: false } as const;
    expect(drawnSize({ input, ops: [flip, resize(400, 100)] })).toBeNull();
    expect(drawnSize({ input, ops: [] })).toBeNull();
  });
});
