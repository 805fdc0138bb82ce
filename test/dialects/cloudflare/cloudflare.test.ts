import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyText, closedUnlessOpened, givesPlanOrRefusal } from '../laws.ts';
import { MountedGrammar } from '../mounted.ts';

const cloudflare = new MountedGrammar('cloudflare', { at: '' });
const at = (options: string) => `/cdn-cgi/image/${options}/a.jpg`;
const plan = (options: string, accept = '') => cloudflare.parse(at(options), { accept }).plan;

describe('sizes', () => {
  it.each([
    ['width=500,height=500', 1080, 720, '500x333'],
    ['w=500,h=500,fit=scale-down', 1080, 720, '500x333'],
    ['w=5000', 1080, 720, '1080x720'],
    ['w=500,h=500,fit=cover', 1080, 720, '500x500'],
    ['w=1296,h=1296,fit=crop', 1080, 720, '1080x720'],
    ['w=500,h=500,fit=crop', 1080, 720, '500x500'],
    ['w=1080,h=1080,fit=pad', 1080, 720, '1080x1080'],
    ['w=2160,h=2160,fit=contain', 1080, 720, '2160x1440'],
    ['w=100,h=300,fit=squeeze', 1080, 720, '100x300'],
    ['w=612,h=306,fit=aspect-crop', 1920, 1120, '612x306'],
    ['w=4000,h=4000,fit=aspect-crop', 1920, 1120, '1120x1120'],
    ['w=100,dpr=2', 1080, 720, '200x133'],
    ['w=100,rotate=90', 1080, 720, '100x150'],
    ['trim=10;20;30;40', 1080, 720, '1020x680'],
    ['trim.width=100,trim.left=1000', 1080, 720, '80x720'],
    ['quality=50', 1080, 720, '1080x720'],
  ])('%s of %ix%i is %s', (options, width, height, size) => {
    expect(cloudflare.sizeOf(at(options), width, height)).toBe(size);
  });

  it('trim=border looks for a border', () => {
    const { steps } = cloudflare.parse(at('w=80,trim=border')).plan;
    expect(steps.map(({ op }) => op)).toEqual(['trim', 'resize']);
    expect(steps[0]).toMatchObject({ threshold: 10, colour: null });
  });

  it('trim cuts each side by its own', () => {
    expect(cloudflare.resolve(at('trim=10;20;30;40'), { width: 100, height: 100 }).ops).toEqual([
      { op: 'extract', left: 40, top: 10, width: 40, height: 60 },
    ]);
  });
});

describe('options', () => {
  it('mean the same in any order and by either name', () => {
    expect(plan('w=80,h=60,q=50,f=webp,g=left,fit=cover,blur=3')).toEqual(
      plan('blur=3,fit=cover,gravity=left,format=webp,quality=50,height=60,width=80'),
    );
    expect(plan('w%3D80%2Ch%3D60')).toEqual(plan('w=80,h=60'));
  });

  it.each([
    ['gravity=top', { kind: 'compass', at: 'n' }],
    ['g=auto', { kind: 'smart', by: 'attention' }],
    ['g=0.25x1', { kind: 'focal', x: 2500, y: 10_000 }],
  ])('%s', (option, gravity) => {
    expect(plan(`w=80,h=60,fit=cover,${option}`).steps).toMatchObject([{ gravity }]);
  });

  it.each([
    [
      'flip=h,rotate=90',
      [
        { op: 'flip', horizontal: true, vertical: false },
        { op: 'rotate', degrees: 90 },
      ],
    ],
    ['brightness=1.5', [{ op: 'brightness', amount: 50 }]],
    ['contrast=0,saturation=0.5', [{ op: 'saturation', amount: -50 }]],
    ['gamma=2', [{ op: 'gamma', gamma: 2 }]],
    [
      'sharpen=2,blur=20',
      [
        { op: 'sharpen', sigma: 2 },
        { op: 'blur', sigma: 20 },
      ],
    ],
    ['rotate=360', []],
  ])('%s', (options, steps) => {
    expect(plan(options).steps).toEqual(steps);
  });

  it.each([
    ['w=80', { format: 'source', quality: { kind: 'absolute', value: 85 }, metadata: 'copyright' }],
    ['metadata=keep', { metadata: 'all' }],
    ['format=jpeg', { format: 'jpg' }],
    ['format=baseline-jpeg', { format: 'jpg', progressive: false }],
    ['background=%23ff0000', { background: 'ff0000ff' }],
    ['background=orange,compression=fast', { background: 'ffa500ff' }],
  ])('%s', (options, encode) => {
    expect(plan(options).encode).toMatchObject(encode);
  });

  it('format=auto follows Accept', () => {
    expect(plan('f=auto', 'image/avif,image/webp').encode).toMatchObject({ format: 'auto', negotiated: 'avif' });
    expect(plan('f=auto', 'image/webp').encode).toMatchObject({ format: 'auto', negotiated: 'webp' });
    expect(cloudflare.parse(at('f=auto'), { accept: '*/*' })).toMatchObject({
      negotiated: 'plain',
      plan: { encode: { format: 'source' } },
    });
  });

  it('anim=false is the first frame', () => {
    expect(plan('anim=false').decode.frames).toBe('first');
    expect(plan('anim=true').decode.frames).toBe('auto');
  });

  it('format=json tells of sizes', () => {
    expect(cloudflare.report(at('w=500,h=500,f=json'), { width: 1080, height: 720 })).toEqual({
      width: 500,
      height: 333,
      original: { file_size: 1000, width: 1080, height: 720, format: 'image/jpeg' },
    });
  });

  it.each([
    ['', 'bad_url'],
    ['w', 'bad_operation'],
    ['width=80,w=80', 'bad_operation'],
    ['constructor=1', 'bad_operation'],
    ['w=', 'bad_value'],
    ['w=0', 'bad_value'],
    ['w=-5', 'bad_value'],
    ['w=1e3', 'bad_value'],
    ['w=99999', 'bad_value'],
    ['w=auto', 'operation_unsupported'],
    ['fit=stretch', 'bad_value'],
    ['q=0', 'bad_value'],
    ['q=high', 'operation_unsupported'],
    ['g=2x2', 'bad_value'],
    ['g=0.5', 'bad_value'],
    ['w=5,g=face', 'operation_unsupported'],
    ['dpr=0.5', 'bad_value'],
    ['f=gif', 'bad_value'],
    ['blur=0', 'bad_value'],
    ['gamma=0.05', 'bad_value'],
    ['rotate=45', 'bad_value'],
    ['flip=x', 'bad_value'],
    ['trim=1;2;3', 'bad_value'],
    ['trim=border,f=json', 'operation_unsupported'],
    ['trim=1;2;3;4,trim.left=3', 'bad_combination'],
    ['metadata=some', 'bad_value'],
    ['anim=1', 'bad_value'],
    ['background=ff0000', 'bad_value'],
    ['compression=slow', 'bad_value'],
    ['border=5', 'operation_unsupported'],
    ['onerror=redirect', 'operation_unsupported'],
    ['segment=foreground', 'operation_unsupported'],
    ['scq=50', 'operation_unsupported'],
    ['%ff', 'bad_url'],
  ])('%s is refused', (options, code) => {
    expect(cloudflare.refusal(at(options))).toBe(code);
  });
});

describe('sources', () => {
  it('are keys of the namespace, or name theirs', () => {
    expect(cloudflare.parse('/cdn-cgi/image/w=80/g/a%20b.jpg').source).toEqual({ ns: 'hotel', key: 'g/a b.jpg' });
    const free = new MountedGrammar('cloudflare', { at: '/zone', namespace: null });
    expect(free.parse('/zone/cdn-cgi/image/w=80/hotel/a.jpg').source).toEqual({ ns: 'hotel', key: 'a.jpg' });
    expect(free.refusal('/zone/cdn-cgi/image/w=80/nowhere/a.jpg')).toBe('not_found');
  });

  it.each([
    ['/cdn-cgi/image/w=80/https://elsewhere.example/a.jpg', 'not_allowed'],
    ['/cdn-cgi/image/w=80/a.jpg?x=1', 'bad_url'],
    ['/cdn-cgi/image/w=80', 'bad_url'],
    ['/cdn-cgi/image/w=80/', 'bad_key'],
    ['/cdn-cgi/image/w=80/../a.jpg', 'bad_key'],
    ['/cdn-cgi/other/w=80/a.jpg', 'not_found'],
  ])('%s is refused', (url, code) => {
    expect(cloudflare.refusal(url)).toBe(code);
  });

  closedUnlessOpened('cloudflare', at('w=80'), { at: '' });
});

it.each([
  ['bad_value', 9401, 400],
  ['operation_unsupported', 9401, 400],
  ['result_too_large', 9401, 413],
  ['source_not_found', 9404, 404],
  ['signature_missing', 9406, 403],
  ['not_an_image', 9412, 415],
  ['source_too_many_pixels', 9413, 403],
  ['source_mismatch', 9516, 422],
  ['mark_unusable', 9516, 422],
  ['quota_exceeded', 9422, 429],
  ['overloaded', 9522, 503],
  ['origin_timeout', 9504, 504],
  ['processing_deadline', 9529, 504],
  ['internal', 9523, 500],
] as const)('%s is error %i with status %i', (code, number, status) => {
  expect(cloudflare.format(at('w=80'), code)).toMatchObject({
    status,
    contentType: 'text/plain; charset=utf-8',
    headers: { 'cf-resized': `err=${number}` },
    body: expect.stringContaining(`ERROR ${number}: `),
  });
});

it('any text gives a plan or a client error, the same one each time', () => {
  const text = anyText(
    ...['w=80', ',', 'h=6', 'fit=cover', 'g=0.5x0.5', '=', '/', 'trim=', ';', '1', '%', '%2C', '..'],
  );
  fc.assert(
    fc.property(text, (tail) => givesPlanOrRefusal(() => cloudflare.parse(`/cdn-cgi/image/${tail}`))),
    { numRuns: 1500 },
  );
});
