import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readHeader } from '../../../src/plan/header/read-header.ts';
import { ascii, exif, exifSegment, frame, headerOf, jpeg, outcome, scan, segment, u8 } from './builders.ts';

const picture = (width = 40, height = 30) => sharp({ create: { width, height, channels: 3, background: '#a53' } });

describe('JPEG', () => {
  it('reads what sharp writes', async () => {
    const bytes = await picture().withIccProfile('p3').jpeg({ quality: 83 }).toBuffer();
    expect(headerOf(bytes)).toEqual({
      format: 'jpeg',
      width: 40,
      height: 30,
      frames: 1,
      orientation: 1,
      alpha: false,
      bitsPerChannel: 8,
      space: 'rgb',
      progressive: false,
      icc: true,
      quality: 83,
      lossless: false,
    });
  });

  it.each([
    [1, 'grey'],
    [3, 'rgb'],
    [4, 'cmyk'],
  ])('takes %i components for %s', (components, space) => {
    expect(headerOf(jpeg(frame({ components }), scan(components)))).toMatchObject({ space });
  });

  it.each([
    ['baseline', 0xc0, false, false],
    ['extended', 0xc1, false, false],
    ['progressive', 0xc2, true, false],
    ['lossless', 0xc3, false, true],
    ['arithmetic', 0xc9, false, false],
    ['arithmetic progressive', 0xca, true, false],
  ])('reads a %s frame', (_name, marker, progressive, lossless) => {
    expect(headerOf(jpeg(frame({ marker }), scan()))).toMatchObject({ width: 40, height: 30, progressive, lossless });
  });

  it('counts separate scans as progressive, for libjpeg holds the whole picture', () => {
    expect(headerOf(jpeg(frame(), scan(1)))).toMatchObject({ progressive: true });
  });

  it.each([
    ['12 bits', frame({ bits: 12 })],
    ['two components', frame({ components: 2 })],
    ['a hierarchical frame', frame({ marker: 0xc5 })],
    ['an arithmetic lossless frame', frame({ marker: 0xcb })],
    ['JPEG-LS', frame({ marker: 0xf7 })],
  ])('refuses %s as unsupported', (_name, sof) => {
    expect(outcome(jpeg(sof, scan()))).toBe('unsupported_format');
  });

  it.each([
    ['no height', frame({ height: 0 })],
    ['no width', frame({ width: 0 })],
    ['no frame', segment(0xfe)],
    ['two frames', Buffer.concat([frame(), frame()])],
    ['a side that libjpeg does not take', frame({ width: 65_501 })],
    ['an end before the scan', Buffer.concat([frame(), u8(0xff, 0xd9)])],
    ['a frame shorter than its fields', segment(0xc0, u8(8, 0, 30))],
    ['a fifth table', segment(0xdb, u8(4), Buffer.alloc(64, 1))],
  ])('refuses a picture with %s as undecodable', (_name, segments) => {
    expect(outcome(jpeg(segments, scan()))).toBe('undecodable');
  });

  it('needs the frame, however far back it lies', () => {
    const profile = Array.from({ length: 3 }, () => segment(0xe2, ascii('ICC_PROFILE\0'), Buffer.alloc(60_000)));
    const bytes = jpeg(...profile, frame(), scan());
    expect(outcome(bytes.subarray(0, 65_536), false)).toBe('need-more');
    expect(readHeader(bytes, false)).toMatchObject({ state: 'known', final: true, header: { icc: true } });
  });

  it('is truncated when it ends before the first scan', () => {
    expect(outcome(jpeg(frame()))).toBe('source_truncated');
    expect(outcome(jpeg(frame()), false)).toBe('need-more');
  });

  it('does not fall for a thumbnail inside EXIF', () => {
    const thumbnail = jpeg(frame({ width: 8, height: 8 }), scan());
    const bytes = jpeg(segment(0xe1, ascii('Exif\0\0'), exif(1), thumbnail), frame(), scan());
    expect(headerOf(bytes)).toMatchObject({ width: 40, height: 30 });
  });

  it('skips junk and fill bytes between segments', () => {
    expect(headerOf(jpeg(u8(1, 2, 3, 0xff, 0, 0xff, 0xff), frame().subarray(1), scan()))).toMatchObject({ width: 40 });
  });

  it('gives up on a flood of tiny segments', () => {
    const flood = Array.from({ length: 5000 }, () => segment(0xfe));
    expect(outcome(jpeg(...flood, frame(), scan()))).toBe('undecodable');
  });

  it('believes the first EXIF, wherever it stands before the scan', () => {
    const first = exifSegment(exif(6));
    const second = exifSegment(exif(3));
    expect(headerOf(jpeg(first, second, frame(), scan()))).toMatchObject({ orientation: 6 });
    expect(headerOf(jpeg(frame(), second, first, scan()))).toMatchObject({ orientation: 3 });
  });

  it('has no orientation from an APP1 that is XMP', () => {
    const xmp = segment(0xe1, ascii('http://ns.adobe.com/xap/1.0/\0'), exif(6));
    expect(headerOf(jpeg(xmp, frame(), scan()))).toMatchObject({ orientation: 1 });
  });
});
