import { describe, expect, it } from 'vitest';
import type { Header } from '../../../src/plan/header.ts';
import { configWith, publishedSizes, resolverOf, sizerOf } from '../fop/scene.ts';

const config = configWith('qiniu', { settings: { ignoreError: 'pass' } });
const resolved = resolverOf(config);
const sizeOf = sizerOf(config);

describe('the published vectors on 640x427', () => {
  it.each<readonly [string, string]>([
    ...publishedSizes,
    ['imageMogr2/thumbnail/200x300%3E', '200x133'],
    ['imageMogr2/thumbnail/700x600%3C', '700x467'],
  ])('%s gives %s', (chain, size) => {
    expect(sizeOf(chain)).toBe(size);
  });

  it.each([
    ['crop/!300x300a30a100', { left: 30, top: 100, width: 300, height: 300 }],
    ['crop/!300x300a30-100', { left: 30, top: 0, width: 300, height: 200 }],
    ['crop/!300x300-30a100', { left: 0, top: 100, width: 270, height: 300 }],
    ['crop/!300x300-30-100', { left: 0, top: 0, width: 270, height: 200 }],
  ])('%s takes its window', (chain, window) => {
    expect(resolved(`imageMogr2/${chain}`).ops).toEqual([{ op: 'extract', ...window }]);
  });

  it.each([
    ['NorthWest', 0, 0],
    ['North', 170, 0],
    ['NorthEast', 340, 0],
    ['West', 0, 64],
    ['Center', 170, 64],
    ['East', 340, 64],
    ['SouthWest', 0, 127],
    ['South', 170, 127],
    ['SouthEast', 340, 127],
  ])('gravity %s holds the window at %i,%i', (gravity, left, top) => {
    const { ops } = resolved(`imageMogr2/gravity/${gravity}/crop/300x300`);
    expect(ops).toEqual([{ op: 'extract', left, top, width: 300, height: 300 }]);
  });

  it('a limit of pixels that the picture keeps leaves it as it is', () => {
    expect(sizeOf('imageMogr2/thumbnail/350000@')).toBe('640x427');
    const { width, height } = resolved('imageMogr2/thumbnail/20000@');
    expect(width * height).toBeLessThanOrEqual(20_000);
    expect(width * height).toBeGreaterThan(19_700);
  });
});

describe('URLs from the wild', () => {
  it.each([
    ['imageMogr2/auto-orient/strip|imageView2/2/w/1240', '640x427'],
    ['imageMogr2/auto-orient/strip%7CimageView2/2/w/240', '240x160'],
    ['imageView2/1/w/120/h/120', '120x120'],
    ['imageMogr2/thumbnail/!200x100r/gravity/Center/crop/200x100/quality/50', '200x100'],
    ['imageMogr2/auto-orient/format/webp/quality/80!/ignore-error/1', '640x427'],
    ['imageMogr2/sharpen/1%7CimageView2/2/w/300/q/70/format/webp', '300x200'],
    ['imageMogr2/crop/!300x300a0a0/thumbnail/100x', '100x100'],
  ])('%s gives %s', (chain, size) => {
    expect(sizeOf(chain)).toBe(size);
  });
});

describe('imageView2', () => {
  it.each([
    // Long and short side, whichever way the picture lies.
    ['0/w/200/h/100', 600, 400, '150x100'],
    ['0/w/200/h/100', 400, 600, '100x150'],
    ['0/w/200', 400, 600, '133x200'],
    ['0/h/100', 400, 600, '100x150'],
    ['1/w/200/h/100', 400, 600, '200x100'],
    ['1/w/200', 400, 600, '200x200'],
    ['1/h/200', 400, 600, '200x200'],
    ['2/w/200/h/100', 400, 600, '67x100'],
    ['3/w/200/h/100', 400, 600, '200x300'],
    ['3/w/200', 400, 600, '200x300'],
    ['4/w/300/h/100', 400, 600, '200x300'],
    ['4/h/200', 400, 600, '200x300'],
    ['5/w/300/h/100', 400, 600, '100x300'],
    ['5/w/300', 400, 600, '300x300'],
  ])('%s on %ix%i gives %s', (rest, width, height, size) => {
    expect(sizeOf(`imageView2/${rest}`, { width, height })).toBe(size);
  });

  it.each([0, 1, 2, 3, 4, 5])('mode %i never enlarges', (mode) => {
    const { width, height } = resolved(`imageView2/${mode}/w/2000/h/1000`);
    expect(width).toBeLessThanOrEqual(640);
    expect(height).toBeLessThanOrEqual(427);
  });

  it('covers as far as a smaller picture reaches', () => {
    expect(sizeOf('imageView2/1/w/300/h/600', { width: 400, height: 500 })).toBe('300x500');
  });

  it('makes upright, and imageMogr2 only when told', () => {
    const lying: Partial<Header> = { width: 640, height: 427, orientation: 6 };
    expect(sizeOf('imageView2/2/w/200', lying)).toBe('200x300');
    expect(sizeOf('imageMogr2/thumbnail/200x', lying)).toBe('200x133');
    expect(sizeOf('imageMogr2/auto-orient/thumbnail/200x', lying)).toBe('200x300');
  });

  it('without a side, where that may be left out, only converts', () => {
    expect(sizeOf('imageView2/0/format/webp')).toBe('640x427');
    expect(sizeOf('imageView2/2/q/60')).toBe('640x427');
  });
});

describe('imageMogr2 runs from left to right', () => {
  it('crops before it scales, or after', () => {
    expect(sizeOf('imageMogr2/crop/300x300/thumbnail/150x')).toBe('150x150');
    expect(sizeOf('imageMogr2/thumbnail/150x/crop/300x300')).toBe('150x100');
  });

  it('turns before it scales, or after', () => {
    expect(sizeOf('imageMogr2/rotate/90/thumbnail/200x')).toBe('200x300');
    expect(sizeOf('imageMogr2/thumbnail/200x/rotate/90')).toBe('133x200');
  });

  it('gravity means what stands behind it', () => {
    expect(resolved('imageMogr2/crop/300x300/gravity/SouthEast').ops).toEqual(
      resolved('imageMogr2/gravity/NorthWest/crop/300x300').ops,
    );
  });

  it('chains go on with what they have', () => {
    expect(sizeOf('imageMogr2/auto-orient/crop/300x300|imageView2/2/w/100|imageMogr2/rotate/90')).toBe('100x100');
    expect(sizeOf('imageView2/1/w/200/h/100|imageMogr2/thumbnail/!50p')).toBe('100x50');
  });
});

describe('imageMogr2', () => {
  it.each([
    ['thumbnail/!50px', '320x427'],
    ['thumbnail/!x50p', '640x214'],
    ['thumbnail/!200p', '1280x854'],
    ['thumbnail/1000x>', '640x427'],
    ['thumbnail/x100>', '150x100'],
    ['thumbnail/200x300<', '640x427'],
    ['thumbnail/700x300<', '640x427'],
    ['thumbnail/!300x300', '300x200'],
    ['crop/1000x1000', '640x427'],
    ['gravity/East/crop/!300x300-30a0', '270x300'],
    ['crop/!x300-30a0', '610x300'],
    ['rotate/90', '427x640'],
    ['rotate/180', '640x427'],
    ['rotate/360', '640x427'],
    ['extent/700x500', '700x500'],
    ['extent/300x500', '300x500'],
  ])('%s gives %s', (options, size) => {
    expect(sizeOf(`imageMogr2/${options}`)).toBe(size);
  });

  it('an offset moves the window in from the edge of the gravity', () => {
    expect(resolved('imageMogr2/gravity/SouthEast/crop/!300x300a30a20').ops).toEqual([
      { op: 'extract', left: 310, top: 107, width: 300, height: 300 },
    ]);
  });

  it('turns clockwise on the background that it is told, else on white', () => {
    expect(resolved('imageMogr2/rotate/45').ops).toEqual([{ op: 'rotate', degrees: 45, background: 'ffffffff' }]);
    const red = Buffer.from('#FF0000').toString('base64url');
    expect(resolved(`imageMogr2/background/${red}/rotate/45`).ops).toEqual([
      { op: 'rotate', degrees: 45, background: 'ff0000ff' },
    ]);
    expect(resolved(`imageMogr2/background/${red}/extent/700x427`).ops).toEqual([
      { op: 'extend', left: 0, top: 0, right: 60, bottom: 0, background: 'ff0000ff' },
    ]);
  });

  it.each(['rotate/45/background/RED', 'rotate/45|imageMogr2/background/RED'])(
    'the background of %s holds for all',
    (text) => {
      const chain = `imageMogr2/${text.replace('RED', Buffer.from('red').toString('base64url'))}`;
      expect(resolved(chain).ops).toEqual([{ op: 'rotate', degrees: 45, background: 'ff0000ff' }]);
      expect(resolved(chain.replace('rotate/45', 'extent/700x427')).ops).toEqual([
        { op: 'extend', left: 0, top: 0, right: 60, bottom: 0, background: 'ff0000ff' },
      ]);
    },
  );

  it('blurs with what the radius leaves of the sigma', () => {
    expect(resolved('imageMogr2/blur/50x5').ops).toEqual([{ op: 'blur', sigma: 5 }]);
    // Seven equal weights: the square root of (9 + 4 + 1 + 0 + 1 + 4 + 9) / 7.
    expect(resolved('imageMogr2/blur/3x1000').ops).toEqual([{ op: 'blur', sigma: 2 }]);
  });

  it('sharpens when told', () => {
    expect(resolved('imageMogr2/sharpen/1').ops).toEqual([{ op: 'sharpen', sigma: 1 }]);
    expect(resolved('imageMogr2/sharpen/0').ops).toEqual([]);
  });
});

describe('roundPic', () => {
  it.each([
    ['radius/50', { rx: 50, ry: 50 }],
    ['radius/!25p', { rx: 106.75, ry: 106.75 }],
    ['radius/!80p', { rx: 213.5, ry: 213.5 }],
    ['radius/9999', { rx: 320, ry: 213.5 }],
    ['radiusx/100/radiusy/50', { rx: 100, ry: 50 }],
  ])('%s rounds the corners, as PNG', (options, radii) => {
    const { ops, encode } = resolved(`roundPic/${options}`);
    expect(ops).toEqual([{ op: 'round', ...radii }]);
    expect(encode.format).toBe('png');
  });

  it('with half of a square is a circle', () => {
    expect(resolved('imageView2/1/w/200/h/200|roundPic/radius/!50p').ops.at(-1)).toEqual({
      op: 'round',
      rx: 100,
      ry: 100,
    });
  });
});
