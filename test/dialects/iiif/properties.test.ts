import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resolve } from '../../../src/plan/resolve.ts';
import { isPileusError } from '../../../src/shared/errors.ts';
import { anyHeader, makeContext } from '../../plan/resolve/scene.ts';
import { ask } from './scene.ts';

const integer = (min: number, max: number) => fc.integer({ min, max }).map(String);
const decimal = (max: number) => fc.integer({ min: 1, max: max * 100 }).map((hundredths) => String(hundredths / 100));
const joined = (...parts: fc.Arbitrary<string>[]) => fc.tuple(...parts).map((texts) => texts.join(','));
const prefixed = (prefix: string, text: fc.Arbitrary<string>) =>
  fc.tuple(fc.constantFrom('', prefix), text).map((parts) => parts.join(''));

const region = fc.oneof(
  fc.constantFrom('full', 'square'),
  joined(integer(0, 6000), integer(0, 6000), integer(1, 6000), integer(1, 6000)),
  joined(decimal(100), decimal(100), decimal(100), decimal(100)).map((text) => `pct:${text}`),
);
const side = integer(1, 5000);
const size = prefixed(
  '^',
  fc.oneof(
    fc.constant('max'),
    side.map((w) => `${w},`),
    side.map((h) => `,${h}`),
    joined(side, side),
    joined(side, side).map((box) => `!${box}`),
    decimal(100).map((percent) => `pct:${percent}`),
  ),
);
const rotation = prefixed('!', fc.oneof(fc.constantFrom('0', '90', '180', '270'), decimal(360)));
const quality = fc.constantFrom('default', 'color', 'gray', 'bitonal');
const format = fc.constantFrom('jpg', 'png', 'webp', 'tif', 'gif', 'avif');
const parameters = fc
  .tuple(region, size, rotation, quality, format)
  .map(([of, to, turned, colours, as]) => `${of}/${to}/${turned}/${colours}.${as}`);

const places = fc.constantFrom('/iiif/3', '/iiif/2', '/iiif/2up', '/narrow', '/all', '');

/** Gives null where nothing is understood; anything but a client's error fails. */
function read(path: string, accept = '') {
  try {
    return ask(path, { accept });
  } catch (error) {
    expect(isPileusError(error) && error.status < 500 ? null : error).toBeNull();
    return null;
  }
}

describe('for any URL of the API', () => {
  it('parsing it twice, or with all that may be encoded encoded, means the same', () => {
    fc.assert(
      fc.property(parameters, (text) => {
        const once = ask(`/iiif/3/g1%2Fa.jpg/${text}`);
        expect(ask(`/iiif/3/g1%2Fa.jpg/${text}`)).toEqual(once);
        const encoded = text.split('/').map(encodeURIComponent).join('/');
        expect(ask(`/iiif/3/g1%2Fa.jpg/${encoded}`)).toEqual(once);
      }),
      { numRuns: 500 },
    );
  });

  it('it resolves on any source, or is a client error', () => {
    fc.assert(
      fc.property(parameters, anyHeader, (text, header) => {
        const { plan } = ask(`/iiif/3/a.jpg/${text}`);
        try {
          const { width, height } = resolve(plan, header, makeContext());
          expect(width * height).toBeGreaterThan(0);
        } catch (error) {
          const code = isPileusError(error) ? error.code : error;
          expect(['operation_unsupported', 'enlarge_refused', 'result_too_large']).toContain(code);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('the native path it is answered with means the same plan', () => {
    fc.assert(
      fc.property(parameters, (text) => {
        const { plan, source, canonicalPath } = ask(`/iiif/3/a.jpg/${text}`);
        fc.pre(canonicalPath !== null);
        expect(ask(String(canonicalPath))).toMatchObject({ dialect: 'native', source, plan });
      }),
      { numRuns: 500 },
    );
  });
});

describe('for any text', () => {
  it('parsing gives a plan or a client error, nothing else', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    fc.assert(
      fc.property(places, text, text, (at, path, accept) => {
        read(`${at}/${path}`, accept);
        read(`${at}/a.jpg/${path}`, accept);
        read(`${at}/hotel%2Fa.jpg/${path}/max/0/default.jpg`, accept);
        read(`${at}/hotel%2Fa.jpg/full/${path}/0/default.jpg`, accept);
        read(`${at}/hotel%2Fa.jpg/full/max/${path}/default.jpg`, accept);
        read(`${at}/hotel%2Fa.jpg/full/max/0/${path}`, accept);
        read(`${at}/hotel%2Fa.jpg/info.json`, accept);
      }),
      { numRuns: 1000 },
    );
  });

  it('a right URL with characters changed gives a plan or a client error', () => {
    const edits = fc.array(
      fc.record({
        at: fc.nat({ max: 200 }),
        cut: fc.nat({ max: 3 }),
        put: fc.oneof(
          fc.constantFrom('/', ',', '!', '^', '%5E', '%2f', '%', '%00', ':', 'pct:', '.', '-', 'max', 'full', '~', '0'),
          fc.string({ unit: 'binary', maxLength: 3 }),
        ),
      }),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(places, parameters, edits, (at, text, changes) => {
        let path = `${at}/hotel%2Fa.jpg/${text}`;
        for (const change of changes) {
          const place = change.at % (path.length + 1);
          path = path.slice(0, place) + change.put + path.slice(place + change.cut);
        }
        read(path);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(['/', ',', '.', '!', '^', '%', '%2F', '%5E', '9', 'pct:', ';', ' ', 'application/json,', 'a;q=1;'])(
    'work on many of "%s" grows no faster than the text',
    (unit) => {
      // 256 kB would take minutes in anything quadratic; within the test's own time limit only linear work ends.
      const long = unit.repeat(262_144 / unit.length);
      read(`/iiif/3/${long}/full/max/0/default.jpg`);
      read(`/iiif/3/a.jpg/${long}/max/0/default.jpg`);
      read(`/iiif/3/a.jpg/full/${long}/0/default.jpg`);
      read(`/iiif/3/a.jpg/full/max/${long}/default.jpg`);
      read(`/iiif/3/a.jpg/full/max/0/${long}`);
      read(`/iiif/3/a.jpg/${long}`);
      read('/iiif/3/a.jpg/info.json', long);
    },
  );
});
