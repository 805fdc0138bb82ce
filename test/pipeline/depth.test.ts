import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ResolvedEncode, ResolvedOp } from '../../src/plan/resolved.ts';
import { deepPng, gradient, png, wideGamutPng } from '../fixtures/pictures.ts';
import { decode, decodePicture, draw, near, pixelAt, type Raster } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { runFile } from '../helpers/run.ts';

const input = { width: 20, height: 14 } as const;

/** Values that eight bits cannot hold: each sample is a multiple of 257 and 100 more. */
async function fineFile(channels: 1 | 2 | 3 | 4): Promise<{ file: Buffer; samples: Uint16Array }> {
  const raster = gradient(20, 14, channels);
  const samples = Uint16Array.from(raster.bytes, (value) => Math.min(65_535, value * 257 + 100));
  const chain = sharp(samples, { raw: { width: 20, height: 14, channels } });
  return {
    file: await chain
      .toColourspace(channels < 3 ? 'grey16' : 'rgb16')
      .png()
      .toBuffer(),
    samples,
  };
}

type Deep = Readonly<{ samples: Uint16Array; width: number; height: number; channels: number }>;

async function deepPixels(file: Buffer): Promise<Deep> {
  const { space = '' } = await sharp(file).metadata();
  const { data, info } = await sharp(file, { ignoreIcc: true })
    .toColourspace(space === 'grey16' ? 'grey16' : 'rgb16')
    .raw({ depth: 'ushort' })
    .toBuffer({ resolveWithObject: true });
  return {
    samples: new Uint16Array(data.buffer, data.byteOffset, data.length / 2),
    width: info.width,
    height: info.height,
    channels: info.channels,
  };
}

const sampleAt = ({ samples, width, channels }: Deep, x: number, y: number): number[] => [
  ...samples.subarray((y * width + x) * channels, (y * width + x + 1) * channels),
];

const runDeep = async (file: Buffer, ops: readonly ResolvedOp[], encode: Partial<ResolvedEncode> = {}) =>
  (await runFile(file, makeResolved({ input, ops, encode: { bits: 16, ...encode } }))).bytes;

describe('16 bits a channel', () => {
  it.each([1, 2, 3, 4] as const)('of %i channels go through as they are', async (channels) => {
    const { file, samples } = await fineFile(channels);
    const made = await deepPixels(await runDeep(file, []));
    expect(made.channels).toBe(channels);
    expect([...made.samples]).toEqual([...samples]);
  });

  it.each([
    ['turned', [{ op: 'flip', horizontal: true, vertical: true }]],
    [
      'over two chains',
      [
        { op: 'resize', width: 20, height: 28 },
        { op: 'extract', left: 0, top: 0, width: 20, height: 14 },
        { op: 'flip', horizontal: true, vertical: false },
        { op: 'resize', width: 20, height: 14 },
      ],
    ],
    ['blurred', [{ op: 'blur', sigma: 0.5 }]],
    ['sharpened', [{ op: 'unsharp', amount: 1 / 24 }]],
    ['in blocks', [{ op: 'pixelate', size: 4 }]],
  ] as readonly (readonly [string, readonly ResolvedOp[]])[])('stay fine when %s', async (_name, ops) => {
    const { file } = await fineFile(3);
    const bytes = await runDeep(file, ops);
    expect(await sharp(bytes).metadata()).toMatchObject({ space: 'rgb16', depth: 'ushort' });
    const made = await deepPixels(bytes);
    // In eight bits every sample would be a multiple of 256 or 257.
    const fine = made.samples.filter((value) => value % 257 !== 0 && value % 256 !== 0);
    expect(fine.length).toBeGreaterThan(made.samples.length / 2);
  });

  it('a border is exactly its colour, and gives alpha and colours where it has them', async () => {
    const border = { op: 'extend', left: 2, top: 1, right: 0, bottom: 0 } as const;
    const extended = async (channels: 1 | 2 | 3 | 4, background: string) => {
      const { file, samples } = await fineFile(channels);
      const made = await deepPixels(await runDeep(file, [{ ...border, background }]));
      expect([made.width, made.height]).toEqual([22, 15]);
      // What was there is where the border leaves it.
      expect(sampleAt(made, 2, 1)[0]).toBe(samples[0]);
      return sampleAt(made, 0, 0);
    };
    expect(await extended(3, 'ffffffff')).toEqual([65_535, 65_535, 65_535]);
    expect(await extended(3, 'ff000080')).toEqual([65_535, 0, 0, 32_896]);
    expect(await extended(4, '336699ff')).toEqual([13_107, 26_214, 39_321, 65_535]);
    expect(await extended(1, '808080ff')).toEqual([32_896]);
    expect(await extended(1, '00000000')).toEqual([0, 0]);
    expect(await extended(2, 'ff0000ff')).toEqual([65_535, 0, 0, 65_535]);
  });

  it('alpha is blended into exactly the background', async () => {
    const raster = draw(20, 14, 4, (x) => (x < 10 ? [200, 100, 0, 0] : [200, 100, 0, 255]));
    const file = await deepPng(raster);
    const made = await deepPixels(await runDeep(file, [], { flatten: 'ffffffff' }));
    expect(sampleAt(made, 0, 0)).toEqual([65_535, 65_535, 65_535]);
    expect(sampleAt(made, 15, 5)).toEqual([200 * 257, 100 * 257, 0]);
    const grey = await fineFile(2);
    const onGrey = await deepPixels(await runDeep(grey.file, [], { flatten: '000000ff' }));
    expect(onGrey.channels).toBe(1);
    // Opaque in the last column's last row only to a share: the value is the product.
    const [value = 0, alpha = 0] = grey.samples.subarray(-2);
    expect(sampleAt(onGrey, 19, 13)[0]).toBe(Math.round((value * alpha) / 65_535));
  });

  it('in Display P3 come out in sRGB, still 16', async () => {
    const file = await deepPng(
      draw(20, 14, 3, () => [200, 80, 40]),
      'p3',
    );
    for (const metadata of ['none', 'all'] as const) {
      for (const ops of [
        [],
        [{ op: 'extend', left: 2, top: 0, right: 0, bottom: 0, background: '000000ff' }],
      ] as const) {
        const made = await deepPixels(await runDeep(file, ops, { metadata }));
        const seen = sampleAt(made, 9, 5).map((value) => Math.round(value / 257));
        expect(near(seen, [216, 69, 19], 2)).toBe(true);
      }
    }
  });

  it('are written as 10 or 12 of AVIF and 16 of TIFF', async () => {
    const { file } = await fineFile(3);
    for (const [encode, bitsPerSample] of [
      [{ format: 'avif', bits: 10, quality: 90 }, 10],
      [{ format: 'avif', bits: 12, quality: 90 }, 12],
      [{ format: 'tif', bits: 16 }, 16],
    ] as const) {
      const picture = await runFile(file, makeResolved({ input, encode: { ...encode, effort: 0 } }));
      expect(await sharp(picture.bytes).metadata()).toMatchObject({ space: 'rgb16', bitsPerSample });
    }
  });

  it('carry EXIF through every step, without what was cut away', async () => {
    const { file } = await fineFile(4);
    const tagged = await sharp(file)
      .toColourspace('rgb16')
      .withExif({ IFD0: { Artist: 'Somebody' } })
      .png()
      .toBuffer();
    for (const [encode, ops] of [
      [{ metadata: 'all' }, []],
      [
        { metadata: 'all', flatten: 'ffffffff' },
        [{ op: 'extend', left: 2, top: 1, right: 0, bottom: 0, background: 'ffffffff' }],
      ],
      [{ metadata: 'all' }, [{ op: 'pixelate', size: 2 }]],
    ] as const) {
      const made = await sharp(await runDeep(tagged, ops, encode)).metadata();
      expect(made.exif?.toString('latin1')).toContain('Somebody');
      expect(made.space).toBe('rgb16');
    }
  });
});

describe('orientation', () => {
  it.each([{ bits: 16 }, { profile: 'source' }] as const)('says upright once the pixels are: %j', async (encode) => {
    const raster = draw(20, 14, 3, () => [200, 80, 40]);
    const deep = 'bits' in encode;
    const stored = sharp(deep ? await deepPng(raster, 'p3') : await wideGamutPng(raster));
    const tagged = stored.toColourspace(deep ? 'rgb16' : 'srgb').withMetadata({ orientation: 6, icc: 'p3' });
    const file = await tagged.png().toBuffer();
    expect((await sharp(file).metadata()).orientation).toBe(6);
    const ops = [{ op: 'orient', orientation: 6 }] as const;
    const { bytes } = await runFile(file, makeResolved({ input, ops, encode: { metadata: 'all', ...encode } }));
    expect((await sharp(bytes).metadata()).orientation).toBe(1);
  });
});

describe('profiles', () => {
  const flat = draw(20, 14, 3, () => [200, 80, 40]);
  const source = { profile: 'source' } as const;
  const pixelate: ResolvedOp = { op: 'pixelate', size: 3 };

  it.each([
    ['png', [], 'none'],
    ['jpg', [{ op: 'resize', width: 10, height: 7 }], 'none'],
    ['webp', [pixelate], 'none'],
    ['png', [pixelate], 'all'],
    ['png', [{ op: 'resize', width: 10, height: 7 }], 'all'],
    ['avif', [], 'copyright'],
  ] as const)('a kept one comes along with the colours as they are: %s %j %s', async (format, ops, metadata) => {
    const file = await wideGamutPng(flat);
    const stored = (await rawOf(file)).slice(0, 3);
    const encode = { format, quality: 100, fullChroma: true, effort: 1, metadata, ...source } as const;
    const { bytes } = await runFile(file, makeResolved({ input, ops, encode }));
    expect((await sharp(bytes).metadata()).icc?.length).toBe(480);
    expect(near((await rawOf(bytes)).slice(0, 3), stored, 4)).toBe(true);
  });

  it('a kept one stays with 16 bits', async () => {
    const file = await deepPng(flat, 'p3');
    for (const ops of [[], [pixelate]] as const) {
      const bytes = await runDeep(file, ops, source);
      expect(await sharp(bytes).metadata()).toMatchObject({ space: 'rgb16', hasProfile: true });
      expect(sampleAt(await deepPixels(bytes), 5, 5)).toEqual([200 * 257, 80 * 257, 40 * 257]);
    }
  });

  it('sRGB is attached where it is asked for', async () => {
    const { bytes } = await runFile(await wideGamutPng(flat), makeResolved({ input, encode: { profile: 'srgb' } }));
    expect((await sharp(bytes).metadata()).icc?.toString('latin1').replaceAll('\0', '')).toContain('sRGB');
    expect(near((await rawOf(bytes)).slice(0, 3), [200, 80, 40], 2)).toBe(true);
  });

  it('16 bits without one are not taken for Display P3 where metadata is kept', async () => {
    const { bytes } = await runFile(await deepPng(flat), makeResolved({ input, encode: { metadata: 'all' } }));
    expect(near((await rawOf(bytes)).slice(0, 3), [200, 80, 40], 1)).toBe(true);
  });
});

describe('linear light', () => {
  const stripes = (channels: number): Raster =>
    draw(20, 14, channels, (x) => (x % 2 === 0 ? [0, 0, 0, 255] : [255, 255, 255, 255]).slice(0, channels));
  const ops: readonly ResolvedOp[] = [{ op: 'resize', width: 10, height: 7 }];

  it.each([3, 4])('halves of black and white of %i channels are as light as both', async (channels) => {
    const file = await png(stripes(channels));
    const plain = await decodePicture(await runFile(file, makeResolved({ input, ops })));
    const linear = await decodePicture(await runFile(file, { ...makeResolved({ input, ops }), linear: true }));
    expect(pixelAt(plain, 5, 3)[0]).toBeLessThan(132);
    expect(pixelAt(linear, 5, 3)[0]).toBeGreaterThan(184);
    expect(linear.channels).toBe(channels);
  });

  it('changes nothing but the scale', async () => {
    const flat = await png(draw(20, 14, 4, () => [200, 80, 40, 128]));
    const steps: readonly ResolvedOp[] = [
      ...ops,
      { op: 'extend', left: 2, top: 0, right: 0, bottom: 0, background: '336699ff' },
      { op: 'brightness', amount: -50 },
    ];
    const resolved = makeResolved({ input, ops: steps, encode: { flatten: 'ffffffff' } });
    const plain = await decodePicture(await runFile(flat, resolved));
    const linear = await decodePicture(await runFile(flat, { ...resolved, linear: true }));
    for (const x of [0, 6]) expect(near(pixelAt(linear, x, 3), pixelAt(plain, x, 3), 1)).toBe(true);
  });

  it('ends in 16 bits too', async () => {
    const { file } = await fineFile(3);
    const resolved = { ...makeResolved({ input, ops, encode: { bits: 16 } }), linear: true } as const;
    expect((await sharp((await runFile(file, resolved)).bytes).metadata()).space).toBe('rgb16');
  });
});

/** The file's own values, whatever profile they are in. */
const rawOf = async (file: Buffer): Promise<number[]> => [
  ...(await decode(await sharp(file, { ignoreIcc: true }).png().toBuffer())).bytes,
];
