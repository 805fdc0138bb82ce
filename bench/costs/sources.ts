import type { RawPicture } from '../../src/demo/scene.ts';
import type { Size } from '../../src/plan/turn.ts';

/** Sources of formats that the engine does not write, made of the first channel of a picture. */

/** A BMP of 8 bits a pixel with a palette of 256 greys. */
export const indexedBitmap = (picture: RawPicture): Buffer => bitmap(picture, 0, rows(picture).reverse());

/** The same in run lengths, as far as there are any. */
export const runLengthBitmap = (picture: RawPicture): Buffer => {
  // Coarser greys, so that some neighbours are equal.
  const coded = rows(picture)
    .reverse()
    .map((row) => runs(row.map((grey) => grey & 0xf0)));
  return bitmap(picture, 1, [...coded, Buffer.from([0, 1])]);
};

/** An icon of one bitmap with 8 bits a pixel and an empty mask behind it. */
export const maskedIcon = (picture: RawPicture): Buffer => {
  const header = infoHeader({ width: picture.width, height: 2 * picture.height }, 0);
  const mask = Buffer.alloc(4 * Math.ceil(picture.width / 32) * picture.height);
  const payload = Buffer.concat([header, palette(), ...rows(picture).reverse(), mask]);
  return iconOf(payload, 8);
};

/** An icon of one picture: a PNG, or a bitmap without its file header. */
export const iconOf = (payload: Buffer, bits: number): Buffer => {
  const directory = Buffer.alloc(22);
  directory.writeUInt16LE(1, 2);
  directory.writeUInt16LE(1, 4);
  directory.writeUInt16LE(bits, 12);
  directory.writeUInt32LE(payload.length, 14);
  directory.writeUInt32LE(directory.length, 18);
  return Buffer.concat([directory, payload]);
};

/** So many shapes: gradients, paths, strokes, some of them half transparent. */
export function sampleSvg({ width, height }: Size, shapes: number): Buffer {
  const body = Array.from({ length: shapes }, (_, at) => {
    const x = (at * 7919) % width;
    const y = (at * 104_729) % height;
    const fill = `hsl(${(at * 37) % 360} 60% 50%)`;
    return at % 2 === 0
      ? `<circle cx="${x}" cy="${y}" r="${20 + (at % 60)}" fill="${fill}" fill-opacity="0.7"/>`
      : `<path d="M${x} ${y} c 40 -60 80 60 120 0 s -60 90 -120 30 z" fill="url(#g)" stroke="${fill}" stroke-width="3"/>`;
  });
  const gradient =
    '<linearGradient id="g"><stop offset="0" stop-color="#fff"/><stop offset="1" stop-color="#036"/></linearGradient>';
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${gradient}</defs>${body.join('')}</svg>`,
  );
}

function rows({ bytes, width, height, channels }: RawPicture): Buffer[] {
  const rowBytes = 4 * Math.ceil(width / 4);
  return Array.from({ length: height }, (_, y) => {
    const row = Buffer.alloc(rowBytes);
    for (let x = 0; x < width; x++) row[x] = bytes[(y * width + x) * channels] ?? 0;
    return row;
  });
}

function runs(row: Uint8Array): Buffer {
  const coded: number[] = [];
  for (let at = 0; at < row.length; ) {
    let count = 1;
    while (count < 255 && row[at + count] === row[at]) count++;
    coded.push(count, row[at] ?? 0);
    at += count;
  }
  return Buffer.from([...coded, 0, 0]);
}

function bitmap(size: Size, compression: number, pixels: readonly Buffer[]): Buffer {
  const front = Buffer.alloc(14);
  front.write('BM');
  const head = Buffer.concat([infoHeader(size, compression), palette()]);
  front.writeUInt32LE(front.length + head.length, 10);
  return Buffer.concat([front, head, ...pixels]);
}

function infoHeader({ width, height }: Size, compression: number): Buffer {
  const header = Buffer.alloc(40);
  header.writeUInt32LE(40, 0);
  header.writeInt32LE(width, 4);
  header.writeInt32LE(height, 8);
  header.writeUInt16LE(1, 12);
  header.writeUInt16LE(8, 14);
  header.writeUInt32LE(compression, 16);
  return header;
}

const palette = (): Buffer => Buffer.from(Array.from({ length: 256 }, (_, grey) => [grey, grey, grey, 0]).flat());
