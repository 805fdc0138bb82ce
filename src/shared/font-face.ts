/**
 * A font file with one face under a family name of our own. Fonts are found by their family, so that two files of one family (two
 * versions of an asset, or one of the machine's own fonts) could not be told apart; renamed, a face is found and nothing else is.
 *
 * The layout is that of the OpenType specification 1.9 (font file, TTC header, `name` table). Throws RangeError for what
 * is cut short, and null is given for what is no font.
 */
export function renamedFace(font: Uint8Array, family: string): Uint8Array | null {
  const file = Buffer.from(font.buffer, font.byteOffset, font.byteLength);
  const start = faceStart(file);
  if (start === null) return null;
  const kept = tablesOf(file, start).filter(({ tag }) => tag !== 'name' && tag !== 'DSIG');
  const tables = [...kept, { tag: 'name', bytes: nameTable(family) }].sort((one, other) =>
    one.tag < other.tag ? -1 : 1,
  );
  return written(file.readUInt32BE(start), tables);
}

/** Is this the beginning of a font file: TrueType, OpenType, or a collection of them? */
export const isFont = (bytes: Uint8Array): boolean => signatures.has(signatureOf(bytes));

type Table = Readonly<{ tag: string; bytes: Buffer }>;

const collection = 0x74746366;
const signatures: ReadonlySet<number> = new Set([0x00010000, 0x4f54544f, 0x74727565, collection]);
/** A face has some 20 tables. */
const tablesMax = 64;

const signatureOf = (bytes: Uint8Array): number =>
  bytes.length < 12 ? 0 : Buffer.from(bytes.buffer, bytes.byteOffset, 4).readUInt32BE(0);

/** Where the table directory of the first face begins; null where there is none. */
function faceStart(file: Buffer): number | null {
  if (!isFont(file)) return null;
  return file.readUInt32BE(0) === collection ? file.readUInt32BE(12) : 0;
}

function tablesOf(file: Buffer, start: number): Table[] {
  const count = file.readUInt16BE(start + 4);
  if (count > tablesMax) throw new RangeError(`${count} tables in a font`);
  return Array.from({ length: count }, (_, index) => {
    const record = start + 12 + 16 * index;
    const at = file.readUInt32BE(record + 8);
    const length = file.readUInt32BE(record + 12);
    if (at + length > file.length) throw new RangeError('a table lies beyond the end of the font');
    return { tag: file.toString('latin1', record, record + 4), bytes: file.subarray(at, at + length) };
  });
}

/** Family, style, full name and PostScript name, for Windows in English. */
function nameTable(family: string): Buffer {
  const names: readonly (readonly [id: number, text: string])[] = [
    [1, family],
    [2, 'Regular'],
    [4, family],
    [6, family],
  ];
  const texts = names.map(([, text]) => Buffer.from(text, 'utf16le').swap16());
  const head = Buffer.alloc(6 + 12 * names.length);
  head.writeUInt16BE(names.length, 2);
  head.writeUInt16BE(head.length, 4);
  let offset = 0;
  for (const [index, [id]] of names.entries()) {
    const length = texts[index]?.length ?? 0;
    [3, 1, 0x409, id, length, offset].forEach((value, at) => {
      head.writeUInt16BE(value, 6 + 12 * index + 2 * at);
    });
    offset += length;
  }
  return Buffer.concat([head, ...texts]);
}

function written(version: number, tables: readonly Table[]): Buffer {
  const head = Buffer.alloc(12 + 16 * tables.length);
  head.writeUInt32BE(version, 0);
  head.writeUInt16BE(tables.length, 4);
  const power = 2 ** Math.floor(Math.log2(tables.length));
  head.writeUInt16BE(16 * power, 6);
  head.writeUInt16BE(Math.log2(power), 8);
  head.writeUInt16BE(16 * (tables.length - power), 10);
  const parts: Buffer[] = [head];
  let offset = head.length;
  for (const [index, { tag, bytes }] of tables.entries()) {
    const padded = Buffer.alloc(4 * Math.ceil(bytes.length / 4));
    bytes.copy(padded);
    const record = 12 + 16 * index;
    head.write(tag, record, 'latin1');
    head.writeUInt32BE(checksum(padded), record + 4);
    head.writeUInt32BE(offset, record + 8);
    head.writeUInt32BE(bytes.length, record + 12);
    parts.push(padded);
    offset += padded.length;
  }
  return Buffer.concat(parts);
}

function checksum(padded: Buffer): number {
  let sum = 0;
  for (let at = 0; at < padded.length; at += 4) sum = (sum + padded.readUInt32BE(at)) >>> 0;
  return sum;
}
