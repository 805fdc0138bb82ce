import { describe, expect, it } from 'vitest';
import { codeOf } from '../../plan/resolve/scene.ts';
import { parseProcess, resolveActions, sizeAfter } from './mount.ts';

describe('resize', () => {
  it.each([
    ['resize,l_100', 400, 267, '100x67'],
    ['resize,s_100', 400, 267, '150x100'],
    ['resize,s_100,l_100', 400, 267, '100x67'],
    ['resize,l_100,s_100,m_fixed,limit_0', 400, 267, '100x100'],
    ['resize,w_10,h_10', 50, 50, '10x10'],
    ['resize,w_150,h_80,m_lfit', 200, 100, '150x75'],
    ['resize,w_150,h_80,m_mfit', 200, 100, '160x80'],
    ['resize,w_150,h_80,m_fill', 200, 100, '150x80'],
    ['resize,w_150,h_80,m_pad', 200, 100, '150x80'],
    ['resize,p_100', 100, 100, '100x100'],
    ['resize,p_50', 100, 100, '50x50'],
    ['resize,p_1000', 100, 100, '1000x1000'],
    ['resize,w_100,h_100,limit_0', 20, 20, '100x100'],
    ['resize,w_100,h_100,limit_1', 20, 20, '20x20'],
    ['resize,w_200,h_100,m_fixed/resize,w_150,h_100,m_lfit', 400, 300, '150x75'],
    ['resize,h_100', 400, 267, '150x100'],
  ])('%s on %ix%i gives the published size %s', (actions, width, height, expected) => {
    expect(sizeAfter(actions, width, height)).toBe(expected);
  });

  it.each([
    ['resize,m_lfit,w_500,h_300', 600, 400, '450x300'],
    ['resize,m_mfit,w_500,h_300', 600, 400, '500x333'],
    ['resize,m_lfit,w_900,h_800,limit_0', 600, 400, '900x600'],
    ['resize,m_mfit,w_900,h_800,limit_0', 600, 400, '1200x800'],
    ['resize,m_mfit,w_900,h_100', 600, 400, '600x400'],
    ['resize,m_fill,w_900,h_100', 600, 400, '600x100'],
    ['resize,m_fill,w_900,h_100,limit_0', 600, 400, '900x100'],
    ['resize,m_fixed,w_900,h_100', 600, 400, '600x100'],
    ['resize,m_fixed,w_900,h_100,limit_0', 600, 400, '900x100'],
    ['resize,m_pad,w_900,h_100,limit_0', 600, 400, '900x100'],
    ['resize,p_200,limit_1', 600, 400, '600x400'],
  ])('%s on %ix%i gives %s', (actions, width, height, expected) => {
    expect(sizeAfter(actions, width, height)).toBe(expected);
  });

  it.each([
    ['resize,m_fill,w_100', '100x100'],
    ['resize,m_pad,h_100', '100x100'],
    ['resize,m_fixed,l_100', '100x100'],
  ])('%s, with one side given, is a square', (actions, expected) => {
    expect(sizeAfter(actions, 600, 400)).toBe(expected);
  });

  it('width and height win over long and short', () => {
    expect(sizeAfter('resize,w_300,l_100,s_50', 600, 400)).toBe('300x200');
  });

  it('never enlarges unless it is told to', () => {
    for (const mode of ['lfit', 'mfit', 'fill', 'fixed']) {
      expect(sizeAfter(`resize,m_${mode},w_900,h_900`, 600, 400), mode).toBe('600x400');
    }
  });
});

describe('crop', () => {
  const extract = (left: number, top: number, width: number, height: number) => [
    { op: 'extract', left, top, width, height },
  ];

  it.each([
    ['nw', 10, 20],
    ['north', 160, 20],
    ['ne', 310, 20],
    ['west', 10, 104],
    ['center', 160, 104],
    ['sw', 10, 187],
  ])('at %s begins at the published origin and is moved right and down', (place, left, top) => {
    expect(resolveActions(`crop,w_100,h_100,x_10,y_20,g_${place}`, 400, 267).ops).toEqual(
      extract(left, top, Math.min(100, 400 - left), Math.min(100, 267 - top)),
    );
  });

  it.each([
    ['crop,x_10,y_10', [10, 10, 390, 257]],
    ['crop,w_100', [0, 0, 100, 267]],
    ['crop,w_0,h_50', [0, 0, 400, 50]],
    ['crop,w_100,h_100,g_se', [300, 167, 100, 100]],
    ['crop,w_100,h_100,g_se,x_30', [330, 167, 70, 100]],
    ['crop,w_100,h_100,x_350,y_200', [350, 200, 50, 67]],
  ] as const)('%s of 400x267 cuts %j', (actions, [left, top, width, height]) => {
    expect(resolveActions(actions, 400, 267).ops).toEqual(extract(left, top, width, height));
  });

  it('larger than the picture is all of it, wherever it is held', () => {
    expect(resolveActions('crop,x_0,y_0,w_10000,h_10000', 400, 267).ops).toEqual([]);
    expect(resolveActions('crop,w_10000,h_10000,g_center', 400, 267).ops).toEqual([]);
  });

  it.each(['crop,x_10000,y_10', 'crop,x_10,y_10000', 'crop,w_10,h_10,x_10,g_se'])('%s lies outside', (actions) => {
    expect(codeOf(() => resolveActions(actions, 400, 267))).toBe('operation_unsupported');
  });
});

describe('indexcrop', () => {
  it.each([
    ['indexcrop,x_100,i_0', '100x267'],
    ['indexcrop,x_100', '100x267'],
    ['indexcrop,y_100,i_2', '400x67'],
    ['indexcrop,x_250,i_1', '150x267'],
    ['indexcrop,x_10000,i_0', '400x267'],
    ['indexcrop,x_50,y_100,i_0', '400x100'],
  ])('%s of 400x267 is %s', (actions, expected) => {
    expect(sizeAfter(actions, 400, 267)).toBe(expected);
  });

  it('of a slice that there is not is refused', () => {
    expect(codeOf(() => resolveActions('indexcrop,x_100,i_100', 400, 267))).toBe('operation_unsupported');
  });
});

describe('circle and rounded-corners', () => {
  it.each([
    ['circle,r_100', 400, 267, '201x201'],
    ['circle,r_500', 400, 267, '267x267'],
    ['rounded-corners,r_100', 400, 267, '400x267'],
  ])('%s on %ix%i gives %s, white where JPEG has to show something', (actions, width, height, expected) => {
    const result = resolveActions(actions, width, height);
    expect(`${result.width}x${result.height}`).toBe(expected);
    expect(result.encode.flatten).toBe('ffffffff');
    expect(sizeAfter(`${actions}/format,png`, width, height)).toBe(expected);
    expect(resolveActions(`${actions}/format,png`, width, height).encode.flatten).toBeNull();
  });

  it('keeps the circle in the middle, of the radius that was asked for', () => {
    expect(resolveActions('circle,r_100', 400, 267).ops).toEqual([
      { op: 'extract', left: 100, top: 33, width: 201, height: 201 },
      { op: 'round', rx: 100.5, ry: 100.5 },
    ]);
  });
});

describe('turning', () => {
  it.each([
    ['rotate,90', '267x400'],
    ['rotate,180', '400x267'],
    ['rotate,360', '400x267'],
    ['rotate,0', '400x267'],
  ])('%s gives %s', (actions, expected) => {
    expect(sizeAfter(actions, 400, 267)).toBe(expected);
  });

  it('ignores the orientation unless told otherwise, and orients before all steps', () => {
    expect(sizeAfter('resize,w_100', 400, 200, { orientation: 6 })).toBe('100x50');
    expect(sizeAfter('resize,w_100/auto-orient,0', 400, 200, { orientation: 6 })).toBe('100x50');
    expect(sizeAfter('resize,w_100/auto-orient,1', 400, 200, { orientation: 6 })).toBe('100x200');
    expect(sizeAfter('auto-orient/resize,w_100', 400, 200, { orientation: 6 })).toBe('100x200');
  });

  it('may be told by the mount', () => {
    expect(parseProcess('image/resize,w_100', { autoOrient: true }).plan.decode.orient).toBe(true);
    expect(parseProcess('image/auto-orient,0', { autoOrient: true }).plan.decode.orient).toBe(false);
  });
});

describe('order', () => {
  it('is that of the URL', () => {
    expect(sizeAfter('crop,w_100,h_100/resize,w_50', 400, 200)).toBe('50x50');
    expect(sizeAfter('resize,w_50/crop,w_100,h_100', 400, 200)).toBe('50x25');
    expect(parseProcess('image/bright,5/contrast,-5/sharpen,100/rotate,90/blur,r_3,s_2').plan.steps).toEqual([
      { op: 'brightness', amount: 5 },
      { op: 'contrast', amount: -5 },
      { op: 'sharpen', sigma: 1 },
      { op: 'rotate', degrees: 90 },
      { op: 'blur', sigma: 1.64 },
    ]);
  });

  it('does not matter within an action', () => {
    expect(parseProcess('image/resize,h_2,w_1,m_fill').plan).toEqual(parseProcess('image/resize,m_fill,w_1,h_2').plan);
  });
});
