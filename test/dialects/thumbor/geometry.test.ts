import { describe, expect, it } from 'vitest';
import { MountedGrammar } from '../mounted.ts';

const thumbor = new MountedGrammar('thumbor', { settings: { unsafe: true } });
const at = (options: string) => `/x/unsafe/${options}/a.jpg`;

/** The part of the source that is left, in its own pixels: where cover scales, what it crops is scaled back. */
function windowOf(options: string, width: number, height: number): readonly number[] {
  let box = { left: 0, top: 0, width, height };
  let scale = { x: 1, y: 1 };
  for (const op of thumbor.resolve(at(options), { width, height }).ops) {
    if (op.op === 'resize') scale = { x: (width * 1) / op.width, y: (height * 1) / op.height };
    if (op.op === 'extract') {
      box = { left: op.left * scale.x, top: op.top * scale.y, width: op.width * scale.x, height: op.height * scale.y };
    }
  }
  return [box.left, box.top, box.left + box.width, box.top + box.height];
}

describe('sizes', () => {
  it.each([
    ['300x200', 800, 600, '300x200'],
    ['300x200', 100, 50, '300x200'],
    ['300x200/filters:no_upscale()', 100, 50, '100x50'],
    ['300x200/filters:no_upscale()', 250, 1000, '250x200'],
    ['400x0', 800, 600, '400x300'],
    ['400x', 800, 600, '400x300'],
    ['x300', 800, 600, '400x300'],
    ['0x300', 800, 600, '400x300'],
    // thumbor drops what is behind the point.
    ['300x0', 691, 212, '300x92'],
    ['250x0', 600, 799, '250x332'],
    ['0x1', 200, 400, '1x1'],
    ['0x0', 800, 600, '800x600'],
    ['x', 800, 600, '800x600'],
    ['origxorig', 800, 600, '800x600'],
    ['400xorig', 800, 400, '400x400'],
    ['origx100', 800, 400, '800x100'],
    ['-300x-200', 800, 600, '300x200'],
    ['fit-in/400x100', 800, 400, '200x100'],
    ['fit-in/500x200', 1000, 250, '500x125'],
    ['fit-in/500x400', 200, 250, '200x250'],
    ['fit-in/500x400/filters:upscale()', 200, 250, '320x400'],
    ['fit-in/0x0', 200, 250, '200x250'],
    ['fit-in/origx100', 800, 400, '200x100'],
    ['fit-in/origx900', 800, 400, '800x400'],
    ['adaptive-fit-in/100x400', 800, 400, '200x100'],
    ['adaptive-fit-in/100x400', 400, 800, '100x200'],
    ['full-fit-in/400x100', 800, 400, '400x200'],
    ['full-fit-in/500x400', 200, 250, '500x625'],
    ['full-fit-in/500x400/filters:no_upscale()', 200, 250, '200x250'],
    ['full-fit-in/origx500', 800, 250, '1600x500'],
    ['full-fit-in/origx100', 800, 250, '800x250'],
    ['adaptive-full-fit-in/100x400', 800, 400, '400x200'],
    ['300x200/filters:stretch()', 800, 100, '300x200'],
    ['fit-in/300x200/filters:stretch()', 800, 100, '300x38'],
    ['filters:proportion(0.5)', 801, 601, '400x300'],
    ['filters:proportion(0.29)', 100, 100, '29x29'],
    ['filters:proportion(2)', 100, 100, '200x200'],
    ['filters:rotate(90)', 300, 200, '200x300'],
    ['fit-in/300x200/filters:fill(red)', 300, 100, '300x200'],
    ['fit-in/300x200/filters:fill(red)', 100, 50, '300x200'],
    ['full-fit-in/300x200/filters:fill(red)', 300, 100, '300x200'],
    ['adaptive-fit-in/300x200/filters:fill(red)', 100, 400, '200x300'],
    ['300x0/filters:fill(red)', 600, 400, '300x200'],
  ])('%s of %ix%i is %s', (options, width, height, size) => {
    expect(thumbor.sizeOf(at(options), width, height)).toBe(size);
  });

  it('a picture lies as its EXIF says only where the mount respects that', () => {
    const header = { width: 600, height: 400, orientation: 6 } as const;
    expect(thumbor.resolve(at('fit-in/300x300'), header)).toMatchObject({ width: 300, height: 200 });
    const upright = new MountedGrammar('thumbor', { settings: { unsafe: true, respectOrientation: true } });
    expect(upright.resolve(at('fit-in/300x300'), header)).toMatchObject({ width: 200, height: 300 });
  });
});

// What thumbor's own transformer crops, as left, top, right, bottom of the source: tests/fixtures/transformer_test_data.py.
describe('the part of the source that is kept', () => {
  it.each([
    ['150x400', 600, 800, [150, 0, 450, 800]],
    ['300x400', 600, 800, [0, 0, 600, 800]],
    ['150x300/center/bottom', 700, 300, [275, 0, 425, 300]],
    ['300x150/right/bottom', 700, 300, [100, 0, 700, 300]],
    ['300x150/left/bottom', 700, 300, [0, 0, 600, 300]],
    ['150x300/left/bottom', 700, 300, [0, 0, 150, 300]],
    ['150x300/right/bottom', 700, 300, [550, 0, 700, 300]],
    ['400x300/bottom', 800, 600, [0, 0, 800, 600]],
    ['300x150', 700, 300, [50, 0, 650, 300]],
    ['300x150/left', 700, 300, [0, 0, 600, 300]],
    ['300x150/right/middle', 700, 300, [100, 0, 700, 300]],
    ['200x600/left', 350, 700, [0, 0, 234, 700]],
    ['200x600', 350, 700, [58, 0, 292, 700]],
    ['200x600/right', 350, 700, [116, 0, 350, 700]],
    ['400x150/left/top', 800, 600, [0, 0, 800, 300]],
    ['400x150/center/top', 800, 600, [0, 0, 800, 300]],
    ['150x400/left/top', 600, 800, [0, 0, 300, 800]],
    ['150x400/center/top', 600, 800, [150, 0, 450, 800]],
    ['150x400/right/top', 600, 800, [300, 0, 600, 800]],
    ['400x15/right/top', 800, 60, [0, 0, 800, 30]],
    ['15x400/left/top', 60, 800, [0, 0, 30, 800]],
    ['15x400/center/top', 60, 800, [15, 0, 45, 800]],
    ['15x400/right/top', 60, 800, [30, 0, 60, 800]],
    ['4x2/top', 8, 6, [0, 0, 8, 4]],
    ['2x4/left/top', 6, 8, [0, 0, 4, 8]],
    ['2x4/top', 6, 8, [1, 0, 5, 8]],
    ['2x4/right/top', 6, 8, [2, 0, 6, 8]],
    ['400xorig', 800, 400, [200, 0, 600, 400]],
  ])('%s of %ix%i', (options, width, height, expected) => {
    // One pixel of the result is as near as two ways of rounding come.
    const pixel = Math.ceil(width / thumbor.resolve(at(options), { width, height }).width);
    windowOf(options, width, height).forEach((side, index) => {
      expect(Math.abs(side - (expected[index] ?? Number.NaN))).toBeLessThanOrEqual(pixel);
    });
  });

  it.each([
    ['10x20:110x120', [10, 20, 110, 120]],
    ['30x20:100x150', [30, 20, 100, 128]],
    ['0x0:0x0', [0, 0, 121, 128]],
    ['50x50:20x20', [0, 0, 121, 128]],
  ])('%s by hand, clipped to the source', (options, expected) => {
    expect(windowOf(options, 121, 128)).toEqual(expected);
  });

  it('what is cropped by hand is what is fitted', () => {
    expect(thumbor.sizeOf(at('100x100:500x300/fit-in/200x200'), 800, 600)).toBe('200x100');
  });

  it('smart looks at the content', () => {
    expect(thumbor.resolve(at('300x200/smart'), { width: 800, height: 800 }).ops).toEqual([
      { op: 'smartcrop', width: 300, height: 200, by: 'attention' },
    ]);
  });
});

describe('order', () => {
  it('crop, resize, flip, then the filters as they stand', () => {
    const { steps } = thumbor.parse(at('0x0:9x9/-8x8/filters:blur(2):grayscale():rotate(90):blur(1)')).plan;
    expect(steps.map((step) => step.op)).toEqual(['region', 'resize', 'flip', 'blur', 'grey', 'rotate', 'blur']);
  });

  it('the order of drawing filters matters, that of settings does not', () => {
    const plan = (filters: string) => thumbor.parse(at(`300x200/filters:${filters}`)).plan;
    expect(plan('blur(2):grayscale()')).not.toEqual(plan('grayscale():blur(2)'));
    expect(plan('quality(50):format(png):blur(2)')).toEqual(plan('blur(2):format(png):quality(50)'));
  });
});
