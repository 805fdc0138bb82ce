import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { ascii, av1c, avif, box, fullBox, headerOf, heif, ispe, outcome, u8, u32be } from './builders.ts';

const irot = (quarters: number): Buffer => box('irot', u8(quarters));
const clap = (width: number, height: number, denominator = 1): Buffer =>
  box('clap', ...[width, denominator, height, denominator, 0, 1, 0, 1].map(u32be));
const auxC = (name: string): Buffer => fullBox('auxC', 0, ascii(`${name}\0`));
const alphaName = 'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha';

describe('AVIF', () => {
  it.each([
    [8, 3],
    [10, 4],
    [12, 3],
  ] as const)('reads what sharp writes: %i bits, %i channels', async (bitdepth, channels) => {
    const picture = sharp({
      create: { width: 40, height: 30, channels, background: { r: 9, g: 99, b: 9, alpha: 0.5 } },
    });
    const bytes = await picture.avif({ bitdepth, effort: 0 }).toBuffer();
    expect(headerOf(bytes)).toEqual({
      format: 'avif',
      width: 40,
      height: 30,
      frames: 1,
      orientation: 1,
      alpha: channels === 4,
      bitsPerChannel: bitdepth,
      space: 'rgb',
      progressive: false,
      icc: false,
      quality: null,
      lossless: false,
    });
  });

  it('gives the size after the rotation that libheif applies', () => {
    expect(headerOf(avif(40, 30, irot(1)))).toMatchObject({ width: 30, height: 40, orientation: 1 });
    expect(headerOf(avif(40, 30, irot(2)))).toMatchObject({ width: 40, height: 30 });
    expect(headerOf(avif(40, 30, irot(3), box('imir', u8(0))))).toMatchObject({ width: 30, height: 40 });
  });

  it('applies clean aperture and rotation in their order', () => {
    expect(headerOf(avif(40, 30, clap(20, 11)))).toMatchObject({ width: 20, height: 11 });
    expect(headerOf(avif(40, 30, clap(20, 11), irot(1)))).toMatchObject({ width: 11, height: 20 });
    expect(headerOf(avif(40, 30, clap(41, 21, 2)))).toMatchObject({ width: 21, height: 11 });
    expect(outcome(avif(40, 30, clap(41, 21, 0)))).toBe('undecodable');
  });

  it('has alpha from an auxiliary item of that name only', () => {
    const withAuxiliary = (name: string): Buffer =>
      heif({
        items: [
          { id: 1, type: 'av01', properties: [ispe(40, 30), av1c()] },
          { id: 2, type: 'av01', properties: [ispe(40, 30), av1c(), auxC(name)] },
        ],
        references: [['auxl', 2, 1]],
      });
    expect(headerOf(withAuxiliary(alphaName)).alpha).toBe(true);
    expect(headerOf(withAuxiliary('urn:mpeg:mpegB:cicp:systems:auxiliary:depth')).alpha).toBe(false);
  });

  it('has a profile from colr prof, not from nclx', () => {
    expect(headerOf(avif(40, 30, box('colr', ascii('prof'), Buffer.alloc(8)))).icc).toBe(true);
    expect(headerOf(avif(40, 30, box('colr', ascii('nclx'), Buffer.alloc(7)))).icc).toBe(false);
  });

  it('reads a grid: its own size, the depth of its tiles', () => {
    const bytes = heif({
      items: [
        { id: 1, type: 'grid', properties: [ispe(400, 300)] },
        { id: 2, type: 'av01', properties: [ispe(200, 300), av1c(0x60)] },
      ],
      references: [['dimg', 1, 2]],
    });
    expect(headerOf(bytes)).toMatchObject({ width: 400, height: 300, bitsPerChannel: 12 });
  });

  it('reads the primary item, whichever it is', () => {
    const items = [10, 20, 30].map((width, i) => ({
      id: i + 1,
      type: 'av01',
      properties: [ispe(width, 5), av1c(0x40)],
    }));
    expect(headerOf(heif({ items, primary: 3, brand: 'mif1' }))).toMatchObject({ width: 30, bitsPerChannel: 10 });
  });

  it('refuses other codecs as unsupported, whatever the brand says', () => {
    const coded = (type: string, brand: string): Buffer =>
      heif({ brand, items: [{ id: 1, type, properties: [ispe(40, 30), av1c()] }] });
    expect(outcome(coded('hvc1', 'heic'))).toBe('unsupported_format');
    expect(outcome(coded('hvc1', 'avif'))).toBe('unsupported_format');
    expect(outcome(coded('av01', 'mif1'))).toBe('known');
    expect(outcome(coded('av01', 'avis'))).toBe('unsupported_format');
  });

  it('is not led in circles by items that derive from themselves', () => {
    const bytes = heif({ items: [{ id: 1, type: 'grid', properties: [ispe(4, 3)] }], references: [['dimg', 1, 1]] });
    expect(outcome(bytes)).toBe('unsupported_format');
  });

  it.each([
    ['no size', heif({ items: [{ id: 1, type: 'av01', properties: [av1c()] }] })],
    ['no width', avif(0, 30)],
    ['no configuration', heif({ items: [{ id: 1, type: 'av01', properties: [ispe(40, 30)] }] })],
  ])('refuses a picture with %s', (_name, bytes) => {
    expect(outcome(bytes)).toBe('undecodable');
  });

  it('needs the whole list of items, wherever it stands', () => {
    const bytes = avif();
    const meta = bytes.indexOf('meta');
    const behind = Buffer.concat([bytes.subarray(0, 20), box('mdat', Buffer.alloc(5000)), bytes.subarray(20)]);
    expect(outcome(bytes.subarray(0, meta + 30), false)).toBe('need-more');
    expect(outcome(behind.subarray(0, 4096), false)).toBe('need-more');
    expect(headerOf(behind)).toMatchObject({ width: 40, height: 30 });
  });
});
