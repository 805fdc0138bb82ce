import type nodeFs from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolderName } from './result-place.ts';

/** What the result store needs of the file system; passed in so that failures can be staged. */
export type FileSystem = Pick<
  typeof nodeFs,
  'open' | 'mkdir' | 'rename' | 'unlink' | 'rmdir' | 'rm' | 'readdir' | 'stat'
>;

/** `id` is the path below the store's folder; `usedMs` the file's last use as the file system remembers it. */
export type FoundResult = Readonly<{ id: string; size: number; usedMs: number }>;

const sourcesAtOnce = 8;
/** A temporary file of this age belongs to nobody, even if its process id lives. */
const leftoverMs = 600_000;

/** All results below `folder`, a few sources at a time. Folders that vanish meanwhile are none. */
export async function* scanResults(fs: FileSystem, folder: string, stop: AbortSignal): AsyncGenerator<FoundResult> {
  for (const ns of await namesIn(fs, folder)) {
    if (ns === temporaryFolderName) continue;
    for (const shard of await namesIn(fs, path.join(folder, ns))) {
      const sources = await namesIn(fs, path.join(folder, ns, shard));
      for (let first = 0; first < sources.length; first += sourcesAtOnce) {
        if (stop.aborted) return;
        const batch = sources.slice(first, first + sourcesAtOnce);
        const found = await Promise.all(batch.map((source) => scanSource(fs, folder, path.join(ns, shard, source))));
        yield* found.flat();
      }
    }
  }
}

async function scanSource(fs: FileSystem, folder: string, source: string): Promise<FoundResult[]> {
  const found: FoundResult[] = [];
  for (const name of await namesIn(fs, path.join(folder, source))) {
    const id = path.join(source, name);
    const stats = await fs.stat(path.join(folder, id)).catch(() => null);
    if (stats?.isFile()) found.push({ id, size: stats.size, usedMs: Math.max(stats.atimeMs, stats.mtimeMs) });
  }
  return found;
}

/**
 * Removes what dead processes have left in the temporary folder. Names begin with the process's id; files of processes that
 * live are theirs (an old lb drains while the new one starts), unless they are old: ids are used again.
 */
export async function removeLeftovers(fs: FileSystem, folder: string, nowWallMs: number): Promise<void> {
  for (const name of await namesIn(fs, folder)) {
    const file = path.join(folder, name);
    const stats = await fs.stat(file).catch(() => null);
    const pid = Number.parseInt(name, 10);
    const isOurs = pid === process.pid || !isAlive(pid);
    if (stats && (isOurs || nowWallMs - stats.mtimeMs > leftoverMs))
      await fs.rm(file, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function namesIn(fs: FileSystem, folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
}
