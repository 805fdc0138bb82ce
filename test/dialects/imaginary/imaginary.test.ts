import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { signatureOf } from '../../../src/dialects/imaginary/signature.ts';
import { givesPlanOrRefusal } from '../laws.ts';
import { MountedGrammar } from '../mounted.ts';

const plain = new MountedGrammar('imaginary');
const white = new MountedGrammar('imaginary', {
  settings: { extend: 'white', watermarks: { 'http://a/b.png': 'logo' }, fonts: { 'sans bold': 'sans' }, font: 'sans' },
});
const at = (rest: string): string => `/x/${rest}${rest.includes('?') ? '&' : '?'}url=g1/ab.jpg`;

describe('sizes', () => {
  it.each([
    ['resize?width=300', '300x225'],
    ['resize?height=300', '400x300'],
    ['resize?width=300&height=300&nocrop=false', '300x300'],
    ['resize?width=300&height=300&force=true', '300x300'],
    ['resize?width=300&height=300', '300x300'],
    ['resize?width=2000', '800x600'],
    ['fit?width=300&height=300', '300x225'],
    ['fit?width=3000&height=3000', '800x600'],
    ['enlarge?width=1600&height=1600', '1600x1600'],
    ['enlarge?width=1600&height=1600&nocrop=true', '1600x1200'],
    ['extract?top=10&left=10&areawidth=100&areaheight=80', '100x80'],
    ['crop?width=300&height=260', '300x260'],
    ['crop?width=300', '300x600'],
    ['crop?height=260', '800x260'],
    ['smartcrop?width=300&height=260', '300x260'],
    ['thumbnail?width=100', '100x75'],
    ['zoom?factor=1', '1600x1200'],
    ['zoom?factor=1&top=0&left=0&areawidth=100&areaheight=50', '200x100'],
    ['rotate?rotate=90', '600x800'],
    ['rotate?rotate=180', '800x600'],
    ['autorotate', '800x600'],
    ['convert?type=png', '800x600'],
  ])('/%s of 800x600 is %s', (rest, size) => {
    expect(white.sizeOf(at(rest), 800, 600)).toBe(size);
  });
});

it.each([
  ['flip', [{ op: 'flip', horizontal: false, vertical: true }]],
  ['flop', [{ op: 'flip', horizontal: true, vertical: false }]],
  ['blur?sigma=3.5', [{ op: 'blur', sigma: 3.5 }]],
  ['autorotate?colorspace=bw', [{ op: 'grey' }]],
  [
    'rotate?rotate=-90&flop=true',
    [
      { op: 'rotate', degrees: 270 },
      { op: 'flip', horizontal: true, vertical: false },
    ],
  ],
  [
    'watermarkimage?image=http://a/b.png&top=5&left=6&opacity=0.5',
    [{ op: 'watermark', asset: 'logo', gravity: 'nw', dx: 6, dy: 5, opacity: 50, scalePercent: 0 }],
  ],
  [
    'watermark?text=Hello&font=sans%20bold%2024&dpi=72&margin=40&color=255,200,50&opacity=0.5&noreplicate=true',
    [
      {
        op: 'text',
        text: 'Hello',
        font: 'sans',
        size: 24,
        colour: 'ffc832ff',
        gravity: 'nw',
        dx: 40,
        dy: 40,
        opacity: 50,
      },
    ],
  ],
  [
    'watermark?text=a%0Ab&margin=9&sigma=2',
    [
      { op: 'blur', sigma: 2 },
      {
        op: 'text',
        text: 'a\nb',
        font: 'sans',
        // 10 points at 150 dots an inch.
        size: 21,
        colour: '000000ff',
        gravity: 'nw',
        dx: 0,
        dy: 0,
        opacity: 20,
        tile: { x: { by: 'start', gap: 9 }, y: { by: 'start', gap: 9 } },
      },
    ],
  ],
  [
    'watermarkimage?image=logo',
    [{ op: 'watermark', asset: 'logo', gravity: 'nw', dx: 0, dy: 0, opacity: 20, scalePercent: 0 }],
  ],
])('/%s is %j', (rest, steps) => {
  expect(white.parse(at(rest)).plan.steps).toEqual(steps);
});

it('writes as asked, else as the source is', () => {
  const encodeOf = (rest: string, accept = '') => plain.parse(at(rest), { accept }).plan.encode;
  const quality = { kind: 'absolute', value: 80 };
  expect(encodeOf('autorotate')).toEqual({ format: 'source', quality, progressive: false, metadata: 'all' });
  expect(encodeOf('convert?type=jpeg&quality=70&interlace=true&stripmeta=true')).toEqual({
    format: 'jpg',
    quality: { kind: 'absolute', value: 70 },
    progressive: true,
    metadata: 'none',
  });
  expect(encodeOf('convert?type=auto', 'image/webp')).toMatchObject({ format: 'auto', negotiated: 'webp' });
  expect(plain.parse(at('convert?type=auto'), { accept: 'image/webp' }).negotiated).toBe('webp');
  expect(encodeOf('resize?width=9&height=9&extend=background&background=1,2,255').background).toBe('0102ffff');
  expect(white.parse(at('resize?width=9&height=9')).plan.encode.background).toBeUndefined();
  expect(encodeOf('resize?width=9&height=9&extend=black').background).toBe('000000ff');
});

describe('a pipeline', () => {
  const url = (operations: unknown, more = ''): string =>
    at(`pipeline?operations=${encodeURIComponent(JSON.stringify(operations))}${more}`);

  it('is its operations one after another, written as the last one says', () => {
    const { plan } = plain.parse(
      url([
        { operation: 'crop', params: { width: 300, height: 260 } },
        { operation: 'convert', params: { type: 'webp', stripmeta: true } },
      ]),
    );
    expect(plan.steps.map(({ op }) => op)).toEqual(['resize']);
    expect(plan.encode).toMatchObject({ format: 'webp', metadata: 'none' });
  });

  it.each([
    [[], '', 'bad_value'],
    [[{ operation: 'pipeline' }], '', 'bad_operation'],
    [[{ operation: 'crop' }], '', 'bad_value'],
    [[{ operation: 'fit', ignore_failure: true, params: { width: 1, height: 1 } }], '', 'operation_unsupported'],
    [[{ operation: 'flip' }], '&width=9', 'bad_combination'],
    [Array.from({ length: 11 }, () => ({ operation: 'flip' })), '', 'bad_value'],
    [[{ operation: 'flip', params: { speed: 1 } }], '', 'operation_unsupported'],
  ])('%j%s is %s', (operations, more, code) => {
    expect(plain.refusal(url(operations, more))).toBe(code);
  });
});

it('/info tells what the header does', () => {
  expect(plain.report(at('info'), { format: 'png', width: 30, height: 20, alpha: true })).toMatchObject({
    width: 30,
    height: 20,
    type: 'png',
    hasAlpha: true,
  });
});

it.each([
  ['resize', 'bad_value'],
  ['fit?width=3', 'bad_value'],
  ['enlarge?height=3', 'bad_value'],
  ['extract?areawidth=3', 'bad_value'],
  ['extract?areawidth=3&areaheight=3&width=2', 'operation_unsupported'],
  ['rotate', 'bad_value'],
  ['rotate?rotate=45', 'operation_unsupported'],
  ['zoom', 'bad_value'],
  ['zoom?factor=11', 'bad_value'],
  ['blur', 'bad_value'],
  ['convert', 'bad_value'],
  ['convert?type=pdf', 'operation_unsupported'],
  ['convert?type=bogus', 'bad_value'],
  ['resize?width=abc', 'bad_value'],
  ['resize?width=9&height=9', 'operation_unsupported'],
  ['resize?width=9&height=9&extend=copy', 'operation_unsupported'],
  ['resize?width=9&flip=maybe', 'bad_value'],
  ['resize?width=9&spoons=1', 'bad_operation'],
  ['resize?width=9&width=8', 'bad_operation'],
  ['resize?width=9&aspectratio=1:2', 'operation_unsupported'],
  ['resize?width=9&operations=[]', 'bad_combination'],
  ['watermark?text=hello', 'operation_unsupported'],
  ['watermark', 'bad_value'],
  [`watermark?font=sans&text=${'a'.repeat(1025)}`, 'bad_value'],
  ['watermark?text=hello&font=serif', 'bad_value'],
  ['watermark?text=hello&font=logo', 'bad_value'],
  ['watermark?text=hello&font=sans%20999&dpi=1200', 'bad_value'],
  ['watermark?text=hello&font=sans&textwidth=200', 'operation_unsupported'],
  ['watermark?text=hello&font=sans&color=red', 'bad_value'],
  ['watermark?text=hello&font=sans&opacity=2', 'bad_value'],
  ['watermarkimage', 'bad_value'],
  ['watermarkimage?image=http://elsewhere/x.png', 'bad_value'],
  ['fit?width=1&height=1&file=b.jpg', 'bad_url'],
])('/%s is %s', (rest, code) => {
  expect(plain.refusal(at(rest))).toBe(code);
});

it('needs a source of its own place', () => {
  expect(plain.refusal('/x/resize?width=9')).toBe('bad_url');
  expect(plain.refusal('/x/resize?width=9&url=http://elsewhere/a.jpg')).toBe('not_allowed');
  expect(plain.parse('/x/resize?width=9&file=a%20b.jpg').source).toEqual({ ns: 'hotel', key: 'a b.jpg' });
});

describe('signatures', () => {
  const key = '4f46feebafc4b5e988f131c4ff8b5997';
  const signed = new MountedGrammar('imaginary', { namespace: 'fd', settings: { keys: [key] } });
  const parameters = new Map([
    ['width', '300'],
    ['url', 'a b.jpg'],
    ['gravity', "no'rth"],
  ]);

  it('cover path and parameters by name, escaped as Go does', () => {
    // Python: urlsafe_b64encode(hmac.new(key, b"/x/resize" + b"gravity=no%27rth&url=a+b.jpg&width=300", sha256).digest())
    expect(signatureOf(key, '/x/resize', parameters)).toBe('CjPi-ZMWlzzd3gaRYo5xH82GrOKa_ZFPuXA7reltCtU');
  });

  it('are asked for where the mount has keys, and open the namespace', () => {
    const sign = signatureOf(
      key,
      '/x/resize',
      new Map([
        ['url', 'a.jpg'],
        ['width', '9'],
      ]),
    );
    expect(signed.parse(`/x/resize?width=9&url=a.jpg&sign=${sign}`).signed).toBe(true);
    expect(signed.refusal(`/x/resize?width=8&url=a.jpg&sign=${sign}`)).toBe('signature_invalid');
    expect(signed.refusal('/x/resize?width=9&url=a.jpg')).toBe('signature_missing');
    expect(new MountedGrammar('imaginary', { namespace: 'fd' }).refusal('/x/resize?width=9&url=a.jpg')).toBe(
      'signature_missing',
    );
  });
});

it('answers errors as imaginary does', () => {
  expect(plain.format(at('resize?width=9'), 'source_not_found')).toMatchObject({
    status: 404,
    contentType: 'application/json',
  });
  const { status, body } = plain.format(at('resize?width=9'), 'operation_unsupported') ?? {};
  expect(status).toBe(400);
  expect(JSON.parse(body ?? '')).toMatchObject({ status: 400 });
});

it('any text gives a plan or a client error', () => {
  const survives = (url: string): void => givesPlanOrRefusal(() => white.parse(url));
  const text = fc.string({ unit: 'binary', maxLength: 120 });
  fc.assert(
    fc.property(text, (rest) => survives(`/x/resize?url=a.jpg&${rest}`)),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(text, (rest) => survives(`/x/pipeline?url=a.jpg&operations=${encodeURIComponent(rest)}`)),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(text, (rest) => survives(`/x/${rest}?url=a.jpg&width=1`)),
    { numRuns: 500 },
  );
});
