import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../../src/config/config.ts';
import { resolve } from '../../../src/plan/resolve.ts';
import { isPileusError } from '../../../src/shared/errors.ts';
import { anyHeader, makeContext } from '../../plan/resolve/scene.ts';
import { givesPlanOrRefusal } from '../laws.ts';
import { configWith, parseUrl } from './scene.ts';

const styles = { small: 'imageView2/1/w/100/h/100' };
const configs: readonly Config[] = [
  configWith('qiniu', { settings: { styles, keys: [{ accessKey: 'a', secretKey: 's' }], open: true } }),
  configWith('tencent', { settings: { styles: { small: 'imageView2/1/w/100/h/100' } } }),
  configWith('qiniu', { namespace: null }),
  configWith('suffix', { settings: { sizes: ['50x50'] } }),
];

/** For each of the configurations. */
function survives(url: string): void {
  for (const config of configs) givesPlanOrRefusal(() => parseUrl(url, config));
}

const integer = (min: number, max: number) => fc.integer({ min, max }).map(String);
const side = integer(1, 9999);
const size = fc.tuple(side, side).map(([w, h]) => `${w}x${h}`);
const gravity = fc.constantFrom('NorthWest', 'north', 'Center', 'SOUTH', 'SouthEast');
const colour = fc.constantFrom('d2hpdGU=', 'I0ZGMDAwMA', 'bm9uZQ==');
const sharedOptions: Readonly<Record<string, fc.Arbitrary<string | null>>> = {
  'auto-orient': fc.constant(null),
  strip: fc.constant(null),
  gravity,
  thumbnail: fc.oneof(
    size,
    size.map((text) => `${text}>`),
    size.map((text) => `${text}%3C`),
    size.map((text) => `!${text}r`),
    integer(1, 999).map((text) => `!${text}p`),
    integer(1, 999).map((text) => `!x${text}p`),
    integer(1, 24_999_999).map((text) => `${text}@`),
  ),
  crop: fc.oneof(
    size,
    side.map((text) => `${text}x`),
    fc.tuple(size, fc.nat(900), fc.nat(900)).map(([text, x, y]) => `!${text}a${x}-${y}`),
  ),
  rotate: integer(1, 360),
  blur: fc.tuple(integer(1, 50), integer(1, 20)).map((parts) => parts.join('x')),
  quality: integer(1, 100),
  format: fc.constantFrom('jpg', 'png', 'webp', 'gif', 'avif'),
  interlace: integer(0, 1),
};
const ownOptions: Readonly<Record<string, typeof sharedOptions>> = {
  qiniu: { background: colour, sharpen: integer(0, 1), extent: size },
  tencent: {
    pad: integer(0, 1),
    color: colour,
    bright: integer(-100, 100),
    sharpen: integer(10, 300),
    iradius: integer(1, 500),
    grayscale: integer(0, 1),
    cut: fc.tuple(size, fc.nat(500), fc.nat(500)).map((parts) => parts.join('x')),
    flip: fc.constantFrom('vertical', 'horizontal'),
  },
};

const imageMogr2 = (grammar: string): fc.Arbitrary<string> => {
  const options = Object.entries({ ...sharedOptions, ...ownOptions[grammar] });
  return fc
    .shuffledSubarray(options, { minLength: 1, maxLength: 6 })
    .chain((some) =>
      fc.tuple(...some.map(([name, value]) => value.map((raw) => (raw === null ? name : `${name}/${raw}`)))),
    )
    .map((parts) => `imageMogr2/${parts.join('/')}`);
};

const viewOptions = {
  w: side,
  h: side,
  q: integer(1, 100),
  format: fc.constantFrom('jpg', 'png', 'webp'),
};

describe.each(['qiniu', 'tencent'])('%s, for any chain of its words', (grammar) => {
  const config = configWith(grammar);
  const chain = fc.array(imageMogr2(grammar), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('%7C'));

  it('gives a plan that resolves, or a client error, and the same every time', () => {
    fc.assert(
      fc.property(chain, anyHeader, (text, header) => {
        givesPlanOrRefusal(() => {
          const { plan } = parseUrl(`/hotel/a.jpg?${text}`, config);
          const { width, height } = resolve(plan, header, makeContext());
          expect(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0).toBe(true);
          return plan;
        });
      }),
      { numRuns: 500 },
    );
  });

  it('a pipe encoded or not means the same', () => {
    fc.assert(
      fc.property(fc.tuple(imageMogr2(grammar), imageMogr2(grammar)), ([one, other]) => {
        const planOf = (pipe: string): unknown => {
          try {
            return parseUrl(`/hotel/a.jpg?${one}${pipe}${other}`, config).plan;
          } catch (error) {
            return isPileusError(error) ? error.code : error;
          }
        };
        expect(planOf('|')).toEqual(planOf('%7C'));
      }),
    );
  });

  it('the order of the options of imageView2 means nothing', () => {
    const orders = fc
      .record(viewOptions, { requiredKeys: ['w'] })
      .map((options) => Object.entries(options).map(([name, value]) => `${name}/${value}`))
      .chain((parts) => fc.tuple(fc.constant(parts), fc.shuffledSubarray(parts, { minLength: parts.length })));
    fc.assert(
      fc.property(integer(0, 5), orders, (mode, [parts, other]) => {
        const planOf = (list: readonly string[]) =>
          parseUrl(`/hotel/a.jpg?imageView2/${mode}/${list.join('/')}`, config).plan;
        expect(planOf(other)).toEqual(planOf(parts));
      }),
    );
  });
});

describe('for any text', () => {
  it('parsing gives a plan or a client error, nothing else', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(text, (query) => survives(`/hotel/a.jpg?${query}`)),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(text, (key) => survives(`/hotel/${key}`)),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (rest) => survives(`/hotel/a.jpg?imageMogr2/${rest}`)),
      {
        numRuns: 500,
      },
    );
  });

  it('a chain with characters changed gives a plan or a client error', () => {
    const put = fc.oneof(
      fc.constantFrom(
        '/',
        '|',
        '%7C',
        '!',
        'x',
        'a',
        '-',
        '&',
        '=',
        '%',
        '%25',
        'e=1',
        '&token=a:b',
        '-small',
        '/small',
        '_50x50.',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
    );
    const edits = fc.array(fc.record({ at: fc.nat({ max: 400 }), cut: fc.nat({ max: 3 }), put }), {
      minLength: 1,
      maxLength: 6,
    });
    const url = imageMogr2('qiniu').map((chain) => `/hotel/a.jpg?${chain}|watermark/1/image/bG9nbw/dx/1`);
    fc.assert(
      fc.property(url, edits, (start, changes) => {
        let text = start;
        for (const { at, cut, put: piece } of changes) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + piece + text.slice(place + cut);
        }
        survives(text);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    '|',
    '/',
    '&',
    '%7C',
    '%',
    'x',
    '!',
    '0',
    'strip/',
    'imageMogr2/strip|',
    'image/bG9nbw/',
    'thumbnail/1x/',
    '-small',
    '_50x50',
    'e=1&',
    '=',
    '..',
  ])('work on %s grows no faster than the text', (unit) => {
    // 256 kB would take minutes in anything quadratic; within the test's own time limit only linear work ends.
    const long = unit.repeat(262_144 / unit.length);
    for (const start of [
      '/hotel/a.jpg?',
      '/hotel/a.jpg?imageMogr2/',
      '/hotel/a.jpg?watermark/3/image/bG9nbw/',
      '/hotel/',
    ]) {
      survives(start + long);
    }
    survives(`/hotel/a.jpg?imageMogr2/thumbnail/${long}`);
    survives(`/hotel/a.jpg?imageMogr2/crop/!${long}`);
    survives(`/hotel/a.jpg?imageMogr2/background/${long}`);
  });
});
