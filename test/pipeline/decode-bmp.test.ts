import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeBmp } from '../../src/pipeline/decode-bmp.ts';
import { readHeader } from '../../src/plan/header/read-header.ts';
import type { Resolved } from '../../src/plan/resolved.ts';
import { isPileusError } from '../../src/shared/errors.ts';
import { type BitmapWish, bitmap24, bitmapFile, bitmapIndexed, bitmapMasked } from '../fixtures/bitmaps.ts';
import { gradient } from '../fixtures/pictures.ts';
import { corpusFiles, readCorpusFile } from '../helpers/corpus.ts';
import { fakeClock } from '../helpers/fake-clock.ts';
import { decodePicture, difference, draw, pixelAt, type Raster } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { runFile } from '../helpers/run.ts';

const always = { atMs: Number.POSITIVE_INFINITY, clock: fakeClock() };

/** What the decoder makes of a file of this size. */
async function decoded(file: Buffer, { width, height }: Pick<Raster, 'width' | 'height'>, truncatedOk = false) {
  const pixels = await decodeBmp(file, { width, height }, truncatedOk, always);
  return { bytes: pixels.bytes, width: pixels.width, height: pixels.height, channels: pixels.channels };
}

const codeOf = (running: Promise<unknown>): Promise<string> =>
  running.then(
    () => 'made',
    (error: unknown) => (isPileusError(error) ? error.code : String(error)),
  );

const picture = gradient(13, 9);
const four = gradient(13, 9, 4);
const bgra = [0xff0000, 0xff00, 0xff, 0xff000000];

describe('a BMP', () => {
  it.each([12, 16, 40, 52, 56, 64, 108, 124])(
    'of 24 bits behind a header of %i bytes is decoded exactly',
    async (headerBytes) => {
      expect(await decoded(bitmap24(picture, { headerBytes }), picture)).toEqual(picture);
    },
  );

  it('from the top, and behind a gap, is the same picture', async () => {
    expect(await decoded(bitmap24(picture, { topDown: true, gapBytes: 9 }), picture)).toEqual(picture);
  });

  it.each([1, 2, 4, 8] as const)('of %i bits takes its colours from the palette', async (bits) => {
    const palette = Array.from({ length: 2 ** bits }, (_, index) => [index, 255 - index, (7 * index) % 256]);
    const indices = draw(13, 9, 1, (x, y) => [(x + 3 * y) % 2 ** bits]);
    const wanted = draw(13, 9, 3, (x, y) => palette[pixelAt(indices, x, y)[0] ?? 0] ?? []);
    for (const headerBytes of [12, 40, 124])
      expect(await decoded(bitmapIndexed(indices, bits, palette, { headerBytes }), picture)).toEqual(wanted);
  });

  it('is black where an index lies beyond the palette', async () => {
    const file = bitmapIndexed(
      draw(2, 1, 1, (x) => [x * 200]),
      8,
      [[9, 8, 7]],
    );
    expect((await decoded(file, { width: 2, height: 1 })).bytes).toEqual(Buffer.from([9, 8, 7, 0, 0, 0]));
  });

  it.each([
    ['32 bits with masks', 32, bgra.slice(0, 3), {}, 0],
    ['32 bits without masks', 32, bgra.slice(0, 3), { compression: 0 }, 0],
    ['32 bits, red first', 32, [0xff, 0xff00, 0xff0000], {}, 0],
    ['ten bits a channel', 32, [0x3ff00000, 0xffc00, 0x3ff], {}, 1],
    ['16 bits without masks', 16, [0x7c00, 0x3e0, 0x1f], { compression: 0 }, 5],
    ['16 bits with six for green', 16, [0xf800, 0x7e0, 0x1f], {}, 5],
    ['16 bits in a newer header', 16, [0xf00, 0xf0, 0xf], { headerBytes: 108 }, 9],
  ] as const)('of %s is decoded', async (_name, bits, masks, wish: BitmapWish, tolerance) => {
    const made = await decoded(bitmapMasked(picture, bits, masks, wish), picture);
    expect(made.channels).toBe(3);
    expect(difference(made, picture).max).toBeLessThanOrEqual(tolerance);
  });

  it('keeps its alpha, whatever the order of the channels', async () => {
    for (const masks of [bgra, [0xff, 0xff00, 0xff0000, 0xff000000], [0xff000000, 0xff0000, 0xff00, 0xff]])
      expect(await decoded(bitmapMasked(four, 32, masks, { headerBytes: 124, topDown: true }), four)).toEqual(four);
  });

  it('is opaque where its alpha is 0 everywhere', async () => {
    const clear = draw(3, 2, 4, (x, y) => [10 * x, 10 * y, 5, 0]);
    const made = await decoded(bitmapMasked(clear, 32, bgra, { headerBytes: 108 }), clear);
    expect(made).toEqual(draw(3, 2, 4, (x, y) => [10 * x, 10 * y, 5, 255]));
  });
});

const shades = Array.from({ length: 256 }, (_, index) => [index, index, index]);
const rle8 = (width: number, height: number, ...commands: readonly number[]): Buffer =>
  bitmapFile(width, height, Buffer.from(commands), { bits: 8, compression: 1, palette: shades });
const rle4 = (width: number, height: number, ...commands: readonly number[]): Buffer =>
  bitmapFile(width, height, Buffer.from(commands), { bits: 4, compression: 2, palette: shades.slice(0, 16) });
const greys = async (file: Buffer, width: number, height: number, truncatedOk = false): Promise<readonly number[]> =>
  [...(await decoded(file, { width, height }, truncatedOk)).bytes].filter((_, at) => at % 3 === 0);

describe('a run-length coded BMP', () => {
  it('knows runs, literals, ends of rows and skips', async () => {
    const file = rle8(5, 3, 3, 7, 0, 0, 0, 3, 1, 2, 3, 0, 2, 9, 0, 2, 0, 1, 0, 0, 0, 1);
    expect(await greys(file, 5, 3)).toEqual([0, 0, 0, 0, 0, 1, 2, 3, 9, 9, 7, 7, 7, 0, 0]);
    const skipped = rle8(4, 2, 1, 5, 0, 2, 2, 1, 1, 6, 0, 1);
    expect(await greys(skipped, 4, 2)).toEqual([0, 0, 0, 6, 5, 0, 0, 0]);
  });

  it('has two colours in turns in a run of four bits', async () => {
    const file = rle4(7, 1, 3, 0x12, 0, 4, 0x34, 0x56, 0, 1);
    expect(await greys(file, 7, 1)).toEqual([1, 2, 1, 3, 4, 5, 6]);
  });

  it('may leave out its last command', async () => {
    expect(await greys(rle8(2, 2, 2, 1, 0, 0, 2, 2), 2, 2)).toEqual([2, 2, 1, 1]);
  });

  it('is truncated where its bytes end before the picture, and served so far where that is wanted', async () => {
    const cut = rle8(2, 2, 2, 1, 0, 0);
    expect(await codeOf(decoded(cut, { width: 2, height: 2 }))).toBe('source_truncated');
    expect(await greys(cut, 2, 2, true)).toEqual([0, 0, 1, 1]);
  });

  it.each([
    ['a run beyond its row', [3, 1]],
    ['literals beyond their row', [0, 3, 1, 2, 3, 0]],
    ['a skip beyond the picture', [0, 2, 0, 9]],
    ['a run above the picture', [0, 0, 0, 0, 0, 0, 1, 1]],
  ])('is undecodable with %s', async (_name, commands) => {
    expect(await codeOf(decoded(rle8(2, 2, ...commands), { width: 2, height: 2 }))).toBe('undecodable');
  });
});

describe('a hostile BMP', () => {
  it('is given up at its deadline', async () => {
    const clock = fakeClock();
    const running = decodeBmp(bitmap24(picture), picture, false, { atMs: clock.nowMs(), clock });
    expect(await codeOf(running)).toBe('processing_deadline');
  });

  it('is undecodable when it is of another size than planned, before anything is allocated', async () => {
    expect(await codeOf(decoded(bitmapFile(30_000, 30_000, Buffer.alloc(4)), picture))).toBe('undecodable');
  });

  it('is made of the rows that are there, where that is wanted', async () => {
    const file = bitmap24(picture);
    const cut = file.subarray(0, file.length - 4 * 40);
    expect(await codeOf(decoded(cut, picture))).toBe('source_truncated');
    expect(pixelAt(await decoded(cut, picture, true), 0, 8)).toEqual(pixelAt(picture, 0, 8));
    expect(pixelAt(await decoded(cut, picture, true), 0, 0)).toEqual([0, 0, 0]);
  });

  it('gives its pixels or a typed error, whatever its bytes', async () => {
    const samples = [
      bitmap24(picture),
      bitmapMasked(four, 32, bgra, { headerBytes: 108 }),
      bitmapMasked(picture, 16, [0xf800, 0x7e0, 0x1f]),
      rle8(5, 3, 3, 7, 0, 0, 0, 3, 1, 2, 3, 0, 2, 9, 0, 2, 0, 1, 0, 0, 0, 1),
      rle4(7, 1, 3, 0x12, 0, 4, 0x34, 0x56, 0, 1),
    ];
    const change = fc.record({ at: fc.nat(200), value: fc.constantFrom(0, 1, 2, 3, 4, 8, 0x7f, 0x80, 0xff) });
    const codes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...samples),
        fc.array(change, { minLength: 1, maxLength: 6 }),
        fc.nat(400),
        fc.boolean(),
        async (sample, changes, cut, truncatedOk) => {
          const bytes = Buffer.from(sample.subarray(0, 20 + cut));
          for (const { at, value } of changes) bytes[at % bytes.length] = value;
          const read = readHeader(bytes, true);
          const header = read.state === 'known' ? read.header : read.state === 'refused' ? read.partial : undefined;
          if (header?.format !== 'bmp' || header.width * header.height > 1e5) return;
          const outcome = await codeOf(
            decoded(bytes, header, truncatedOk).then(({ bytes: made, channels }) => {
              expect(made.length).toBe(header.width * header.height * channels);
            }),
          );
          expect(['made', 'undecodable', 'source_truncated']).toContain(outcome);
          codes.add(outcome);
        },
      ),
      { numRuns: 1500 },
    );
    expect(codes.size).toBe(3);
  });
});

const resolvedFor = (raster: Raster, draft: Parameters<typeof makeResolved>[0] = {}): Resolved =>
  makeResolved({ ...draft, input: { format: 'bmp', width: raster.width, height: raster.height } });

describe('a BMP on its way through the chains', () => {
  it('comes out unchanged where nothing is asked of it', async () => {
    const made = await decodePicture(await runFile(bitmap24(picture), resolvedFor(picture)));
    expect(made).toEqual(picture);
  });

  it('is what the same picture as a PNG is, with steps, effects and alpha', async () => {
    const file = bitmapMasked(four, 32, bgra, { headerBytes: 108 });
    const png = await sharp(four.bytes, { raw: { width: 13, height: 9, channels: 4 } })
      .png()
      .toBuffer();
    const steps = [
      [{ op: 'resize', width: 7, height: 5 }],
      [
        { op: 'flip', horizontal: true, vertical: false },
        { op: 'resize', width: 20, height: 11 },
        { op: 'blur', sigma: 1 },
      ],
      [{ op: 'pixelate', size: 3 }],
      [
        { op: 'extract', left: 1, top: 2, width: 6, height: 5 },
        { op: 'round', rx: 2, ry: 2 },
      ],
    ] as const;
    for (const ops of steps) {
      const draft = { ops, encode: { metadata: 'all' } } as const;
      const one = await decodePicture(await runFile(file, resolvedFor(four, draft)));
      const input = { format: 'png', width: 13, height: 9 } as const;
      const other = await decodePicture(await runFile(png, makeResolved({ ...draft, input })));
      expect(one).toEqual(other);
    }
  });

  it('is flattened where the result has no alpha', async () => {
    const clear = draw(4, 4, 4, () => [255, 0, 0, 0]).bytes.fill(1, 3, 4);
    const file = bitmapMasked({ bytes: clear, width: 4, height: 4, channels: 4 }, 32, bgra, { headerBytes: 108 });
    const encode = { format: 'jpg', quality: 95, flatten: '0000ffff' } as const;
    const made = await decodePicture(await runFile(file, resolvedFor({ ...four, width: 4, height: 4 }, { encode })));
    const [r = 255, , b = 0] = pixelAt(made, 3, 3);
    expect(r).toBeLessThan(8);
    expect(b).toBeGreaterThan(247);
  });
});

const bitmaps = (['good', 'bad'] as const).flatMap((part) =>
  corpusFiles(part)
    .filter((name) => name.endsWith('.bmp'))
    .map((name) => [part, name] as const),
);

describe.skipIf(bitmaps.length === 0)('the BMPs of the corpus (skipped where it is absent)', () => {
  it.each(bitmaps)('%s %s is made or refused by name', async (part, name) => {
    const file = readCorpusFile(part, name);
    const read = readHeader(file, true);
    if (read.state !== 'known') {
      expect([part, read.state === 'refused' && read.error.status]).toEqual(['bad', 422]);
      return;
    }
    const outcome = await codeOf(runFile(file, resolvedFor({ ...picture, ...read.header })));
    expect(part === 'good' ? ['made'] : ['made', 'undecodable']).toContain(outcome);
  });
});
