import { describe, expect, it } from 'vitest';
import { compileProgram, explainProgram, type SourcePixels } from '../../src/plan/program.ts';
import type { ResolvedEncode, ResolvedOp } from '../../src/plan/resolved.ts';
import { makeResolved } from '../helpers/resolved.ts';

const white = 'ffffffff';
const orient: ResolvedOp = { op: 'orient', orientation: 6 };
const resize: ResolvedOp = { op: 'resize', width: 60, height: 40 };
const shrink: ResolvedOp = { op: 'resize', width: 15, height: 10 };
const crop: ResolvedOp = { op: 'extract', left: 10, top: 5, width: 30, height: 20 };
const flip: ResolvedOp = { op: 'flip', horizontal: true, vertical: false };
const flipDown: ResolvedOp = { op: 'flip', horizontal: false, vertical: true };
const pad: ResolvedOp = { op: 'extend', left: 1, top: 2, right: 3, bottom: 4, background: white };
const redPad: ResolvedOp = { ...pad, background: 'ff0000ff' };
const clearPad: ResolvedOp = { ...pad, background: 'ffffff00' };
const turn: ResolvedOp = { op: 'rotate', degrees: 90, background: white };
const tilt: ResolvedOp = { op: 'rotate', degrees: 33, background: white };
const blur: ResolvedOp = { op: 'blur', sigma: 2 };
const sharpen: ResolvedOp = { op: 'sharpen', sigma: 1 };
const grey: ResolvedOp = { op: 'grey' };
const bitonal: ResolvedOp = { op: 'bitonal', threshold: 128 };
const brighter: ResolvedOp = { op: 'brightness', amount: 20 };
const darker: ResolvedOp = { op: 'brightness', amount: -20 };
const contrast: ResolvedOp = { op: 'contrast', amount: 20 };
const duller: ResolvedOp = { op: 'saturation', amount: -20 };
const livelier: ResolvedOp = { op: 'saturation', amount: 20 };
const smart: ResolvedOp = { op: 'smartcrop', width: 30, height: 30, by: 'attention' };
const mark: ResolvedOp = {
  op: 'watermark',
  asset: 'logo',
  assetVersion: '1',
  left: 0,
  top: 0,
  width: 9,
  height: 9,
  opacity: 50,
};

type Setting = Readonly<{ pages?: number; pixels?: SourcePixels; encode?: Partial<ResolvedEncode> }>;
const compile = (ops: readonly ResolvedOp[], { pages = 1, pixels = 'rgb8', encode = {} }: Setting = {}) =>
  compileProgram(makeResolved({ input: { width: 120, height: 80, pages }, ops, encode }), pixels);
const lengths = (ops: readonly ResolvedOp[], setting?: Setting): readonly number[] =>
  compile(ops, setting).segments.map((segment) => segment.ops.length);

describe('compileProgram', () => {
  const oneChain: readonly (readonly ResolvedOp[])[] = [
    [],
    [resize],
    [orient, resize],
    [orient, crop, shrink],
    [orient, resize, crop, pad],
    [resize, crop, flip, turn, pad],
    [resize, pad, flip, turn],
    [crop, flip, shrink, tilt],
    [resize, tilt, crop, pad],
    [resize, blur, sharpen],
    [resize, grey, sharpen, mark, contrast],
    [resize, blur, bitonal],
    [resize, duller, grey, darker, contrast],
    [flip, smart, crop],
    [resize, mark, mark],
  ];
  it.each(oneChain.map((ops) => [ops.map((op) => op.op).join(', ') || 'nothing', ops] as const))(
    'takes one chain for %s',
    (_name, ops) => {
      expect(compile(ops).segments).toHaveLength(1);
    },
  );

  const split: readonly (readonly [readonly ResolvedOp[], readonly number[]])[] = [
    [
      [resize, { op: 'resize', width: 7, height: 7 }],
      [1, 1],
    ],
    [
      [resize, crop, { op: 'resize', width: 7, height: 7 }],
      [2, 1],
    ],
    [
      [brighter, resize],
      [1, 1],
    ],
    [
      [sharpen, blur],
      [1, 1],
    ],
    [
      [brighter, contrast],
      [1, 1],
    ],
    [[darker, contrast], [2]],
    [
      [livelier, sharpen],
      [1, 1],
    ],
    [[duller, sharpen], [2]],
    [
      [contrast, mark],
      [1, 1],
    ],
    [
      [pad, crop],
      [1, 1],
    ],
    [
      [tilt, turn],
      [1, 1],
    ],
    [
      [tilt, crop],
      [1, 1],
    ],
    [
      [smart, flip],
      [1, 1],
    ],
    [
      [bitonal, darker],
      [1, 1],
    ],
    [
      [blur, blur],
      [1, 1],
    ],
    [
      [blur, flip],
      [1, 1],
    ],
  ];
  it.each(split.map(([ops, expected]) => [ops.map((op) => op.op).join(', '), ops, expected] as const))(
    'splits %s where the order demands it',
    (_name, ops, expected) => {
      expect(lengths(ops)).toEqual(expected);
    },
  );

  it('scales before it turns, so that the decoder may shrink', () => {
    const [segment] = compile([orient, { op: 'resize', width: 40, height: 60 }]).segments;
    expect(segment).toMatchObject({ before: null, resize: { width: 60, height: 40 }, turn: { quarter: true } });
    expect(segment?.output).toEqual({ width: 40, height: 60 });
  });

  it('carries a crop of the turned picture to where it lies in the stored one', () => {
    const [segment] = compile([orient, { op: 'extract', left: 0, top: 0, width: 10, height: 20 }]).segments;
    // The top left of a picture that is turned clockwise comes from the bottom left.
    expect(segment?.before).toEqual({ left: 0, top: 70, width: 20, height: 10 });
  });

  it('scales to cover before a quarter turn, and crops by content behind it', () => {
    const segments = compile([orient, smart]).segments;
    expect(segments).toHaveLength(2);
    expect(segments[0]).toMatchObject({ resize: { width: 45, height: 30 }, turn: { quarter: true }, smartcrop: null });
    expect(segments[1]).toMatchObject({ input: { width: 30, height: 45 }, smartcrop: { width: 30, height: 30 } });
  });

  it('drops what does nothing', () => {
    const nothings: ResolvedOp[] = [
      { op: 'orient', orientation: 1 },
      { op: 'extract', left: 0, top: 0, width: 120, height: 80 },
      { op: 'resize', width: 120, height: 80 },
      { op: 'flip', horizontal: false, vertical: false },
      { op: 'rotate', degrees: 360, background: white },
      { op: 'extend', left: 0, top: 0, right: 0, bottom: 0, background: white },
      { op: 'blur', sigma: 0 },
      { op: 'sharpen', sigma: 0 },
      { op: 'brightness', amount: 0 },
      { op: 'contrast', amount: 0 },
      { op: 'saturation', amount: 0 },
    ];
    expect(lengths(nothings)).toEqual([0]);
  });

  describe('frames', () => {
    it('run together where nothing mixes them', () => {
      const { segments } = compile([crop, { op: 'resize', width: 15, height: 10 }, flip, pad, grey], { pages: 3 });
      expect(segments.map((segment) => segment.each)).toEqual([false]);
    });

    it.each([
      ['flip', flipDown],
      ['rotate', turn],
      ['blur', blur],
      ['sharpen', sharpen],
      ['watermark', mark],
      ['enlarge', { op: 'resize', width: 500, height: 10 }],
    ] as const)('%s runs frame by frame, between decoding and encoding them together', (_name, op) => {
      const { segments } = compile([op], { pages: 3 });
      expect(segments.map((segment) => segment.each)).toEqual([false, true, false]);
    });

    it('stay apart until the end once they are apart', () => {
      const { segments } = compile([resize, blur, pad, sharpen], { pages: 3 });
      expect(segments.map((segment) => segment.each)).toEqual([false, true, true, false]);
    });
  });

  describe('pixels that are not 8-bit RGB', () => {
    it('are made so before a background in colour', () => {
      expect(lengths([resize, redPad], { pixels: 'grey8' })).toEqual([1, 1]);
      expect(lengths([resize, pad], { pixels: 'grey8' })).toEqual([2]);
      expect(lengths([resize, pad], { pixels: 'deep' })).toEqual([1, 1]);
    });

    it('are made so before tones, if they are deep', () => {
      expect(lengths([resize, contrast], { pixels: 'deep' })).toEqual([1, 1]);
      expect(lengths([orient, crop, shrink, flip], { pixels: 'deep' })).toEqual([4]);
    });
  });

  describe('flattening', () => {
    const encode = { flatten: 'ffffffff' } as const;
    it('joins a chain that only moves, scales or blurs', () => {
      const { segments } = compile([orient, resize, pad, blur], { encode });
      expect(segments.map((segment) => segment.flatten)).toEqual(['ffffffff']);
    });

    it.each([
      ['a tone', [contrast]],
      ['a mix', [grey]],
      ['a watermark', [mark]],
      ['a padding that shines through', [clearPad]],
      ['a crop by content', [smart]],
    ] as const)('comes behind %s', (_name, ops) => {
      const { segments } = compile(ops, { encode });
      expect(segments.map((segment) => segment.flatten)).toEqual([null, 'ffffffff']);
    });
  });

  it.each([
    [[], 'source'],
    [[resize, pad], 'source'],
    [[resize, redPad], 'any'],
    [[mark], 'any'],
    [[grey], 'none'],
    [[grey, redPad], 'any'],
    [[redPad, bitonal], 'none'],
    [[grey, brighter], 'none'],
  ] as const)('knows whether colour can come out', (ops: readonly ResolvedOp[], colour) => {
    expect(compile(ops).colour).toBe(colour);
  });
});

describe('explainProgram', () => {
  it('says in words what shares a chain', () => {
    expect(explainProgram(compile([orient, { op: 'resize', width: 40, height: 60 }, brighter, blur]))).toEqual([
      'decode (may decode at reduced size), scale to 60x40, quarter turn clockwise, brightness 20, to raw pixels',
      'from raw pixels, blur 2, encode',
    ]);
  });

  it('says what runs frame by frame', () => {
    expect(explainProgram(compile([mark], { pages: 2 }))).toEqual([
      'decode, to raw pixels',
      'frame by frame: from raw pixels, watermark logo, to raw pixels',
      'from raw pixels, encode',
    ]);
  });
});

describe('marks in words', () => {
  const wordsOf = (op: ResolvedOp): string => explainProgram(compileProgram(makeResolved({ ops: [op] })))[0] ?? '';
  const wide = { across: 4, down: 3, stepX: 10, stepY: 10 };
  const axis = { by: 'start', gap: 0 } as const;

  it('say what a mark looks like', () => {
    const shadow = { sigma: 1, opacity: 50, dx: 0, dy: 0 };
    expect(wordsOf({ ...mark, degrees: 30, shadow, repeat: wide })).toContain(
      'watermark logo turned by 30 degrees with a shadow 4x3 times',
    );
    const text = { op: 'text', text: 'A', font: 'sans', fontVersion: '1', size: 40, colour: '000000ff' } as const;
    const place = { gravity: 'c', dx: 0, dy: 0, opacity: 100 } as const;
    expect(wordsOf({ ...text, ...place, tile: { x: axis, y: axis } })).toContain('text of 40 pixels in sans tiled');
  });

  it('that are repeated are never outside', () => {
    expect(wordsOf({ ...mark, left: -500, repeat: wide })).toContain('watermark logo');
    expect(wordsOf({ ...mark, left: -500 })).not.toContain('watermark logo');
  });
});
