import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readHeader } from '../plan/header/read-header.ts';
import { readHere } from '../plan/header.ts';
import { isFont, renamedFace } from '../shared/font-face.ts';
import { MiB } from '../shared/units.ts';
import type { AssetConfig } from './config.ts';
import { codeOf } from './folder.ts';
import { type Faulty, faulty, isRight, type Place } from './place.ts';

/** Largest watermark file. A font with the characters of Chinese, Japanese and Korean has up to 20 MiB. */
const assetBytesMax = 16 * MiB;
const fontBytesMax = 32 * MiB;

/** An asset whose file is not looked at: enough to know its name, and by that of its file whether it is a font. */
export const nameAsset = (name: string, place: Place): AssetConfig => ({
  name,
  path: '',
  version: '',
  width: 0,
  height: 0,
  ...(typeof place.value === 'string' && fontName.test(place.value) ? { font: true as const } : {}),
});

const fontName = /\.(?:ttf|otf|ttc)$/i;

/** A watermark or a font: read once, so that its version and size are part of the configuration. */
export async function readAsset(name: string, place: Place, folder: string): Promise<AssetConfig | Faulty> {
  const named = /^[a-z0-9-]{1,32}$/.test(name) || place.fault('a name is 1 to 32 of a-z, 0-9 and -');
  const given = place.text('the path of a picture or a font', /./);
  if (named !== true || !isRight(given)) return faulty;
  const path = resolve(folder, given);
  const bytes = await readFileUpTo(path, fontName.test(path) ? fontBytesMax : assetBytesMax);
  if (typeof bytes === 'string') return place.fault(`${bytes}: ${path}`);
  const version = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
  if (isFont(bytes)) {
    const font = { name, path, version, width: 0, height: 0, font: true } as const;
    return isWhole(bytes) ? font : place.fault(`the font is broken: ${path}`);
  }
  const reading = readHeader(bytes, true);
  if (reading.state !== 'known') return place.fault(`the file is no picture that can be decoded: ${path}`);
  const { width, height, format } = reading.header;
  if (readHere.has(format)) return place.fault(`a watermark is JPEG, PNG, WebP, GIF, AVIF or TIFF: ${path}`);
  return { name, path, version, width, height };
}

function isWhole(font: Buffer): boolean {
  try {
    return renamedFace(font, 'any') !== null;
  } catch {
    return false;
  }
}

/** A regular file's bytes, or what is wrong with it. */
async function readFileUpTo(path: string, bytesMax: number): Promise<Buffer | string> {
  try {
    // Without O_NONBLOCK, opening a FIFO waits for whoever writes to it.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) return 'expected a file';
      if (stat.size > bytesMax) return `expected at most ${bytesMax / MiB} MiB, found ${stat.size} bytes`;
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'expected an existing file, found nothing' : 'the file cannot be read';
  }
}
