import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp, { type Metadata } from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { readHeader } from '../../../src/plan/header/read-header.ts';
import { sniffFormat } from '../../../src/plan/header/sniff.ts';
import type { Header } from '../../../src/plan/header.ts';

/** Real and hostile pictures that live beside the project; without them these tests are skipped. */
const corpus = fileURLToPath(new URL('../../../../shared/corpus', import.meta.url));
const filesOf = (folder: string): readonly string[] => {
  const path = `${corpus}/${folder}`;
  return existsSync(path) ? readdirSync(path).sort() : [];
};
const load = (folder: string, name: string): Buffer => readFileSync(`${corpus}/${folder}/${name}`);

const options = { failOn: 'truncated', limitInputPixels: false } as const;

const metadata = (bytes: Buffer): Promise<Metadata | null> =>
  sharp(bytes, options)
    .metadata()
    .catch(() => null);

const decodes = (bytes: Buffer): Promise<boolean> =>
  sharp(bytes, { failOn: 'truncated' })
    .resize(16, 16)
    .raw()
    .toBuffer()
    .then(
      () => true,
      () => false,
    );

/** SVG is off here and dangerous there: it is never handed to sharp, not even as `svgz`. */
const isSvg = (bytes: Buffer): boolean => {
  const sniffed = sniffFormat(bytes);
  if (sniffed.kind === 'format') return sniffed.format === 'svg';
  return (sniffed.kind === 'picture' && sniffed.name === 'Compressed SVG') || bytes.includes('<svg');
};

/** Formats that sharp does not know, and SVG, which it is not given: they have tests of their own. */
const isOurs = (bytes: Buffer): boolean => {
  const sniffed = sniffFormat(bytes);
  return sniffed.kind === 'format' && ['bmp', 'ico', 'svg'].includes(sniffed.format);
};

/** What both sides say of a picture, in one shape. */
const ours = ({ format, width, height, orientation, alpha, progressive, icc, frames, space }: Header) => ({
  format,
  width,
  height,
  orientation,
  alpha,
  progressive,
  icc,
  frames,
  space,
});
const theirs = (meta: Metadata) => ({
  format: meta.format === 'heif' ? 'avif' : meta.format,
  width: meta.width,
  height: meta.height,
  // libheif has applied the transforms by the time sharp shows the size.
  orientation: meta.format === 'heif' ? 1 : (meta.orientation ?? 1),
  alpha: meta.hasAlpha,
  progressive: meta.isProgressive,
  icc: meta.hasProfile,
  // sharp counts the tiles of an AVIF grid as pages.
  frames: meta.format === 'heif' ? 1 : (meta.pages ?? 1),
  space: spaces[meta.space] ?? 'other',
});
const spaces: Readonly<Record<string, Header['space']>> = {
  srgb: 'rgb',
  rgb16: 'rgb',
  'b-w': 'grey',
  grey16: 'grey',
  cmyk: 'cmyk',
};

/** Black pixels without an error: this build's libtiff has neither codec. */
const decodesToNothing: ReadonlySet<string> = new Set([
  'pillow__hopper_lzma.tif',
  'vips__ojpeg-tile.tif',
  'mdx__m1-76d5d8fd02d58b774f2bae6f7b763e3e.tif',
]);

/** Damaged in a place that only sharp, or only we, look at; each still cannot do harm. */
const disagreements: Readonly<Record<string, string>> = {
  'gofuzz__7b5c108248005501674c9d483e72bf59bb1ce5f1-1': 'a TIFF palette of greys only, which libvips reads as grey',
  'pillow__crash-86214e58da443d2b80820cff9677a38a33dcbbca.tif': 'an ICC profile that lies outside the file',
};

describe.skipIf(filesOf('good').length === 0)('good pictures of the corpus', () => {
  const files = filesOf('good');
  const seen = new Map<string, Metadata | null>();
  beforeAll(async () => {
    for (const name of files) {
      const bytes = load('good', name);
      seen.set(name, isSvg(bytes) ? null : await metadata(bytes));
    }
  });

  it('agree with sharp', () => {
    const known: string[] = [];
    for (const name of files) {
      const result = readHeader(load('good', name), true);
      if (result.state !== 'known' || isOurs(load('good', name))) continue;
      known.push(name);
      const meta = seen.get(name);
      expect(meta ? theirs(meta) : null, name).toEqual(ours(result.header));
    }
    expect(known.length).toBeGreaterThan(190);
  });

  it('have per frame the size that sharp gives an animation', async () => {
    for (const name of files) {
      const result = readHeader(load('good', name), true);
      if (result.state !== 'known' || result.header.frames === 1 || result.header.format === 'tiff') continue;
      const meta = await sharp(load('good', name), { ...options, animated: true }).metadata();
      const { width, height, frames } = result.header;
      expect([meta.width, meta.pageHeight, meta.height], name).toEqual([width, height, height * frames]);
    }
  });

  it('are refused as 415 only where sharp cannot decode them', async () => {
    for (const name of files) {
      const bytes = load('good', name);
      const result = readHeader(bytes, true);
      if (result.state !== 'refused') continue;
      expect(result.error.code, name).toBe('unsupported_format');
      if (!isSvg(bytes) && !decodesToNothing.has(name)) expect(await decodes(bytes), name).toBe(false);
    }
  });

  it('say the same from their first 64 kB, or ask for more', () => {
    let decided = 0;
    for (const name of files) {
      const bytes = load('good', name);
      const part = readHeader(bytes.subarray(0, 65_536), bytes.length <= 65_536);
      const whole = readHeader(bytes, true);
      if (part.state === 'need-more') continue;
      decided++;
      expect(part.state, name).toBe(whole.state);
      if (part.state !== 'known' || whole.state !== 'known') continue;
      const { width, height, orientation } = whole.header;
      expect(part.header, name).toMatchObject({ width, height, orientation });
      if (part.final) expect(part.header, name).toEqual(whole.header);
    }
    expect(decided / files.length).toBeGreaterThan(0.9);
  });
});

describe.skipIf(filesOf('bad').length === 0)('bad pictures of the corpus', () => {
  const files = filesOf('bad');
  const results = new Map(files.map((name) => [name, readHeader(load('bad', name), true)]));

  it('are decided, every one, and never with a fault of ours', () => {
    for (const [name, result] of results) {
      expect(result.state, name).not.toBe('need-more');
      if (result.state === 'refused') expect([415, 422], name).toContain(result.error.status);
    }
  });

  it('have the size that sharp sees, wherever both see one', async () => {
    for (const [name, result] of results) {
      if (result.state !== 'known' || isOurs(load('bad', name))) continue;
      const meta = await metadata(load('bad', name));
      if (meta === null || name in disagreements) continue;
      expect(ours(result.header), name).toEqual(theirs(meta));
    }
  });

  it('are refused only where sharp fails too, or a truncated GIF would lose frames', async () => {
    const cut: string[] = [];
    for (const [name, result] of results) {
      const bytes = load('bad', name);
      if (result.state !== 'refused' || isSvg(bytes) || decodesToNothing.has(name)) continue;
      if (bytes.length === 0 || !(await decodes(bytes))) continue;
      expect(result.error.code, name).toBe('source_truncated');
      expect(sniffFormat(bytes), name).toEqual({ kind: 'format', format: 'gif' });
      cut.push(name);
    }
    expect(cut.length).toBeLessThanOrEqual(7);
  });
});
