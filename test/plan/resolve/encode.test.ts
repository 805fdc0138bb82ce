import { describe, expect, it } from 'vitest';
import type { Options } from '../../../src/config/config.ts';
import type { Header } from '../../../src/plan/header.ts';
import type { EncodeWish, Step } from '../../../src/plan/plan.ts';
import { opaqueOf } from '../../../src/plan/resolve/format.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import { box, codeOf, makeContext, makeHeader, makeOptions, makePlan, makeResize } from './scene.ts';

const resolveWith = (
  encode: EncodeWish,
  header: Partial<Header> = {},
  options: Partial<Options> = {},
  steps: readonly Step[] = [],
) => resolve(makePlan({ encode, steps }), makeHeader(header), makeContext({ options: makeOptions(options) }));

const encodeOf = (...given: Parameters<typeof resolveWith>) => resolveWith(...given).encode;

const animation = { format: 'gif', frames: 3 } as const;

describe('format', () => {
  it.each([
    [{ format: 'source' }, { format: 'jpeg' }, 'jpg'],
    [{ format: 'source' }, { format: 'tiff' }, 'tif'],
    [{ format: 'source' }, { format: 'avif' }, 'avif'],
    [{ format: 'source' }, { format: 'bmp' }, 'bmp'],
    [{ format: 'source' }, { format: 'ico' }, 'png'],
    [{ format: 'source' }, { format: 'svg' }, 'png'],
    [{ format: 'auto', negotiated: 'avif' }, {}, 'avif'],
    [{ format: 'auto', negotiated: 'avif' }, animation, 'webp'],
    [{ format: 'auto', negotiated: 'webp' }, animation, 'webp'],
    [{ format: 'auto', negotiated: 'plain' }, {}, 'jpg'],
    [{ format: 'auto' }, {}, 'jpg'],
    [{ format: 'auto', negotiated: 'plain' }, { alpha: true }, 'png'],
    [{ format: 'auto', negotiated: 'plain' }, animation, 'gif'],
    [{ format: 'auto', negotiated: 'plain' }, { format: 'gif', alpha: true }, 'png'],
    [{ format: 'auto', negotiated: 'plain', lossless: true }, {}, 'png'],
  ] as const)('%j of %j is %s', (wish, header, expected) => {
    expect(encodeOf(wish, header).format).toBe(expected);
  });

  it('auto keeps the alpha of a translucent background that is really used', () => {
    const wish = { format: 'auto', negotiated: 'plain', background: '00000000' } as const;
    const pad = makeResize({ mode: 'pad', size: box(100, 100) });
    expect(encodeOf(wish, {}, {}, [pad])).toMatchObject({ format: 'png', flatten: null });
    expect(encodeOf(wish)).toMatchObject({ format: 'jpg', flatten: null });
  });
});

describe('quality', () => {
  it.each([
    ['jpg', 80],
    ['webp', 75],
    ['avif', 50],
    ['png', 0],
    ['gif', 0],
    ['tif', 0],
    ['bmp', 0],
  ] as const)('of %s is %i by default', (format, quality) => {
    expect(encodeOf({ format }).quality).toBe(quality);
  });

  it.each([
    [{ kind: 'absolute', value: 95 }, 60, 95],
    [{ kind: 'source-capped', value: 95 }, 60, 60],
    [{ kind: 'source-capped', value: 40 }, 60, 40],
    [{ kind: 'source-capped', value: 95 }, null, 95],
    [{ kind: 'corrected', value: 75 }, 95, 75],
    [{ kind: 'corrected', value: 75 }, null, 75],
    // a quarter of the area: 30 x 2 = 60
    [{ kind: 'corrected', value: 75 }, 30, 60],
    [{ kind: 'corrected', value: 100 }, 80, 90],
    [{ kind: 'corrected', value: 70 }, 80, 70],
  ] as const)('%j of a source of %s is %i', (quality, source, expected) => {
    const half = makeResize({ size: { by: 'percent', percent: 50 } });
    expect(encodeOf({ format: 'jpg', quality }, { quality: source }, {}, [half]).quality).toBe(expected);
  });

  it('means nothing without loss', () => {
    const wish = { quality: { kind: 'absolute', value: 60 }, lossless: true } as const;
    expect(encodeOf({ format: 'webp', ...wish })).toMatchObject({ quality: 0, lossless: true });
    expect(encodeOf({ format: 'avif', ...wish })).toMatchObject({ quality: 0, lossless: true });
    expect(encodeOf({ format: 'jpg', ...wish })).toMatchObject({ quality: 60, lossless: false });
    expect(encodeOf({ format: 'png', ...wish })).toEqual(encodeOf({ format: 'png' }));
  });

  it('from 90 on keeps full chroma in JPEG', () => {
    const chroma = (value: number) => encodeOf({ format: 'jpg', quality: { kind: 'absolute', value } }).fullChroma;
    expect([chroma(89), chroma(90)]).toEqual([false, true]);
    expect(encodeOf({ format: 'webp', quality: { kind: 'absolute', value: 95 } }).fullChroma).toBe(false);
  });
});

describe('tuning', () => {
  it('counts for its own format only', () => {
    const wish = {
      jpeg: { progressive: true, fullChroma: true, trellis: true, table: 3 },
      png: { interlaced: false, colours: 100 },
      webp: { compression: 'near', preset: 'photo' },
      avif: { fullChroma: true },
      progressive: false,
    } as const;
    const plain = (format: 'gif' | 'tif' | 'bmp') => [encodeOf({ format, ...wish }), encodeOf({ format })];
    for (const [tuned, untuned] of [plain('gif'), plain('tif'), plain('bmp')]) expect(tuned).toEqual(untuned);
    const tuned = { progressive: true, fullChroma: true, jpeg: { trellis: true, table: 3 } };
    expect(encodeOf({ format: 'jpg', ...wish })).toEqual({ ...encodeOf({ format: 'jpg' }), ...tuned });
    const quantised = { colours: 256, lossless: false };
    expect(encodeOf({ format: 'png', ...wish })).toEqual({ ...encodeOf({ format: 'png' }), ...quantised });
    const near = { webp: { near: true, preset: 'photo' } };
    expect(encodeOf({ format: 'webp', ...wish })).toEqual({ ...encodeOf({ format: 'webp' }), ...near });
    expect(encodeOf({ format: 'avif', ...wish })).toEqual({ ...encodeOf({ format: 'avif' }), fullChroma: true });
  });

  it.each([
    [2, 2],
    [3, 4],
    [5, 16],
    [16, 16],
    [17, 256],
    [256, 256],
  ])('a palette of %i colours has room for %i', (colours, room) => {
    expect(encodeOf({ format: 'png', png: { colours } }).colours).toBe(room);
  });

  it('searches the scans of progressive pictures only', () => {
    expect(encodeOf({ format: 'jpg', jpeg: { scans: true } })).toEqual(encodeOf({ format: 'jpg' }));
    expect(encodeOf({ format: 'jpg', jpeg: { scans: true, progressive: true } }).jpeg).toEqual({ scans: true });
  });

  it('lossless WebP is lossless, and otherwise untuned', () => {
    const tuned = encodeOf({ format: 'webp', webp: { compression: 'lossless', smartChroma: true } });
    expect(tuned).toEqual(encodeOf({ format: 'webp', lossless: true }));
  });

  it('a palette has eight bits a channel', () => {
    const wish = { format: 'png', deep: true } as const;
    expect(encodeOf(wish, { format: 'png', bitsPerChannel: 16 }).bits).toBe(16);
    expect(encodeOf({ ...wish, png: { colours: 9 } }, { format: 'png', bitsPerChannel: 16 }).bits).toBeUndefined();
  });
});

describe('a search for the quality', () => {
  const search = {
    by: 'dssim',
    target: 0.02,
    error: 0.001,
    min: { jpg: 70, avif: 40 },
    max: { jpg: 80, avif: 50 },
  } as const;

  it('begins at the best of its format', () => {
    const { quality, search: found } = encodeOf({ format: 'avif', search }, {}, { budgetEncodesMax: 4 });
    expect([quality, found]).toEqual([50, { by: 'dssim', target: 0.02, error: 0.001, min: 40, encodes: 4 }]);
  });

  it('is none for other formats, without loss, of animations and of large results', () => {
    expect(encodeOf({ format: 'webp', search })).toEqual(encodeOf({ format: 'webp' }));
    expect(encodeOf({ format: 'avif', search, lossless: true })).toEqual(encodeOf({ format: 'avif', lossless: true }));
    const bounds = { ...search, min: { webp: 60 }, max: { webp: 70 } };
    expect(encodeOf({ format: 'webp', search: bounds }, animation)).toEqual(encodeOf({ format: 'webp' }, animation));
    expect(encodeOf({ format: 'webp', search: { ...bounds, by: 'bytes' } }, animation).search?.min).toBe(60);
    const small = { ...search, pixelsMax: 599_999 };
    expect(encodeOf({ format: 'jpg', search: small })).toEqual(encodeOf({ format: 'jpg' }));
    expect(encodeOf({ format: 'jpg', search: { ...search, pixelsMax: 600_000 } }).search?.min).toBe(70);
  });

  it('by bytes knows no error', () => {
    const byBytes = (error: number) => encodeOf({ format: 'jpg', search: { ...search, by: 'bytes', error } });
    expect(byBytes(0.001).search).toEqual({ by: 'bytes', target: 0.02, min: 70, encodes: 5 });
    expect(byBytes(0.5)).toEqual(byBytes(0.001));
    const byLoss = (error: number) => encodeOf({ format: 'jpg', search: { ...search, error } });
    expect(byLoss(0.5)).not.toEqual(byLoss(0.001));
  });

  it.each([
    ['bytes', 80],
    ['dssim', 80],
    ['dssim', 90],
  ] as const)('by %s between 80 and a least quality of no less is none: it is that quality', (by, least) => {
    const wish: EncodeWish = { format: 'jpg', search: { ...search, by, min: { jpg: least }, max: { jpg: 80 } } };
    const fixed: EncodeWish = { format: 'jpg', quality: { kind: 'absolute', value: 80 } };
    expect(encodeOf(wish)).toEqual(encodeOf(fixed));
    // A search by bytes never goes below its least quality, not for a byte budget either.
    const budget = { bytesMax: 5000 };
    expect(encodeOf({ ...wish, ...budget })).toEqual(encodeOf(by === 'bytes' ? fixed : { ...fixed, ...budget }));
  });
});

describe('encode options', () => {
  const options = { webpEffort: 4, avifEffort: 1, pngCompression: 9, gifEffort: 7, progressive: true } as const;

  it.each([
    ['jpg', 0, true],
    ['webp', 4, false],
    ['avif', 1, false],
    ['png', 9, true],
    ['gif', 7, false],
    ['tif', 0, false],
  ] as const)('of %s: effort %i, progressive %s', (format, effort, progressive) => {
    expect(encodeOf({ format }, {}, options)).toMatchObject({ effort, progressive });
  });

  it('give way to the plan', () => {
    const wish = { format: 'jpg', progressive: false, metadata: 'all', bytesMax: 5000 } as const;
    expect(encodeOf(wish, {}, { progressive: true, metadata: 'copyright' })).toMatchObject({
      progressive: false,
      metadata: 'all',
      bytesMax: 5000,
    });
    expect(encodeOf({ format: 'jpg' }, {}, { metadata: 'copyright' })).toMatchObject({
      metadata: 'copyright',
      bytesMax: 0,
    });
  });

  it('a byte budget says how many encodes it may take, since they decide the bytes', () => {
    const wish = { format: 'webp', bytesMax: 5000 } as const;
    expect(encodeOf(wish, {}, { budgetEncodesMax: 3 })).toMatchObject({ bytesMax: 5000, budgetEncodes: 3 });
    expect(encodeOf({ format: 'webp' }, {}, { budgetEncodesMax: 3 })).not.toHaveProperty('budgetEncodes');
  });

  it.each([{ format: 'png' }, { format: 'gif' }, { format: 'tif' }, { format: 'webp', lossless: true }] as const)(
    'a byte budget means nothing for %j, which has no quality to lower',
    (wish) => {
      expect(encodeOf({ ...wish, bytesMax: 5000 })).toEqual(encodeOf(wish));
    },
  );
});

describe('background', () => {
  it.each([
    ['jpg', undefined, 'ffffffff'],
    ['jpg', '112233ff', '112233ff'],
    ['png', '112233ff', null],
    ['webp', undefined, null],
  ] as const)('alpha into %s with %s is flattened on %s', (format, background, flatten) => {
    const wish = background === undefined ? { format } : { format, background };
    expect(encodeOf(wish, { alpha: true }).flatten).toBe(flatten);
    expect(encodeOf(wish, { alpha: false }).flatten).toBeNull();
  });

  it('that is translucent lies on white where the format has no alpha', () => {
    expect(opaqueOf('00000000')).toBe('ffffffff');
    expect(opaqueOf('ff000080')).toBe('ff7f7fff');
    const pad = makeResize({ mode: 'pad', size: box(100, 100) });
    const ops = resolveWith({ format: 'jpg', background: '00000000' }, {}, {}, [pad]).ops;
    expect(ops.at(-1)).toMatchObject({ op: 'extend', background: 'ffffffff' });
  });
});

describe('an SVG that is kept', () => {
  const kept = (format: 'svg' | 'png', encode: object) => {
    const plan = makePlan({ encode: { format: 'preferred', ...encode } });
    return resolve(plan, makeHeader({ format, width: 10, height: 10 }), makeContext()).keep;
  };

  it('is one where the plan says so', () => {
    expect(kept('svg', { keepSource: ['svg'] })).toBe(true);
    expect(kept('svg', {})).toBeUndefined();
    expect(kept('svg', { keepSource: ['png'] })).toBeUndefined();
    expect(kept('png', { keepSource: ['svg'] })).toBeUndefined();
  });

  it('is the only one where nothing else may be', () => {
    expect(kept('svg', { keepSource: ['svg'], keepOnly: true })).toBe(true);
    expect(codeOf(() => kept('png', { keepSource: ['svg'], keepOnly: true }))).toBe('operation_unsupported');
  });
});
