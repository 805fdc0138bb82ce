import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/shared/clock.ts';
import {
  bytesOnDisk,
  FileResultStore,
  type FileResultStoreOptions,
  type FileSystem,
} from '../../../src/store/results/file-result-store.ts';
import { resultPath, sourceFolder } from '../../../src/store/results/result-place.ts';
import type { ResultRef } from '../../../src/store/results/result-store.ts';
import { fakeClock } from '../../helpers/fake-clock.ts';
import { temporaryFolder } from '../originals/contract.ts';
import { isSame, numbered, refOf, resultOf } from './samples.ts';

let folder: string;
const opened: FileResultStore[] = [];
beforeEach(async () => {
  folder = path.join(await temporaryFolder(), 'results');
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  await fs.rm(path.dirname(folder), { recursive: true, force: true });
});

const storeOf = (changes: Partial<FileResultStoreOptions> = {}): FileResultStore => {
  const store = new FileResultStore({
    folder,
    bytesMax: 2 ** 30,
    writesMax: 1000,
    writeBytesMax: 2 ** 30,
    clock: systemClock,
    ...changes,
  });
  opened.push(store);
  return store;
};

/** Mounting a small file system takes rights that few test machines give. */
const canMount = ((): boolean => {
  const place = mkdtempSync(path.join(tmpdir(), 'pileus-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place], { stdio: 'ignore' });
    execFileSync('umount', [place], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(place, { recursive: true });
  }
})();

const fileOf = (ref: ResultRef): string => path.join(folder, resultPath(ref));

const allFiles = async (): Promise<string[]> => {
  const entries = await fs.readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
};

describe('file result store', () => {
  it('gives what was put: at once from the backlog, and from the file afterwards', async () => {
    const store = storeOf();
    const result = resultOf('picture');
    store.put(refOf('d1'), result);
    expect(await store.get(refOf('d1'))).toBe(result);
    await store.flush();
    expect(await store.get(refOf('d1'))).toEqual(result);
    expect(await store.get(refOf('d2'))).toBeNull();
    expect(await store.get(refOf('d1', 'b.jpg'))).toBeNull();
    expect(await store.get(refOf('d1', 'a.jpg', 'other'))).toBeNull();
    expect(store.counters()).toMatchObject({ hits: 2, misses: 3, written: 1 });
  });

  it('removes one result, written or still waiting, and leaves the others', async () => {
    const store = storeOf();
    store.put(refOf('d1'), resultOf('one'));
    await store.flush();
    store.put(refOf('d2'), resultOf('two'));
    store.put(refOf('d3'), resultOf('three'));
    expect(await store.remove(refOf('d1'))).toBe(true);
    expect(await store.remove(refOf('d2'))).toBe(true);
    expect(await store.remove(refOf('d9'))).toBe(false);
    await store.flush();
    expect(await store.get(refOf('d1'))).toBeNull();
    expect(await store.get(refOf('d2'))).toBeNull();
    expect(await store.get(refOf('d3'))).not.toBeNull();
    expect(store.stats().entries).toBe(1);
  });

  it('finds everything again after it was opened anew, before and after the scan', async () => {
    const first = storeOf();
    for (let number = 0; number < 40; number++) first.put(numbered(number).ref, numbered(number).result);
    await first.close();
    const second = storeOf();
    expect(isSame(await second.get(numbered(7).ref), numbered(7).result)).toBe(true);
    await second.scanned();
    expect(second.stats()).toEqual({ ...first.stats(), backlog: 0 });
    for (let number = 0; number < 40; number++) {
      expect(isSame(await second.get(numbered(number).ref), numbered(number).result)).toBe(true);
    }
  });

  it.each(['../../etc', 'a/../b', '/absolute', 'a\0b', '中文/图.jpg', 'x'.repeat(1024)])(
    'keeps results of the key %j inside its folder',
    async (key) => {
      const store = storeOf();
      for (const derivation of ['d1', '../d2', 'x'.repeat(300)]) {
        store.put(refOf(derivation, key, '../ns'), resultOf(derivation));
      }
      await store.flush();
      expect(await store.get(refOf('../d2', key, '../ns'))).toEqual(resultOf('../d2'));
      expect(await allFiles()).toHaveLength(3);
    },
  );

  it('lets several processes share a folder', async () => {
    const [one, other] = [storeOf(), storeOf()];
    one.put(refOf('d1'), resultOf('picture'));
    await one.flush();
    expect(await other.get(refOf('d1'))).toEqual(resultOf('picture'));
    await other.purge({ ns: 'photos', key: null });
    expect(await one.get(refOf('d1'))).toBeNull();
    expect(one.stats()).toMatchObject({ entries: 0, bytes: 0 });
  });

  describe('limits', () => {
    it('stays under its size by removing what was used longest ago', async () => {
      const clock = fakeClock();
      const each = bytesOnDisk(1000 + 300);
      const store = storeOf({ bytesMax: each * 10, clock });
      await store.scanned();
      for (let number = 0; number < 10; number++) {
        store.put(refOf(`d${number}`), resultOf(Buffer.alloc(1000, number)));
        await store.flush();
        clock.advance(1000);
      }
      await store.get(refOf('d0'));
      store.put(refOf('d10'), resultOf(Buffer.alloc(1000)));
      await store.flush();
      await expect.poll(() => store.counters().evicted).toBe(2);
      expect(await store.get(refOf('d1'))).toBeNull();
      expect(await store.get(refOf('d2'))).toBeNull();
      expect(await store.get(refOf('d0'))).not.toBeNull();
      expect(await store.get(refOf('d3'))).not.toBeNull();
      expect(store.stats().bytes).toBeLessThanOrEqual(each * 10 * 0.95);
      expect(await allFiles()).toHaveLength(9);
    });

    it('remembers the order of use over a restart', async () => {
      const writer = storeOf();
      for (const name of ['old', 'used', 'new']) writer.put(refOf(name, `${name}.jpg`), resultOf(Buffer.alloc(1000)));
      await writer.close();
      const hourS = 3600;
      const nowS = Date.now() / 1000;
      for (const [name, ageS] of [
        ['old', 5 * hourS],
        ['used', 6 * hourS],
        ['new', 4 * hourS],
      ] as const) {
        await fs.utimes(fileOf(refOf(name, `${name}.jpg`)), nowS - ageS, nowS - ageS);
      }
      const reader = storeOf();
      await reader.scanned();
      await reader.get(refOf('used', 'used.jpg'));
      await reader.close();
      const evictor = storeOf({ bytesMax: bytesOnDisk(1300) * 2.2 });
      await evictor.scanned();
      expect(evictor.counters().evicted).toBe(1);
      expect(await evictor.get(refOf('old', 'old.jpg'))).toBeNull();
      expect(await evictor.get(refOf('used', 'used.jpg'))).not.toBeNull();
    });

    it('drops what is beyond the backlog, by number and by bytes, and what is larger than the store', async () => {
      const few = storeOf({ writesMax: 2 });
      for (const name of ['d1', 'd2', 'd3']) few.put(refOf(name), resultOf('picture'));
      expect(few.counters().dropped).toBe(1);
      expect(few.stats().backlog).toBe(2);
      await few.flush();
      expect(few.stats().backlog).toBe(0);
      const small = storeOf({ writeBytesMax: 15 });
      for (const name of ['e1', 'e2', 'e3']) small.put(refOf(name), resultOf('0123456789'));
      expect(small.counters().dropped).toBe(2);
      const tiny = storeOf({ bytesMax: 10_000 });
      tiny.put(refOf('f1'), resultOf(Buffer.alloc(20_000)));
      expect(tiny.counters().dropped).toBe(1);
    });

    it('writes a result once, however often it is put', async () => {
      const store = storeOf();
      for (let i = 0; i < 5; i++) store.put(refOf('d1'), resultOf('picture'));
      await store.flush();
      store.put(refOf('d1'), resultOf('picture'));
      await store.flush();
      expect(store.counters().written).toBe(1);
    });
  });

  describe('purge', () => {
    it('removes all results of a source and nothing else, on disk and in the backlog', async () => {
      const store = storeOf();
      for (const name of ['d1', 'd2']) store.put(refOf(name), resultOf('picture'));
      store.put(refOf('d1', 'b.jpg'), resultOf('picture'));
      await store.flush();
      expect(await store.purge({ ns: 'photos', key: 'a.jpg' })).toBe(2);
      expect(await store.get(refOf('d1'))).toBeNull();
      expect(await store.get(refOf('d1', 'b.jpg'))).not.toBeNull();
      expect(store.stats().entries).toBe(1);
      for (let number = 0; number < 50; number++) store.put(refOf(`e${number}`), resultOf('picture'));
      await store.purge({ ns: 'photos', key: 'a.jpg' });
      await store.flush();
      expect(await store.get(refOf('e0'))).toBeNull();
      expect(await store.get(refOf('e49'))).toBeNull();
      expect(await allFiles()).toEqual([fileOf(refOf('d1', 'b.jpg'))]);
    });

    it('removes what it finds although the temporary folder is gone', async () => {
      const store = storeOf();
      store.put(refOf('d1'), resultOf('picture'));
      await store.flush();
      await fs.rm(path.join(folder, '.tmp'), { recursive: true });
      expect(await store.purge({ ns: 'photos', key: 'a.jpg' })).toBe(1);
      expect(await store.get(refOf('d1'))).toBeNull();
    });

    it.each(['a.jpg', null])('knows what is put while it is still removing: %s', async (key) => {
      let emptied = (): void => {};
      const isEmptied = new Promise<void>((resolve) => {
        emptied = resolve;
      });
      let moved = (): void => {};
      const isMoved = new Promise<void>((resolve) => {
        moved = resolve;
      });
      const store = storeOf({
        fileSystem: {
          ...fs,
          rm: async (...args) => {
            moved();
            await isEmptied;
            return fs.rm(...args);
          },
          readdir: (async (where: string, options: { recursive: true; withFileTypes: true }) => {
            const entries = await fs.readdir(where, options);
            if (where.includes('.tmp')) {
              moved();
              await isEmptied;
            }
            return entries;
          }) as unknown as FileSystem['readdir'],
        },
      });
      await store.scanned();
      store.put(refOf('d1'), resultOf('picture'));
      await store.flush();
      const purge = store.purge({ ns: 'photos', key });
      await isMoved;
      store.put(refOf('d1'), resultOf('picture'));
      await store.flush();
      emptied();
      expect(await purge).toBe(1);
      expect(await store.get(refOf('d1'))).toEqual(resultOf('picture'));
      expect(store.stats().entries).toBe(1);
    });

    it('removes a whole namespace and no other whose name begins like it', async () => {
      const store = storeOf();
      for (const ns of ['a', 'ab']) {
        for (const key of ['1', '2', '3']) store.put(refOf('d', key, ns), resultOf('picture'));
      }
      await store.flush();
      expect(await store.purge({ ns: 'a', key: null })).toBe(3);
      expect(store.stats().entries).toBe(3);
      expect(await store.get(refOf('d', '1', 'a'))).toBeNull();
      expect(await store.get(refOf('d', '1', 'ab'))).not.toBeNull();
      expect(await store.purge({ ns: 'a', key: null })).toBe(0);
    });

    it('keeps again what was purged', async () => {
      const store = storeOf();
      store.put(refOf('d1'), resultOf('picture'));
      await store.flush();
      await store.purge({ ns: 'photos', key: 'a.jpg' });
      store.put(refOf('d1'), resultOf('picture'));
      await store.flush();
      expect(await store.get(refOf('d1'))).toEqual(resultOf('picture'));
    });
  });

  describe('a disk that lies', () => {
    const keepOne = async (): Promise<string> => {
      const store = storeOf();
      store.put(refOf('d1'), resultOf('a picture of some length'));
      await store.close();
      return fileOf(refOf('d1'));
    };

    it.each([
      ['cut short', (file: string) => fs.truncate(file, 40)],
      ['empty', (file: string) => fs.truncate(file, 0)],
      ['longer', (file: string) => fs.appendFile(file, 'x')],
      [
        'with a flipped byte',
        async (file: string) => {
          const bytes = await fs.readFile(file);
          bytes[bytes.length - 3] = (bytes.at(-3) ?? 0) ^ 1;
          await fs.writeFile(file, bytes);
        },
      ],
    ])('never serves a file that is %s, deletes it and counts it', async (_name, damage) => {
      await damage(await keepOne());
      const store = storeOf();
      expect(await store.get(refOf('d1'))).toBeNull();
      expect(store.counters()).toMatchObject({ corrupt: 1, hits: 0, misses: 1 });
      expect(await allFiles()).toEqual([]);
      store.put(refOf('d1'), resultOf('a picture of some length'));
      await store.flush();
      expect(await store.get(refOf('d1'))).not.toBeNull();
    });

    it('removes what dead processes left half written, and leaves alone what a living one writes', async () => {
      const temporary = path.join(folder, '.tmp');
      await fs.mkdir(temporary, { recursive: true });
      const dead = spawn(process.execPath, ['-e', '']);
      await once(dead, 'exit');
      for (const name of [`${dead.pid}-1`, `${process.pid}-7`, 'strange', `${process.ppid}-1`, `${process.ppid}-2`]) {
        await fs.writeFile(path.join(temporary, name), 'half');
      }
      await fs.utimes(path.join(temporary, `${process.ppid}-2`), 1, 1);
      await storeOf().scanned();
      expect(await fs.readdir(temporary)).toEqual([`${process.ppid}-1`]);
    });

    it('serves nothing torn or wrong after its process was killed in the middle of writing, ten times over', async () => {
      const register = fileURLToPath(new URL('../../helpers/register-typescript.js', import.meta.url));
      const script = fileURLToPath(new URL('./endless-writer.ts', import.meta.url));
      for (let round = 0; round < 10; round++) {
        const writer: ChildProcess = spawn(
          process.execPath,
          ['--import', register, script, folder, String(round * 100_000)],
          { stdio: ['ignore', 'pipe', 'inherit'] },
        );
        await once(writer.stdout ?? writer, 'data');
        writer.kill('SIGKILL');
        await once(writer, 'exit');
      }
      const store = storeOf();
      await store.scanned();
      expect(await fs.readdir(path.join(folder, '.tmp'))).toEqual([]);
      let found = 0;
      for (let round = 0; round < 10; round++) {
        for (let number = round * 100_000; ; number++) {
          const result = await store.get(numbered(number).ref);
          if (result === null && number > round * 100_000 + 200) break;
          if (result === null) continue;
          found += 1;
          expect(isSame(result, numbered(number).result)).toBe(true);
        }
      }
      expect(found).toBe(store.stats().entries);
      expect(found).toBeGreaterThan(0);
    });
  });

  describe('a disk that fails', () => {
    const failing = (changes: Partial<FileSystem>): FileSystem => ({ ...fs, ...changes });
    const noSpace = (): never => {
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    };

    it('counts a failed write, leaves the disk alone for 30 s and then tries again', async () => {
      const clock = fakeClock();
      let isFull = true;
      const fileSystem = failing({
        open: async (...args) => (isFull && args[1] === 'wx' ? noSpace() : fs.open(...args)),
      });
      const store = storeOf({ clock, fileSystem });
      for (let number = 0; number < 20; number++) store.put(refOf(`d${number}`), resultOf('picture'));
      await store.flush();
      expect(store.counters().written).toBe(0);
      expect(store.counters().writeErrors + store.counters().dropped).toBe(20);
      isFull = false;
      clock.advance(29_999);
      store.put(refOf('early'), resultOf('picture'));
      await store.flush();
      expect(await store.get(refOf('early'))).toBeNull();
      clock.advance(1);
      store.put(refOf('later'), resultOf('picture'));
      await store.flush();
      expect(await store.get(refOf('later'))).toEqual(resultOf('picture'));
      expect(await fs.readdir(path.join(folder, '.tmp'))).toEqual([]);
    });

    it('leaves no half file when the disk fills up in the middle of one', async () => {
      const fileSystem = failing({
        open: async (...args) => {
          const handle = await fs.open(...args);
          return args[1] === 'wx' ? Object.assign(handle, { writeFile: async () => noSpace() }) : handle;
        },
      });
      const store = storeOf({ fileSystem });
      store.put(refOf('d1'), resultOf('picture'));
      await store.flush();
      expect(await allFiles()).toEqual([]);
      expect(await store.get(refOf('d1'))).toBeNull();
    });

    it.skipIf(!canMount)('goes on serving from a file system that is really full', async () => {
      await fs.mkdir(folder, { recursive: true });
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder]);
      try {
        const store = storeOf();
        store.put(refOf('small'), resultOf('picture'));
        await store.flush();
        store.put(refOf('large'), resultOf(Buffer.alloc(1_000_000)));
        await store.flush();
        expect(store.counters()).toMatchObject({ written: 1, writeErrors: 1 });
        expect(await store.get(refOf('large'))).toBeNull();
        expect(await store.get(refOf('small'))).toEqual(resultOf('picture'));
        expect(await allFiles()).toEqual([fileOf(refOf('small'))]);
        await store.close();
      } finally {
        execFileSync('umount', [folder]);
      }
    });

    it('serves what it can read although it cannot write', async () => {
      const writer = storeOf();
      writer.put(refOf('d1'), resultOf('picture'));
      await writer.close();
      const readOnly = storeOf({
        fileSystem: failing({ open: async (...args) => (args[1] === 'wx' ? noSpace() : fs.open(...args)) }),
      });
      readOnly.put(refOf('d2'), resultOf('picture'));
      await readOnly.flush();
      expect(await readOnly.get(refOf('d1'))).toEqual(resultOf('picture'));
    });

    it('gives null for a read that fails, and for one that hangs, and then leaves the disk alone', async () => {
      const clock = fakeClock();
      let opens = 0;
      const broken = storeOf({
        fileSystem: failing({
          open: async () => {
            throw Object.assign(new Error('input/output error'), { code: 'EIO' });
          },
        }),
      });
      expect(await broken.get(refOf('d1'))).toBeNull();
      expect(broken.counters().readErrors).toBe(1);
      const hanging = storeOf({
        clock,
        fileSystem: failing({
          open: () => {
            opens += 1;
            return new Promise(() => {});
          },
        }),
      });
      expect(await hanging.get(refOf('d1'))).toBeNull();
      expect(await hanging.get(refOf('d1'))).toBeNull();
      expect(opens).toBe(1);
      clock.advance(5000);
      expect(await hanging.get(refOf('d1'))).toBeNull();
      expect(opens).toBe(2);
    });

    it('does not acknowledge a removal that the disk refuses', async () => {
      const writer = storeOf();
      writer.put(refOf('d1'), resultOf('picture'));
      await writer.close();
      const store = storeOf({ fileSystem: failing({ unlink: async () => noSpace() }) });
      await expect(store.remove(refOf('d1'))).rejects.toMatchObject({ code: 'internal' });
    });

    it('does not acknowledge a purge that the disk refuses', async () => {
      const writer = storeOf();
      writer.put(refOf('d1'), resultOf('picture'));
      await writer.close();
      const store = storeOf({ fileSystem: failing({ rename: async () => noSpace() }) });
      await expect(store.purge({ ns: 'photos', key: 'a.jpg' })).rejects.toMatchObject({ code: 'internal' });
    });

    it('works without its folder: nothing is kept, nothing breaks', async () => {
      await fs.mkdir(path.dirname(folder), { recursive: true });
      await fs.writeFile(folder, 'a file where the folder should be');
      const store = storeOf();
      store.put(refOf('d1'), resultOf('picture'));
      await store.flush();
      await store.scanned();
      expect(await store.get(refOf('d1'))).toBeNull();
      expect(store.counters().writeErrors).toBe(1);
    });
  });

  it('lays results out by namespace, hash of the key and derivation', () => {
    expect(sourceFolder('photos', 'a.jpg')).toMatch(/^photos\/([0-9a-f]{2})\/\1[0-9a-f]{30}$/);
    expect(resultPath(refOf('kR3-_x', 'a.jpg'))).toBe(`${sourceFolder('photos', 'a.jpg')}/kR3-_x`);
  });
});
