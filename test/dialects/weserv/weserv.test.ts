import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText, closedUnlessOpened, givesPlanOrRefusal } from '../laws.ts';
import { MountedGrammar } from '../mounted.ts';

const weserv = new MountedGrammar('weserv');
const at = (parameters: string) => `/x/?url=g/a.jpg&${parameters}`;
const plan = (parameters: string) => weserv.parse(at(parameters)).plan;

describe('sizes', () => {
  it.each([
    ['w=300', 800, 600, '300x225'],
    ['w=300&h=100', 800, 600, '133x100'],
    ['w=1600', 800, 600, '1600x1200'],
    ['w=1600&we', 800, 600, '800x600'],
    ['w=300&h=300&fit=cover', 800, 600, '300x300'],
    ['w=300&h=300&fit=outside', 800, 600, '400x300'],
    ['w=300&h=300&fit=fill', 800, 600, '300x300'],
    ['w=300&h=300&fit=contain', 800, 600, '300x300'],
    ['w=300&dpr=2', 800, 600, '600x450'],
    ['cx=100&cy=50&cw=300&ch=200', 800, 600, '300x200'],
    ['cx=50%25&cw=25%25', 800, 600, '200x600'],
    ['w=400&cw=100&ch=100', 800, 600, '100x100'],
    ['w=400&cw=100&ch=100&precrop', 800, 600, '400x400'],
    ['w=300&ro=90', 800, 600, '300x400'],
    ['ro=-90', 800, 600, '600x800'],
    ['', 800, 600, '800x600'],
  ])('%s of %ix%i is %s', (parameters, width, height, size) => {
    expect(weserv.sizeOf(at(parameters), width, height)).toBe(size);
  });
});

describe('parameters', () => {
  it('mean the same in any order and by either name', () => {
    expect(plan('w=80&h=60&t=cover&a=top&q=50&blur=3&filt=negate')).toEqual(
      plan('filt=negate&blur=3&quality=50&align=top&fit=cover&height=60&width=80'),
    );
  });

  it.each([
    ['a=top-left', { kind: 'compass', at: 'nw' }],
    ['a=entropy', { kind: 'smart', by: 'entropy' }],
    ['a=focal&fpx=0.25', { kind: 'focal', x: 2500, y: 5000 }],
    ['a=crop-10-90', { kind: 'focal', x: 1000, y: 9000 }],
  ])('%s', (parameters, gravity) => {
    expect(plan(`w=8&h=6&fit=cover&${parameters}`).steps).toMatchObject([{ gravity }]);
  });

  it.each([
    ['flip&flop=true', [{ op: 'flip', horizontal: true, vertical: true }]],
    ['flip=false', []],
    ['ro=45', [{ op: 'rotate', degrees: 45 }]],
    [
      'bri=10&con=-5',
      [
        { op: 'brightness', amount: 10 },
        { op: 'contrast', amount: -5 },
      ],
    ],
    [
      'mod=1.5,0.5,90',
      [
        { op: 'brightness', amount: 50 },
        { op: 'saturation', amount: -50 },
        { op: 'hue', degrees: 90 },
      ],
    ],
    ['sat=1.2&hue=360', [{ op: 'saturation', amount: 20 }]],
    ['gam', [{ op: 'gamma', gamma: 2.2 }]],
    ['sharp=2', [{ op: 'sharpen', sigma: 2 }]],
    ['filt=greyscale', [{ op: 'grey' }]],
    ['filt=sepia', [{ op: 'sepia' }]],
    ['filt=duotone', [{ op: 'duotone', dark: 'c83658ff', light: 'd8e74fff', mix: 100 }]],
    ['filt=duotone&start=000&stop=red', [{ op: 'duotone', dark: '000000ff', light: 'ff0000ff', mix: 100 }]],
    [
      'trim&flip',
      [
        { op: 'trim', threshold: 10, colour: null, equalX: false, equalY: false },
        { op: 'flip', horizontal: false, vertical: true },
      ],
    ],
    ['blur=5', [{ op: 'blur', sigma: 5 }]],
    ['tint=red', [{ op: 'tint', colour: 'ff0000ff' }]],
    ['mask=ellipse', [{ op: 'round', shape: 'ellipse' }]],
  ])('%s', (parameters, steps) => {
    expect(plan(parameters).steps).toEqual(steps);
  });

  it.each([
    ['', { format: 'source', quality: { kind: 'absolute', value: 80 }, progressive: false }],
    ['output=tiff', { format: 'tif' }],
    ['il&ll', { progressive: true, lossless: true }],
    ['bg=f00', { background: 'ff0000ff' }],
    // Alpha stands first.
    ['cbg=80ff0000', { background: 'ff000080' }],
    ['rbg=8f00', { background: 'ff000088' }],
  ])('%s', (parameters, encode) => {
    expect(plan(parameters).encode).toMatchObject(encode);
  });

  it('pages are one, or all with n=-1', () => {
    expect(plan('').decode.frames).toBe('first');
    expect(plan('n=-1').decode.frames).toBe('auto');
    expect(plan('page=3').decode.frames).toBe(3);
  });

  it("maxage and filename are the answer's", () => {
    expect(weserv.parse(at('maxage=2w&filename=photo')).answer).toEqual({
      maxAgeS: 1_209_600,
      disposition: { kind: 'inline', name: 'photo' },
    });
  });

  it('a circle is cut out of a square', () => {
    expect(plan('mask=circle&w=9&h=9&fit=cover').steps.at(-1)).toEqual({ op: 'round', shape: 'ellipse' });
    expect(weserv.refusal(at('mask=circle&w=9&h=8&fit=cover'))).toBe('operation_unsupported');
  });

  it('output=json tells of the source', () => {
    expect(weserv.report(at('w=5&output=json'), { width: 600, height: 400, orientation: 6 })).toMatchObject({
      format: 'jpeg',
      width: 400,
      height: 600,
      orientation: 6,
      pages: 1,
    });
  });

  it.each([
    ['w=5&w=6', 'bad_operation'],
    ['w=5&width=6', 'bad_operation'],
    ['constructor=1', 'bad_operation'],
    ['w=five', 'bad_value'],
    ['w=1e9', 'bad_value'],
    ['w=-1', 'bad_value'],
    ['w=50%25', 'operation_unsupported'],
    ['fit=zoom', 'bad_value'],
    ['dpr=8', 'bad_value'],
    ['a=here', 'bad_value'],
    ['a=focal-101-3', 'bad_value'],
    ['cx=10&cw=50%25', 'operation_unsupported'],
    ['cw=0', 'bad_value'],
    ['mask=star', 'operation_unsupported'],
    ['mask=blob', 'bad_value'],
    ['filt=duotone&start=none', 'bad_value'],
    ['trim=255', 'bad_value'],
    ['filt=blue', 'bad_value'],
    ['gam=4', 'bad_value'],
    ['output=heic', 'bad_value'],
    ['maxage=2y', 'bad_value'],
    ['maxage=12h', 'bad_value'],
    ['filename=a.b', 'bad_value'],
    ['bg=red&cbg=blue', 'operation_unsupported'],
    ['bg=12345', 'bad_value'],
    ['n=3', 'operation_unsupported'],
    ['n=-1&page=2', 'bad_combination'],
    ['page=-1', 'operation_unsupported'],
    ['default=x', 'operation_unsupported'],
    ['w=%ff', 'bad_url'],
    [Array.from({ length: 70 }, (_, index) => `a${index}`).join('&'), 'bad_operation'],
  ])('%s is refused', (parameters, code) => {
    expect(weserv.refusal(at(parameters))).toBe(code);
  });
});

describe('sources', () => {
  it('are keys of the namespace, or name theirs', () => {
    expect(weserv.parse('/x?url=/g/a+b.jpg').source).toEqual({ ns: 'hotel', key: 'g/a b.jpg' });
    const free = new MountedGrammar('weserv', { namespace: null });
    expect(free.parse('/x/?url=hotel%2Fa.jpg').source).toEqual({ ns: 'hotel', key: 'a.jpg' });
    expect(free.refusal('/x/?url=images.weserv.nl/lichtenstein.jpg')).toBe('not_found');
  });

  it.each([
    ['/x/?w=5', 'bad_url'],
    ['/x/?url=', 'bad_key'],
    ['/x/?url=../a', 'bad_key'],
    ['/x/?url=https://elsewhere.example/a.jpg', 'not_allowed'],
    ['/x/?url=ssl:/elsewhere.example/a.jpg', 'not_allowed'],
    ['/x/?url=//elsewhere.example/a.jpg', 'not_allowed'],
    ['/x/a.jpg?url=a', 'not_found'],
  ])('%s is refused', (url, code) => {
    expect(weserv.refusal(url)).toBe(code);
  });

  closedUnlessOpened('weserv', at(''));
});

it.each([
  ['bad_value', 400],
  ['operation_unsupported', 400],
  ['source_not_found', 404],
  ['overloaded', 503],
] as const)('%s is %i', (code, status) => {
  const formatted = weserv.format(at(''), code);
  expect(formatted).toMatchObject({ status, contentType: 'application/json' });
  expect(JSON.parse(formatted?.body ?? '')).toEqual({
    status: 'error',
    code: status,
    message: expect.stringMatching(/\.$/),
  });
});

it('any text gives a plan or a client error, the same one each time', () => {
  const text = anyText(
    ...['w=80', '&', 'h=6', 'fit=cover', 'a=focal', '=', 'cx=', '50%25', '1', '%', 'mod=1,', 'bg=f00'],
  );
  fc.assert(
    fc.property(text, (tail) => givesPlanOrRefusal(() => weserv.parse(at(tail)))),
    { numRuns: 1500 },
  );
});
