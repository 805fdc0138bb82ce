import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OpenOptions, OpenOriginal, OriginalStore } from '../../../src/store/originals/original-store.ts';

/** A store with something behind it that can be filled and changed. */
export type StoreUnderTest = Readonly<{
  store: OriginalStore;
  put: (key: string, bytes: Buffer) => Promise<void>;
  remove: (key: string) => Promise<void>;
  close: () => Promise<void>;
}>;

export const generousDeadlines = { connectMs: 5000, headersMs: 5000, idleMs: 5000, totalMs: 10_000 };

export const openOptions = (changes: Partial<OpenOptions> = {}): OpenOptions => ({
  signal: new AbortController().signal,
  deadlines: generousDeadlines,
  knownVersion: null,
  traceparent: null,
  redirectsMax: 3,
  range: null,
  bytesMax: 1024 * 1024,
  ...changes,
});

/** Reads to the end through a buffer of `stepBytes`, and closes. */
export async function readAll(original: OpenOriginal, stepBytes = 1000): Promise<Buffer> {
  const parts: Buffer[] = [];
  const into = Buffer.alloc(stepBytes);
  try {
    for (let bytes = await original.read(into); bytes > 0; bytes = await original.read(into)) {
      parts.push(Buffer.from(into.subarray(0, bytes)));
    }
  } finally {
    await original.close();
  }
  return Buffer.concat(parts);
}

export const fetchAll = async (
  store: OriginalStore,
  key: string,
  changes: Partial<OpenOptions> = {},
): Promise<Buffer> => readAll(await store.open(key, openOptions(changes)));

export const temporaryFolder = (): Promise<string> => mkdtemp(path.join(tmpdir(), 'pileus-store-'));

/** Bytes that differ everywhere, so that a shifted or doubled piece is noticed. */
export const pattern = (bytes: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: bytes }, (_value, index) => (index * 31 + (index >> 8) * 7) & 0xff));

/** What every store of originals has to keep, whatever is behind it. */
export function describeOriginalStore(name: string, start: () => Promise<StoreUnderTest>): void {
  describe(`${name}: the contract of original stores`, () => {
    let under: StoreUnderTest;
    beforeEach(async () => {
      under = await start();
    });
    afterEach(async () => {
      await under.close();
    });

    it.each([0, 1, 999, 1000, 1001, 300_000])('gives all %i bytes, in order, and then the end', async (size) => {
      await under.put('a.jpg', pattern(size));
      expect((await fetchAll(under.store, 'a.jpg')).equals(pattern(size))).toBe(true);
    });

    it.each([
      'a/b/c.jpg',
      'a b.jpg',
      'a+b.jpg',
      '中文/图.jpg',
      '%2e%2e',
      '.hidden',
      'a?b#c',
      'no-extension',
      "it's~(1).jpg",
    ])('reaches exactly the key %s', async (key) => {
      await under.put(key, pattern(10));
      expect(await fetchAll(under.store, key)).toEqual(pattern(10));
    });

    it.each([
      '',
      '/',
      '/a',
      'a/',
      'a//b',
      '.',
      '..',
      '../a',
      'a/../b',
      'a/./b',
      'a\\b',
      'a\0b',
      '\ud800',
      'é'.repeat(513),
    ])('refuses the key %j as bad_key', async (key) => {
      await expect(under.store.open(key, openOptions())).rejects.toMatchObject({ code: 'bad_key' });
      await expect(under.store.stat(key, openOptions())).rejects.toMatchObject({ code: 'bad_key' });
    });

    it('says source_not_found for what is not there, to open and to stat', async () => {
      await under.put('there', pattern(1));
      for (const key of ['missing', 'missing/deeper', 'there/deeper', 'x'.repeat(300)]) {
        await expect(under.store.open(key, openOptions())).rejects.toMatchObject({ code: 'source_not_found' });
        await expect(under.store.stat(key, openOptions())).rejects.toMatchObject({ code: 'source_not_found' });
      }
    });

    it('gives the same version to stat and open, and another once the bytes have changed', async () => {
      await under.put('a.jpg', pattern(100));
      const before = await under.store.stat('a.jpg', openOptions());
      const original = await under.store.open('a.jpg', openOptions());
      expect(original.stat).toMatchObject({ version: before.version, bytes: 100, same: false });
      expect(before.version).not.toBeNull();
      await original.close();
      await under.put('a.jpg', pattern(101));
      const after = await under.store.stat('a.jpg', openOptions());
      expect(after.version).not.toBe(before.version);
      expect(after.bytes).toBe(101);
    });

    it('gives different versions to different keys with equal bytes', async () => {
      await under.put('a.jpg', pattern(100));
      await under.put('b.jpg', pattern(100));
      const [a, b] = await Promise.all([
        under.store.stat('a.jpg', openOptions()),
        under.store.stat('b.jpg', openOptions()),
      ]);
      expect(a.version).not.toBe(b.version);
    });

    it('confirms a version that still holds, and only that', async () => {
      await under.put('a.jpg', pattern(100));
      const { version } = await under.store.stat('a.jpg', openOptions());
      expect(await under.store.stat('a.jpg', openOptions({ knownVersion: version }))).toMatchObject({
        same: true,
        version,
      });
      await under.put('a.jpg', pattern(99));
      expect(await under.store.stat('a.jpg', openOptions({ knownVersion: version }))).toMatchObject({ same: false });
      expect((await under.store.stat('a.jpg', openOptions({ knownVersion: 'strange' }))).same).toBe(false);
      await under.remove('a.jpg');
      await expect(under.store.stat('a.jpg', openOptions({ knownVersion: version }))).rejects.toMatchObject({
        code: 'source_not_found',
      });
    });

    it('gives the bytes to open even when the version is known', async () => {
      await under.put('a.jpg', pattern(100));
      const { version } = await under.store.stat('a.jpg', openOptions());
      const original = await under.store.open('a.jpg', openOptions({ knownVersion: version }));
      expect(original.stat).toMatchObject({ same: true, version, bytes: 100 });
      expect(await readAll(original)).toEqual(pattern(100));
    });

    it.each([
      [0, 0],
      [10, 19],
      [90, 99],
      [90, 1000],
      [0, 99],
    ])('gives the range %i to %i and says how long the whole is', async (first, last) => {
      await under.put('a.jpg', pattern(100));
      const original = await under.store.open('a.jpg', openOptions({ range: { first, last } }));
      expect(original.stat.bytes).toBe(100);
      expect(await readAll(original, 7)).toEqual(pattern(100).subarray(first, last + 1));
    });

    it('says range_not_satisfiable for a range that begins behind the end', async () => {
      await under.put('a.jpg', pattern(100));
      const range = { first: 100, last: 200 };
      await expect(under.store.open('a.jpg', openOptions({ range }))).rejects.toMatchObject({
        code: 'range_not_satisfiable',
      });
    });

    it('takes a source of exactly bytesMax, refuses one more byte before reading, and counts a range by its own length', async () => {
      await under.put('a.jpg', pattern(100));
      expect(await fetchAll(under.store, 'a.jpg', { bytesMax: 100 })).toHaveLength(100);
      await expect(under.store.open('a.jpg', openOptions({ bytesMax: 99 }))).rejects.toMatchObject({
        code: 'source_too_large',
      });
      expect(await fetchAll(under.store, 'a.jpg', { bytesMax: 10, range: { first: 5, last: 14 } })).toHaveLength(10);
    });

    it('stops at once for a signal that was or gets aborted', async () => {
      await under.put('a.jpg', pattern(300_000));
      await expect(under.store.open('a.jpg', openOptions({ signal: AbortSignal.abort() }))).rejects.toMatchObject({
        code: 'client_gone',
      });
      const leaving = new AbortController();
      const original = await under.store.open('a.jpg', openOptions({ signal: leaving.signal }));
      await original.read(Buffer.alloc(10));
      leaving.abort();
      await expect(readAll(original)).rejects.toMatchObject({ code: 'client_gone' });
    });

    it('may be closed early and more than once', async () => {
      await under.put('a.jpg', pattern(300_000));
      const original = await under.store.open('a.jpg', openOptions());
      await original.read(Buffer.alloc(10));
      await original.close();
      await original.close();
      expect(await fetchAll(under.store, 'a.jpg')).toHaveLength(300_000);
    });
  });
}
