import { describe, expect, it } from 'vitest';
import { base64, configWith, parseUrl } from '../fop/scene.ts';
import { refusal } from '../native/sample-config.ts';

const url = 'http://www.example.com/logo.png';
const config = configWith('qiniu', { settings: { watermarks: { [url]: 'logo' } } });
const stepsOf = (chain: string) => parseUrl(`/hotel/a.jpg?${chain}`, config).plan.steps;
const codeOf = (chain: string) => refusal(() => stepsOf(chain)).code;
const logo = base64(url);

describe('watermark/1', () => {
  it('is fully opaque and ten pixels from the lower right corner unless told otherwise', () => {
    expect(stepsOf(`watermark/1/image/${logo}`)).toEqual([
      { op: 'watermark', asset: 'logo', gravity: 'se', dx: 10, dy: 10, opacity: 100, scalePercent: 0 },
    ]);
  });

  it('takes the name of an asset, padded Base64 and options in any order', () => {
    const steps = stepsOf('watermark/1/image/bG9nbw==/dy/3/dx/2/gravity/NorthWest/dissolve/50');
    expect(steps).toEqual([
      { op: 'watermark', asset: 'logo', gravity: 'nw', dx: 2, dy: 3, opacity: 50, scalePercent: 0 },
    ]);
    expect(stepsOf('watermark/1/image/bG9nbw/dissolve/50/gravity/NorthWest/dx/2/dy/3')).toEqual(steps);
  });

  it('is sized by the width of the picture', () => {
    expect(stepsOf(`watermark/1/image/${logo}/ws/0.25/wst/2`)).toMatchObject([{ scalePercent: 25 }]);
  });

  it('comes where it stands', () => {
    expect(stepsOf(`imageView2/2/w/100|watermark/1/image/${logo}`).map(({ op }) => op)).toEqual([
      'resize',
      'watermark',
    ]);
  });

  it.each([
    [`watermark/1/image/${base64('http://www.example.com/other.png')}`, 'bad_value'],
    [`watermark/1/image/${base64('constructor')}`, 'bad_value'],
    ['watermark/1/image/***', 'bad_value'],
    ['watermark/1', 'bad_value'],
    ['watermark/1/dissolve/50', 'bad_value'],
    ['watermark/4/image/bG9nbw', 'bad_value'],
    ['watermark', 'bad_value'],
    ['watermark/1/image/bG9nbw/dissolve/0', 'bad_value'],
    ['watermark/1/image/bG9nbw/dissolve/101', 'bad_value'],
    ['watermark/1/image/bG9nbw/dx/-1', 'bad_value'],
    ['watermark/1/image/bG9nbw/gravity/Top', 'bad_value'],
    ['watermark/1/image/bG9nbw/ws/2/wst/2', 'bad_value'],
    ['watermark/1/image/bG9nbw/ws/0.5/wst/4', 'bad_value'],
    ['watermark/1/image/bG9nbw/image/bG9nbw', 'bad_operation'],
    ['watermark/1/image/bG9nbw/size/2', 'bad_operation'],
    ['watermark/1/image/bG9nbw/ws/0.5', 'operation_unsupported'],
    ['watermark/2/text/bG9nbw', 'bad_value'],
    ['watermark/2/image/bG9nbw', 'bad_value'],
    ['watermark/1/text/bG9nbw', 'bad_value'],
    ['watermark/2/text/bG9nbw/font/bG9nbw', 'bad_value'],
    ['watermark/2/text/bG9nbw/font/c2Fucw/fontsize/10', 'bad_value'],
    ['watermark/2/text/bG9nbw/font/c2Fucw/ws/1', 'bad_operation'],
  ])('%s: %s', (chain, code) => {
    expect(codeOf(chain)).toBe(code);
  });
});

describe('watermark/3', () => {
  it('puts several pictures on in their order, each with its own options', () => {
    expect(stepsOf(`watermark/3/image/${logo}/dx/1/image/bG9nbw/gravity/North/dx/2`)).toMatchObject([
      { asset: 'logo', gravity: 'se', dx: 1, dy: 10 },
      { asset: 'logo', gravity: 'n', dx: 2, dy: 10 },
    ]);
  });

  it('does not take a value for a name', () => {
    const image = base64('image');
    expect(codeOf(`watermark/3/image/${image}/image/bG9nbw`)).toBe('bad_value');
    expect(codeOf('watermark/3/image/bG9nbw/dx/image/bG9nbw')).toBe('bad_operation');
  });
});

describe('watermark/2', () => {
  const fonts = configWith('qiniu', { settings: { fonts: { 宋体: 'sans' } } });
  const textOf = (chain: string) => parseUrl(`/hotel/a.jpg?${chain}`, fonts).plan.steps;
  const hello = { op: 'text', text: '七牛', font: 'sans', size: 12, colour: '000000ff', gravity: 'se', dx: 10, dy: 10 };

  it('is twelve pixels high and black unless told otherwise', () => {
    expect(textOf(`watermark/2/text/${base64('七牛')}`)).toEqual([{ ...hello, opacity: 100 }]);
  });

  it('is told its size in twentieths, its colour and its font in Base64', () => {
    const options = `font/${base64('sans')}/fontsize/500/fill/${base64('#EF2F2F')}/dissolve/85/gravity/NorthWest/dx/1/dy/2`;
    expect(textOf(`watermark/2/text/${base64('七牛')}/${options}`)).toEqual([
      { ...hello, size: 25, colour: 'ef2f2fff', opacity: 85, gravity: 'nw', dx: 1, dy: 2 },
    ]);
  });

  it('stands beside pictures in watermark/3', () => {
    expect(textOf(`watermark/3/text/${base64('七牛')}/dx/3/image/bG9nbw/text/${base64('b')}`)).toMatchObject([
      { op: 'text', dx: 3 },
      { op: 'watermark', asset: 'logo' },
      { op: 'text', text: 'b' },
    ]);
  });
});
