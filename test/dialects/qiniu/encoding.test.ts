import { describe, expect, it } from 'vitest';
import type { Header } from '../../../src/plan/header.ts';
import { base64, configWith, gopher, parseUrl, resolveUrl } from '../fop/scene.ts';
import { refusal } from '../native/sample-config.ts';

const config = configWith('qiniu');
const encodeOf = (chain: string, header: Partial<Header> = {}) =>
  resolveUrl(`/hotel/a.jpg?${chain}`, config, { ...gopher, ...header }).encode;
const wishOf = (chain: string) => parseUrl(`/hotel/a.jpg?${chain}`, config).plan.encode;
const codeOf = (chain: string) => refusal(() => parseUrl(`/hotel/a.jpg?${chain}`, config)).code;

describe('quality', () => {
  it.each([
    // min(given, min(90, source * sqrt(source area / result area))), unless the source is better than 90.
    ['imageView2/2/w/640', 85, 75],
    ['imageView2/2/w/640', 60, 60],
    ['imageView2/2/w/320', 30, 60],
    ['imageView2/2/w/640/q/90', 85, 85],
    ['imageView2/2/w/320/q/100', 85, 90],
    ['imageView2/2/w/640/q/95', 95, 95],
    ['imageView2/2/w/640/q/95!', 60, 95],
    ['imageMogr2/quality/50', 85, 50],
    ['imageMogr2/quality/90', 40, 40],
    ['imageMogr2/quality/90!', 40, 90],
    ['imageMogr2/strip', 85, 75],
  ])('%s of a source of %i is %i', (chain, source, quality) => {
    expect(encodeOf(chain, { quality: source }).quality).toBe(quality);
  });

  it('is 50 for AVIF where none is named', () => {
    expect(encodeOf('imageView2/2/w/640/format/avif', { quality: null }).quality).toBe(50);
  });

  it('of the last operation that names one holds', () => {
    expect(encodeOf('imageMogr2/quality/40|imageView2/2/w/640').quality).toBe(40);
    expect(encodeOf('imageMogr2/quality/40|imageView2/2/w/640/q/60').quality).toBe(60);
  });
});

describe('the format', () => {
  it.each([
    ['jpg', 'jpg'],
    ['jpeg', 'jpg'],
    ['png', 'png'],
    ['gif', 'gif'],
    ['webp', 'webp'],
    ['avif', 'avif'],
    ['tiff', 'tif'],
    ['bmp', 'bmp'],
  ])('%s', (name, format) => {
    expect(encodeOf(`imageView2/2/w/100/format/${name}`).format).toBe(format);
    expect(encodeOf(`imageMogr2/format/${name}`).format).toBe(format);
  });

  it('is the source’s where none is named', () => {
    expect(encodeOf('imageView2/2/w/100', { format: 'webp' }).format).toBe('webp');
  });

  it('without alpha is laid on white, or on the background', () => {
    expect(encodeOf('imageMogr2/format/jpg', { alpha: true, format: 'png' }).flatten).toBe('ffffffff');
    const encode = encodeOf(`imageMogr2/format/jpg/background/${base64('black')}`, { alpha: true, format: 'png' });
    expect(encode.flatten).toBe('000000ff');
  });

  it.each(['heic', 'psd'])('%s is refused', (name) => {
    expect(codeOf(`imageMogr2/format/${name}`)).toBe('operation_unsupported');
  });

  it.each(['JPG', 'exe', 'source', 'auto'])('%s is none', (name) => {
    expect(codeOf(`imageMogr2/format/${name}`)).toBe('bad_value');
  });
});

describe('colours', () => {
  it.each([
    ['white', undefined],
    ['none', '00000000'],
    ['gray', '7e7e7eff'],
    ['#ff8000', 'ff8000ff'],
    ['#FF800080', 'ff800080'],
  ])('%s is %s', (name, rgba) => {
    expect(wishOf(`imageMogr2/background/${base64(name)}`).background).toBe(rgba);
  });

  it.each(['#ff', 'mauve', 'ff8000', '\u00e9'])('%s is none', (name) => {
    expect(codeOf(`imageMogr2/background/${base64(name)}`)).toBe('bad_value');
  });

  it.each(['red', '!', '=', '_w', 'a'])('%s is no Base64 of one', (raw) => {
    expect(codeOf(`imageMogr2/background/${raw}`)).toBe('bad_value');
  });

  it('two of them cannot be told apart', () => {
    const [red, blue] = [base64('red'), base64('blue')];
    expect(codeOf(`imageMogr2/background/${red}/rotate/10|imageMogr2/background/${blue}/rotate/10`)).toBe(
      'operation_unsupported',
    );
  });
});

describe('how it is written', () => {
  it('is progressive only when told', () => {
    expect(wishOf('imageMogr2/interlace/1').progressive).toBe(true);
    expect(wishOf('imageMogr2/interlace/0').progressive).toBe(false);
    expect(wishOf('imageView2/2/w/10').progressive).toBe(false);
    expect(wishOf('imageView2/2/w/10/interlace/1').progressive).toBe(true);
  });

  it('keeps metadata unless it is stripped; behind imageView2 the configuration decides', () => {
    expect(wishOf('imageMogr2/thumbnail/10x').metadata).toBe('all');
    expect(wishOf('imageMogr2/thumbnail/10x/strip').metadata).toBe('none');
    expect(wishOf('imageView2/2/w/10').metadata).toBeUndefined();
    expect(wishOf('imageMogr2/strip|imageView2/2/w/10').metadata).toBe('none');
  });

  it.each([
    ['15k', 15_360],
    ['1m', 1_048_576],
    ['2M', 2_097_152],
  ])('takes at most %s', (limit, bytes) => {
    expect(wishOf(`imageMogr2/size-limit/${limit}`).bytesMax).toBe(bytes);
  });

  it.each([
    ['$(fsize)', 'operation_unsupported'],
    ['15k!', 'operation_unsupported'],
    ['$(fsize)!', 'operation_unsupported'],
    ['0k', 'bad_value'],
    ['15', 'bad_value'],
    ['k', 'bad_value'],
    ['999999999m', 'bad_value'],
    ['1.5m', 'bad_value'],
  ])('a limit of %s is refused', (limit, code) => {
    expect(codeOf(`imageMogr2/size-limit/${limit}`)).toBe(code);
  });
});
