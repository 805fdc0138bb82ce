import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ErrorCode, PileusError } from '../../../src/shared/errors.ts';
import { givesPlanOrRefusal } from '../laws.ts';
import { refusal } from '../native/sample-config.ts';
import { formattedAt, mounting, mountOf, parseAt } from '../oss/mount.ts';

const mount = (settings = {}, namespace: string | null = 'hotel') =>
  mounting(mountOf('nephele-2015', namespace, '/images', settings));
const parse = (suffix: string, defaults = {}) =>
  parseAt(`/images/fd/hotel/g1/ab_${suffix}`, mount({ defaults: { logos: { Water: 'logo' }, ...defaults } }));
const refusedAs = (suffix: string, defaults = {}): ErrorCode => refusal(() => parse(suffix, defaults)).code;

const mark = { op: 'watermark', asset: 'logo', gravity: 'se', dx: 0, dy: 0, opacity: 100, scalePercent: 0 };

describe('paths', () => {
  it('name the source by what stands before the suffix, with the extension of the result', () => {
    expect(parse('R_300_200_Q80.jpg')).toMatchObject({
      dialect: 'nephele-2015',
      source: { ns: 'hotel', key: 'fd/hotel/g1/ab.jpg' },
      plan: { view: 'image', decode: { orient: false } },
    });
    expect(parse('R_300_200.Jpg').source.key).toBe('fd/hotel/g1/ab.Jpg');
    expect(parseAt('/images/tg/%E4%B8%AD_W_9_0.png', mount()).source.key).toBe('tg/中.png');
  });

  it('take the first part as the namespace where the mount has none', () => {
    const at = mount({ open: true }, null);
    expect(parseAt('/images/fd/hotel/g1/ab_R_1_1.jpg', at).source).toEqual({ ns: 'fd', key: 'hotel/g1/ab.jpg' });
    expect(refusal(() => parseAt('/images/nowhere/ab_R_1_1.jpg', at)).code).toBe('not_found');
  });

  it('have one suffix, the last; what looks like one before it belongs to the name', () => {
    expect(parse('R_10_10_R_20_20.jpg').source.key).toBe('fd/hotel/g1/ab_R_10_10.jpg');
    expect(parse('R_10_10/x_R_20_20.jpg').source.key).toBe('fd/hotel/g1/ab_R_10_10/x.jpg');
  });

  it('without a suffix are originals', () => {
    for (const name of ['ab.jpg', 'ab_R_300.jpg', 'ab_J_300_200.jpg', 'ab_R_300_200_X.jpg', 'ab_R_1_1_Q80_R90.jpg']) {
      const parsed = parseAt(`/images/fd/hotel/${name}`, mount());
      expect([parsed.plan.view, parsed.source.key]).toEqual(['original', `fd/hotel/${name}`]);
    }
  });

  it.each([
    ['/images/fd/hotel/ab', 'bad_url'],
    ['/images/fd/hotel/ab_R_1_1', 'bad_url'],
    ['/images/fd/hotel/ab_R_1_1.webp', 'bad_url'],
    ['/images/fd/hotel/ab_R_1_1.JPG', 'bad_url'],
    ['/images/fd/hotel/ab_R_1_1.jpg/', 'bad_url'],
    ['/images/fd/hotel/ab_R_1_1.jpg?', 'bad_url'],
    ['/images/fd/hotel/ab_R_1_1.jpg?v=1', 'bad_url'],
    ['/images', 'bad_url'],
    ['/images/fd/hotel/g1/ab_Source.jpg', 'not_found'],
    ['/images/fd/../ab_R_1_1.jpg', 'bad_key'],
    ['/images/fd//ab_R_1_1.jpg', 'bad_key'],
    ['/images/fd/hotel/ab_D.jpg', 'operation_unsupported'],
    ['/images/fd/hotel/ab_R_1_1_D.jpg', 'operation_unsupported'],
    ['/images/fd/hotel/ab_R_1_1_Q80_MWater_1_D.jpg', 'operation_unsupported'],
  ])('%s is refused as %s', (path, code) => {
    expect(refusal(() => parseAt(path, mount())).code).toBe(code);
  });

  it('leave native ones to the native grammar', () => {
    const at = mounting(mountOf('nephele-2015', 'hotel', '/hotel'));
    expect(parseAt('/hotel/ab_R_1_1.jpg/~w_300.webp', at).dialect).toBe('native');
  });
});

describe('suffixes', () => {
  it.each([
    ['R_9_9.jpg', [], { format: 'jpg', quality: { kind: 'absolute', value: 86 } }],
    ['R_9_9.jpeg', [], { format: 'jpg' }],
    ['R_9_9.png', [], { format: 'png' }],
    ['R_9_9.gif', [], { format: 'gif' }],
    ['R_9_9_Q80.jpg', [], { quality: { kind: 'absolute', value: 80 } }],
    ['R_9_9_R90.jpg', [{ op: 'rotate', degrees: 90 }], {}],
    ['R_9_9_Cabc.jpg', [], {}],
    ['R_9_9_M.jpg', [], {}],
    ['R_9_9_MWater.jpg', [mark], {}],
    ['R_9_9_MWater_1.jpg', [{ ...mark, gravity: 'nw' }], {}],
    ['R_9_9_MWater_6.jpg', [{ ...mark, gravity: 'e' }], {}],
    ['R_9_9_R30_MWater.jpg', [{ ...mark, opacity: 30 }], {}],
    [
      'R_9_9_R90_Cx_Q80_MWater_5.jpg',
      [
        { ...mark, gravity: 'c' },
        { op: 'rotate', degrees: 90 },
      ],
      {},
    ],
  ])('%s', (suffix, others, encode) => {
    const { plan } = parse(suffix);
    expect(plan.steps.map((step) => step.op)[0]).toBe('resize');
    expect(plan.steps.slice(1)).toEqual(others);
    expect(plan.encode).toMatchObject({ progressive: false, metadata: 'none', ...encode });
  });

  it.each([
    ['R_0_200.jpg', 'bad_value'],
    ['R_300_0.jpg', 'bad_value'],
    ['C_0_0.jpg', 'bad_value'],
    ['W_0_0.jpg', 'bad_value'],
    ['Z_16385_9.jpg', 'bad_value'],
    [`R_${'9'.repeat(400)}_9.jpg`, 'bad_value'],
    ['R_9_9_R361.jpg', 'bad_value'],
    ['R_9_9_R45.jpg', 'not_allowed'],
    ['R_9_9_R270.jpg', 'not_allowed'],
    ['R_9_9_Q0.jpg', 'bad_value'],
    ['R_9_9_Q85.jpg', 'not_allowed'],
    ['R_9_9_Mother.jpg', 'not_allowed'],
    ['R_9_9_Mconstructor.jpg', 'not_allowed'],
  ])('%s is refused as %s', (suffix, code) => {
    expect(refusedAs(suffix)).toBe(code);
  });
});

describe('channels', () => {
  it('list what may be asked of them, each for itself', () => {
    const at = mount({
      defaults: { sizes: ['300x200'] },
      channels: { tg: { sizes: ['9x9'], resizeTypes: ['r'], quality: 70 } },
    });
    const ask = (path: string) => parseAt(`/images/${path}`, at);
    expect(ask('fd/hotel/a_C_300_200.jpg').plan.encode.quality).toEqual({ kind: 'absolute', value: 86 });
    expect(refusal(() => ask('fd/hotel/a_C_300_201.jpg')).code).toBe('not_allowed');
    expect(refusal(() => ask('fd/hotel/a_C_0300_200.jpg')).code).toBe('not_allowed');
    for (const path of ['fd/tg/', 't1/TG/', 'tg/']) {
      expect(ask(`${path}a_R_9_9.jpg`).plan.encode.quality).toEqual({ kind: 'absolute', value: 70 });
      expect(refusal(() => ask(`${path}a_R_300_200.jpg`)).code).toBe('not_allowed');
      expect(refusal(() => ask(`${path}a_C_9_9.jpg`)).code).toBe('not_allowed');
    }
    expect(refusal(() => ask('constructor/a_C_9_9.jpg')).code).toBe('not_allowed');
  });

  const resizeOf = (suffix: string, resizing: string) => {
    const [step] = parse(`${suffix}.jpg`, { resizing }).plan.steps;
    return step?.op === 'resize' && step.size.by === 'box' ? [step.mode, step.enlarge, step.size.w, step.size.h] : [];
  };

  it.each([
    ['R_9_8', ['cover', 'no', 9, 8]],
    ['C_9_8', ['cover', 'no', 9, 8]],
    ['W_9_0', ['fit', 'no', 9, null]],
    ['Z_9_8', ['fit', 'yes', 9, 8]],
  ])('that read as hotel take _%s as %j', (suffix, expected) => {
    expect(resizeOf(suffix, 'hotel')).toEqual(expected);
  });

  it.each([
    ['R_9_8', ['cover', 'no', 9, 8]],
    ['C_9_8', ['cover', 'no', 9, 8]],
    ['Z_9_8', ['cover', 'no', 9, 8]],
    ['W_9_0', ['fit', 'yes', 9, null]],
    ['R_10000_8', ['fit', 'no', 10_000, 8]],
    ['C_9_10000', ['fit', 'no', 9, 10_000]],
    ['R_10000_10000', ['cover', 'no', 10_000, 10_000]],
  ])('that read as tg take _%s as %j', (suffix, expected) => {
    expect(resizeOf(suffix, 'tg')).toEqual(expected);
  });

  it.each(['W_9_8', 'R_9_0', 'Z_9_0'])('that read as tg have no _%s', (suffix) => {
    expect(refusedAs(`${suffix}.jpg`, { resizing: 'tg' })).toBe('bad_combination');
  });

  it('order the steps, whatever the URL', () => {
    const stepsOf = (sequence: readonly string[]) =>
      parse('R_9_9_R90_MWater.jpg', { sequence }).plan.steps.map((step) => step.op);
    expect(stepsOf(['rotate', 'm', 'resize'])).toEqual(['rotate', 'watermark', 'resize']);
    expect(stepsOf(['resize'])).toEqual(['resize']);
    expect(parse('R_9_9.jpg', { sequence: ['resize'] }).plan.encode.metadata).toBeUndefined();
  });

  it('have a logo of their own, but not on small pictures', () => {
    const defaults = { defaultLogo: { name: 'Water', place: 1 }, logoWidthMin: 100, logoHeightMin: 50, dissolve: 40 };
    const marksOf = (suffix: string) => parse(suffix, defaults).plan.steps.slice(1);
    expect(marksOf('R_100_50.jpg')).toEqual([{ ...mark, gravity: 'nw', opacity: 40 }]);
    expect(marksOf('R_100_50_MWater.jpg')).toEqual([{ ...mark, opacity: 40 }]);
    expect(marksOf('R_100_50_M.jpg')).toEqual([{ ...mark, gravity: 'nw', opacity: 40 }]);
    expect(marksOf('R_99_50.jpg')).toEqual([]);
    expect(marksOf('W_100_0_MWater.jpg')).toEqual([]);
  });

  it('turn in black', () => {
    expect(parse('R_9_9_R45.jpg', { rotates: [45] }).plan.encode.background).toBe('000000ff');
    expect(parse('R_9_9_R90.jpg').plan.encode.background).toBeUndefined();
  });

  it('may name logos that are not registered, which are then refused', () => {
    expect(refusedAs('R_9_9_MWater.jpg', { logos: { Water: 'gone' } })).toBe('bad_value');
  });

  it.each([
    { sizes: ['300x200'] },
    { defaults: { sizes: ['300*200'] } },
    { defaults: { sequence: ['esize', 'm'] } },
    { defaults: { sequence: ['m'] } },
    { defaults: { sequence: ['resize', 'resize'] } },
    { channels: { Hotel: {} } },
    { channels: { hotel: { size: 'any' } } },
    { channels: { hotel: { resizing: 'other' } } },
    { statuses: '404' },
  ])('%j is no setting', (settings) => {
    expect(() => mount(settings)).toThrow();
  });
});

describe('policy', () => {
  const path = '/images/fd/hotel/ab_R_9_9.jpg';

  it('refuses namespaces with keys unless the mount is open', () => {
    expect(refusal(() => parseAt(path, mount({}, 'fd'))).code).toBe('signature_missing');
    expect(refusal(() => parseAt('/images/ab.jpg', mount({}, 'fd'))).code).toBe('signature_missing');
    expect(parseAt(path, mount({ open: true }, 'fd')).source.ns).toBe('fd');
  });

  it('keeps originals of the namespace or of a channel', () => {
    expect(refusal(() => parseAt('/images/ab.jpg', mount({}, 'sealed'))).code).toBe('original_protected');
    const at = mount({ channels: { hotel: { protectOriginals: true } } });
    expect(refusal(() => parseAt('/images/fd/hotel/ab.jpg', at)).code).toBe('original_protected');
    expect(parseAt('/images/fd/tg/ab.jpg', at).plan.view).toBe('original');
    expect(parseAt(path, at).plan.view).toBe('image');
  });
});

describe('errors', () => {
  const format = (code: ErrorCode, settings = {}) =>
    formattedAt('/images/fd/hotel/ab_R_9_9.jpg', mount(settings), new PileusError(code, { detail: 'Why.' }));

  it.each<[ErrorCode, number, string]>([
    ['bad_value', 404, 'Not Found\n'],
    ['source_not_found', 404, 'Not Found\n'],
    ['undecodable', 404, 'Not Found\n'],
    ['overloaded', 404, 'Not Found\n'],
    ['internal', 404, 'Not Found\n'],
    ['original_protected', 403, 'Forbidden\n'],
  ])('%s is %i, told apart by a header', (code, status, body) => {
    expect(format(code)).toEqual({
      status,
      contentType: 'text/plain; charset=utf-8',
      body,
      headers: { 'x-error-code': code },
    });
  });

  it.each<[ErrorCode, number]>([
    ['bad_value', 400],
    ['source_not_found', 404],
    ['overloaded', 503],
  ])('%s is %i where statuses are distinct', (code, status) => {
    expect(format(code, { statuses: 'distinct' })?.status).toBe(status);
  });
});

describe('for any text', () => {
  const at = mount({ defaults: { logos: { Water: 'logo' } } });
  const survives = (url: string): void => givesPlanOrRefusal(() => parseAt(url, at));
  const part = fc.constantFrom(
    ...[
      '_R',
      '_C',
      '_W',
      '_Z',
      '_Q',
      '_M',
      '_D',
      '_300',
      '_0',
      '90',
      'Water',
      '_Source',
      '.jpg',
      '.png',
      '/',
      '.',
      '%',
      '~',
    ],
  );

  it('parsing gives a plan or a client error, and the same each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => survives(`/images/${text}`)),
      {
        numRuns: 500,
      },
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 16 }), (parts) => survives(`/images/fd/hotel/ab${parts.join('')}.jpg`)),
      { numRuns: 2000 },
    );
  });

  it.each(['_R', '_R_1', '_R_1_1', '_R_1_1_C', '_M', '_Ca', '1', 'a', '_', '.', '/', '%2f'])(
    'work on %j grows no faster than the text',
    (unit) => {
      const long = unit.repeat(262_144 / unit.length);
      survives(`/images/${long}.jpg`);
      survives(`/images/a_R_1_1${long}.jpg`);
      survives(`/images/a_R_1_1_C${long}!.jpg`);
      survives(`/images/a_R_1_1_M${long}!.jpg`);
    },
  );
});
