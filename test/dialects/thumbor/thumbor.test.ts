import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPath } from '../../../src/dialects/thumbor/read-path.ts';
import { signatureOf } from '../../../src/dialects/thumbor/signature.ts';
import { anyText, givesPlanOrRefusal } from '../laws.ts';
import { MountedGrammar } from '../mounted.ts';

const thumbor = new MountedGrammar('thumbor', { settings: { unsafe: true } });
const filtered = (filters: string) => thumbor.parse(`/x/unsafe/300x200/filters:${filters}/a.jpg`);
const drawn = (filters: string) => filtered(filters).plan.steps.slice(1);
const refused = (filters: string) => thumbor.refusal(`/x/unsafe/300x200/filters:${filters}/a.jpg`);

describe('signatures', () => {
  const sha1 = { algorithm: 'sha1', signatureLength: null } as const;

  it('are those of libthumbor', () => {
    expect(signatureOf('MY-SECURITY-KEY', '200x300/myserver.com/myimg.jpg', sha1)).toBe('G_dykuWBGyEil5JnNh9cBke0Ajo=');
  });

  const signed = new MountedGrammar('thumbor', {
    namespace: null,
    settings: { keys: ['old', 'MY-SECURITY-KEY'] },
    namespaces: { 'myserver-com': {} },
  });
  const sign = (text: string, secret = 'MY-SECURITY-KEY') => `${signatureOf(secret, text, sha1)}/${text}`;

  it('any live key is good, with its padding escaped or not', () => {
    for (const secret of ['MY-SECURITY-KEY', 'old']) {
      const path = sign('200x300/hotel/a.jpg', secret);
      expect(signed.parse(`/x/${path}`)).toMatchObject({ signed: true, source: { ns: 'hotel', key: 'a.jpg' } });
      expect(signed.parse(`/x/${path.replace('=', '%3D')}`).signed).toBe(true);
    }
  });

  it('cover all that follows', () => {
    const path = sign('200x300/hotel/a.jpg');
    expect(signed.refusal(`/x/${path}x`)).toBe('signature_invalid');
    expect(signed.refusal(`/x/${path.replace('200', '201')}`)).toBe('signature_invalid');
    expect(signed.refusal(`/x/${sign('200x300/hotel/a.jpg', 'other')}`)).toBe('signature_invalid');
  });

  it('are taken off once, and at the front only', () => {
    const hash = signatureOf('MY-SECURITY-KEY', 'smart/image.jpg', sha1);
    expect(signed.refusal(`/x/${hash}/sma/${hash}/rt/image.jpg`)).toBe('signature_invalid');
  });

  it('may be made otherwise, and cut', () => {
    const other = new MountedGrammar('thumbor', {
      settings: { keys: ['k'], algorithm: 'sha512', signatureLength: 40 },
    });
    const hash = signatureOf('k', 'a.jpg', { algorithm: 'sha512', signatureLength: 40 });
    expect(hash).toHaveLength(40);
    expect(other.parse(`/x/${hash}/a.jpg`).signed).toBe(true);
    expect(other.refusal(`/x/${hash.slice(0, 39)}/a.jpg`)).toBe('signature_invalid');
  });

  it('are missed where there are none', () => {
    expect(signed.refusal('/x/200x300/hotel/a.jpg')).toBe('signature_missing');
    expect(signed.refusal('/x/unsafe/200x300/hotel/a.jpg')).toBe('signature_missing');
    expect(new MountedGrammar('thumbor').refusal('/x/unsafe/a.jpg')).toBe('signature_missing');
  });

  it('of their own are no way around those of a namespace, unless the mount opens it', () => {
    const around = new MountedGrammar('thumbor', { namespace: 'fd', settings: { unsafe: true, keys: ['k'] } });
    expect(around.refusal('/x/unsafe/a.jpg')).toBe('signature_missing');
    expect(around.parse(`/x/${sign('a.jpg', 'k')}`).source.ns).toBe('fd');
    const open = new MountedGrammar('thumbor', { namespace: 'fd', settings: { unsafe: true, open: true } });
    expect(open.parse('/x/unsafe/a.jpg').source.ns).toBe('fd');
  });
});

describe('paths', () => {
  it('have their options in one order', () => {
    const text =
      'meta/trim:bottom-right:100/10x11:12x13/adaptive-full-fit-in/-300x-orig/left/top/smart/filters:some_filter()/img/a.jpg';
    expect(readPath(text, 'thumbor')).toEqual({
      meta: true,
      trim: { by: 'bottom-right', tolerance: 100 },
      crop: { left: 10, top: 11, right: 12, bottom: 13, unit: 'px' },
      fitIn: { adaptive: true, full: true },
      stretch: false,
      size: { width: 300, height: 'orig', flipX: true, flipY: true },
      padding: null,
      halign: 'left',
      valign: 'top',
      smart: true,
      filters: [{ name: 'some_filter', args: '' }],
      image: 'img/a.jpg',
    });
  });

  it.each([
    ['trim', { threshold: 1 }],
    ['trim:40', { threshold: 40 }],
    ['trim:bottom-right:9', { threshold: 9, corner: 'se' }],
  ])('%s comes before everything else', (word, wanted) => {
    const { steps } = thumbor.parse(`/x/unsafe/${word}/1x2:30x40/50x60/a.jpg`).plan;
    expect(steps.map(({ op }) => op)).toEqual(['trim', 'region', 'resize']);
    expect(steps[0]).toEqual({ op: 'trim', colour: null, equalX: false, equalY: false, ...wanted });
  });

  it.each(['smart', 'top', 'fit-in', '300x200', 'meta', 'trim'])('an image may be called %s', (name) => {
    expect(thumbor.parse(`/x/unsafe/${name}`).source.key).toBe(name);
  });

  it('thumbor ends arguments at the first bracket before a colon or slash', () => {
    expect(readPath('filters:a(x(1)y):b()/img', 'thumbor').filters).toEqual([
      { name: 'a', args: 'x(1)y' },
      { name: 'b', args: '' },
    ]);
  });

  it('imagor knows more words, which are an image here', () => {
    expect(readPath('stretch/300x200/a.jpg', 'thumbor').image).toBe('stretch/300x200/a.jpg');
    expect(readPath('300x200/5x6/a.jpg', 'thumbor').image).toBe('5x6/a.jpg');
  });

  it.each([
    ['a%20b.jpg', 'a b.jpg'],
    ['%E4%B8%AD/a.jpg', '中/a.jpg'],
    ['smart%2Fa.jpg', 'smart/a.jpg'],
    ['a%2525.jpg', 'a%25.jpg'],
  ])('the image %s is decoded once', (raw, key) => {
    expect(thumbor.parse(`/x/unsafe/${raw}`).source).toEqual({ ns: 'hotel', key });
  });

  it('the image names its namespace where the mount has none', () => {
    const free = new MountedGrammar('thumbor', { namespace: null, settings: { unsafe: true } });
    expect(free.parse('/x/unsafe/300x200/hotel/g/a.jpg').source).toEqual({ ns: 'hotel', key: 'g/a.jpg' });
    expect(free.refusal('/x/unsafe/300x200/nowhere/a.jpg')).toBe('not_found');
    expect(free.refusal('/x/unsafe/300x200/hotel')).toBe('bad_key');
  });

  it.each([
    ['/x/unsafe/http://elsewhere.example/a.jpg', 'not_allowed'],
    ['/x/unsafe/https%3A%2F%2Felsewhere.example%2Fa.jpg', 'not_allowed'],
    ['/x/unsafe/%2F%2Felsewhere.example/a.jpg', 'not_allowed'],
    ['/x/unsafe/../a.jpg', 'bad_key'],
    ['/x/unsafe/%2e%2e/a.jpg', 'bad_key'],
    ['/x/unsafe/a%00.jpg', 'bad_key'],
    ['/x/unsafe/a%ff.jpg', 'bad_key'],
    ['/x/unsafe/中.jpg', 'bad_key'],
    ['/x/unsafe/', 'bad_url'],
    ['/x/unsafe', 'bad_url'],
    ['/x/unsafe/a.jpg?w=1', 'bad_url'],
    ['/x/unsafe/debug/a.jpg', 'operation_unsupported'],
    ['/x/unsafe/meta/trim/a.jpg', 'operation_unsupported'],
    ['/x/unsafe/999999x1/a.jpg', 'bad_value'],
    ['/x/unsafe/1x1:1x99999999999999999999/a.jpg', 'bad_value'],
    ['/x/unsafe/origx300/filters:stretch()/a.jpg', 'operation_unsupported'],
    ['/x/unsafe/adaptive-fit-in/origx300/a.jpg', 'operation_unsupported'],
    ['/x/unsafe/fit-in/origx300/filters:fill(red)/a.jpg', 'operation_unsupported'],
    ['/x/unsafe/filters:blur(1)', 'bad_url'],
    ['/x/unsafe/filters:blur(1)x/a.jpg', 'bad_url'],
    ['/x/unsafe/filters:/a.jpg', 'bad_url'],
    [`/x/unsafe/filters:${'blur(1):'.repeat(40)}blur(1)/a.jpg`, 'bad_url'],
    [`/x/unsafe/filters:${'blur(1):'.repeat(20)}blur(1)/a.jpg`, 'bad_url'],
  ])('%s is refused', (url, code) => {
    expect(thumbor.refusal(url)).toBe(code);
  });

  it('at the root only what begins as its own is claimed', () => {
    const root = new MountedGrammar('thumbor', { at: '', settings: { unsafe: true } });
    expect(root.parse('/unsafe/300x200/a.jpg').dialect).toBe('thumbor');
    expect(root.parse('/hotel/a.jpg/~w_300.webp').dialect).toBe('native');
    expect(root.refusal('/favicon.ico')).toBe('not_found');
  });
});

describe('filters', () => {
  it.each([
    ['brightness(-40)', [{ op: 'brightness', amount: -40 }]],
    ['contrast(40)', [{ op: 'contrast', amount: 40 }]],
    ['grayscale()', [{ op: 'grey' }]],
    ['saturation(1.5)', [{ op: 'saturation', amount: 50 }]],
    ['saturation(0)', [{ op: 'saturation', amount: -100 }]],
    ['blur(7)', [{ op: 'blur', sigma: 7 }]],
    ['blur(7, 2.5)', [{ op: 'blur', sigma: 2.5 }]],
    ['blur(0)', []],
    ['sharpen(2,1.0,true)', [{ op: 'sharpen', sigma: 1.5 }]],
    ['sharpen(0,1.0,true)', []],
    // Counter-clockwise there, clockwise here.
    ['rotate(90)', [{ op: 'rotate', degrees: 270 }]],
    ['rotate(-90)', [{ op: 'rotate', degrees: 90 }]],
    ['rotate(450)', [{ op: 'rotate', degrees: 270 }]],
    ['rotate(360)', []],
    ['round_corner(20,255,0,16)', [{ op: 'round', shape: 'corners', unit: 'px', x: 20, y: 20 }]],
    ['round_corner(20%7C10,0,0,0,true)', [{ op: 'round', shape: 'corners', unit: 'px', x: 20, y: 10 }]],
    ['strip_icc()', []],
  ])('%s', (filters, steps) => {
    expect(drawn(filters)).toEqual(steps);
  });

  it.each([
    ['quality(40)', { quality: { kind: 'absolute', value: 40 } }],
    ['format(webp)', { format: 'webp' }],
    ['format(jpeg)', { format: 'jpg' }],
    ['autojpg()', { format: 'auto', negotiated: 'plain' }],
    ['autojpg(false)', { format: 'source' }],
    ['max_bytes(40000)', { bytesMax: 40_000 }],
    ['strip_exif()', { metadata: 'none' }],
    ['fill(ff000080)', { background: 'ff000080' }],
    ['fill(f00)', { background: 'ff0000ff' }],
    ['fill(RebeccaPurple)', { background: '663399ff' }],
    ['fill(transparent)', { background: '00000000' }],
    ['fill(blue,1):format(jpeg)', { background: '0000ffff' }],
    ['background_color(blue):format(jpeg)', { background: '0000ffff' }],
    ['round_corner(20,255,0,16)', { background: 'ff0010ff' }],
  ])('%s', (filters, encode) => {
    expect(filtered(filters).plan.encode).toMatchObject(encode);
  });

  it('the quality is 80, and JPEGs are progressive, unless the mount says otherwise', () => {
    const { encode } = filtered('blur(1)').plan;
    expect(encode).toEqual({ format: 'source', quality: { kind: 'absolute', value: 80 }, progressive: true });
    const other = new MountedGrammar('thumbor', { settings: { unsafe: true, quality: 60, progressive: false } });
    expect(other.parse('/x/unsafe/a.jpg').plan.encode).toMatchObject({
      quality: { kind: 'absolute', value: 60 },
      progressive: false,
    });
  });

  it('max_age is that of the answer', () => {
    expect(filtered('max_age(60)').answer).toEqual({ maxAgeS: 60 });
  });

  describe('watermark', () => {
    const named = new MountedGrammar('thumbor', {
      settings: { unsafe: true, watermarks: { 'cdn.example/logo.png': 'logo' } },
    });
    const mark = (args: string) => named.parse(`/x/unsafe/filters:watermark(${args})/a.jpg`).plan.steps[0];

    it.each([
      ['logo,10,20,0', { gravity: 'nw', dx: 10, dy: 20, opacity: 100, scalePercent: 0 }],
      ['cdn.example/logo.png,-10,-20,30', { asset: 'logo', gravity: 'se', dx: 10, dy: 20, opacity: 70 }],
      ['logo,-0,5,99', { gravity: 'ne', dx: 0, dy: 5, opacity: 1 }],
      ['logo,center,center,0,25', { gravity: 'c', dx: 0, dy: 0, scalePercent: 25 }],
      ['logo,center,-5,0,none,none', { gravity: 's', dy: 5, scalePercent: 0 }],
      ['logo,5,center,0', { gravity: 'w', dx: 5, oversize: true }],
      ['logo,20p,-5p,0', { gravity: 'sw', dx: 0.2, dy: 0.05 }],
      ['logo,repeat,-5,0', { gravity: 'sw', dy: 5, tile: { x: { by: 'even' }, y: null } }],
    ])('%s', (args, step) => {
      expect(mark(args)).toMatchObject({ op: 'watermark', ...step });
    });

    it('alpha 0 is opaque', () => {
      const [op] = named.resolve('/x/unsafe/filters:watermark(logo,0,0,0)/a.jpg', {}).ops;
      expect(op).toMatchObject({ op: 'watermark', opacity: 100, left: 0, top: 0 });
    });

    it.each([
      ['other,0,0,0', 'bad_value'],
      ['constructor,0,0,0', 'bad_value'],
      ['logo,100p,0,0', 'bad_value'],
      ['logo,0,0,0,10,10', 'operation_unsupported'],
      ['logo,0,0,0,101', 'bad_value'],
      ['logo,0,0,101', 'bad_value'],
      ['logo,0,0', 'bad_value'],
      ['logo,left,0,0', 'bad_value'],
    ])('%s is refused', (args, code) => {
      expect(named.refusal(`/x/unsafe/filters:watermark(${args})/a.jpg`)).toBe(code);
    });
  });

  it.each([
    ['sepia()', 'bad_operation'],
    ['constructor()', 'bad_operation'],
    ['quality(80):quality(80)', 'bad_operation'],
    ['quality()', 'bad_value'],
    ['quality(0)', 'bad_value'],
    ['quality(101)', 'bad_value'],
    ['quality(1e1)', 'bad_value'],
    ['quality(NaN)', 'bad_value'],
    ['quality(80,80)', 'bad_value'],
    ['quality(%ff)', 'bad_value'],
    ['blur(151)', 'bad_value'],
    ['saturation(3)', 'bad_value'],
    ['rotate(45)', 'bad_value'],
    ['format(docx)', 'bad_value'],
    ['format(heic)', 'operation_unsupported'],
    ['fill(auto)', 'operation_unsupported'],
    ['fill(blur)', 'operation_unsupported'],
    ['fill(nosuch)', 'bad_value'],
    ['fill(red,true)', 'operation_unsupported'],
    ['background_color(red)', 'operation_unsupported'],
    ['fill(red):round_corner(5,0,0,255)', 'operation_unsupported'],
    ['round_corner(5|6|7,0,0,0)', 'bad_value'],
    ['round_corner(5,0,0)', 'bad_value'],
    ...[
      'colorize',
      'convolution',
      'curve',
      'equalize',
      'extract_focal',
      'focal',
      'frame',
      'noise',
      'red_eye',
      'rgb',
    ].map((name) => [`${name}(1)`, 'operation_unsupported']),
  ])('%s is refused', (filters, code) => {
    expect(refused(filters)).toBe(code);
  });
});

describe('Accept', () => {
  const auto = new MountedGrammar('thumbor', { settings: { unsafe: true, autoFormats: ['webp'] } });

  it.each([
    ['image/avif,image/webp', 'auto', 'webp'],
    ['image/webp', 'auto', 'webp'],
    ['image/*', 'source', 'plain'],
  ])('%s', (accept, format, negotiated) => {
    const parsed = auto.parse('/x/unsafe/a.jpg', { accept });
    expect(parsed.plan.encode.format).toBe(format);
    expect(parsed.negotiated).toBe(negotiated);
  });

  it('has no say beside format(), nor where the mount lets it choose nothing', () => {
    expect(auto.parse('/x/unsafe/filters:format(png)/a.jpg', { accept: 'image/webp' }).negotiated).toBeNull();
    expect(thumbor.parse('/x/unsafe/a.jpg', { accept: 'image/webp' })).toMatchObject({
      negotiated: null,
      plan: { encode: { format: 'source' } },
    });
  });
});

describe('meta', () => {
  it('says what would be done', () => {
    const url = '/x/unsafe/meta/100x100:700x500/-300x100/filters:fill(red):quality(3)/g/a.jpg';
    expect(thumbor.report(url, { width: 800, height: 600 })).toEqual({
      thumbor: {
        source: { url: 'g/a.jpg', width: 800, height: 600 },
        operations: [
          { type: 'crop', left: 100, top: 100, right: 700, bottom: 500 },
          { type: 'resize', width: 300, height: 200 },
          { type: 'crop', left: 0, top: 50, right: 300, bottom: 150 },
          { type: 'flip_horizontally' },
        ],
        target: { width: 300, height: 100 },
      },
    });
  });

  it.each([['background_color(red)'], ['fill(red,true)']])('of %s is refused as the picture is', (filters) => {
    for (const meta of ['meta/', '']) {
      expect(thumbor.refusal(`/x/unsafe/${meta}30x20/filters:${filters}/a.png`)).toBe('operation_unsupported');
      expect(() => thumbor.parse(`/x/unsafe/${meta}30x20/filters:${filters}:format(jpeg)/a.png`)).not.toThrow();
    }
  });

  it('decodes nothing', () => {
    expect(thumbor.parse('/x/unsafe/meta/a.jpg').plan).toMatchObject({ view: 'info', steps: [] });
  });
});

describe('errors', () => {
  it.each([
    ['bad_url', 400],
    ['signature_invalid', 400],
    ['signature_missing', 400],
    ['not_allowed', 400],
    ['result_too_large', 400],
    ['undecodable', 400],
    ['source_mismatch', 400],
    ['mark_unusable', 400],
    ['source_not_found', 404],
    ['not_an_image', 415],
    ['quota_exceeded', 429],
    ['overloaded', 503],
    ['origin_failed', 502],
    ['origin_timeout', 504],
    ['processing_deadline', 504],
    ['internal', 500],
  ] as const)('%s is %i with nothing in it', (code, status) => {
    expect(thumbor.format('/x/unsafe/a.jpg', code)).toEqual({
      status,
      contentType: 'text/html; charset=UTF-8',
      body: '',
    });
  });
});

describe('any text', () => {
  const text = anyText(
    ...['unsafe/', 'meta/', 'trim/', '1x2:3x4/', 'fit-in/', '300x200/', '-x-/', 'left/', 'top/', 'smart/', 'filters:'],
    ...['blur(', '2,', '):', ')/', 'fill(red)', 'watermark(logo,0,0,0)', 'http://', '%2F', '%', '..', 'orig', 'x', ','],
  );

  it('gives a plan or a client error, the same one each time', () => {
    fc.assert(
      fc.property(text, (tail) => givesPlanOrRefusal(() => thumbor.parse(`/x/unsafe/${tail}`))),
      { numRuns: 1500 },
    );
  });

  it.each(['(', ')', '/', ':', ',', '%2C', '-', 'x', '1', 'a(', 'a():', '()', ')('])(
    'much of %s is quickly read',
    (unit) => {
      const long = unit.repeat(262_144 / unit.length);
      for (const path of [`/x/unsafe/${long}`, `/x/unsafe/filters:${long}`, `/x/unsafe/filters:blur(${long})/a.jpg`]) {
        expect(() => thumbor.parse(path)).toThrow();
      }
    },
  );
});
