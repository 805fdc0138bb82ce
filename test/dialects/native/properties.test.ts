import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatSpec } from '../../../src/dialects/native/format-spec.ts';
import { signPath } from '../../../src/dialects/native/sign-path.ts';
import { encodeSalt, requestKey } from '../../../src/plan/request-key.ts';
import { isPileusError } from '../../../src/shared/errors.ts';
import { config, defaultOptions, parse } from './sample-config.ts';

const salt = encodeSalt(defaultOptions, config.assets);
const integer = (min: number, max: number) => fc.integer({ min, max }).map(String);
const hundredths = (min: number, max: number) => fc.integer({ min, max }).map((value) => String(value / 100));
const op = (name: string, value: fc.Arbitrary<string>) => value.map((text) => `${name}_${text}`);
const padded = (value: fc.Arbitrary<string>) =>
  fc.tuple(fc.nat({ max: 3 }), value).map(([zeros, text]) => '0'.repeat(zeros) + text);
const joined = (...values: fc.Arbitrary<string>[]) => fc.tuple(...values).map((parts) => parts.join('.'));

const side = padded(integer(1, 8192));
const size = fc.oneof(
  fc.tuple(op('w', side), op('h', side)),
  fc.tuple(op('w', side)),
  fc.tuple(op('l', side), op('s', side)),
  fc.tuple(op('p', integer(1, 1000))),
  fc.tuple(op('a', integer(1, 25_000_000))),
);
const compass = fc.constantFrom('nw', 'n', 'ne', 'w', 'c', 'e', 'sw', 's', 'se');
const region = fc.oneof(
  op('c', fc.oneof(fc.constant('sq'), joined(integer(0, 9999), integer(0, 9999), integer(1, 9999), integer(1, 9999)))),
  op('cp', joined(integer(0, 10_000), integer(0, 10_000), integer(1, 10_000), integer(1, 10_000))),
);
const quality = fc.oneof(op('q', integer(1, 100)), op('qs', integer(1, 100)), op('qc', integer(1, 100)));
const watermark = joined(
  fc.constant('logo'),
  compass,
  integer(-99, 99),
  integer(-99, 99),
  integer(0, 100),
  integer(0, 100),
);
const hex = fc.stringMatching(/^(?:[0-9a-f]{6}|[0-9a-f]{8})$/);
const colons = (...values: fc.Arbitrary<string>[]) => fc.tuple(...values).map((parts) => parts.join(':'));
const area = colons(hundredths(0, 1_000_000), integer(0, 10_000), integer(0, 10_000), integer(0, 10_000));
const axis = fc.oneof(
  fc.constantFrom('e', 'n'),
  hundredths(0, 9999).map((gap) => `c${gap}`),
  integer(0, 99).map((gap) => `s${gap}`),
);
/** Some pairs of a mark, in any order. */
const look = (own: readonly fc.Arbitrary<string>[], needed: string) =>
  fc
    .shuffledSubarray([
      ...own,
      op('g', compass),
      op('x', hundredths(-999, 99_999)),
      op('o', hundredths(0, 10_000)),
      fc.tuple(op('tx', axis), op('ty', axis), op('ch', integer(0, 1))).map((pairs) => pairs.join('_')),
      op('d', hundredths(-36_000, 36_000)),
      fc.tuple(op('ss', hundredths(0, 10_000)), op('sx', integer(-100, 100))).map((pairs) => pairs.join('_')),
    ])
    .chain((pairs) => fc.tuple(...pairs))
    .map((pairs) => [needed, ...pairs].filter((pair) => pair !== '').join('_'));
const ofMark = [
  op('w', hundredths(0, 10_000)),
  op('bw', integer(0, 9)),
  op('bh', hundredths(0, 900)),
  op('os', integer(0, 1)),
  op('wi', integer(0, 1)),
];
const longMark = look(ofMark, '').map((pairs) => (pairs === '' ? 'logo' : `logo_${pairs}`));
const original = fc
  .tuple(fc.constantFrom('hotel/a b/\u4e2d.png', 'hotel/x_y-z.jpg'), look(ofMark, ''))
  .map(([name, pairs]) => `.${Buffer.from(name).toString('base64url')}.${pairs}`);
const drawn = fc
  .string({ unit: 'binary', maxLength: 20 })
  .filter((text) => !/\p{Cs}|[^\P{Cc}\n]/u.test(text))
  .map((text) => Buffer.from(text, 'utf8').toString('base64url'));
const text = fc.tuple(drawn, look([op('c', hex)], 's_20')).map(([encoded, pairs]) => `${encoded}.sans_${pairs}`);
const singles = [
  op('o', fc.constantFrom('0', '1')),
  op('fr', fc.oneof(fc.constantFrom('all', 'p0.3', 's2.1'), integer(0, 99))),
  region,
  op('m', fc.constantFrom('fit', 'cover', 'min', 'pad', 'exact', 'aspect')),
  op('g', fc.oneof(compass, fc.constantFrom('att', 'ent'), joined(integer(0, 100), integer(0, 100)))),
  op('up', integer(0, 3)),
  op('dpr', hundredths(100, 500)),
  op('fl', fc.constantFrom('h', 'v', 'hv')),
  op('rt', integer(0, 360)),
  op('bl', hundredths(30, 10_000)),
  op('sh', hundredths(30, 1000)),
  op('gr', fc.constantFrom('0', '1')),
  op('bt', integer(0, 255)),
  op('br', integer(-100, 100)),
  op('ct', integer(-100, 100)),
  op('sa', integer(-100, 100)),
  op('wm', fc.oneof(watermark, longMark, original)),
  op('tx', text),
  op('sp', fc.constantFrom('0', '1')),
  op('li', integer(-255, 255)),
  op('mn', fc.constantFrom('1', '3', '15')),
  op('fc', hex),
  op('du', colons(hex, hex, hundredths(0, 10_000))),
  op('co', fc.oneof(colons(hex, integer(0, 100)), colons(hex, integer(0, 100), fc.constant('k')))),
  op(
    'gd',
    colons(hex, integer(0, 100), fc.constantFrom('down', 'left', '45', '90'), hundredths(0, 50), hundredths(50, 100)),
  ),
  op(
    'us',
    fc.oneof(colons(hundredths(1, 900), integer(1, 99)), colons(integer(1, 9), integer(1, 9), fc.constant('s'))),
  ),
  op('kn', fc.constantFrom('nearest', 'mitchell', 'lanczos3')),
  op('un', hex),
  op('mo', colons(hex, hundredths(0, 10_000))),
  op('pu', colons(hundredths(0, 10_000), hundredths(0, 36_000), hundredths(0, 50), hundredths(50, 100))),
  op(
    're',
    fc.oneof(colons(fc.constantFrom('b0.5', 'p9', 'f00ff00', 's:b4'), area), colons(fc.constant('b2'), area, area)),
  ),
  op('ln', fc.constantFrom('0', '1')),
  op('ko', fc.constantFrom('0', '1')),
  op('dp', fc.constantFrom('0', '1')),
  op('di', integer(1, 65_535)),
  op('hs', fc.constantFrom(`md5.${'ab'.repeat(16)}`, `SHA1.${'0F'.repeat(20)}`)),
  op('sf', integer(0, 9_000_000)),
  op('aq', fc.constantFrom('b20000:e0.001:jpg.70.80', 'd0.02:e0:webp.1.100.avif.40.50:p1000000')),
  op('jo', fc.constantFrom('p0', 'c.q8', 'p1.t.d.s')),
  op('po', fc.constantFrom('i1', 'c2', 'i0.c256')),
  op('wo', fc.constantFrom('cn', 'cl.s', 'ptext')),
  op('ao', fc.constant('c')),
  op('ic', fc.constantFrom('source', 'srgb')),
  op('bg', fc.stringMatching(/^(?:[0-9a-fA-F]{6}|[0-9a-fA-F]{8})$/)),
  quality,
  op('kb', integer(1, 32_768)),
  op('ll', fc.constantFrom('0', '1')),
  op('pg', fc.constantFrom('0', '1')),
  op('md', fc.constantFrom('0', 'c', '1')),
];

/** A valid set of operations in some order, at most 24, that fits a spec. */
const tokens: fc.Arbitrary<readonly string[]> = fc
  .tuple(
    fc.option(size),
    fc.subarray(singles, { minLength: 1, maxLength: 12 }).chain((some) => fc.tuple(...some)),
  )
  .chain(([sizes, rest]) => shuffled([...(sizes ?? []), ...rest]))
  .filter((list) => list.join(',').length <= 256);

const shuffled = (list: readonly string[]): fc.Arbitrary<readonly string[]> =>
  fc.shuffledSubarray([...list], { minLength: list.length, maxLength: list.length });

const ext = fc.constantFrom('jpg', 'png', 'webp', 'avif', 'gif', 'tif', 'auto');
const segment = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 12 })
  .filter((text) => !/[\p{Cc}\p{Cs}\\/]/u.test(text) && text !== '.' && text !== '..');
const key = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('/'));
const encoded = (text: string): string => text.split('/').map(encodeURIComponent).join('/');

const url = fc
  .tuple(key, tokens, ext)
  .map(([at, list, format]) => `/hotel/${encoded(at)}/~${list.join(',')}.${format}`);

describe('for any URL', () => {
  it('the canonical form means the same, is canonical, and has the same key', () => {
    fc.assert(
      fc.property(url, (path) => {
        const once = parse(path, { accept: 'image/webp' });
        const twice = parse(once.canonicalPath, { accept: 'image/webp' });
        expect(twice.plan).toEqual(once.plan);
        expect(twice.source).toEqual(once.source);
        expect(twice.canonicalPath).toBe(once.canonicalPath);
        expect(twice.isCanonical).toBe(true);
        expect(requestKey(twice.source, twice.plan, salt)).toBe(requestKey(once.source, once.plan, salt));
      }),
      { numRuns: 1000 },
    );
  });

  it('the key comes out of its percent-encoding as it went in', () => {
    fc.assert(
      fc.property(key, (at) => {
        expect(parse(`/hotel/${encoded(at)}/~w_300.webp`).source.key).toBe(at);
      }),
    );
  });

  it('the order of the tokens changes neither plan nor key nor canonical path', () => {
    const orders = tokens.chain((list) => fc.tuple(fc.constant(list), shuffled(list)));
    fc.assert(
      fc.property(orders, ([list, other]) => {
        const one = parse(`/hotel/a.jpg/~${list.join(',')}.webp`);
        const two = parse(`/hotel/a.jpg/~${other.join(',')}.webp`);
        expect(two).toEqual({ ...one, isCanonical: two.isCanonical });
        expect(requestKey(two.source, two.plan, salt)).toBe(requestKey(one.source, one.plan, salt));
      }),
      { numRuns: 500 },
    );
  });

  it('the plan can be said again', () => {
    fc.assert(
      fc.property(tokens, (list) => {
        const parsed = parse(`/hotel/a.jpg/~${list.join(',')}.webp`);
        expect(`/hotel/a.jpg/~${formatSpec(parsed.plan)}.webp`).toBe(parsed.canonicalPath);
      }),
    );
  });

  it('different canonical plans have different keys', () => {
    fc.assert(
      fc.property(tokens, tokens, (list, other) => {
        const one = parse(`/hotel/a.jpg/~${list.join(',')}.webp`);
        const two = parse(`/hotel/a.jpg/~${other.join(',')}.webp`);
        const same = requestKey(one.source, one.plan, salt) === requestKey(two.source, two.plan, salt);
        expect(same).toBe(one.canonicalPath === two.canonicalPath);
      }),
    );
  });

  it('a signature is accepted in every order of its tokens and for no other key', () => {
    const cases = tokens.chain((list) => fc.tuple(fc.constant(list), shuffled(list), key, key));
    fc.assert(
      fc.property(cases, ([list, other, at, elsewhere]) => {
        const signed = signPath(config, 'fd', at, list.join(','), 'webp', 'k');
        const signature = signed.slice(signed.lastIndexOf('~'));
        const respelled = `/fd/${encoded(at)}/~${other.join(',')}${signature}`;
        expect(parse(respelled)).toMatchObject({ signed: true, canonicalPath: signed });
        fc.pre(elsewhere !== at);
        expect(() => parse(`/fd/${encoded(elsewhere)}/~${list.join(',')}${signature}`)).toThrow();
      }),
    );
  });
});

describe('for any text', () => {
  const survives = (path: string): void => {
    try {
      const parsed = parse(path, { accept: path });
      expect(parse(parsed.canonicalPath, { accept: path }).plan).toEqual(parsed.plan);
    } catch (error) {
      expect(isPileusError(error) && error.status < 500).toBe(true);
    }
  };

  it('parsing gives a plan or a client error, nothing else', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), survives), { numRuns: 1000 });
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => survives(`/hotel/${text}/~w_300.webp`)),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (text) => survives(`/fd/a.jpg/~${text}.webp`)),
      { numRuns: 1000 },
    );
  });

  it('a valid URL with characters changed gives a plan or a client error', () => {
    const edits = fc.array(
      fc.record({
        at: fc.nat({ max: 400 }),
        cut: fc.nat({ max: 3 }),
        put: fc.oneof(
          fc.constantFrom(
            '~',
            ',',
            '_',
            '.',
            '/',
            '%',
            '%00',
            '%2f',
            '%7E',
            '%2e',
            '-',
            'e_',
            'card',
            'info,',
            '\u0000',
          ),
          fc.string({ unit: 'binary', maxLength: 3 }),
        ),
      }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(url, edits, (path, changes) => {
        let text = path;
        for (const { at, cut, put } of changes) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + put + text.slice(place + cut);
        }
        survives(text);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['slashes', '/'],
    ['tildes', '~'],
    ['dots', '.'],
    ['commas', ','],
    ['percent signs', '%'],
    ['encoded dots', '%2e'],
    ['dot segments', '../'],
    ['underscores', '_'],
    ['zeros', '0'],
  ])('work on %s grows no faster than the text', (_, unit) => {
    // 256 kB would take minutes in anything quadratic; within the test's own time limit only linear work ends.
    const long = unit.repeat(262_144 / unit.length);
    for (const path of [`/hotel/${long}/~w_1.webp`, `/hotel/a/~${long}.webp`, `/hotel/a/~w_${long}`, long]) {
      survives(path);
    }
  });
});
