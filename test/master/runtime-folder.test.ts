import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openRuntimeFolder, socketPathBytesMax } from '../../src/master/runtime-folder.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'p-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

describe('runtime folder', () => {
  it('is for its user alone, and goes with all that is in it', () => {
    const folder = openRuntimeFolder(parent);
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    writeFileSync(folder.socketPath(0, 1), '');
    folder.remove();
    expect(readdirSync(parent)).toEqual([]);
  });

  it('gives every child of a place another path, short enough for a socket', () => {
    const folder = openRuntimeFolder(parent);
    const paths = [folder.socketPath(0, 1), folder.socketPath(0, 2), folder.socketPath(1, 2)];
    expect(new Set(paths).size).toBe(3);
    for (const path of paths) expect(Buffer.byteLength(path)).toBeLessThanOrEqual(socketPathBytesMax);
  });

  it('makes the folder that it is given', () => {
    expect(existsSync(openRuntimeFolder(join(parent, 'not', 'yet')).path)).toBe(true);
  });

  it('refuses a folder whose sockets could not be opened, and leaves nothing behind', () => {
    const long = join(parent, 'x'.repeat(90));
    expect(() => openRuntimeFolder(long)).toThrow(/runtimeDir: .* is too long/);
    expect(readdirSync(long)).toEqual([]);
  });

  it('removes what dead masters left, and spares the living and everything else', () => {
    const dead = spawnSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' }).stdout.trim();
    mkdirSync(join(parent, `pileus-${dead}-abcdEFGH`));
    mkdirSync(join(parent, `pileus-${process.pid}-abcdEFGH`));
    mkdirSync(join(parent, 'pileus-photos'));
    const folder = openRuntimeFolder(parent);
    expect(existsSync(join(parent, `pileus-${dead}-abcdEFGH`))).toBe(false);
    expect(existsSync(join(parent, `pileus-${process.pid}-abcdEFGH`))).toBe(true);
    expect(existsSync(join(parent, 'pileus-photos'))).toBe(true);
    folder.remove();
  });
});
