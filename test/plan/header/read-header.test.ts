import fc from 'fast-check';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { type HeaderResult, readHeader } from '../../../src/plan/header/read-header.ts';
import { bitmap24, bitmapMasked } from '../../fixtures/bitmaps.ts';
import { iconBitmap, iconFile } from '../../fixtures/icons.ts';
import { gradient } from '../../fixtures/pictures.ts';
import {
  anmf,
  ascii,
  av1c,
  avif,
  box,
  chunk,
  describeResult,
  exif,
  exifSegment,
  frame,
  gif,
  gifControl,
  gifFrame,
  gifTrailer,
  heif,
  idat,
  ihdr,
  ispe,
  jpeg,
  png,
  riffChunk,
  scan,
  segment,
  tiff,
  tiffFields,
  u8,
  vp8,
  vp8x,
  webp,
} from './builders.ts';

const grid = heif({
  items: [
    { id: 1, type: 'grid', properties: [ispe(400, 300), box('irot', u8(1))] },
    { id: 2, type: 'av01', properties: [ispe(200, 300), av1c(0x60)] },
    { id: 3, type: 'av01', properties: [ispe(400, 300), av1c()] },
  ],
  references: [
    ['dimg', 1, 2],
    ['auxl', 3, 1],
  ],
});

/** One small file of each kind, with as many of its features as fit. */
const samples: Record<string, Buffer> = {
  jpeg: jpeg(exifSegment(exif(6)), segment(0xdb, u8(0), Buffer.alloc(64, 9)), frame(), scan()),
  png: png(ihdr({ colour: 3 }), chunk('PLTE', Buffer.alloc(6)), chunk('tRNS', u8(0)), chunk('eXIf', exif(8)), idat),
  gif: gif(4, 3, gifControl(1), gifFrame({ packed: 0x80 }), u8(0x21, 0xfe, 1, 65, 0), gifFrame(), gifTrailer),
  webp: webp(vp8(400, 300)),
  'animated webp': webp(vp8x(0x0a), anmf(vp8()), anmf(vp8()), riffChunk('EXIF', ascii('Exif\0\0'), exif(6))),
  avif: avif(40, 30, box('colr', ascii('prof'), Buffer.alloc(8))),
  'grid avif': grid,
  tiff: tiff({ pages: [tiffFields(), tiffFields(5, 5)] }),
  bmp: bitmap24(gradient(5, 4)),
  icon: iconFile([{ payload: iconBitmap(bitmap24(gradient(5, 4)), { width: 5, height: 4 }), width: 5, height: 4 }]),
  svg: ascii('<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY w "40">]><svg width="&w;" viewBox="0 0 4 3"><g/></svg>'),
  'masked bmp': bitmapMasked(gradient(5, 4, 4), 32, [0xff0000, 0xff00, 0xff, 0xff000000], { headerBytes: 124 }),
  'big-endian BigTIFF': tiff({ little: false, big: true, pages: [tiffFields(), tiffFields(5, 5)] }),
};

beforeAll(async () => {
  const picture = sharp({ create: { width: 5, height: 4, channels: 4, background: '#a538' } });
  for (const format of ['jpeg', 'png', 'gif', 'webp', 'tiff', 'avif'] as const) {
    samples[`${format} of sharp`] = await picture.clone().toFormat(format).toBuffer();
  }
});

const names = [
  ...Object.keys(samples),
  ...['jpeg', 'png', 'gif', 'webp', 'tiff', 'avif'].map((format) => `${format} of sharp`),
];
const sample = (name: string): Buffer => samples[name] ?? Buffer.alloc(0);
const named = fc.constantFrom(...names);

const expectSane = (result: HeaderResult, complete: boolean): void => {
  if (result.state === 'need-more') expect(complete).toBe(false);
  if (result.state === 'refused') {
    expect(['not_an_image', 'unsupported_format', 'undecodable', 'source_truncated']).toContain(result.error.code);
    if (!complete) expect(result.error.code).not.toBe('source_truncated');
  }
  if (result.state !== 'known') return;
  const { width, height, frames, orientation, bitsPerChannel, quality } = result.header;
  for (const count of [width, height, frames, bitsPerChannel]) {
    expect(Number.isSafeInteger(count)).toBe(true);
    expect(count).toBeGreaterThanOrEqual(1);
  }
  expect(orientation).toBeGreaterThanOrEqual(1);
  expect(orientation).toBeLessThanOrEqual(8);
  if (quality !== null) {
    expect(quality).toBeGreaterThanOrEqual(1);
    expect(quality).toBeLessThanOrEqual(100);
  }
  if (complete) expect(result.final).toBe(true);
};

describe('reading a header', () => {
  it.each(names)('knows a complete %s', (name) => {
    expect(describeResult(readHeader(sample(name), true))).toBe('known');
  });

  it.each(names)('never contradicts itself between any first part of a %s and the whole', (name) => {
    const bytes = sample(name);
    const whole = readHeader(bytes, true);
    for (let length = 0; length < bytes.length; length++) {
      const part = readHeader(bytes.subarray(0, length), false);
      expect(part.state).not.toBe('refused');
      if (part.state !== 'known' || whole.state !== 'known') continue;
      if (part.final) expect(part.header).toEqual(whole.header);
      else {
        expect(part.header.frames).toBeLessThanOrEqual(whole.header.frames);
        expect(part.header).toMatchObject({ width: whole.header.width, height: whole.header.height });
      }
    }
  });

  it.each(names)('decides every cut of a %s when nothing more will come', (name) => {
    const bytes = sample(name);
    for (let length = 0; length <= bytes.length; length++) {
      expectSane(readHeader(bytes.subarray(0, length), true), true);
    }
  });

  it('does not look beyond its bytes into the buffer that holds them', () => {
    for (const name of names) {
      const bytes = sample(name);
      const room = Buffer.concat([Buffer.alloc(100, 0x5a), bytes, Buffer.alloc(100, 0x5a)]);
      for (let length = 0; length <= bytes.length; length++) {
        const inRoom = readHeader(room.subarray(100, 100 + length), true);
        const alone = readHeader(Uint8Array.prototype.slice.call(bytes, 0, length), true);
        expect(inRoom.state).toBe(alone.state);
        if (inRoom.state === 'known' && alone.state === 'known') expect(inRoom.header).toEqual(alone.header);
      }
    }
  });

  it('answers any bytes without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), fc.boolean(), (bytes, complete) => {
        expectSane(readHeader(bytes, complete), complete);
      }),
      { numRuns: 1000 },
    );
  });

  it('answers random bytes behind any magic without throwing', () => {
    const magic = named.chain((name) => fc.nat(64).map((length) => sample(name).subarray(0, length)));
    fc.assert(
      fc.property(magic, fc.uint8Array({ maxLength: 600 }), fc.boolean(), (head, tail, complete) => {
        expectSane(readHeader(Buffer.concat([head, tail]), complete), complete);
      }),
      { numRuns: 2000 },
    );
  });

  it('answers changed, cut and repeated pictures without throwing', () => {
    const change = fc.record({ at: fc.nat(2000), value: fc.constantFrom(0, 1, 2, 0x7f, 0x80, 0xfe, 0xff) });
    fc.assert(
      fc.property(
        named,
        fc.array(change, { minLength: 1, maxLength: 8 }),
        fc.nat(2000),
        fc.boolean(),
        (name, changes, cut, complete) => {
          const original = sample(name);
          const bytes = Buffer.concat([original, original]).subarray(0, original.length + cut);
          for (const { at, value } of changes) bytes[at % original.length] = value;
          expectSane(readHeader(bytes, complete), complete);
          expectSane(readHeader(bytes.subarray(0, cut), complete), complete);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('refuses a picture of which only zeros came', () => {
    expect(describeResult(readHeader(Buffer.alloc(1000), true))).toBe('not_an_image');
  });
});
