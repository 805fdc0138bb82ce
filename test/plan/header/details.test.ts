import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { noDetails, readDetails } from '../../../src/plan/header/details.ts';
import type { SourceFormat } from '../../../src/plan/header.ts';
import {
  ascii,
  chunk,
  exif,
  exifSegment,
  ihdr,
  jpeg,
  png,
  scan,
  segment,
  u8,
  u16be,
  u16le,
  u32be,
  u32le,
} from './builders.ts';

const packet = '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf/></x:xmpmeta>';

const chain = () =>
  sharp({ create: { width: 12, height: 8, channels: 3, background: '#c85028' } })
    .withExif({
      IFD0: { Make: 'Tin', Model: 'Box 1', Copyright: 'Somebody' },
      IFD2: { ExposureTime: '1/60', ISOSpeedRatings: '200' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '46/1 30/1 0/1' },
    })
    .withXmp(packet);

const files: readonly (readonly [SourceFormat, () => Promise<Buffer>])[] = [
  ['jpeg', () => chain().jpeg().toBuffer()],
  ['png', () => chain().png().toBuffer()],
  ['webp', () => chain().webp().toBuffer()],
  ['avif', () => chain().avif({ effort: 0 }).toBuffer()],
  ['tiff', () => chain().tiff().toBuffer()],
];

const toldOf = (file: Uint8Array, format: SourceFormat, name: string): string | undefined =>
  readDetails(file, format).exif.find((field) => field.name === name)?.value;

/** IPTC datasets of record 2. */
const iptc = (...sets: readonly (readonly [number, string])[]): Buffer =>
  Buffer.concat(sets.flatMap(([number, text]) => [u8(0x1c, 2, number), u16be(text.length), ascii(text)]));
const resource = (number: number, content: Buffer): Buffer =>
  Buffer.concat([
    ascii('8BIM'),
    u16be(number),
    u8(0, 0),
    u32be(content.length),
    content,
    Buffer.alloc(content.length & 1),
  ]);

describe('details', () => {
  // libvips writes no EXIF into a TIFF.
  it.each(files.filter(([format]) => format !== 'tiff'))('EXIF of %s is told', async (format, make) => {
    const file = await make();
    expect(toldOf(file, format, 'Make')).toBe('Tin');
    expect(toldOf(file, format, 'Model')).toBe('Box 1');
    expect(toldOf(file, format, 'ExposureTime')).toBe('1/60');
    const place = readDetails(file, format).exif.filter(({ group }) => group === 'gps');
    expect(place.map(({ name }) => name)).toEqual(['GPSLatitudeRef', 'GPSLatitude']);
    expect(place[1]?.value).toBe('46/1, 30/1, 0/1');
  });

  it('EXIF of a TIFF are its own fields', () => {
    const make = Buffer.concat([
      ascii('II*\0'),
      u32le(8),
      u16le(1),
      u16le(271),
      u16le(2),
      u32le(4),
      ascii('Tin\0'),
      u32le(0),
    ]);
    expect(toldOf(make, 'tiff', 'Make')).toBe('Tin');
  });

  // libvips compresses it in PNG.
  it.each(files)('XMP of %s is told', async (format, make) => {
    expect(readDetails(await make(), format).xmp).toBe(packet);
  });

  it('XMP of a PNG is told where it is not compressed, also behind the pixels', () => {
    const text = chunk('iTXt', ascii('XML:com.adobe.xmp\0\0\0\0\0'), ascii(packet));
    const file = png(ihdr(), chunk('IDAT', u8(0)), text, chunk('IEND'));
    expect(readDetails(file, 'png').xmp).toBe(packet);
  });

  it('IPTC of a JPEG is told', () => {
    const record = iptc([120, 'A box'], [25, 'tin'], [25, 'box'], [200, 'unknown']);
    const resources = Buffer.concat([resource(0x0400, ascii('abc')), resource(0x0404, record)]);
    const file = jpeg(segment(0xed, ascii('Photoshop 3.0\0'), resources), scan());
    expect(readDetails(file, 'jpeg').iptc).toEqual([
      { name: 'Caption', values: ['A box'] },
      { name: 'Keywords', values: ['tin', 'box'] },
    ]);
  });

  it.each([
    ['jpeg', (resources: Buffer) => jpeg(segment(0xed, ascii('Photoshop 3.0\0'), resources), scan())],
    [
      'tiff',
      (resources: Buffer) =>
        Buffer.concat([
          ascii('II*\0'),
          u32le(8),
          u16le(1),
          u16le(34_377),
          u16le(1),
          u32le(resources.length),
          u32le(26),
          u32le(0),
          resources,
        ]),
    ],
  ] as const)('the resolution that Photoshop wrote into a %s is told', (format, make) => {
    const axis = (whole: number, unit: number, side: number) =>
      Buffer.concat([u32be(whole * 65_536), u16be(unit), u16be(side)]);
    const resolutionIn = (content: Buffer) =>
      readDetails(make(Buffer.concat([resource(0x0400, ascii('abc')), resource(0x03ed, content)])), format).resolution;
    expect(resolutionIn(Buffer.concat([axis(240, 1, 1), axis(72.5, 2, 3)]))).toEqual({
      x: { value: 240, unit: 'inches', shownIn: 'inches' },
      y: { value: 72.5, unit: 'cm', shownIn: 'points' },
    });
    expect(resolutionIn(Buffer.concat([axis(240, 3, 1), axis(72, 2, 3)]))).toBeNull();
    expect(resolutionIn(Buffer.concat([axis(240, 1, 1), axis(72, 2, 6)]))).toBeNull();
    expect(resolutionIn(axis(240, 1, 1))).toBeNull();
  });

  it('a packet that grows beyond its maximum when it is uncompressed is left out', () => {
    const text = deflateSync(Buffer.alloc(1 << 20, 0x20));
    const file = png(ihdr(), chunk('iTXt', ascii('XML:com.adobe.xmp\0'), u8(1, 0, 0, 0), text), chunk('IEND'));
    expect(readDetails(file, 'png').xmp).toBeNull();
  });

  it.each([
    ['iTXt', 'is no zlib stream', Buffer.concat([u8(1, 0, 0, 0), ascii('broken')])],
    ['zTXt', 'is no zlib stream', Buffer.concat([u8(0), ascii('broken')])],
    ['iTXt', 'is too long', Buffer.concat([u8(1, 0, 0, 0), deflateSync(Buffer.alloc(1 << 20, 0x20))])],
    ['zTXt', 'is too long', Buffer.concat([u8(0), deflateSync(Buffer.alloc(1 << 20, 0x20))])],
  ])('a %s chunk that %s takes nothing else along', (type, _, body) => {
    const broken = chunk(type, ascii('XML:com.adobe.xmp\0'), body);
    const make = chunk('eXIf', exif(6));
    const good = chunk('iTXt', ascii('XML:com.adobe.xmp\0\0\0\0\0'), ascii(packet));
    const orientation = [{ group: 'image', name: 'Orientation', type: 3, value: '6' }];
    expect(readDetails(png(ihdr(), broken, make, chunk('IEND')), 'png')).toEqual({ ...noDetails, exif: orientation });
    expect(readDetails(png(ihdr(), make, broken, good, chunk('IEND')), 'png')).toMatchObject({
      exif: orientation,
      xmp: packet,
    });
  });

  it('EXIF of an AVIF that lies nowhere takes no XMP along', async () => {
    const file = await chain().avif({ effort: 0 }).toBuffer();
    const iloc = file.indexOf('iloc');
    const headerAt = [file.indexOf('II*\0'), file.indexOf('MM\0*')].find((at) => at >= 0) ?? 0;
    // Behind the offset of the TIFF header, and perhaps a name.
    const places = [headerAt - 4, headerAt - 10].map((at) => file.indexOf(u32be(at), iloc)).filter((at) => at >= 0);
    expect(places).toHaveLength(1);
    file.writeUInt32BE(0x7fff_0000, places[0]);
    expect(readDetails(file, 'avif')).toMatchObject({ exif: [], xmp: packet });
  });

  it('a palette is told', async () => {
    const plain = sharp({ create: { width: 8, height: 8, channels: 3, background: '#c85028' } });
    expect(readDetails(await plain.clone().png({ palette: true }).toBuffer(), 'png').palette).toBe(true);
    expect(readDetails(await plain.clone().png().toBuffer(), 'png').palette).toBe(false);
    expect(readDetails(await plain.clone().gif().toBuffer(), 'gif').palette).toBe(true);
  });

  it('nothing is nothing', async () => {
    const bare = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#c85028' } })
      .jpeg()
      .toBuffer();
    expect(readDetails(bare, 'jpeg')).toEqual(noDetails);
    expect(readDetails(Buffer.alloc(0), 'avif')).toEqual(noDetails);
  });

  it('a directory that points at itself is read once', () => {
    const pointer = exif(8, true, 4, 34_665);
    expect(readDetails(jpeg(exifSegment(pointer), scan()), 'jpeg').exif).toEqual([]);
  });

  it('broken files give less, never an error', async () => {
    const whole = await Promise.all(files.map(async ([format, make]) => [format, await make()] as const));
    fc.assert(
      fc.property(
        fc.constantFrom(...whole),
        fc.array(fc.tuple(fc.nat(1023), fc.nat(255)), { maxLength: 20 }),
        fc.nat(1023),
        ([format, file], changes, cut) => {
          const broken = Buffer.from(file.subarray(0, Math.ceil((file.length * (1024 - cut)) / 1024)));
          for (const [at, value] of changes) broken[Math.floor((at * broken.length) / 1024)] = value;
          const { exif: fields, xmp, iptc: sets } = readDetails(broken, format);
          expect(fields.length).toBeLessThanOrEqual(128);
          expect(sets.length).toBeLessThanOrEqual(64);
          expect(xmp?.length ?? 0).toBeLessThanOrEqual(65_536);
        },
      ),
      { numRuns: 400 },
    );
  });
});
