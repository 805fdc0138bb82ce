import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * The folder for the private sockets of one master's workers: only its user may enter, its name carries the master's
 * pid, and it goes when the master goes. What dead masters left behind is removed at the next start.
 */
export type RuntimeFolder = Readonly<{
  path: string;
  /** A path no child has had before; generations never repeat. */
  socketPath: (slot: number, generation: number) => string;
  remove: () => void;
}>;

/** The kernel's limit for the path of a unix socket is 107 bytes. */
export const socketPathBytesMax = 100;

/** `runtimeDir` '' = the system's folder for temporary files. Throws where no folder can be made or its path is too long. */
export function openRuntimeFolder(runtimeDir: string): RuntimeFolder {
  const parent = runtimeDir === '' ? tmpdir() : runtimeDir;
  makeFolder(parent);
  removeStale(parent);
  const path = mkdtempSync(join(parent, `pileus-${process.pid}-${randomBytes(2).toString('hex')}`));
  const socketPath = (slot: number, generation: number): string => join(path, `w${slot}.${generation}.sock`);
  const remove = (): void => rmSync(path, { recursive: true, force: true });
  if (Buffer.byteLength(socketPath(999, 999_999_999)) > socketPathBytesMax) {
    remove();
    throw new Error(`runtimeDir: ${parent} is too long for the path of a unix socket; name a shorter folder`);
  }
  return { path, socketPath, remove };
}

/** As mkdir -p. Node's own never returns where a file system makes no folders and says that there is none (/proc). */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    if (!existsSync(path)) throw error;
  }
}

/** Folders of masters that are no more. Somebody else's folder, or one that will not go, is left alone. */
function removeStale(parent: string): void {
  for (const name of readdirSync(parent)) {
    const pid = /^pileus-(\d+)-[0-9a-zA-Z]+$/.exec(name)?.[1];
    if (pid === undefined || isAlive(Number(pid))) continue;
    try {
      rmSync(join(parent, name), { recursive: true, force: true });
    } catch {
      // Not ours to remove.
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
