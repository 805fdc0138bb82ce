import { execFileSync } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/shared/clock.ts';
import { FileStore } from '../../../src/store/originals/file-store.ts';
import { type FileSystem, systemFiles } from '../../../src/store/originals/file-system.ts';
import { openOriginalStore } from '../../../src/store/originals/open-store.ts';
import { fakeClock } from '../../helpers/fake-clock.ts';
import {
  describeOriginalStore,
  fetchAll,
  generousDeadlines,
  openOptions,
  pattern,
  temporaryFolder,
} from './contract.ts';

describeOriginalStore('file', async () => {
  const root = await temporaryFolder();
  return {
    store: openOriginalStore({ kind: 'file', root }, { clock: systemClock }),
    put: async (key, bytes) => {
      const file = path.join(root, key);
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, bytes);
    },
    remove: (key) => fs.rm(path.join(root, key)),
    close: () => fs.rm(root, { recursive: true }),
  };
});

describe('file store', () => {
  let folder: string;
  let root: string;
  let store: FileStore;
  beforeEach(async () => {
    folder = await temporaryFolder();
    root = path.join(folder, 'root');
    await fs.mkdir(path.join(root, 'inner'), { recursive: true });
    await fs.writeFile(path.join(root, 'inner', 'a.jpg'), pattern(100));
    await fs.mkdir(path.join(folder, 'root-beside'));
    await fs.writeFile(path.join(folder, 'root-beside', 'secret'), 'secret');
    store = new FileStore(root, systemClock);
  });
  afterEach(() => fs.rm(folder, { recursive: true }));

  const expectMissing = async (key: string): Promise<void> => {
    await expect(store.open(key, openOptions())).rejects.toMatchObject({ code: 'source_not_found' });
    await expect(store.stat(key, openOptions())).rejects.toMatchObject({ code: 'source_not_found' });
  };

  it('follows symlinks of files and of folders that stay inside the root', async () => {
    await fs.symlink('inner/a.jpg', path.join(root, 'link.jpg'));
    await fs.symlink('link.jpg', path.join(root, 'link-to-link.jpg'));
    await fs.symlink('inner', path.join(root, 'folder'));
    for (const key of ['link.jpg', 'link-to-link.jpg', 'folder/a.jpg']) {
      expect(await fetchAll(store, key)).toEqual(pattern(100));
    }
  });

  it('finds nothing behind symlinks that lead out of the root, even to a folder whose name begins like it', async () => {
    await fs.symlink('/etc/hostname', path.join(root, 'absolute'));
    await fs.symlink('../root-beside/secret', path.join(root, 'relative'));
    await fs.symlink('../root-beside', path.join(root, 'folder'));
    await fs.symlink('loop', path.join(root, 'loop'));
    await fs.symlink('nowhere', path.join(root, 'dangling'));
    for (const key of ['absolute', 'relative', 'folder/secret', 'loop', 'dangling']) await expectMissing(key);
  });

  it('finds nothing in a folder, a FIFO or a device, and never waits for them', async () => {
    execFileSync('mkfifo', [path.join(root, 'fifo')]);
    await fs.symlink('/dev/zero', path.join(root, 'zero'));
    for (const key of ['inner', 'fifo', 'zero']) await expectMissing(key);
  });

  it.skipIf(process.getuid?.() === 0)('finds nothing in a file that it may not read', async () => {
    await fs.chmod(path.join(root, 'inner', 'a.jpg'), 0o000);
    await expectMissing('inner/a.jpg');
  });

  it('serves a root that is itself a symlink, also after the symlink was moved', async () => {
    await fs.symlink('root', path.join(folder, 'current'));
    const current = new FileStore(path.join(folder, 'current'), systemClock);
    expect(await fetchAll(current, 'inner/a.jpg')).toEqual(pattern(100));
    await fs.mkdir(path.join(folder, 'release-2'));
    await fs.writeFile(path.join(folder, 'release-2', 'b.jpg'), pattern(50));
    await fs.rm(path.join(folder, 'current'));
    await fs.symlink('release-2', path.join(folder, 'current'));
    expect(await fetchAll(current, 'b.jpg')).toEqual(pattern(50));
    await expect(current.open('inner/a.jpg', openOptions())).rejects.toMatchObject({ code: 'source_not_found' });
  });

  it('reaches nothing in the old root, once the symlink of the root was moved for a second', async () => {
    const clock = fakeClock();
    await fs.symlink('root', path.join(folder, 'current'));
    const current = new FileStore(path.join(folder, 'current'), clock);
    expect(await fetchAll(current, 'inner/a.jpg')).toEqual(pattern(100));
    await fs.mkdir(path.join(folder, 'release-2'));
    await fs.symlink('../root/inner/a.jpg', path.join(folder, 'release-2', 'old.jpg'));
    await fs.rm(path.join(folder, 'current'));
    await fs.symlink('release-2', path.join(folder, 'current'));
    clock.advance(1000);
    await expect(current.open('old.jpg', openOptions())).rejects.toMatchObject({ code: 'source_not_found' });
  });

  it('says origin_failed, not source_not_found, when the root itself is gone', async () => {
    const unmounted = new FileStore(path.join(folder, 'unmounted'), systemClock);
    await expect(unmounted.open('a.jpg', openOptions())).rejects.toMatchObject({ code: 'origin_failed' });
  });

  it.each([
    ['grew', (file: string) => fs.appendFile(file, 'x')],
    ['shrank', (file: string) => fs.truncate(file, 10)],
    ['was overwritten', (file: string) => fs.writeFile(file, pattern(3_000_000).reverse())],
  ])('says origin_failed for a file that %s while it was read', async (_name, change) => {
    const file = path.join(root, 'a.jpg');
    await fs.writeFile(file, pattern(3_000_000));
    await fs.utimes(file, 1, 1);
    const original = await store.open('a.jpg', openOptions({ bytesMax: 3_000_001 }));
    const into = Buffer.alloc(3_000_000);
    await original.read(into);
    await change(file);
    const rest = async (): Promise<void> => {
      while ((await original.read(into)) > 0);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'origin_failed' });
    await original.close();
  });

  it('reads on in the old file when it is replaced by rename', async () => {
    await fs.writeFile(path.join(root, 'a.jpg'), pattern(100));
    const original = await store.open('a.jpg', openOptions());
    await fs.writeFile(path.join(root, 'b.jpg'), pattern(50));
    await fs.rename(path.join(root, 'b.jpg'), path.join(root, 'a.jpg'));
    const into = Buffer.alloc(100);
    expect(await original.read(into)).toBe(100);
    expect(into).toEqual(pattern(100));
    await original.close();
  });

  it('gives another version to a file that was replaced by one of equal size and time', async () => {
    const file = path.join(root, 'inner', 'a.jpg');
    await fs.utimes(file, 5, 5);
    const before = await store.stat('inner/a.jpg', openOptions());
    await fs.writeFile(path.join(root, 'b'), pattern(100));
    await fs.utimes(path.join(root, 'b'), 5, 5);
    await fs.rename(path.join(root, 'b'), file);
    expect((await store.stat('inner/a.jpg', openOptions())).version).not.toBe(before.version);
  });

  describe('on a file system that stalls', () => {
    const deadlines = { ...generousDeadlines, headersMs: 30 };

    it('ends with origin_timeout, and closes the file when it comes back after all', async () => {
      let release = (): void => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      const closed: number[] = [];
      let late = -1;
      const stalled: FileSystem = {
        ...systemFiles,
        open: async (...args) => {
          await released;
          late = await systemFiles.open(...args);
          return late;
        },
        close: (fd) => {
          closed.push(fd);
          systemFiles.close(fd);
        },
      };
      const slow = new FileStore(root, systemClock, stalled);
      await expect(slow.open('inner/a.jpg', openOptions({ deadlines }))).rejects.toMatchObject({
        code: 'origin_timeout',
      });
      release();
      await expect.poll(() => closed.includes(late)).toBe(true);
    });

    it('never writes into the reader’s bytes after a read was given up', async () => {
      let release = (): void => {};
      const released = new Promise<void>((resolve) => {
        release = resolve;
      });
      let wasRead: Promise<number> | undefined;
      const closed: number[] = [];
      const stalled: FileSystem = {
        ...systemFiles,
        read: (...args) => {
          wasRead = released.then(() => systemFiles.read(...args));
          return wasRead;
        },
        close: (fd) => {
          closed.push(fd);
          systemFiles.close(fd);
        },
      };
      const slow = new FileStore(root, systemClock, stalled);
      const original = await slow.open('inner/a.jpg', openOptions({ deadlines: { ...generousDeadlines, idleMs: 30 } }));
      const into = Buffer.alloc(100, 7);
      await expect(original.read(into)).rejects.toMatchObject({ code: 'origin_timeout' });
      await original.close();
      expect(closed).toEqual([]);
      release();
      await wasRead;
      expect(into).toEqual(Buffer.alloc(100, 7));
      await expect.poll(() => closed).toHaveLength(1);
    });
  });
});
