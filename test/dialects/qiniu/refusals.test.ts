import { describe, expect, it } from 'vitest';
import { isNativePath } from '../../../src/dialects/native/native-path.ts';
import { configWith, parseUrl } from '../fop/scene.ts';
import { refusal } from '../native/sample-config.ts';

const config = configWith('qiniu');
const refuse = (chain: string) => refusal(() => parseUrl(`/hotel/a.jpg?${chain}`, config));

describe('a chain is refused', () => {
  it.each([
    // Operations
    ['imageFoo/1', 'bad_operation'],
    ['imageView/2/w/100', 'bad_operation'],
    ['imagemogr2/strip', 'bad_operation'],
    ['imageinfo', 'bad_operation'],
    ['constructor', 'bad_operation'],
    ['imageMogr2', 'bad_url'],
    ['imageMogr2/', 'bad_url'],
    ['imageMogr2/strip|', 'bad_url'],
    ['|imageMogr2/strip', 'bad_url'],
    ['imageMogr2/strip||imageMogr2/strip', 'bad_url'],
    ['imageMogr2/strip|imageInfo', 'bad_combination'],
    ['exif|imageMogr2/strip', 'bad_combination'],
    ['imageInfo/1', 'bad_combination'],
    ['imageAve|imageMogr2/strip', 'bad_combination'],
    ['imageAve/1', 'bad_combination'],
    ['imageslim/1', 'bad_url'],
    ['imageSlim', 'bad_operation'],
    ['imageMogr2/strip|saveas/x', 'operation_unsupported'],
    // The query
    ['imageMogr2/strip&imageMogr2/strip', 'bad_url'],
    ['imageMogr2/strip&', 'bad_url'],
    ['imageMogr2/strip&attname=a.jpg', 'bad_url'],
    ['imageMogr2/thumbnail/%2535p', 'bad_url'],
    ['imageMogr2/thumbnail/%', 'bad_url'],
    ['imageMogr2/thumbnail/%FF', 'bad_url'],
    ['imageMogr2/thumbnail/%20100x', 'bad_url'],
    ['imageMogr2/thumbnail/é', 'bad_url'],
    // imageView2
    ['imageView2', 'bad_value'],
    ['imageView2/6/w/100', 'bad_value'],
    ['imageView2/w/100', 'bad_value'],
    ['imageView2/q/70/format/webp', 'bad_value'],
    ['imageView2/1', 'bad_value'],
    ['imageView2/5/q/80', 'bad_value'],
    ['imageView2/2/w', 'bad_value'],
    ['imageView2/2/w/', 'bad_value'],
    ['imageView2/2/w/0', 'bad_value'],
    ['imageView2/2/w/10000', 'bad_value'],
    ['imageView2/2/w/-1', 'bad_value'],
    ['imageView2/2/w/1e2', 'bad_value'],
    ['imageView2/2/w/99999999999999999999', 'bad_value'],
    ['imageView2/2/w/NaN', 'bad_value'],
    ['imageView2/2/w/1.5', 'bad_value'],
    ['imageView2/2/w/100/w/200', 'bad_operation'],
    ['imageView2/2/width/100', 'bad_operation'],
    ['imageView2/2/w/100/q/0', 'bad_value'],
    ['imageView2/2/w/100/q/101', 'bad_value'],
    ['imageView2/2/w/100/q/!', 'bad_value'],
    ['imageView2/2/w/100/interlace/2', 'bad_value'],
    ['imageView2/2/w/100/colors/64', 'operation_unsupported'],
    ['imageView2/2/w/100/ignore-error/1', 'operation_unsupported'],
    ['imageView2/2/w/100/ignore-error/2', 'bad_value'],
    // imageMogr2
    ['imageMogr2/nothing/1', 'bad_operation'],
    ['imageMogr2/toString', 'bad_operation'],
    ['imageMogr2/strip/strip', 'bad_operation'],
    ['imageMogr2/auto-orient/1/strip', 'bad_operation'],
    ['imageMogr2/thumbnail', 'bad_value'],
    ['imageMogr2/thumbnail//strip', 'bad_value'],
    ['imageMogr2/thumbnail/x', 'bad_value'],
    ['imageMogr2/thumbnail/300', 'bad_value'],
    ['imageMogr2/thumbnail/!200', 'bad_value'],
    ['imageMogr2/thumbnail/0x100', 'bad_value'],
    ['imageMogr2/thumbnail/10000x', 'bad_value'],
    ['imageMogr2/thumbnail/300x200r', 'bad_value'],
    ['imageMogr2/thumbnail/!300xr', 'bad_value'],
    ['imageMogr2/thumbnail/300x!', 'bad_value'],
    ['imageMogr2/thumbnail/!300x200!', 'bad_value'],
    ['imageMogr2/thumbnail/!0p', 'bad_value'],
    ['imageMogr2/thumbnail/!1000p', 'bad_value'],
    ['imageMogr2/thumbnail/!x50px', 'bad_value'],
    ['imageMogr2/thumbnail/0@', 'bad_value'],
    ['imageMogr2/thumbnail/25000000@', 'bad_value'],
    ['imageMogr2/crop/0x100', 'bad_value'],
    ['imageMogr2/crop/x', 'bad_value'],
    ['imageMogr2/crop/300x300a10a10', 'bad_value'],
    ['imageMogr2/crop/!300x300a10', 'bad_value'],
    ['imageMogr2/crop/!300x300a10b10', 'bad_value'],
    ['imageMogr2/crop/!300x300a10000a0', 'bad_value'],
    ['imageMogr2/crop/!300x300-300a0', 'bad_value'],
    ['imageMogr2/gravity/Middle/crop/10x10', 'bad_value'],
    ['imageMogr2/rotate/0', 'bad_value'],
    ['imageMogr2/rotate/361', 'bad_value'],
    ['imageMogr2/rotate/-90', 'bad_value'],
    ['imageMogr2/rotate/4.5', 'bad_value'],
    ['imageMogr2/blur/3', 'bad_value'],
    ['imageMogr2/blur/0x1', 'bad_value'],
    ['imageMogr2/blur/51x1', 'bad_value'],
    ['imageMogr2/blur/3x0', 'bad_value'],
    ['imageMogr2/blur/3x1x1', 'bad_value'],
    ['imageMogr2/sharpen/2', 'bad_value'],
    ['imageMogr2/extent/300x', 'bad_value'],
    ['imageMogr2/border/2x2', 'operation_unsupported'],
    ['imageMogr2/density/300', 'operation_unsupported'],
    ['imageMogr2/colors/64', 'operation_unsupported'],
    ['imageMogr2/strip/ignore-error/1', 'operation_unsupported'],
    // roundPic
    ['roundPic', 'bad_combination'],
    ['roundPic/radiusx/10', 'bad_combination'],
    ['roundPic/radius/10/radiusx/10', 'bad_combination'],
    ['roundPic/radius/p', 'bad_value'],
    ['roundPic/radius/-1', 'bad_value'],
    ['roundPic/radius/!101p', 'bad_value'],
    ['roundPic/radiusx/10/radiusy/!10p', 'operation_unsupported'],
  ])('%s: %s', (chain, code) => {
    expect(refuse(chain).code).toBe(code);
  });

  it('when it has more steps than a plan may have', () => {
    const chain = Array.from({ length: 17 }, () => 'imageMogr2/rotate/90').join('|');
    expect(refuse(chain).code).toBe('bad_url');
  });

  it('where the picture is made upright after it was cut or turned', () => {
    expect(refuse('imageMogr2/crop/300x200/auto-orient').code).toBe('operation_unsupported');
    expect(refuse('imageMogr2/thumbnail/300x/auto-orient').code).toBe('operation_unsupported');
    expect(refuse('imageMogr2/rotate/90|imageView2/2/w/100').code).toBe('operation_unsupported');
  });

  it('never where turning first gives the same', () => {
    for (const first of ['thumbnail/!50p', 'thumbnail/300x300', 'thumbnail/9000@', 'blur/3x2', 'sharpen/1']) {
      expect(parseUrl(`/hotel/a.jpg?imageMogr2/${first}/auto-orient`, config).plan.decode.orient).toBe(true);
    }
    expect(parseUrl('/hotel/a.jpg?imageMogr2/auto-orient/rotate/90|imageView2/2/w/9', config).plan.steps).toHaveLength(
      2,
    );
  });
});

describe('what is not of this grammar', () => {
  it.each(['/hotel/a.jpg/~w_300.webp', '/hotel/a.jpg/%7Ew_300.webp'])('%s is left to our own', (path) => {
    expect(isNativePath(path)).toBe(true);
    expect(parseUrl(path, config).dialect).toBe('native');
  });

  it.each(['/hotel/a.jpg?x-oss-process=image/resize,w_100', '/hotel/a.jpg?op=fit', '/hotel', '/hotel/', '/'])(
    '%s is left to others',
    (url) => {
      expect(refusal(() => parseUrl(url, config)).code).toBe('not_found');
    },
  );
});
