import { describe, expect, it } from 'vitest';
import { colours, opened } from '../fixtures/pictures.ts';
import { decodePicture, draw, near, type Pixel, pixelAt } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { runFile } from '../helpers/run.ts';

const page = (width: number, height: number, colour: Pixel): Promise<Buffer> =>
  opened(draw(width, height, 3, () => colour))
    .tiff({ compression: 'none' })
    .toBuffer();

/** Two TIFFs of one page as one of two: the second one's offsets are moved, and the first directory points to it. */
async function joined(first: Promise<Buffer>, second: Promise<Buffer>): Promise<Buffer> {
  const [one, other] = [Buffer.from(await first), Buffer.from(await second)];
  const base = one.length + (one.length % 2);
  const directory = other.readUInt32LE(4);
  const entries = other.readUInt16LE(directory);
  for (let index = 0; index < entries; index++) moveField(other, directory + 2 + index * 12, base);
  const end = one.readUInt32LE(4);
  one.writeUInt32LE(base + directory, end + 2 + one.readUInt16LE(end) * 12);
  return Buffer.concat([one, Buffer.alloc(base - one.length), other]);
}

const valueBytes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8];
const stripOffsets = 273;

function moveField(file: Buffer, at: number, by: number): void {
  const [tag, type, count] = [file.readUInt16LE(at), file.readUInt16LE(at + 2), file.readUInt32LE(at + 4)];
  const isApart = count * (valueBytes[type] ?? 0) > 4;
  if (tag === stripOffsets) {
    const from = isApart ? file.readUInt32LE(at + 8) : at + 8;
    for (let index = 0; index < count; index++) move(file, from + index * 4, by);
  }
  if (isApart) move(file, at + 8, by);
}

const move = (file: Buffer, at: number, by: number): void => {
  file.writeUInt32LE(file.readUInt32LE(at) + by, at);
};

describe('a TIFF with smaller copies of itself', () => {
  it('gives the same tiles from a copy as from the whole picture', async () => {
    const picture = opened(draw(1024, 768, 3, (x, y) => [x % 251, (x + y) % 241, y % 239]));
    const file = await picture
      .tiff({ tile: true, pyramid: true, tileWidth: 128, tileHeight: 128, compression: 'none' })
      .toBuffer();
    const region = { op: 'extract', left: 512, top: 256, width: 512, height: 512 } as const;
    const whole = makeResolved({
      input: { format: 'tiff', width: 1024, height: 768 },
      ops: [region, { op: 'resize', width: 128, height: 128 }],
      encode: { format: 'png' },
    });
    const copy = makeResolved({
      input: { format: 'tiff', width: 256, height: 192, page: 2, tiled: true },
      ops: [{ op: 'extract', left: 128, top: 64, width: 128, height: 128 }],
      encode: { format: 'png' },
    });
    const [one, other] = [
      await decodePicture(await runFile(file, whole)),
      await decodePicture(await runFile(file, copy)),
    ];
    expect([other.width, other.height]).toEqual([128, 128]);
    for (const [x, y] of [
      [8, 8],
      [64, 64],
      [120, 8],
      [20, 110],
    ] as const) {
      expect(near(pixelAt(other, x, y), pixelAt(one, x, y), 24)).toBe(true);
    }
  });
});

const secondPage = makeResolved({ input: { format: 'tiff', width: 40, height: 30, page: 1 } });

describe('a later page of a TIFF', () => {
  it('is a picture of its own', async () => {
    const file = await joined(page(40, 30, colours.red), page(40, 30, colours.blue));
    const made = await decodePicture(await runFile(file, secondPage));
    expect(near(pixelAt(made, 20, 15), colours.blue, 1)).toBe(true);
  });

  it.each([
    ['smaller', 20, 10],
    ['larger', 80, 60],
    ['turned', 30, 40],
  ])('that is %s than the first one is refused as unsupported', async (_, width, height) => {
    const file = await joined(page(40, 30, colours.red), page(width, height, colours.blue));
    await expect(runFile(file, secondPage)).rejects.toMatchObject({
      code: 'operation_unsupported',
      detail: expect.stringContaining(`${width}x${height}`),
    });
  });
});
