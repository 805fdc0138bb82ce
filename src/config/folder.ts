import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A folder that can be read; or what is wrong with it. */
export type FolderCheck = Readonly<{ ok: true; path: string } | { ok: false; problem: string }>;

export type CheckFolder = (path: string) => Promise<FolderCheck>;

/** For what is only read, not served: the folder may be on another machine. */
export const anyFolder: CheckFolder = async (path) => ({ ok: true, path });

/** The path stays as it was written: a link (`current -> releases/7`) may be moved while its folder is served. */
export async function checkFolder(path: string): Promise<FolderCheck> {
  try {
    if (!(await stat(path)).isDirectory()) return { ok: false, problem: `expected a folder, found a file: ${path}` };
    await access(path, constants.R_OK | constants.X_OK);
    return { ok: true, path };
  } catch (error) {
    return { ok: false, problem: `${reasons[codeOf(error)] ?? 'the folder cannot be opened'}: ${path}` };
  }
}

/** Where an absolute path leads, links resolved; what does not exist yet is added to what does. */
export async function realFolder(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realFolder(parent), basename(path));
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'expected an existing folder, found nothing',
  ENOTDIR: 'expected an existing folder, but a part of the path is a file',
  EACCES: 'the folder may not be read',
  ELOOP: 'the path is a loop of links',
};

/** `code` of a system error, or an empty text. */
export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
