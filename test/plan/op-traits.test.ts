import { describe, expect, it } from 'vitest';
import { traitsOf } from '../../src/plan/op-traits.ts';
import type { ResolvedOp } from '../../src/plan/resolved.ts';

const size = { width: 40, height: 30 };
const box = { width: 20, height: 10 };
const ops: readonly ResolvedOp[] = [
  { op: 'orient', orientation: 6 },
  { op: 'extract', left: 0, top: 0, ...box },
  { op: 'resize', ...box },
  { op: 'smartcrop', ...box, by: 'entropy' },
  { op: 'extend', left: 1, top: 2, right: 3, bottom: 4, background: 'ff0000ff' },
  { op: 'flip', horizontal: false, vertical: true },
  { op: 'rotate', degrees: 90, background: 'ffffffff' },
  { op: 'rotate', degrees: 30, background: 'ff0000ff' },
  { op: 'blur', sigma: 1 },
  { op: 'sharpen', sigma: 1 },
  { op: 'unsharp', amount: 1 / 24 },
  { op: 'grey' },
  { op: 'bitonal', threshold: 9 },
  { op: 'brightness', amount: 5 },
  { op: 'contrast', amount: 5 },
  { op: 'saturation', amount: 5 },
  { op: 'watermark', asset: 'a', assetVersion: '1', left: 0, top: 0, ...box, opacity: 50 },
];

const named = (hold: (op: ResolvedOp) => boolean): string[] => [
  ...new Set(ops.filter(hold).map(({ op }) => op as string)),
];

describe('the traits of an op', () => {
  it('say which ops carry pixels from frame to frame', () => {
    expect(named((op) => traitsOf(op).mixesFrames(op, size))).toEqual([
      'orient',
      'smartcrop',
      'flip',
      'rotate',
      'blur',
      'sharpen',
      'unsharp',
      'watermark',
    ]);
    const larger = { op: 'resize', width: 41, height: 3 } as const;
    expect(traitsOf(larger).mixesFrames(larger, size)).toBe(true);
  });

  it('say which ops keep the picture whole', () => {
    expect(named((op) => traitsOf(op).needsWhole(op))).toEqual(['orient', 'smartcrop', 'flip', 'rotate', 'watermark']);
  });

  it('say which ops fill with a colour: an odd rotation, not a quarter turn', () => {
    expect(ops.filter((op) => traitsOf(op).background(op) !== null)).toEqual([ops[4], ops[7]]);
  });

  it('give the size behind the op; toning leaves it alone', () => {
    for (const op of ops) {
      const after = traitsOf(op).sizeAfter(op, size);
      if (traitsOf(op).tones) expect(after).toEqual(size);
    }
    expect(ops.slice(0, 7).map((op) => traitsOf(op).sizeAfter(op, size))).toEqual([
      { width: 30, height: 40 },
      box,
      box,
      box,
      { width: 44, height: 36 },
      size,
      { width: 30, height: 40 },
    ]);
  });
});
