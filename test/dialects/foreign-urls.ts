import fc from 'fast-check';
import type { MountWish } from './mounted.ts';

/**
 * URLs of every foreign grammar, most of them understood: what each can say stands in at least one of them. All are for a mount at `/x`
 * on the namespace `hotel` that has the assets `logo` and
 * `sans`.
 */
export type ForeignUrls = Readonly<{ grammar: string; wish: MountWish; url: fc.Arbitrary<string> }>;

const whole = (min: number, max: number) => fc.integer({ min, max }).map(String);
const decimal = (min: number, max: number) =>
  fc.integer({ min: Math.ceil(min * 1000), max: max * 1000 }).map((value) => String(value / 1000));
const side = whole(1, 4000);
const word = (...words: string[]) => fc.constantFrom(...words);
const list = (between: string, ...parts: fc.Arbitrary<string>[]) =>
  fc.tuple(...parts).map((texts) => texts.join(between));
const hex = word('ff0000', '00ff7f', '336699');

type Options = Readonly<Record<string, fc.Arbitrary<string>>>;

/** Some of the options in any order, each written by `write`. */
const some = (options: Options, write: (name: string, value: string) => string, between: string, max = 5) =>
  fc
    .shuffledSubarray(Object.entries(options), { minLength: 1, maxLength: Math.min(max, Object.keys(options).length) })
    .chain((chosen) => fc.tuple(...chosen.map(([name, value]) => value.map((text) => write(name, text)))))
    .map((parts) => parts.join(between));

const query = (options: Options, max?: number) => some(options, (name, value) => `${name}=${value}`, '&', max);

const imgproxyGravity = fc.oneof(
  word('no', 'so', 'ea', 'we', 'noea', 'nowe', 'soea', 'sowe', 'ce', 'sm'),
  list(':', word('nowe', 'so'), decimal(-9, 9), decimal(-0.5, 9)),
  list(':', fc.constant('fp'), decimal(0, 1), decimal(0, 1)),
);

const imgproxy = some(
  {
    rs: list(
      ':',
      word('fit', 'fill', 'fill-down', 'force', 'auto'),
      side,
      whole(0, 4000),
      word('0', '1'),
      word('0', '1'),
    ),
    mw: side,
    mh: side,
    z: list(':', decimal(0.1, 3), decimal(0.1, 3)),
    dpr: decimal(0.1, 4),
    ex: list(':', fc.constant('1'), imgproxyGravity),
    exar: list(':', fc.constant('1'), imgproxyGravity),
    g: imgproxyGravity,
    c: list(':', decimal(0, 900), decimal(0, 900), imgproxyGravity),
    t: list(':', decimal(0, 200), word('', 'ff0000'), word('0', '1'), word('0', '1')),
    pd: list(':', whole(0, 90), whole(0, 90)),
    ar: word('0', '1'),
    rot: word('90', '180', '270'),
    fl: list(':', word('0', '1'), word('0', '1')),
    bg: hex,
    bl: decimal(0, 40),
    sh: decimal(0, 9),
    pix: whole(0, 30),
    wm: list(':', decimal(0, 1), word('ce', 'no', 'soea', 're', 'ch'), decimal(-90, 90), whole(0, 90), decimal(0, 2)),
    wmt: word('SGVsbG8', '5Lit5paHCl8_'),
    wmr: decimal(-400, 400),
    wmsh: decimal(0, 90),
    br: whole(-255, 255),
    co: decimal(0.001, 10),
    sa: decimal(0.001, 10),
    dt: list(':', decimal(0, 1), hex, hex),
    col: list(':', decimal(0, 1), hex, word('0', '1')),
    gr: list(':', decimal(0, 1), hex, word('down', 'left', '90', '-30.5'), decimal(0, 0.5), decimal(0.5, 1)),
    bga: decimal(0, 1),
    ush: list(':', word('', 'auto', 'none', 'always'), word('', '0.5', '2'), word('', '12')),
    ra: word('nearest', 'linear', 'cubic', 'lanczos2', 'lanczos3'),
    car: list(':', decimal(0, 3), word('0', '1')),
    mc: list(':', decimal(0, 1), hex),
    pbl: list(':', decimal(0, 99), word('', 'up', '200'), decimal(0, 0.5), decimal(0.5, 1)),
    ba: list(':', decimal(0.1, 9), decimal(0, 1), decimal(0, 1), decimal(0, 1), decimal(0, 1)),
    scp: word('0', '1'),
    ph: word('0', '1'),
    cp: fc.constant('srgb'),
    q: whole(1, 100),
    fq: list(':', word('jpg', 'webp'), whole(1, 100)),
    mb: whole(1, 99_999),
    jpgo: list(':', word('', '0', '1'), word('', '1'), word('', '1'), word('', '1'), word('', '1'), whole(0, 8)),
    pngo: list(':', word('', '0', '1'), word('0', '1'), word('', '2', '100')),
    webpo: list(':', word('', 'lossy', 'near_lossless', 'lossless'), word('0', '1'), word('', 'default', 'text')),
    avifo: word('auto', 'on', 'off'),
    aq: list(
      ':',
      word('none', 'size', 'dssim', 'ml'),
      word('', '0.02', '1e-7', '20000'),
      whole(1, 40),
      whole(40, 100),
      word('', '0.001', '1'),
    ),
    pg: whole(0, 9),
    pgs: whole(1, 9),
    da: word('0', '1'),
    dpi: whole(0, 600),
    hs: word('none', `md5:${'ab'.repeat(16)}`, `sha512:${'0F'.repeat(64)}`),
    f: word('jpg', 'png', 'webp', 'avif', 'gif', 'tiff', 'best'),
    skp: word('jpg', 'jpg:png'),
    sm: word('0', '1'),
    raw: word('0', '0', '0', '1'),
  },
  (name, value) => `${name}:${value}`,
  '/',
  8,
).map((options) => `/x/unsafe/${options}/plain/local:///a.png`);

const iiif = fc
  .tuple(
    fc.oneof(
      word('full', 'square'),
      list(',', whole(0, 900), whole(0, 900), side, side),
      list(',', decimal(0, 90), decimal(0, 90), decimal(0.1, 90), decimal(0.1, 90)).map((shares) => `pct:${shares}`),
    ),
    fc.oneof(
      word('max', '^max'),
      list(',', side, side),
      side.map((w) => `^!${w},${w}`),
      side.map((h) => `,${h}`),
      decimal(0.01, 100).map((n) => `pct:${n}`),
    ),
    fc.oneof(word('0', '90', '!180'), decimal(0, 360)),
    word('default', 'color', 'gray', 'bitonal'),
    word('jpg', 'png', 'webp', 'gif', 'tif'),
  )
  .map(([region, size, rotation, quality, format]) => `/x/a.jpg/${region}/${size}/${rotation}/${quality}.${format}`);

const ossPlace = word('nw', 'north', 'ne', 'west', 'center', 'east', 'sw', 'south', 'se');
const oss = fc
  .array(
    fc.oneof(
      some(
        { m: word('lfit', 'mfit', 'fill', 'pad', 'fixed'), w: side, h: side, limit: word('0', '1') },
        (n, v) => `${n}_${v}`,
        ',',
      ).map((o) => `resize,${o}`),
      some(
        { l: side, s: side, m: word('lfit', 'fill'), color: hex.map((c) => c.toUpperCase()) },
        (n, v) => `${n}_${v}`,
        ',',
      ).map((o) => `resize,${o}`),
      whole(1, 300).map((p) => `resize,p_${p}`),
      some({ w: side, h: side, x: whole(0, 99), y: whole(0, 99), g: ossPlace }, (n, v) => `${n}_${v}`, ',').map(
        (o) => `crop,${o}`,
      ),
      some({ x: side, i: whole(0, 9) }, (n, v) => `${n}_${v}`, ',').map((o) => `indexcrop,${o}`),
      whole(1, 4096).map((r) => `circle,r_${r}`),
      whole(1, 4096).map((r) => `rounded-corners,r_${r}`),
      whole(0, 360).map((n) => `rotate,${n}`),
      list(
        ',',
        whole(1, 50).map((r) => `r_${r}`),
        whole(1, 50).map((s) => `s_${s}`),
      ).map((o) => `blur,${o}`),
      whole(-100, 100).map((n) => `bright,${n}`),
      whole(-100, 100).map((n) => `contrast,${n}`),
      whole(50, 399).map((n) => `sharpen,${n}`),
      whole(1, 100).map((n) => `quality,q_${n}`),
      word('jpg', 'png', 'webp', 'gif', 'tiff', 'avif').map((f) => `format,${f}`),
      word('interlace,1', 'auto-orient,1', 'auto-orient,0'),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((actions) => `/x/a.jpg?x-oss-process=image/${actions.join('/')}`);

const nephele = fc
  .array(
    fc.oneof(
      some({ m: word('lfit', 'fixed'), w: side, h: side, limit: word('0', '1') }, (n, v) => `${n}_${v}`, ',').map(
        (o) => `resize,${o}`,
      ),
      some({ w: side, h: side, x: whole(0, 99), y: whole(0, 99), g: ossPlace }, (n, v) => `${n}_${v}`, ',').map(
        (o) => `crop,${o}`,
      ),
      whole(0, 360).map((n) => `rotate,v_${n}`),
      whole(1, 100).map((n) => `quality,v_${n}`),
      word('jpg', 'png', 'webp').map((f) => `format,v_${f}`),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((actions) => `/x/a.jpg?x-nephele-process=image/${actions.join('/')}`);

const size = list('x', side, side);
const mogr: Options = {
  gravity: word('NorthWest', 'north', 'Center', 'SOUTH', 'SouthEast'),
  thumbnail: fc.oneof(
    size,
    size.map((s) => `!${s}r`),
    whole(1, 999).map((n) => `!${n}p`),
    whole(1, 999).map((n) => `!x${n}p`),
    whole(1, 9_999_999).map((n) => `${n}@`),
  ),
  crop: fc.oneof(
    size,
    list(
      '',
      fc.constant('!'),
      size,
      whole(0, 90).map((n) => `a${n}`),
      whole(0, 90).map((n) => `-${n}`),
    ),
  ),
  rotate: whole(1, 360),
  blur: list('x', whole(1, 50), whole(1, 20)),
  quality: fc.oneof(
    whole(1, 100),
    whole(1, 100).map((n) => `${n}!`),
  ),
  format: word('jpg', 'png', 'webp', 'gif', 'avif'),
  interlace: word('0', '1'),
  'size-limit': whole(1, 900).map((n) => `${n}k`),
};
const chain = (own: Options) =>
  fc
    .array(
      fc.oneof(
        some({ ...mogr, ...own }, (name, value) => `${name}/${value}`, '/').map((options) => `imageMogr2/${options}`),
        fc.tuple(whole(0, 5), side, side).map(([mode, w, h]) => `imageView2/${mode}/w/${w}/h/${h}`),
      ),
      { minLength: 1, maxLength: 2 },
    )
    .map((operations) => `/x/a.jpg?${operations.join('%7C')}`);
const colour = word('d2hpdGU=', 'I0ZGMDAwMA', 'bm9uZQ==');
const encodedLogo = Buffer.from('logo').toString('base64url');

const thumborFilter = fc.oneof(
  whole(-100, 100).map((n) => `brightness(${n})`),
  whole(-100, 100).map((n) => `contrast(${n})`),
  whole(1, 100).map((n) => `quality(${n})`),
  word('jpeg', 'png', 'webp', 'avif').map((f) => `format(${f})`),
  word('0', '90', '180', '270').map((n) => `rotate(${n})`),
  whole(1, 99_999).map((n) => `max_bytes(${n})`),
  list(',', whole(1, 150), decimal(0, 150)).map((n) => `blur(${n})`),
  list(',', fc.constant('logo'), word('10', '-10', 'center', 'repeat', '20p'), word('0', '5'), whole(0, 99)).map(
    (n) => `watermark(${n})`,
  ),
  hex.map((c) => `fill(${c})`),
  word('grayscale()', 'upscale()', 'no_upscale()', 'stretch()', 'strip_exif()', 'autojpg()', 'cover()', 'equalize()'),
  decimal(0.1, 0.99).map((n) => `proportion(${n})`),
  list(',', whole(1, 5), whole(1, 5)).map((n) => `round_corner(${n},255,255,255)`),
);
const imagorFilter = fc.oneof(
  thumborFilter,
  whole(-360, 360).map((n) => `hue(${n})`),
  decimal(0, 4).map((n) => `sharpen(${n})`),
  whole(1, 40).map((n) => `round_corner(${n})`),
  list(',', whole(1, 40), whole(1, 40)).map((n) => `padding(white,${n})`),
  list(
    ',',
    fc.constant('Hi%20there'),
    word('10', 'center', '0.25'),
    word('5', '20p'),
    whole(1, 90),
    hex,
    whole(0, 99),
  ).map((n) => `label(${n},sans)`),
  word('trim()', 'trim(9,bottom-right)', 'raw()', 'strip_icc()', 'lossless()', 'max_frames(1)', 'page(2)'),
);
const thumborPath = (filter: fc.Arbitrary<string>) =>
  fc
    .tuple(
      word('', '', 'trim/', 'trim:bottom-right:40/'),
      word('', 'fit-in/', 'full-fit-in/', 'adaptive-fit-in/'),
      fc.oneof(
        fc.constant(''),
        list(
          '',
          fc.constant(''),
          whole(0, 90),
          fc.constant('x'),
          whole(0, 90),
          fc.constant(':'),
          whole(91, 900),
          fc.constant('x'),
          whole(91, 900),
          fc.constant('/'),
        ),
      ),
      fc.oneof(
        list('x', word('', '-'), side).map((s) => s.replace(/^-x/, '-99x').replace(/^x/, 'x')),
        size,
        word('origx20', '0x0', '-90x-70'),
      ),
      word('', '/left/top', '/right', '/bottom', '/smart'),
      fc.array(filter, { maxLength: 4 }),
    )
    .map(
      ([trim, fit, crop, box, align, filters]) =>
        `/x/unsafe/${trim}${crop}${fit}${box}${align}/${filters.length === 0 ? '' : `filters:${filters.join(':')}/`}a.jpg`,
    );

const cloudflare = some(
  {
    width: side,
    height: side,
    fit: word('scale-down', 'contain', 'cover', 'crop', 'aspect-crop', 'pad', 'squeeze'),
    gravity: fc.oneof(word('left', 'top', 'auto', 'center'), list('x', decimal(0, 1), decimal(0, 1))),
    dpr: decimal(1, 5),
    rotate: word('90', '180', '270'),
    flip: word('h', 'v', 'hv'),
    trim: fc.oneof(list(';', whole(0, 90), whole(0, 90), whole(0, 90), whole(0, 90)), word('border')),
    brightness: decimal(0, 2),
    contrast: decimal(0, 2),
    saturation: decimal(0, 2),
    gamma: decimal(0.1, 9),
    sharpen: decimal(0, 10),
    blur: decimal(1, 250),
    background: hex.map((c) => `%23${c}`),
    quality: whole(1, 100),
    format: word('auto', 'webp', 'avif', 'jpeg', 'baseline-jpeg'),
    metadata: word('keep', 'copyright', 'none'),
    anim: word('true', 'false'),
  },
  (name, value) => `${name}=${value}`,
  ',',
).map((options) => `/x/cdn-cgi/image/${options}/a.jpg`);

const weserv = query(
  {
    w: side,
    h: side,
    dpr: decimal(1, 5),
    fit: word('inside', 'outside', 'cover', 'fill', 'contain'),
    we: fc.constant(''),
    a: fc.oneof(
      word('top', 'left', 'attention', 'entropy', 'top-left'),
      list('-', fc.constant('focal'), whole(0, 100), whole(0, 100)),
    ),
    cx: whole(0, 90),
    cy: whole(0, 90),
    cw: side,
    ch: side,
    precrop: fc.constant(''),
    ro: whole(-400, 400),
    flip: fc.constant(''),
    flop: fc.constant(''),
    bri: whole(-100, 100),
    con: whole(-100, 100),
    sat: decimal(0, 2),
    hue: decimal(-360, 360),
    mod: list(',', decimal(0, 2), decimal(0, 2), whole(-360, 360)),
    gam: decimal(1, 3),
    sharp: decimal(0, 10),
    filt: word('greyscale', 'negate', 'sepia', 'duotone'),
    blur: decimal(0.3, 250),
    tint: hex,
    mask: fc.constant('ellipse'),
    bg: hex,
    output: word('jpg', 'png', 'gif', 'tiff', 'webp', 'avif'),
    q: whole(1, 100),
    il: fc.constant(''),
    ll: fc.constant(''),
    page: whole(0, 9),
    n: word('-1', '1'),
  },
  6,
).map((options) => `/x/?url=a.jpg&${options}`);

const ipx = some(
  {
    w: side,
    h: side,
    s: size,
    fit: word('cover', 'contain', 'fill', 'inside', 'outside'),
    pos: word('top', 'left', 'entropy', 'attention'),
    enlarge: word('true'),
    rotate: whole(-360, 360),
    extract: list('_', whole(0, 90), whole(0, 90), side, side),
    extend: list('_', whole(0, 90), whole(0, 90), whole(0, 90), whole(0, 90)),
    trim: whole(1, 90),
    kernel: word('nearest', 'linear', 'mitchell', 'lanczos3'),
    blur: decimal(0.3, 1000),
    sharpen: decimal(0.000001, 10),
    gamma: decimal(1, 3),
    median: word('3', '5'),
    negate: word('true'),
    normalize: word('true'),
    grayscale: word('true'),
    flip: word('true'),
    flop: word('true'),
    threshold: whole(0, 255),
    tint: hex,
    background: hex,
    modulate: list('_', decimal(0, 2), decimal(0, 2), whole(0, 360)),
    quality: whole(1, 100),
    format: word('auto', 'webp', 'avif', 'jpeg', 'png'),
    animated: word('true'),
  },
  (name, value) => `${name}_${value}`,
  ',',
).map((modifiers) => `/x/${modifiers}/a.jpg`);

const imaginary = fc
  .tuple(
    word(
      'resize',
      'fit',
      'enlarge',
      'crop',
      'smartcrop',
      'thumbnail',
      'flip',
      'flop',
      'autorotate',
      'blur',
      'zoom',
      'extract',
    ),
    query(
      {
        rotate: word('90', '-90', '180'),
        flip: word('true', '0'),
        flop: word('1'),
        gravity: word('north', 'smart', 'east'),
        force: word('true'),
        nocrop: word('true', 'false'),
        extend: word('white', 'background'),
        background: word('1,2,3'),
        colorspace: word('bw', 'srgb'),
        type: word('jpeg', 'png', 'webp', 'tiff', 'auto'),
        quality: whole(1, 100),
        stripmeta: word('true'),
        interlace: word('true'),
        norotation: word('true'),
      },
      6,
    ),
    side,
    side,
  )
  .map(([name, options, w, h]) => {
    const own = name === 'extract' ? `areawidth=${w}&areaheight=${h}` : `width=${w}&height=${h}&factor=2&sigma=3`;
    return `/x/${name}?file=a.jpg&${own}&${options}`;
  });

export const foreignUrls: readonly ForeignUrls[] = [
  {
    grammar: 'imgproxy',
    wish: {
      settings: {
        sources: { local: 'hotel', http: null },
        watermark: 'logo',
        watermarkFont: 'sans',
        useLinearColorspace: true,
        preferredFormats: ['jpg', 'png', 'gif'],
        autoWebp: true,
      },
    },
    url: imgproxy,
  },
  { grammar: 'iiif', wish: {}, url: iiif },
  { grammar: 'oss', wish: {}, url: oss },
  { grammar: 'nephele', wish: {}, url: nephele },
  {
    grammar: 'nephele-2015',
    wish: {},
    url: fc
      .tuple(word('R', 'C', 'Z', 'W'), side, side, fc.option(whole(1, 100)))
      .map(([kind, w, h, quality]) => `/x/ab_${kind}_${w}_${h}${quality === null ? '' : `_Q${quality}`}.jpg`),
  },
  {
    grammar: 'qiniu',
    wish: {},
    url: fc.oneof(
      chain({ background: colour, sharpen: word('0', '1'), extent: size }),
      list('', fc.constant('/x/a.jpg?roundPic/radius/'), fc.oneof(side, word('!25p'))),
      list(
        '',
        fc.constant(`/x/a.jpg?watermark/1/image/${encodedLogo}/dx/`),
        whole(0, 90),
        fc.constant('/ws/0.25/wst/2'),
      ),
    ),
  },
  {
    grammar: 'tencent',
    wish: {},
    url: chain({
      pad: word('0', '1'),
      color: colour,
      bright: whole(-100, 100),
      sharpen: whole(10, 300),
      iradius: whole(1, 500),
      rradius: whole(1, 500),
      grayscale: word('0', '1'),
      cut: list('x', size, whole(0, 90), whole(0, 90)),
      flip: word('vertical', 'horizontal'),
    }),
  },
  {
    grammar: 'suffix',
    wish: { settings: { sizes: ['50x50', '300x200'] } },
    url: word('/x/a_50x50.jpg', '/x/a_300x200.jpg', '/x/prew/thumb/a.jpg', '/x/a.jpg'),
  },
  { grammar: 'thumbor', wish: { settings: { unsafe: true, open: true } }, url: thumborPath(thumborFilter) },
  { grammar: 'imagor', wish: { settings: { unsafe: true, open: true } }, url: thumborPath(imagorFilter) },
  { grammar: 'imaginary', wish: { settings: { extend: 'white' } }, url: imaginary },
  { grammar: 'cloudflare', wish: {}, url: cloudflare },
  { grammar: 'weserv', wish: {}, url: weserv },
  { grammar: 'ipx', wish: {}, url: ipx },
  { grammar: 'next', wish: {}, url: word('16', '640', '3840').map((w) => `/x/_next/image?url=%2Fa.jpg&w=${w}&q=75`) },
];
