import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeRaw, type RawEncoding } from '../pipeline/encode-raw.ts';
import { paintLeaf, paintOrbit, paintScene, type RawPicture } from './scene.ts';

type Sample = Readonly<{ key: string; paint: () => RawPicture; encoding: RawEncoding }>;

/** One of each kind that a server meets: large, progressive, transparent, animated, modern, turned. */
const samples: readonly Sample[] = [
  {
    key: 'mountain.jpg',
    paint: () => paintScene('mountain', 3000, 2000, 1),
    encoding: { format: 'jpeg', quality: 88 },
  },
  {
    key: 'street-progressive.jpg',
    paint: () => paintScene('street', 1800, 1200, 2),
    encoding: { format: 'jpeg', quality: 85, progressive: true },
  },
  { key: 'leaf.png', paint: () => paintLeaf(900, 1200, 3), encoding: { format: 'png' } },
  { key: 'orbit.gif', paint: () => paintOrbit(320, 240, 16, 4), encoding: { format: 'gif', delayMs: 80 } },
  { key: 'badge.webp', paint: () => paintLeaf(512, 512, 5), encoding: { format: 'webp', quality: 82 } },
  {
    key: 'dusk.avif',
    paint: () => paintScene('dusk', 1600, 1000, 6),
    encoding: { format: 'avif', quality: 60, effort: 0 },
  },
  {
    // Stored lying on its left side, as a camera does that was held upright.
    key: 'portrait.jpg',
    paint: () => quarterTurnBack(paintScene('portrait', 1000, 1500, 7)),
    encoding: { format: 'jpeg', quality: 88, orientation: 6 },
  },
];

/**
 * Writes sample originals into a folder, which is made where it does not exist, and gives their keys. The pictures are
 * the same every time; a file that has one of these names already is left as it is.
 */
export async function makeSampleOriginals(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const there = new Set(await readdir(folder));
  for (const { key, paint, encoding } of samples) {
    if (!there.has(key)) await writeFile(join(folder, key), await encodeRaw(paint(), encoding), { flag: 'wx' });
  }
  return samples.map((sample) => sample.key);
}

/** A quarter turn against the clock: what EXIF orientation 6 undoes. */
function quarterTurnBack(picture: RawPicture): RawPicture {
  const { bytes, width, height, channels } = picture;
  const turned = Buffer.allocUnsafe(bytes.length);
  for (let y = 0; y < width; y++) {
    for (let x = 0; x < height; x++) {
      const from = (x * width + (width - 1 - y)) * channels;
      bytes.copy(turned, (y * height + x) * channels, from, from + channels);
    }
  }
  return { ...picture, bytes: turned, width: height, height: width };
}
