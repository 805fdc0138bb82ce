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
