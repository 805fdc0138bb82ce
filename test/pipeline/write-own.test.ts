import { describe, expect, it } from 'vitest';
import { encodeRaw } from '../../src/pipeline/encode-raw.ts';
import { writeBmp } from '../../src/pipeline/write-bmp.ts';
import { writeIcon } from '../../src/pipeline/write-icon.ts';
import { readHeader } from '../../src/plan/header/read-header.ts';
import type { ResolvedEncode } from '../../src/plan/resolved.ts';
import { gradient, greyAlphaPng, greyJpeg, jpeg, png } from '../fixtures/pictures.ts';
import { decode, decodePicture, difference, draw, type Raster } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { runFile } from '../helpers/run.ts';

const run = async (raster: Raster, encode: Partial<ResolvedEncode>) =>
  runFile(await png(raster), makeResolved({ input: { width: raster.width, height: raster.height }, encode }));

/** Reads back what was written, through our own decoders. */
async function readBack(bytes: Uint8Array): Promise<Raster> {
  const read = readHeader(bytes, true);
  if (read.state !== 'known') throw new Error(read.state);
  const { format, width, height } = read.header;
  return decodePicture(await runFile(bytes, makeResolved({ input: { format, width, height } })));
}

const pixelsOf = ({ bytes, width, height, channels }: Raster) => ({
  bytes,
  width,
  height,
  channels: channels as 1 | 2 | 3 | 4,
  frames: 1,
});

describe('BMP and ICO as results', () => {
  it.each([
    ['bmp', 'image/bmp', 3],
    ['bmp', 'image/bmp', 4],
    ['ico', 'image/x-icon', 3],
    ['ico', 'image/x-icon', 4],
  ] as const)('%s (%s) of %i channels is exact', async (format, contentType, channels) => {
    const raster = gradient(45, 31, channels);
    const picture = await run(raster, { format });
    expect(picture).toMatchObject({ width: 45, height: 31, frames: 1, contentType, extension: format, quality: 0 });
    expect(readHeader(picture.bytes, true)).toMatchObject({
      state: 'known',
      header: { format, width: 45, height: 31, alpha: channels === 4 },
    });
    expect(await readBack(picture.bytes)).toEqual(raster);
  });

  it('are made of grey sources, with and without alpha', async () => {
    const input = { format: 'jpeg', width: 45, height: 31 } as const;
    const grey = await greyJpeg(gradient());
    const bmp = await runFile(grey, makeResolved({ input, encode: { format: 'bmp' } }));
    const same = await runFile(grey, makeResolved({ input }));
    const wanted = await decodePicture(same);
    expect(await readBack(bmp.bytes)).toEqual(
      draw(45, 31, 3, (x, y) => Array<number>(3).fill(wanted.bytes[(y * 45 + x) * wanted.channels] ?? 0)),
    );
    const alpha = makeResolved({ input: { width: 20, height: 14 }, encode: { format: 'bmp' } });
    const made = await runFile(await greyAlphaPng(), alpha);
    expect(readHeader(made.bytes, true)).toMatchObject({ header: { format: 'bmp', alpha: true } });
  });

  it('carry nothing of the source but pixels, also where all metadata is wanted', async () => {
    const source = await jpeg(gradient(), { orientation: 6 });
    const ops = [
      { op: 'orient', orientation: 6 },
      { op: 'resize', width: 20, height: 30 },
    ] as const;
    const input = { format: 'jpeg', width: 45, height: 31 } as const;
    const as = (format: 'bmp' | 'png') =>
      runFile(source, makeResolved({ input, ops, encode: { format, metadata: 'all' } }));
    expect(difference(await readBack((await as('bmp')).bytes), await decodePicture(await as('png'))).max).toBe(0);
  });

  it('hold 256 pixels a side at most as ICO', async () => {
    const full = await run(gradient(256, 256), { format: 'ico' });
    expect([full.bytes[6], full.bytes[7]]).toEqual([0, 0]);
    expect(readHeader(full.bytes, true)).toMatchObject({ header: { width: 256, height: 256 } });
    await expect(run(gradient(257, 10), { format: 'ico' })).rejects.toMatchObject({ code: 'result_too_large' });
    expect(() => writeIcon(Buffer.alloc(8), { width: 10, height: 257 })).toThrow(RangeError);
  });

  it('have every number of channels that pixels may have', async () => {
    for (const channels of [1, 2, 3, 4]) {
      const raster = gradient(5, 3, channels);
      const made = await readBack(writeBmp(pixelsOf(raster)));
      expect(made.channels).toBe(channels % 2 === 0 ? 4 : 3);
      const wanted = draw(5, 3, made.channels, (x, y) => {
        const from = [...raster.bytes.subarray((y * 5 + x) * channels, (y * 5 + x + 1) * channels)];
        const grey = from[0] ?? 0;
        if (channels > 2) return from;
        return channels === 1 ? [grey, grey, grey] : [grey, grey, grey, from[1] ?? 0];
      });
      expect(made).toEqual(wanted);
    }
  });

  it('are originals that can be made by code', async () => {
    const raster = gradient(20, 10, 4);
    for (const format of ['bmp', 'ico'] as const)
      expect(await readBack(await encodeRaw(pixelsOf(raster), { format }))).toEqual(raster);
    expect((await decode(await encodeRaw(pixelsOf(raster), { format: 'png' }))).width).toBe(20);
  });
});
