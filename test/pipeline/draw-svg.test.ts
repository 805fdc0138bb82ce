import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { runPicture } from '../../src/pipeline/run.ts';
import { openChain } from '../../src/pipeline/sharp.ts';
import { readHeader } from '../../src/plan/header/read-header.ts';
import type { Resolved } from '../../src/plan/resolved.ts';
import { isPileusError } from '../../src/shared/errors.ts';
import { corpusFiles, readCorpusFile } from '../helpers/corpus.ts';
import { decodePicture, pixelAt, type Raster, runOptions } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { runFile } from '../helpers/run.ts';

const halves = Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><script>alert(1)</script>' +
    '<rect width="10" height="10" fill="#f00"/><rect x="10" width="10" height="10" fill="#00f"/></svg>',
);
const resolvedFor = (ops: Resolved['ops'] = [], size = { width: 20, height: 10 }): Resolved =>
  makeResolved({ input: { format: 'svg', ...size }, ops });
const made = async (file: Buffer, resolved: Resolved): Promise<Raster> => decodePicture(await runFile(file, resolved));
const red = [255, 0, 0, 255];
const blue = [0, 0, 255, 255];

describe('an SVG', () => {
  it('is drawn in its own size', async () => {
    const picture = await made(halves, resolvedFor());
    expect([picture.width, picture.height]).toEqual([20, 10]);
    expect([pixelAt(picture, 9, 5), pixelAt(picture, 10, 5)]).toEqual([red, blue]);
  });

  it('is drawn in the size of its first scale, so that edges stay sharp', async () => {
    const picture = await made(halves, resolvedFor([{ op: 'resize', width: 800, height: 400 }]));
    expect([pixelAt(picture, 399, 200), pixelAt(picture, 400, 200)]).toEqual([red, blue]);
    const stretched = await made(halves, resolvedFor([{ op: 'resize', width: 200, height: 400 }]));
    expect([pixelAt(stretched, 99, 399), pixelAt(stretched, 100, 0)]).toEqual([red, blue]);
  });

  it('is turned, cropped and framed like any other source', async () => {
    const turned = await made(
      halves,
      resolvedFor([
        { op: 'flip', horizontal: true, vertical: false },
        { op: 'resize', width: 60, height: 30 },
      ]),
    );
    expect([pixelAt(turned, 5, 5), pixelAt(turned, 55, 5)]).toEqual([blue, red]);
    const cut = await made(halves, resolvedFor([{ op: 'extract', left: 10, top: 0, width: 5, height: 5 }]));
    expect(pixelAt(cut, 0, 0)).toEqual(blue);
    const smart = await made(halves, resolvedFor([{ op: 'smartcrop', width: 30, height: 30, by: 'entropy' }]));
    expect([smart.width, smart.height]).toEqual([30, 30]);
  });

  it('looks in a frame of ours as it does by itself', async () => {
    const box = Buffer.from(
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="10" viewBox="0 0 10 10"><rect width="10" height="10"/></svg>',
    );
    const picture = await made(box, resolvedFor([], { width: 40, height: 10 }));
    expect([0, 20, 39].map((x) => pixelAt(picture, x, 5)[3])).toEqual([0, 255, 0]);
  });

  it('is flattened where the result has no alpha', async () => {
    const empty = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>');
    const input = { format: 'svg', width: 4, height: 4 } as const;
    const encode = { format: 'jpg', quality: 90, flatten: 'ff0000ff' } as const;
    const [r = 0, g = 255] = pixelAt(await made(empty, makeResolved({ input, encode })), 1, 1);
    expect([r > 245, g < 10]).toEqual([true, true]);
  });

  it('that is kept is handed on without what could run', async () => {
    const picture = await runFile(halves, { ...resolvedFor(), keep: true });
    expect(picture).toMatchObject({ contentType: 'image/svg+xml', extension: 'svg', width: 20, height: 10 });
    expect(picture.bytes.toString()).toContain('<rect width="10"');
    expect(picture.bytes.toString()).not.toContain('script');
  });

  it('is refused beyond its limits, kept or drawn', async () => {
    for (const keep of [{}, { keep: true as const }])
      for (const [svgBytesMax, code] of [
        [0, 'unsupported_format'],
        [100, 'source_too_large'],
      ] as const) {
        const limits = { ...runOptions.limits, svgBytesMax };
        await expect(
          runPicture(halves, { ...resolvedFor(), ...keep }, { ...runOptions, limits }),
        ).rejects.toMatchObject({
          code,
        });
      }
  });

  it('is undecodable when it is of another size than planned', async () => {
    await expect(made(halves, resolvedFor([], { width: 21, height: 10 }))).rejects.toMatchObject({
      code: 'undecodable',
    });
  });

  it('reaches its loader by this way only', async () => {
    await made(halves, resolvedFor());
    await expect(openChain(halves, {}).metadata()).rejects.toThrow('unsupported image format');
  });
});

const drawings = (['good', 'bad'] as const).flatMap((part) =>
  corpusFiles(part)
    .filter((name) => name.endsWith('.svg'))
    .map((name) => [part, name] as const),
);
/** Its entities are elements. */
const refused: ReadonlySet<string> = new Set(['imgproxy__coords-viewattr-02-b.svg']);

describe.skipIf(drawings.length === 0)('the SVGs of the corpus (skipped where it is absent)', () => {
  it.each(drawings)('%s %s is drawn or refused by name', async (part, name) => {
    const file = readCorpusFile(part, name);
    const read = readHeader(file, true);
    if (read.state !== 'known') {
      expect([part, read.state]).toEqual(['bad', 'refused']);
      return;
    }
    const { width, height } = read.header;
    if (width * height > 4e6) {
      expect(part).toBe('bad');
      return;
    }
    const code = await runFile(file, resolvedFor([], { width, height })).then(
      async ({ bytes }) => {
        expect((await sharp(bytes).metadata()).width).toBe(width);
        return 'made';
      },
      (error: unknown) => (isPileusError(error) ? error.code : String(error)),
    );
    expect(
      part === 'good' && !refused.has(name)
        ? ['made']
        : ['made', 'undecodable', 'source_truncated', 'unsupported_format'],
    ).toContain(code);
  });
});
