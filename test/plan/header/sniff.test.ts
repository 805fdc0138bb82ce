import { describe, expect, it } from 'vitest';
import { sniffFormat } from '../../../src/plan/header/sniff.ts';
import { ascii, avif, ftyp, gif, gifTrailer, jpeg, outcome, png, tiff, webp } from './builders.ts';

const padded = (text: string): Buffer => Buffer.concat([ascii(text), Buffer.alloc(40)]);

describe('sniffing', () => {
  it.each([
    ['jpeg', jpeg()],
    ['png', png()],
    ['gif', gif(1, 1, gifTrailer)],
    ['webp', webp()],
    ['avif', avif()],
    ['tiff', tiff()],
    ['tiff', tiff({ little: false })],
    ['tiff', tiff({ big: true })],
    ['tiff', tiff({ little: false, big: true })],
    ['bmp', ascii('BM6\x03')],
    ['ico', ascii('\0\0\x01\0\x01\0')],
    ['svg', ascii('<svg xmlns="http://www.w3.org/2000/svg"/>')],
  ])('knows %s by its first bytes', (format, bytes) => {
    expect(sniffFormat(bytes)).toEqual({ kind: 'format', format });
  });

  it.each([
    ['CUR', '\0\0\x02\0\x01\0'],
    ['PSD', '8BPS\0\x01'],
    ['JPEG XL', '\xff\x0a'],
    ['JPEG XL', '\0\0\0\x0cJXL \r\n\x87\n'],
    ['JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n'],
    ['JPEG 2000', '\xff\x4f\xff\x51'],
    ['PNM', 'P6\n4 4'],
    ['OpenEXR', 'v/1\x01'],
    ['QOI', 'qoif'],
    ['Compressed SVG', '\x1f\x8b\x08'],
    ['AVIF sequence', '\0\0\0\x1cftypavis'],
    ['HEIF', '\0\0\0\x1cftypavci'],
  ])('calls %s a picture and refuses it', (name, text) => {
    expect(sniffFormat(padded(text))).toEqual({ kind: 'picture', name });
    expect(outcome(padded(text))).toBe('unsupported_format');
    expect(outcome(padded(text), false)).toBe('unsupported_format');
  });

  it.each([
    ['an HTML page', '<!DOCTYPE html><html><body><svg></svg></body></html>'],
    ["an object store's error", '<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>'],
    ['JSON', '{"error":"there is no such picture in this place"}'],
    ['a PDF', '%PDF-1.7\n1 0 obj'],
    ['an MP4', '\0\0\0\x18ftypmp42\0\0\0\0mp42isom'],
    ['PHP', '<?php echo "GIF89a"; ?>'],
    ['a RIFF that is no WebP', 'RIFF\0\0\0\0WAVEfmt '],
    ['nothing', ''],
    ['one byte', 'R'],
  ])('finds no image in %s', (_name, text) => {
    expect(outcome(ascii(text))).toBe('not_an_image');
  });

  it('waits for more while the bytes could still begin a picture', () => {
    expect(outcome(Buffer.alloc(0), false)).toBe('need-more');
    expect(outcome(ascii('RIFF'), false)).toBe('need-more');
    expect(outcome(ascii('<?xml version="1.0"?>'), false)).toBe('need-more');
  });

  it('stops waiting once the window is full', () => {
    expect(outcome(Buffer.alloc(64, 0x41), false)).toBe('not_an_image');
    expect(outcome(Buffer.concat([ascii('<?xml version="1.0"?><!--'), Buffer.alloc(8192, 0x20)]), false)).toBe(
      'not_an_image',
    );
  });

  it.each([
    [
      'behind a declaration, a comment and a doctype',
      '<?xml version="1.0"?><!-- a --><!DOCTYPE svg><svg width="1" height="1">',
    ],
    ['behind a byte order mark', '\xef\xbb\xbf<svg>'],
    ['with a prefix', '<?xml version="1.0"?><s:svg xmlns:s="http://www.w3.org/2000/svg"/>'],
    ['in UTF-16', [...'\xff\xfe<svg>'].map((letter, i) => (i < 2 ? letter : `${letter}\0`)).join('')],
  ])('recognises SVG %s', (_name, text) => {
    expect(sniffFormat(ascii(text))).toEqual({ kind: 'format', format: 'svg' });
    expect(outcome(ascii(text))).toBe('known');
  });

  it('takes an element that only begins like svg for what it is', () => {
    expect(outcome(ascii('<svgish>not a picture at all, long enough to tell</svgish>'))).toBe('not_an_image');
  });

  it.each(['heic', 'mif1', 'msf1', 'hevc'])('leaves the brand %s to the codec of the primary item', (brand) => {
    expect(sniffFormat(ftyp(brand))).toEqual({ kind: 'format', format: 'avif' });
  });
});
