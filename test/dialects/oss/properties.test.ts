import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { givesPlanOrRefusal } from '../laws.ts';
import { mounting, mountOf, parseAt } from './mount.ts';

const integer = (min: number, max: number) => fc.integer({ min, max }).map(String);
const param = (name: string, value: fc.Arbitrary<string>) => value.map((text) => `${name}_${text}`);
const action = (name: string, ...params: fc.Arbitrary<string>[]) =>
  fc.tuple(fc.constant(name), ...params).map((parts) => parts.join(','));

const places = fc.constantFrom('nw', 'north', 'ne', 'west', 'center', 'east', 'sw', 'south', 'se');
const validAction = fc.oneof(
  action('resize', param('m', fc.constantFrom('lfit', 'mfit', 'fill', 'pad', 'fixed')), param('w', integer(1, 4096))),
  action('resize', param('l', integer(1, 4096)), param('limit', integer(0, 1))),
  action('resize', param('p', integer(1, 1000))),
  action('crop', param('w', integer(0, 999)), param('x', integer(0, 999)), param('g', places)),
  action('indexcrop', param('x', integer(1, 999)), param('i', integer(0, 9))),
  action('circle', param('r', integer(1, 4096))),
  action('rounded-corners', param('r', integer(1, 4096))),
  action('rotate', integer(0, 360)),
  action('blur', param('r', integer(1, 50)), param('s', integer(1, 50))),
  action('bright', integer(-100, 100)),
  action('sharpen', integer(50, 399)),
);
const validProcess = fc.array(validAction, { minLength: 1, maxLength: 5 }).map((list) => `image/${list.join('/')}`);

const at = mounting(
  mountOf('oss', 'hotel', '/hotel', { styles: { a: 'image/resize,w_1' }, ignoredParameters: ['v'] }),
  mountOf('oss', null, ''),
);
const urlOf = (text: string): string => `/hotel/a.jpg?x-oss-process=${text}`;

const survives = (url: string): void => givesPlanOrRefusal(() => parseAt(url, at));

describe('for any process', () => {
  it('encoding changes nothing', () => {
    fc.assert(
      fc.property(validProcess, (text) => {
        expect(parseAt(urlOf(encodeURIComponent(text)), at)).toEqual(parseAt(urlOf(text), at));
      }),
    );
  });

  it('steps stand in the order of the actions', () => {
    fc.assert(
      fc.property(validAction, validAction, (one, other) => {
        const stepsOf = (text: string) => parseAt(urlOf(`image/${text}`), at).plan.steps;
        expect(stepsOf(`${one}/${other}`)).toEqual([...stepsOf(one), ...stepsOf(other)]);
      }),
    );
  });

  it('the order of parameters within an action changes nothing', () => {
    const shuffled = validAction.chain((text) => {
      const [name = '', ...params] = text.split(',');
      return fc
        .shuffledSubarray(params, { minLength: params.length })
        .map((other) => [text, [name, ...other].join(',')] as const);
    });
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        expect(parseAt(urlOf(`image/${other}`), at)).toEqual(parseAt(urlOf(`image/${one}`), at));
      }),
    );
  });
});

describe('for any text', () => {
  it('parsing gives a plan or a client error, and the same each time', () => {
    const text = fc.oneof(fc.string({ maxLength: 200 }), fc.string({ unit: 'binary', maxLength: 200 }));
    fc.assert(fc.property(text, survives), { numRuns: 500 });
    fc.assert(
      fc.property(text, (some) => survives(`/hotel/${some}`)),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(text, (some) => survives(urlOf(some))),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(text, (some) => survives(urlOf(`image/${encodeURIComponent(some)}`))),
      {
        numRuns: 500,
      },
    );
  });

  it('a valid process with characters changed gives a plan or a client error', () => {
    const edits = fc.array(
      fc.record({
        place: fc.nat({ max: 200 }),
        cut: fc.nat({ max: 3 }),
        put: fc.oneof(
          fc.constantFrom('/', ',', '_', '%', '%2c', '|', '&', '=', '-', '0', 'info'),
          fc.string({ maxLength: 2 }),
        ),
      }),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(validProcess, edits, (process, changes) => {
        let text = process;
        for (const { place, cut, put } of changes) {
          const from = place % (text.length + 1);
          text = text.slice(0, from) + put + text.slice(from + cut);
        }
        survives(urlOf(text));
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['/', ',', '_', '&', '=', '%', '%2c', 'image/', 'bright,1/', 'w_1,', 'x-oss-process=', '0', 'a'])(
    'work on %j grows no faster than the text',
    (unit) => {
      // In anything quadratic 256 kB would take minutes.
      const long = unit.repeat(262_144 / unit.length);
      for (const url of [
        urlOf(long),
        urlOf(`image/${long}`),
        urlOf(`image/resize,w_${long}`),
        urlOf(`image/watermark,image_${long}`),
        urlOf(`style/${long}`),
        `/hotel/a.jpg?${long}`,
        `/${long}`,
      ]) {
        survives(url);
      }
    },
  );
});
