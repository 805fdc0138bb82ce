import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reportWriter } from '../../../src/dialects/report-writers.ts';
import { readPath } from '../../../src/dialects/thumbor/read-path.ts';
import { signatureOf } from '../../../src/dialects/thumbor/signature.ts';
import { closeBalanced, splitArguments, splitFilters } from '../../../src/dialects/thumbor/split-filters.ts';
import { noDetails } from '../../../src/plan/header/details.ts';
import { makeHeader } from '../../plan/resolve/scene.ts';
import { anyText, givesPlanOrRefusal } from '../laws.ts';
import { MountedGrammar } from '../mounted.ts';

const imagor = new MountedGrammar('imagor', { settings: { unsafe: true } });
const at = (options: string) => `/x/unsafe/${options}/a.jpg`;
const drawn = (filters: string) => imagor.parse(at(`filters:${filters}`)).plan.steps;
const refused = (filters: string) => imagor.refusal(at(`filters:${filters}`));

// The vectors are those of imagorpath/params_test.go.
describe('signatures', () => {
  const text = 'meta/10x11:12x13/fit-in/-300x-200/5x6/left/top/smart/filters:some_filter()/img';
  const sha1 = { algorithm: 'sha1', signatureLength: null } as const;

  it.each([
    ['1234', text, sha1, 'VTAq7YIRbEXgtwAcsTMhAjvBuT8='],
    ['1234', text, { algorithm: 'sha256', signatureLength: 40 }, 'XBCO7esuLsNQuSF2v9ie36pESRGx2rzLjhUxXWnV'],
    ['abcd', 'assfasf', { algorithm: 'sha256', signatureLength: 28 }, 'zb6uWXQxwJDOe_zOgxkuj96Etrsz'],
  ] as const)('by %s of %s', (secret, signed, signing, signature) => {
    expect(signatureOf(secret, signed, signing)).toBe(signature);
  });

  const signed = new MountedGrammar('imagor', { settings: { keys: ['1234'] } });
  const path = (made: string, sent = made) => `/x/${signatureOf('1234', made, sha1)}/${sent}`;

  it('may cover the path before it was percent-encoded, which is then what is read', () => {
    expect(signed.parse(path('300x200/中 a.jpg', '300x200/%E4%B8%AD%20a.jpg')).source.key).toBe('中 a.jpg');
    expect(signed.parse(path('300x200/a%25b.jpg')).source.key).toBe('a%b.jpg');
    // What was signed says trim; that its slash came encoded does not make a key of it.
    const { plan, source } = signed.parse(path('trim/img', 'trim%2Fimg'));
    expect([source.key, plan.steps.map(({ op }) => op)]).toEqual(['img', ['trim']]);
    expect(signed.refusal(path('300x200/a.jpg', '300x200/b.jpg'))).toBe('signature_invalid');
  });

  it('adaptive-full-fit-in is none', () => {
    expect(signed.refusal('/x/adaptive-full-fit-in/3x2/a.jpg')).toBe('signature_missing');
    expect(signed.refusal('/x/99999x99999/a.jpg')).toBe('signature_missing');
  });
});

describe('paths', () => {
  const nothing = {
    ...{ meta: false, trim: null, crop: null, fitIn: null, stretch: false, size: null, padding: null },
    ...{ halign: null, valign: null, smart: false, filters: [] },
  };

  it.each([
    [
      'meta/trim/10x11:12x13/fit-in/-300x-200/left/top/smart/filters:some_filter()/img',
      {
        meta: true,
        trim: { by: 'top-left', tolerance: 0 },
        crop: { left: 10, top: 11, right: 12, bottom: 13, unit: 'px' },
        fitIn: { adaptive: false, full: false },
        size: { width: 300, height: 200, flipX: true, flipY: true },
        halign: 'left',
        valign: 'top',
        smart: true,
        filters: [{ name: 'some_filter', args: '' }],
        image: 'img',
      },
    ],
    [
      'trim/0.2x0.15:0.45x0.67/300x200/img',
      {
        trim: { by: 'top-left', tolerance: 0 },
        crop: { left: 0.2, top: 0.15, right: 0.45, bottom: 0.67, unit: 'share' },
        size: { width: 300, height: 200, flipX: false, flipY: false },
        image: 'img',
      },
    ],
    ['trim:bottom-right:100/img', { trim: { by: 'bottom-right', tolerance: 100 }, image: 'img' }],
    [
      'fit-in/0x0/5x6:7x8/img',
      {
        fitIn: { adaptive: false, full: false },
        size: { width: null, height: null, flipX: false, flipY: false },
        padding: { left: 5, top: 6, right: 7, bottom: 8 },
        image: 'img',
      },
    ],
    [
      '300x200/5x6/img',
      {
        size: { width: 300, height: 200, flipX: false, flipY: false },
        padding: { left: 5, top: 6, right: 5, bottom: 6 },
        image: 'img',
      },
    ],
    [
      'stretch/500x350/filters:watermark(http://thumborize.me/static/img/beach.jpg,100,100,50)/img',
      {
        stretch: true,
        size: { width: 500, height: 350, flipX: false, flipY: false },
        filters: [{ name: 'watermark', args: 'http://thumborize.me/static/img/beach.jpg,100,100,50' }],
        image: 'img',
      },
    ],
    ['trim%2Fimg', { image: 'trim%2Fimg' }],
  ])('%s', (text, params) => {
    expect(readPath(text, 'imagor')).toEqual({ ...nothing, ...params });
  });

  it('filters hold paths that hold filters', () => {
    const inner = 's.glbimg.com/filters:label(abc):watermark(aaa.com/fit-in/filters:aaa(bbb))/aaa.jpg,0,0,0';
    expect(splitFilters(`watermark(${inner}):brightness(-50):grayscale()/some/example/img`, closeBalanced)).toEqual({
      filters: [
        { name: 'watermark', args: inner },
        { name: 'brightness', args: '-50' },
        { name: 'grayscale', args: '' },
      ],
      rest: 'some/example/img',
    });
    expect(splitArguments('a(1,2),b,,c(d(3,4))')).toEqual(['a(1,2)', 'b', '', 'c(d(3,4))']);
  });

  it.each(['trim', 'meta', 'center', 'smart', 'fit-in', 'stretch', 'top', 'left', 'right', 'bottom'])(
    'an image may live in a folder called %s',
    (word) => {
      expect(imagor.parse(`/x/unsafe/${word}%2Fimg`).source.key).toBe(`${word}/img`);
    },
  );

  it.each([
    ['gopher+.png', 'gopher .png'],
    [`b64:${Buffer.from('g/中 a.jpg').toString('base64url')}`, 'g/中 a.jpg'],
    ['b64:not!base64', 'b64:not!base64'],
    ['b64:_w', 'b64:_w'],
  ])('the image %s is %s', (raw, key) => {
    expect(imagor.parse(`/x/unsafe/${raw}`).source.key).toBe(key);
  });

  it.each([
    ['/x/unsafe/color:red', 'operation_unsupported'],
    ['/x/unsafe/300x200/color:ff000080', 'operation_unsupported'],
    ['/x/unsafe/https://foobar/en/latest/_images/man_before_sharpen.png', 'not_allowed'],
    ['/x/unsafe/https%3A%2F%2Ffoobar%2Fen%2Fman_before_sharpen.png%3Ffoo%3Dbar', 'not_allowed'],
    [`/x/unsafe/b64:${Buffer.from('http://elsewhere.example/a').toString('base64url')}`, 'not_allowed'],
    [`/x/unsafe/b64:${Buffer.from('../a').toString('base64url')}`, 'bad_key'],
    ['/x/unsafe/meta/trim:bottom-right:100/a.jpg', 'operation_unsupported'],
    ['/x/unsafe/meta/filters:trim(9)/a.jpg', 'operation_unsupported'],
    ['/x/unsafe/filters:trim(9,top)/a.jpg', 'bad_value'],
    ['/x/unsafe/0.2x0.1:300x400/a.jpg', 'bad_value'],
    ['/x/unsafe/a.jpg?x=1', 'bad_url'],
  ])('%s is refused', (url, code) => {
    expect(imagor.refusal(url)).toBe(code);
  });
});

describe('sizes', () => {
  it.each([
    ['300x200', 800, 600, '300x200'],
    ['300x200', 100, 50, '300x200'],
    ['300x200/filters:no_upscale()', 100, 50, '100x50'],
    ['300x0', 691, 212, '300x92'],
    ['0x100', 202, 259, '78x100'],
    ['fit-in/400x100', 800, 400, '200x100'],
    ['fit-in/500x400', 200, 250, '200x250'],
    ['fit-in/500x400/filters:upscale()', 200, 250, '320x400'],
    ['adaptive-fit-in/100x400', 800, 400, '200x100'],
    ['full-fit-in/400x100', 800, 400, '400x200'],
    ['adaptive-full-fit-in/100x400', 800, 400, '400x200'],
    ['stretch/300x200', 800, 100, '300x200'],
    ['300x200/filters:stretch()', 800, 100, '300x200'],
    ['0.25x0.5:0.75x1', 800, 400, '400x200'],
    ['0x0:1x1', 800, 400, '800x400'],
    ['10x20:110x170', 800, 400, '100x150'],
    ['filters:crop(0.25,0.5,0.5,0.5)', 800, 400, '400x200'],
    ['filters:crop(10,20,100,150)', 800, 400, '100x150'],
    ['fit-in/300x200/filters:fill(red)', 100, 50, '300x200'],
    ['fit-in/300x200/5x6:7x8/filters:fill(red)', 100, 50, '312x214'],
    ['fit-in/300x200/5x6:7x8', 100, 50, '100x50'],
    ['fit-in/300x200/filters:rotate(90):fill(red)', 100, 50, '200x300'],
    ['fit-in/300x200/filters:rotate(180):fill(red)', 100, 50, '300x200'],
    ['filters:padding(red,5)', 100, 50, '110x60'],
    ['filters:padding(red,5,6)', 100, 50, '110x62'],
    ['filters:padding(red,1,2,3,4)', 100, 50, '104x56'],
    ['filters:proportion(50)', 101, 51, '50x25'],
    ['filters:proportion(0.5)', 101, 51, '50x25'],
    ['filters:proportion(1)', 101, 51, '101x51'],
    ['filters:orient(90)', 100, 50, '50x100'],
  ])('%s of %ix%i is %s', (options, width, height, size) => {
    expect(imagor.sizeOf(at(options), width, height)).toBe(size);
  });

  it('padding lies around the canvas', () => {
    const { ops } = imagor.resolve(at('fit-in/300x200/5x6:7x8/filters:fill(red)'), { width: 300, height: 100 });
    expect(ops).toEqual([
      { op: 'extend', left: 0, top: 50, right: 0, bottom: 50, background: 'ff0000ff' },
      { op: 'extend', left: 5, top: 6, right: 7, bottom: 8, background: 'ff0000ff' },
    ]);
  });

  it('pictures are upright, unless orient() turns them instead', () => {
    const header = { width: 600, height: 400, orientation: 6 } as const;
    expect(imagor.resolve(at('fit-in/300x300'), header)).toMatchObject({ width: 200, height: 300 });
    expect(imagor.resolve(at('fit-in/300x300/filters:orient(180)'), header)).toMatchObject({ width: 300, height: 200 });
    expect(imagor.parse(at('300x300/filters:orient(90)')).plan.steps[0]).toEqual({ op: 'rotate', degrees: 270 });
  });

  it.each([
    ['focal(0.2x0.4)', { kind: 'focal', x: 2000, y: 4000 }],
    ['focal(0.1x0.2:0.3x0.4)', { kind: 'focal', x: 2000, y: 3000 }],
    ['focal(0x0:0.2x0.2):focal(0.5x0.5:0.6x0.7)', { kind: 'focal', x: 2500, y: 2667 }],
    ['focal(0.2x0.4):focal(0.4x0.6)', { kind: 'focal', x: 3000, y: 5000 }],
  ])('%s', (filters, gravity) => {
    expect(imagor.parse(at(`300x200/filters:${filters}`)).plan.steps[0]).toMatchObject({ mode: 'cover', gravity });
  });
});

describe('filters', () => {
  it.each([
    ['brightness(12.5)', [{ op: 'brightness', amount: 12.5 }]],
    ['contrast(-20)', [{ op: 'contrast', amount: -20 }]],
    ['saturation(30)', [{ op: 'saturation', amount: 30 }]],
    ['hue(290)', [{ op: 'hue', degrees: 290 }]],
    ['grayscale()', [{ op: 'grey' }]],
    ['invert()', [{ op: 'negate' }]],
    ['pixelate()', [{ op: 'pixelate', size: 10 }]],
    ['pixelate(4)', [{ op: 'pixelate', size: 4 }]],
    // imagor halves what it is given.
    ['blur(4)', [{ op: 'blur', sigma: 2 }]],
    ['blur(9,4)', [{ op: 'blur', sigma: 2 }]],
    ['sharpen(2)', [{ op: 'sharpen', sigma: 5 }]],
    ['sharpen(9,2,true)', [{ op: 'sharpen', sigma: 5 }]],
    ['rotate(90)', [{ op: 'rotate', degrees: 270 }]],
    ['rotate(270)', [{ op: 'rotate', degrees: 90 }]],
    ['rotate(0)', []],
    ['round_corner(20)', [{ op: 'round', shape: 'corners', unit: 'px', x: 20, y: 20 }]],
    ['round_corner(20,10)', [{ op: 'round', shape: 'corners', unit: 'px', x: 20, y: 10 }]],
    [
      'modulate(10,-20,30)',
      [
        { op: 'brightness', amount: 10 },
        { op: 'saturation', amount: -20 },
        { op: 'hue', degrees: 30 },
      ],
    ],
    ['to_colorspace()', []],
    ['preview()', []],
  ])('%s', (filters, steps) => {
    expect(drawn(filters)).toEqual(steps);
  });

  it.each([
    ['logo', { gravity: 'nw', dx: 0, dy: 0, opacity: 100 }],
    ['logo,10,-20,30', { gravity: 'sw', dx: 10, dy: 20, opacity: 70 }],
    ['logo,-0,0', { gravity: 'nw', dx: 0 }],
    ['logo,right,bottom,0,25,none', { gravity: 'se', dx: 0, dy: 0, scalePercent: 25 }],
    ['logo,left-20,b-30', { gravity: 'sw', dx: -20, dy: -30 }],
    ['logo,center,t', { gravity: 'n' }],
    ['logo,0.25,-20p', { gravity: 'sw', dx: 0.25, dy: 0.2 }],
    ['logo,repeat,bottom', { gravity: 'sw', tile: { x: { by: 'start', gap: 0 }, y: null } }],
  ])('watermark(%s)', (args, step) => {
    expect(drawn(`watermark(${args})`)).toMatchObject([{ op: 'watermark', ...step }]);
  });

  it('label() draws text in a registered font', () => {
    expect(drawn('label(Hello%20there,-10,center,40,ff0000,25,sans)')).toEqual([
      {
        op: 'text',
        text: 'Hello there',
        font: 'sans',
        size: 40,
        colour: 'ff0000ff',
        gravity: 'e',
        dx: 10,
        dy: 0,
        opacity: 75,
      },
    ]);
  });

  it('text() draws lines in a registered font, its size in points', () => {
    const text = Buffer.from('Hello,\nthere').toString('base64url');
    const step = { op: 'text', font: 'sans', gravity: 'e', dx: 10, dy: 0 };
    expect(drawn(`text(b64:${text},-10,center,sans-36,ff0000,25)`)).toEqual([
      { ...step, text: 'Hello,\nthere', size: 36, colour: 'ff0000ff', opacity: 75 },
    ]);
    expect(drawn('text(hi,-10,center,sans,red,0,normal,0,centre,true,char,3,144)')).toEqual([
      { ...step, text: 'hi', size: 24, colour: 'ff0000ff', opacity: 100 },
    ]);
  });

  it.each([
    ['quality(40)', { quality: { kind: 'absolute', value: 40 } }],
    ['format(tiff)', { format: 'tif' }],
    ['lossless()', { lossless: true }],
    ['strip_metadata()', { metadata: 'none' }],
    ['fill(none)', { background: '00000000' }],
    ['fill(%23ff8800)', { background: 'ff8800ff' }],
    ['round_corner(9,9,blue):format(jpeg)', { background: '0000ffff' }],
  ])('%s', (filters, encode) => {
    expect(imagor.parse(at(`filters:${filters}`)).plan.encode).toMatchObject(encode);
  });

  it('the quality is 75 and nothing progressive', () => {
    expect(imagor.parse('/x/unsafe/a.jpg').plan.encode).toEqual({
      format: 'source',
      quality: { kind: 'absolute', value: 75 },
      progressive: false,
    });
  });

  it('frames are counted from 1', () => {
    expect(imagor.parse(at('filters:page(3)')).plan.decode.frames).toBe(2);
    expect(imagor.parse(at('filters:max_frames(1)')).plan.decode.frames).toBe('first');
  });

  it('attachment() names a file', () => {
    expect(imagor.parse(at('filters:attachment(my%20photo.jpg)')).answer).toEqual({
      disposition: { kind: 'attachment', name: 'my photo' },
    });
    expect(imagor.parse(at('filters:attachment()')).answer.disposition).toEqual({ kind: 'attachment', name: null });
  });

  it('expire() is in milliseconds', () => {
    const url = at('filters:expire(1760000001000)');
    expect(imagor.parse(url).expiresAtS).toBe(1_760_000_001);
    expect(imagor.refusal(url, { nowS: 1_760_000_001 })).toBe('signature_expired');
  });

  it('raw() is the original, where that is not protected', () => {
    expect(imagor.parse(at('300x200/filters:raw()')).plan).toMatchObject({ view: 'original', steps: [] });
    const sealed = new MountedGrammar('imagor', { namespace: 'sealed', settings: { unsafe: true } });
    expect(sealed.refusal(at('filters:raw()'))).toBe('original_protected');
    expect(sealed.parse(at('filters:quality(3)')).plan.view).toBe('image');
  });

  it.each([
    ['sepia()', 'bad_operation'],
    ['expire(1e99)', 'bad_value'],
    ['expire(-1)', 'bad_value'],
    ['rotate(45)', 'bad_value'],
    ['padding(red,1,2,3)', 'bad_value'],
    ['padding(red)', 'bad_value'],
    ['crop(0.1,0.1,300,0.5)', 'bad_value'],
    ['focal(0.1x0.2:0.1x0.4)', 'bad_value'],
    ['focal(here)', 'bad_value'],
    ['focal(10x20:30x40)', 'operation_unsupported'],
    ['focal(0.1x0.1):focal(0.2x0.2:0.3x0.3)', 'operation_unsupported'],
    ['max_frames(3)', 'operation_unsupported'],
    ['page(0)', 'bad_value'],
    ['to_colorspace(p3)', 'operation_unsupported'],
    ['watermark(logo,1.5,0)', 'bad_value'],
    ['label(hi)', 'operation_unsupported'],
    ['label(hi,0,0,20,red,0,logo)', 'bad_value'],
    ['label(hi,repeat,0,20,red,0,sans)', 'operation_unsupported'],
    ['label(hi,0,0,1001,red,0,sans)', 'bad_value'],
    ['watermark(logo,top,0)', 'bad_value'],
    ['text()', 'bad_value'],
    ['text(hi)', 'operation_unsupported'],
    ['text(hi,0,0,logo-20)', 'bad_value'],
    ['text(hi,0,0,sans-0)', 'bad_value'],
    ['text(hi,0,0,sans-900,red,0,normal,0,low,0,word,0,144)', 'bad_value'],
    ['text(b64:!,0,0,sans-20)', 'bad_value'],
    ['text(hi,repeat,0,sans-20)', 'operation_unsupported'],
    ['text(hi,0,0,sans-20,red,0,screen)', 'operation_unsupported'],
    ['text(hi,0,0,sans-20,red,0,normal,300)', 'operation_unsupported'],
    ['text(hi,0,0,sans-20,red,0,normal,0,middle)', 'bad_value'],
    ['text(hi,0,0,sans-20,red,0,normal,0,low,0,syllable)', 'bad_value'],
    ['text(b64:YQpi,0,0,sans-20,red,0,normal,0,high)', 'operation_unsupported'],
    ['blurhash(0,3)', 'bad_value'],
    ['blurhash(4,10)', 'bad_value'],
    ['blurhash(4)', 'bad_value'],
    ['avgcolor(1)', 'bad_value'],
    ['attachment(a%2Fb)', 'bad_value'],
    ['round_corner(9,9,blue)', 'operation_unsupported'],
    ...['image', 'redact', 'rgb', 'palette'].map((name) => [`${name}()`, 'operation_unsupported']),
  ])('%s is refused', (filters, code) => {
    expect(refused(filters)).toBe(code);
  });

  it('a trim may stand among the filters', () => {
    const { steps } = imagor.parse(at('30x20/filters:rotate(90):trim(9,bottom-right):trim()')).plan;
    const trim = { op: 'trim', colour: null, equalX: false, equalY: false };
    expect(steps.slice(-2)).toEqual([
      { ...trim, threshold: 9, corner: 'se' },
      { ...trim, threshold: 1 },
    ]);
  });

  it('a focal point is one of the whole source', () => {
    expect(imagor.refusal(at('0x0:0.5x0.5/30x20/filters:focal(0.1x0.1)'))).toBe('operation_unsupported');
  });
});

describe('reports', () => {
  it('meta measures what the picture would be', () => {
    const { plan } = imagor.parse(
      '/x/unsafe/meta/30x20/filters:avgcolor():blurhash(4,3):thumbhash():background_color(white):format(jpeg)/a.png',
    );
    const picture = imagor.parse('/x/unsafe/30x20/filters:avgcolor()/a.png').plan;
    expect(plan).toMatchObject({
      view: 'measured',
      steps: picture.steps,
      measures: { average: true, blurhash: { x: 4, y: 3 }, thumbhash: true },
    });
    const facts = { version: 'v1', bytes: 1, header: makeHeader({ width: 60, height: 40 }), modifiedMs: null };
    const measured = { average: { r: 100, g: 50, b: 0, a: 51 }, blurhash: 'b', thumbhash: 't' };
    const told = (args: object) =>
      JSON.parse(reportWriter('imagor/meta')(facts, { ...plan.report?.args, ...args }, noDetails, measured).body);
    expect(told({})).toMatchObject({
      width: 30,
      blurhash: 'b',
      thumbhash: 't',
      // A fifth of the picture on white.
      average_color: { r: 224, g: 214, b: 204 },
    });
    expect(told({ background: '000000ff' }).average_color).toEqual({ r: 20, g: 10, b: 0 });
  });

  it('meta is told of a background where something is laid on it', () => {
    const argsOf = (filters: string) =>
      imagor.parse(`/x/unsafe/meta/30x20/filters:${filters}:background_color(white):format(jpeg)/a.png`).plan.report
        ?.args;
    expect(argsOf('avgcolor()')).toHaveProperty('background', 'ffffffff');
    expect(argsOf('blurhash(4,3)')).not.toHaveProperty('background');
    expect(argsOf('blur(3)')).not.toHaveProperty('background');
  });

  it.each([['background_color(white)'], ['round_corner(9,9,blue)'], ['avgcolor():background_color(white)']])(
    'meta of %s is refused as the picture is, where the format has alpha',
    (filters) => {
      for (const meta of ['meta/', '']) {
        expect(imagor.refusal(`/x/unsafe/${meta}filters:${filters}/a.png`)).toBe('operation_unsupported');
        expect(() => imagor.parse(`/x/unsafe/${meta}filters:${filters}:format(jpeg)/a.png`)).not.toThrow();
      }
    },
  );

  it('what is only for meta does nothing to a picture', () => {
    const { plan } = imagor.parse('/x/unsafe/filters:thumbhash()/a.png');
    expect(plan).toEqual(imagor.parse('/x/unsafe/a.png').plan);
  });

  it('meta is what the picture would be', () => {
    const header = { format: 'png', width: 202, height: 259, alpha: true, lossless: true } as const;
    expect(imagor.report('/x/unsafe/meta/fit-in/100x100/filters:rotate(90):watermark(logo)/a.png', header)).toEqual({
      format: 'png',
      content_type: 'image/png',
      width: 100,
      height: 78,
      orientation: 1,
      pages: 1,
      bands: 4,
    });
    const gif = { format: 'gif', width: 121, height: 128, frames: 8 } as const;
    expect(imagor.report('/x/unsafe/meta/a.gif', gif)).toMatchObject({ format: 'gif', pages: 8 });
    expect(imagor.report('/x/unsafe/meta/filters:format(jpeg)/a.gif', gif)).toMatchObject({ format: 'jpeg', pages: 1 });
  });

  it('params is how a path is understood', () => {
    const path = 'trim:bottom-right:100/10x11:12x13/-300x-200/left/top/smart/filters:some_filter():blur(3)/img';
    expect(imagor.refusal(`/x/params/unsafe/${path}`)).toBe('bad_operation');
    const url = '/x/params/unsafe/fit-in/-300x0/5x6/left/top/smart/filters:fill(red):grayscale()/a%20b';
    expect(imagor.report(url, {})).toEqual({
      path: 'fit-in/-300x0/5x6/left/top/smart/filters:fill(red):grayscale()/a%20b',
      image: 'a b',
      unsafe: true,
      fit_in: true,
      width: 300,
      padding_left: 5,
      padding_top: 6,
      padding_right: 5,
      padding_bottom: 6,
      h_flip: true,
      h_align: 'left',
      v_align: 'top',
      smart: true,
      filters: [{ name: 'fill', args: 'red' }, { name: 'grayscale' }],
    });
    expect(imagor.parse(url).plan).toMatchObject({ view: 'info', steps: [] });
  });

  it('params is as closed as the picture', () => {
    expect(new MountedGrammar('imagor', { settings: { keys: ['k'] } }).refusal('/x/params/unsafe/a.jpg')).toBe(
      'signature_missing',
    );
  });
});

describe('errors', () => {
  it.each([
    ['bad_url', 400],
    ['signature_missing', 403],
    ['signature_invalid', 403],
    ['signature_expired', 410],
    ['source_not_found', 404],
    ['unsupported_format', 406],
    ['source_mismatch', 406],
    ['mark_unusable', 406],
    ['origin_timeout', 408],
    ['result_too_large', 422],
    ['source_too_many_pixels', 422],
    ['overloaded', 503],
    ['internal', 500],
  ] as const)('%s is %i', (code, status) => {
    const formatted = imagor.format('/x/unsafe/a.jpg', code);
    expect(formatted).toMatchObject({ status, contentType: 'application/json' });
    expect(JSON.parse(formatted?.body ?? '')).toEqual({ message: expect.stringMatching(/\.$/), status });
  });
});

describe('any text', () => {
  const text = anyText(
    ...['meta/', 'trim/', '0.1x.2:1x1/', 'fit-in/', 'stretch/', '300x200/', '5x6:7x8/', 'smart/', 'filters:', 'b64:'],
    ...[
      'image(',
      'blur(',
      '2,',
      '):',
      ')/',
      '()',
      'color:',
      'focal(0.1x0.1)',
      'padding(red,1)',
      'http://',
      '%2F',
      '%',
      '+',
    ],
  );

  it('gives a plan or a client error, the same one each time', () => {
    fc.assert(
      fc.property(text, fc.boolean(), (tail, isParams) => {
        givesPlanOrRefusal(() => imagor.parse(`/x/${isParams ? 'params/' : ''}unsafe/${tail}`));
      }),
      { numRuns: 1500 },
    );
  });

  it.each(['(', ')', '/', ':', ',', '%2C', 'a(', 'a():', '()', ')(', '+', 'b64:'])(
    'much of %s is quickly read',
    (unit) => {
      const long = unit.repeat(262_144 / unit.length);
      for (const path of [`/x/unsafe/${long}`, `/x/unsafe/filters:${long}`, `/x/unsafe/filters:image(${long})/a.jpg`]) {
        expect(() => imagor.parse(path)).toThrow();
      }
    },
  );
});
