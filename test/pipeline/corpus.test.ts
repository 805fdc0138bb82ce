import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { SourceFormat } from '../../src/plan/header.ts';
import { isPileusError } from '../../src/shared/errors.ts';
import { makeResolved } from '../helpers/resolved.ts';
import { runFile } from '../helpers/run.ts';

/** Real pictures, good and bad, that lie beside the project where it was set up with them. */
const corpus = resolve(import.meta.dirname, '../../../shared/corpus');

const filesOf = (folder: 'good' | 'bad'): readonly string[] => {
  try {
    return readdirSync(resolve(corpus, folder));
  } catch {
    return [];
  }
};

const formats: Readonly<Record<string, SourceFormat>> = {
  jpeg: 'jpeg',
  png: 'png',
  webp: 'webp',
  gif: 'gif',
  heif: 'avif',
  tiff: 'tiff',
};

/** A 64x64 cover of what sharp's own header reader says of a file; null where it cannot read it. */
async function coverOf(file: Buffer, limit: number) {
  const header = await sharp(file)
    .metadata()
    .catch(() => null);
  const format = header?.format === undefined ? undefined : formats[header.format];
  if (!header || !format || (format === 'avif' && header.compression !== 'av1')) return null;
  if (header.width * header.height > limit) return null;
  const cover = { op: 'smartcrop', width: 64, height: 64, by: 'attention' } as const;
  const orient = { op: 'orient', orientation: header.orientation ?? 1 } as const;
  return makeResolved({
    input: { format, width: header.width, height: header.pageHeight ?? header.height },
    ops: [orient, cover],
    encode: { format: 'webp', quality: 75, effort: 0 },
  });
}

const good = filesOf('good');
const bad = filesOf('bad');
const pixelsMax = 36_000_000;
/** Good pictures that the engine says are broken: a wrong compression, a sequence, an odd sample format. */
const refusedMax = 6;

describe.skipIf(good.length === 0)('the good half of the corpus (skipped where it is absent)', () => {
  it('comes out as covers of 64 x 64', async () => {
    const refused: string[] = [];
    let made = 0;
    for (const name of good) {
      const file = readFileSync(resolve(corpus, 'good', name));
      const resolved = await coverOf(file, pixelsMax);
      if (!resolved) continue;
      const picture = await runFile(file, resolved).catch((error: unknown) => error);
      if (isPileusError(picture)) {
        expect([name, picture.code]).not.toContain('internal');
        refused.push(`${name}: ${picture.code}`);
        continue;
      }
      expect(picture).toMatchObject({ width: 64, height: 64, contentType: 'image/webp' });
      made++;
    }
    expect(made).toBeGreaterThan(150);
    expect(refused.length, refused.join('\n')).toBeLessThanOrEqual(refusedMax);
  }, 240_000);
});

describe.skipIf(bad.length === 0)('the bad half of the corpus (skipped where it is absent)', () => {
  it('gives a picture or one of the errors of a source, never a defect', async () => {
    const codes = new Set<string>();
    for (const name of bad) {
      const file = readFileSync(resolve(corpus, 'bad', name));
      if (file.length === 0) continue;
      const resolved = await coverOf(file, 4_000_000);
      if (!resolved) continue;
      const outcome = await runFile(file, resolved).then(
        () => 'made',
        (error: unknown) => (isPileusError(error) ? error.code : String(error)),
      );
      expect(['made', 'undecodable', 'source_truncated', 'unsupported_format'], name).toContain(outcome);
      codes.add(outcome);
    }
    expect(codes.size).toBeGreaterThan(1);
  }, 240_000);
});
