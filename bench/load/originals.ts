import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { paintScene, type RawPicture } from '../../src/demo/scene.ts';
import { encodeRaw, type RawEncoding } from '../../src/pipeline/encode-raw.ts';

type Original = Readonly<{ file: string; encoding: RawEncoding }>;

/** What the load is driven with: photographic texture, never flat colour; the sizes that an image cluster meets. */
const pictures: readonly Readonly<{ width: number; height: number; seed: number; originals: readonly Original[] }>[] = [
  { width: 3000, height: 2000, seed: 21, originals: ofAllFormats('six') },
  { width: 6000, height: 4000, seed: 22, originals: ofAllFormats('twentyfour') },
  ...[0, 1, 2, 3].map((at) => ({
    width: 12_000,
    height: 8000,
    seed: 30 + at,
    originals: [{ file: `huge-${at}.jpg`, encoding: { format: 'jpeg', quality: 85 } } as const],
  })),
];

/** Makes the originals that are not there yet; the same ones every time. */
export async function makeOriginals(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  for (const { width, height, seed, originals } of pictures) {
    const missing = originals.filter(({ file }) => !existsSync(path.join(folder, file)));
    if (missing.length === 0) continue;
    console.log(`painting ${width} x ${height} for ${missing.map(({ file }) => file).join(', ')}`);
    const painted = paintScene(seed % 2 === 0 ? 'mountain' : 'street', width, height, seed);
    for (const { file, encoding } of missing) await write(path.join(folder, file), painted, encoding);
  }
}

async function write(file: string, picture: RawPicture, encoding: RawEncoding): Promise<void> {
  writeFileSync(`${file}.part`, await encodeRaw(picture, encoding));
  // Renamed when whole: a bench that is stopped halfway leaves no half original.
  renameSync(`${file}.part`, file);
}

function ofAllFormats(name: string): readonly Original[] {
  return [
    { file: `${name}.jpg`, encoding: { format: 'jpeg', quality: 85 } },
    { file: `${name}-progressive.jpg`, encoding: { format: 'jpeg', quality: 85, progressive: true } },
    { file: `${name}.png`, encoding: { format: 'png' } },
    { file: `${name}.webp`, encoding: { format: 'webp', quality: 82, effort: 2 } },
    { file: `${name}.avif`, encoding: { format: 'avif', quality: 60, effort: 0 } },
  ];
}
