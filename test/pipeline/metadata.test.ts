import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readCredits } from '../../src/pipeline/metadata.ts';
import type { MetadataPolicy, OutputFormat } from '../../src/plan/plan.ts';
import type { ResolvedOp } from '../../src/plan/resolved.ts';
import { gradient, opened } from '../fixtures/pictures.ts';
import { decodePicture } from '../helpers/pixels.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { runFile } from '../helpers/run.ts';

const artist = 'Ada Lens (studio)';
const copyright = '(c) 2024 Ada Lens';
const place = 'secret-harbour';

/** A JPEG with all that a camera writes, stored turned by a quarter. */
const source = opened(gradient(40, 30))
  .withMetadata({
    orientation: 6,
    exif: {
      IFD0: { Artist: `${artist} ()`, Copyright: `${copyright} ()`, Model: `camera-${place}` },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 0/1' },
    },
  })
  .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><place>${place}</place></x:xmpmeta>`)
  .jpeg()
  .toBuffer();

const upright: ResolvedOp = { op: 'orient', orientation: 6 };
const plan = (metadata: MetadataPolicy, format: OutputFormat, ops: readonly ResolvedOp[] = [upright]) =>
  makeResolved({
    input: { format: 'jpeg', width: 40, height: 30 },
    ops,
    encode: { format, metadata, quality: ['jpg', 'webp', 'avif'].includes(format) ? 80 : 0, effort: 1 },
  });

const formats = ['jpg', 'png', 'webp', 'avif', 'gif', 'tif'] as const;
const exifFormats = ['jpg', 'png', 'webp', 'avif'] as const;

const contains = (bytes: Buffer, text: string): boolean =>
  bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le'));

describe('metadata none', () => {
  it.each(formats)('leaves nothing of EXIF, GPS, XMP or a profile in %s', async (format) => {
    const { bytes } = await runFile(await source, plan('none', format));
    for (const trace of ['Exif', 'eXIf', 'xmpmeta', 'XMP', 'GPS', 'ICC_PROFILE', 'iCCP', place, 'Ada'])
      expect([trace, contains(bytes, trace)]).toEqual([trace, false]);
    const made = await sharp(bytes).metadata();
    expect([made.exif, made.xmp, made.icc, made.orientation]).toEqual([
      undefined,
      undefined,
      undefined,
      format === 'tif' ? 1 : undefined,
    ]);
  });
});

describe('metadata copyright', () => {
  it.each(exifFormats)('keeps artist and copyright in %s, and nothing else', async (format) => {
    for (const ops of [[upright], [upright, { op: 'resize', width: 15, height: 20 }]] as const) {
      const { bytes } = await runFile(await source, plan('copyright', format, ops));
      const made = await sharp(bytes).metadata();
      expect(readCredits(made.exif)).toEqual({ artist, copyright });
      expect(made.orientation ?? 1).toBe(1);
      for (const trace of [place, 'GPS', 'xmpmeta']) expect([trace, contains(bytes, trace)]).toEqual([trace, false]);
    }
  });

  it('of a source without credits is as none', async () => {
    const file = await opened(gradient(40, 30)).jpeg().toBuffer();
    const [kept, none] = [await runFile(file, plan('copyright', 'jpg')), await runFile(file, plan('none', 'jpg'))];
    expect(kept.bytes.equals(none.bytes)).toBe(true);
  });
});

describe('metadata all', () => {
  const twoChains: ResolvedOp[] = [
    upright,
    { op: 'resize', width: 15, height: 20 },
    { op: 'brightness', amount: 10 },
    { op: 'blur', sigma: 1 },
  ];

  it.each(exifFormats)('keeps EXIF and XMP in %s and says that the picture is upright', async (format) => {
    for (const ops of [[upright], twoChains]) {
      const picture = await runFile(await source, plan('all', format, ops));
      const made = await sharp(picture.bytes).metadata();
      expect(readCredits(made.exif)).toEqual({ artist, copyright });
      expect(made.xmp?.toString()).toContain(place);
      expect(made.icc?.length).toBeGreaterThan(100);
      expect(made.orientation ?? 1).toBe(1);
      expect([made.width, made.height]).toEqual([picture.width, picture.height]);
    }
  });

  it.each(exifFormats)('adds no profile in %s where there is none', async (format) => {
    const bare = opened(gradient(40, 30))
      .keepExif()
      .withExif({ IFD0: { Artist: `${artist} ()` } });
    for (const file of [await bare.clone().jpeg().toBuffer(), await opened(gradient(40, 30)).jpeg().toBuffer()]) {
      for (const ops of [[upright], [], twoChains]) {
        const made = await sharp((await runFile(file, plan('all', format, ops))).bytes).metadata();
        expect(made.icc).toBeUndefined();
      }
    }
    const made = await sharp((await runFile(await bare.jpeg().toBuffer(), plan('all', format, []))).bytes).metadata();
    expect(readCredits(made.exif).artist).toBe(artist);
  });

  it.each(exifFormats)('leaves a profile out of %s where none is wanted', async (format) => {
    for (const ops of [[upright], twoChains]) {
      const resolved = plan('all', format, ops);
      const { bytes } = await runFile(await source, { ...resolved, encode: { ...resolved.encode, profile: 'none' } });
      const made = await sharp(bytes).metadata();
      expect([made.icc, made.orientation ?? 1]).toEqual([undefined, 1]);
      expect(readCredits(made.exif)).toEqual({ artist, copyright });
      expect(made.xmp?.toString()).toContain(place);
    }
  });

  it('leaves the orientation of a picture that was not turned', async () => {
    const { bytes } = await runFile(await source, plan('all', 'jpg', []));
    expect((await sharp(bytes).metadata()).orientation).toBe(6);
  });

  it('keeps the pixels as without it', async () => {
    const [all, none] = [
      await runFile(await source, plan('all', 'png', twoChains)),
      await runFile(await source, plan('none', 'png', twoChains)),
    ];
    const [one, other] = [await decodePicture(all), await decodePicture(none)];
    const worst = one.bytes.reduce((most, value, at) => Math.max(most, Math.abs(value - (other.bytes[at] ?? 0))), 0);
    expect(worst).toBeLessThanOrEqual(2);
  });
});

describe('credits', () => {
  it.each([
    [undefined],
    [Buffer.alloc(0)],
    [Buffer.from('Exif\0\0')],
    [Buffer.from('Exif\0\0II*\0\xff\xff\xff\xff', 'latin1')],
    [Buffer.alloc(64, 0xff)],
  ])('of a broken block are none', (block) => {
    expect(readCredits(block)).toEqual({ artist: null, copyright: null });
  });

  it('of every prefix of a good block are whole or none', async () => {
    const { exif } = await sharp(await source).metadata();
    for (let length = 0; length < (exif?.length ?? 0); length++) {
      const found = readCredits(exif?.subarray(0, length));
      expect([artist, null]).toContain(found.artist);
      expect([copyright, null]).toContain(found.copyright);
    }
  });
});
