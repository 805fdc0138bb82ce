import { lstat, mkdir, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renamedFace } from '../shared/font-face.ts';

/** A font where the engine finds it. */
export type LoadedFont = Readonly<{ path: string; family: string }>;

const loaded = new Map<string, Promise<LoadedFont>>();

/**
 * The font of this version, for the engine, which reads fonts from files only: written once, under a family name of its own, into a folder
 * of this user's among the temporary files, where all workers share it. As many are kept as a configuration ever registered in this
 * process. Throws where the folder is not ours alone, or cannot be written.
 */
export function fontOf(bytes: Uint8Array, version: string): Promise<LoadedFont> {
  const known = loaded.get(version);
  if (known) return known;
  const loading = write(bytes, version);
  loaded.set(version, loading);
  // What could not be written may be tried again.
  loading.catch(() => loaded.delete(version));
  return loading;
}

async function write(bytes: Uint8Array, version: string): Promise<LoadedFont> {
  const family = `pileus-${version}`;
  const face = renamedFace(bytes, family);
  if (face === null) throw new Error(`the font ${version} is none`);
  const folder = join(tmpdir(), `pileus-fonts-${process.getuid?.() ?? 'all'}`);
  await mkdir(folder, { mode: 0o700, recursive: true });
  const stat = await lstat(folder);
  const isOurs =
    stat.isDirectory() &&
    (process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o077) === 0));
  if (!isOurs) throw new Error(`${folder} is not a folder of ours alone`);
  const path = join(folder, `${version}.font`);
  // Under a name of this process first, so that no worker ever reads half of it.
  const half = `${path}.${process.pid}`;
  await writeFile(half, face, { mode: 0o600 });
  await rename(half, path);
  return { path, family };
}
