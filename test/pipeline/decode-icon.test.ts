import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHeader } from '../../src/plan/header/read-header.ts';
import { isPileusError } from '../../src/shared/errors.ts';
import { bitmap24, bitmapIndexed, bitmapMasked } from '../fixtures/bitmaps.ts';
import { iconBitmap, iconFile, withMask } from '../fixtures/icons.ts';
import { deepPng, gradient, greyAlphaPng, png } from '../fixtures/pictures.ts';
import { corpusFiles, readCorpusFile } from '../helpers/corpus.ts';
import { decode, decodePicture, difference, draw, pixelAt, type Raster } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { runFile } from '../helpers/run.ts';

const picture = gradient(13, 9);
const isClear = (x: number, y: number): boolean => (x + y) % 3 === 0;
const argb = [0xff0000, 0xff00, 0xff, 0xff000000];
const iconOf = (payload: Buffer, { width, height }: Pick<Raster, 'width' | 'height'> = picture): Buffer =>
  iconFile([{ payload, width, height }]);

const made = async (file: Buffer, draft: Parameters<typeof makeResolved>[0] = {}): Promise<Raster> => {
  const read = readHeader(file, true);
  if (read.state !== 'known') throw new Error(read.state);
  const { format, width, height } = read.header;
  return decodePicture(
    await runFile(file, makeResolved({ ...draft, input: { format, width, height, ...draft.input } })),
  );
};

describe('the bitmap of an icon', () => {
  it('is transparent where its mask says so', async () => {
    const file = iconOf(iconBitmap(bitmap24(picture), picture, isClear));
    expect(await made(file)).toEqual(withMask(picture, isClear));
  });

  it.each([1, 4, 8] as const)('of %i bits has a palette and a mask', async (bits) => {
    const palette = Array.from({ length: 2 ** bits }, (_, index) => [index * 3, 255 - index, index]);
    const indices = draw(13, 9, 1, (x, y) => [(x * y) % 2 ** bits]);
    const wanted = draw(13, 9, 3, (x, y) => palette[pixelAt(indices, x, y)[0] ?? 0] ?? []);
    const file = iconOf(iconBitmap(bitmapIndexed(indices, bits, palette), picture, isClear));
    expect(await made(file)).toEqual(withMask(wanted, isClear));
  });

  it('of 32 bits has its own alpha, whatever the mask says', async () => {
    const four = gradient(13, 9, 4);
    const file = iconOf(iconBitmap(bitmapMasked(four, 32, argb, { compression: 0, masks: [] }), four, isClear));
    expect(await made(file)).toEqual(four);
  });

  it('of 32 bits without any alpha has that of its mask', async () => {
    const empty = draw(13, 9, 4, (x, y) => [...pixelAt(picture, x, y), 0]);
    const file = iconOf(iconBitmap(bitmapMasked(empty, 32, argb, { compression: 0, masks: [] }), picture, isClear));
    expect(await made(file)).toEqual(withMask(picture, isClear));
  });

  it('is opaque where the mask is missing', async () => {
    expect(await made(iconOf(iconBitmap(bitmap24(picture), picture)))).toEqual(withMask(picture, () => false));
  });

  it('of 16 bits with a mask for alpha has that behind it', async () => {
    const masks = [0xf00, 0xf0, 0xf, 0xf000];
    const bitmap = bitmapMasked(gradient(13, 9, 4), 16, masks, { headerBytes: 108 });
    const wanted = withMask(picture, isClear);
    const result = await made(iconOf(iconBitmap(bitmap, picture, isClear)));
    expect(difference(result, wanted).max).toBeLessThanOrEqual(9);
  });
});

describe('the PNG of an icon', () => {
  it('is that PNG, deep, grey or with alpha', async () => {
    for (const payload of [await png(gradient(13, 9, 4)), await deepPng(picture, 'p3'), await greyAlphaPng(13, 9)]) {
      const ops = [{ op: 'resize', width: 7, height: 5 }] as const;
      const alone = await runFile(payload, makeResolved({ input: { format: 'png', width: 13, height: 9 }, ops }));
      expect(await made(iconOf(payload), { ops })).toEqual(await decode(alone.bytes));
    }
  });

  it('that is cut is truncated', async () => {
    const file = iconOf(await png(gradient(60, 50)), { width: 60, height: 50 });
    const running = made(file.subarray(0, file.length - 200));
    await expect(running).rejects.toMatchObject({ code: 'source_truncated' });
  });
});

describe('a hostile icon', () => {
  it('is undecodable when it is of another size than planned', async () => {
    const input = { width: 12 };
    await expect(made(iconOf(iconBitmap(bitmap24(picture), picture)), { input })).rejects.toMatchObject({
      code: 'undecodable',
    });
    await expect(made(iconOf(await png(picture)), { input })).rejects.toMatchObject({ code: 'undecodable' });
  });

  it('gives a picture or a typed error, whatever its bytes', async () => {
    const samples = [
      iconOf(iconBitmap(bitmap24(picture), picture, isClear)),
      iconOf(iconBitmap(bitmapMasked(gradient(13, 9, 4), 32, argb, { compression: 0, masks: [] }), picture)),
      iconOf(await png(gradient(13, 9, 4))),
    ];
    const change = fc.record({ at: fc.nat(200), value: fc.constantFrom(0, 1, 2, 3, 4, 8, 0x7f, 0x80, 0xff) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...samples),
        fc.array(change, { minLength: 1, maxLength: 5 }),
        fc.nat(800),
        fc.boolean(),
        async (sample, changes, cut, truncatedOk) => {
          const bytes = Buffer.from(sample.subarray(0, 40 + cut));
          for (const { at, value } of changes) bytes[at % bytes.length] = value;
          const read = readHeader(bytes, true);
          if (read.state !== 'known' || read.header.format !== 'ico' || read.header.width * read.header.height > 1e5)
            return;
          const code = await made(bytes, { input: { truncatedOk } }).then(
            () => 'made',
            (error: unknown) => (isPileusError(error) ? error.code : String(error)),
          );
          expect(['made', 'undecodable', 'source_truncated']).toContain(code);
        },
      ),
      { numRuns: 400 },
    );
  });
});

const icons = (['good', 'bad'] as const).flatMap((part) =>
  corpusFiles(part)
    .filter((name) => name.endsWith('.ico'))
    .map((name) => [part, name] as const),
);

describe.skipIf(icons.length === 0)('the icons of the corpus (skipped where it is absent)', () => {
  it.each(icons)('%s %s is made or refused by name', async (part, name) => {
    const file = readCorpusFile(part, name);
    const read = readHeader(file, true);
    if (read.state !== 'known') {
      expect([part, read.state === 'refused' && read.error.status]).toEqual([
        'bad',
        read.state === 'refused' && read.error.code === 'not_an_image' ? 415 : 422,
      ]);
      return;
    }
    if (read.header.width * read.header.height > 1e6) {
      expect(part).toBe('bad');
      return;
    }
    const code = await made(file).then(
      () => 'made',
      (error: unknown) => (isPileusError(error) ? error.code : String(error)),
    );
    expect(part === 'good' ? ['made'] : ['made', 'undecodable', 'source_truncated']).toContain(code);
  });
});
