import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PileusError } from '../../src/shared/errors.ts';
import { KiB } from '../../src/shared/units.ts';
import { BlobBuffer } from '../../src/worker/blob-buffer.ts';
import { deferred } from '../../src/worker/promises.ts';
import { BufferFull } from '../../src/worker/source-fetch.ts';
import { type SourceLease, SourceTable, type SourceWant } from '../../src/worker/source-table.ts';
import { fakeClock } from '../helpers/fake-clock.ts';
import { defaultOptions, fakeEngine, fakeStore, headerOf, holdBack, picture, put, settle } from './fakes.ts';

function open(bufferBytes = 1_000_000) {
  const clock = fakeClock();
  const store = fakeStore();
  const buffer = new BlobBuffer(bufferBytes);
  const table = new SourceTable({ clock, buffer, readHeader: fakeEngine().readHeader });
  const take = (key: string, change: Partial<SourceWant> = {}): SourceLease =>
    table.take({
      source: { ns: 'photos', key },
      store,
      options: defaultOptions,
      knownVersion: null,
      traceparent: null,
      truncatedOk: false,
      carried: null,
      ...change,
    });
  /** Takes, reads to the end and lets go. */
  const use = async (key: string, change: Partial<SourceWant> = {}) => {
    const lease = take(key, change);
    const source = await lease.complete.finally(() => lease.release());
    return source;
  };
  return { clock, store, buffer, table, take, use };
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof PileusError ? error.code : (error as Error).constructor.name),
  );

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('SourceTable: fetching', () => {
  it('brings the very bytes, and the facts with them', async () => {
    const { store, buffer, take } = open();
    const bytes = picture(600, 400, 5000);
    put({ store }, 'a', bytes);
    const lease = take('a');
    const { facts, range, hit } = await lease.complete;
    expect(buffer.view(range).equals(bytes)).toBe(true);
    expect(facts).toEqual({ version: 'v1', bytes: 5000, header: headerOf(600, 400), modifiedMs: 1_600_000_000_000 });
    expect(hit).toBe(false);
    lease.release();
  });

  it('hashes what has no version', async () => {
    const { store, use } = open();
    const bytes = picture(600, 400);
    put({ store }, 'a', bytes, { version: null });
    const { facts } = await use('a');
    expect(facts.version).toBe(`sha256-${createHash('sha256').update(bytes).digest('hex')}`);
  });

  it('grows for a body of unknown length, and gives the rest back', async () => {
    const { store, buffer, take } = open(4_000_000);
    const bytes = picture(600, 400, 700 * KiB);
    put({ store }, 'a', bytes, { announced: false });
    const lease = take('a');
    const { range, facts } = await lease.complete;
    expect(facts.bytes).toBe(bytes.length);
    expect(buffer.view(range).equals(bytes)).toBe(true);
    expect(buffer.usage.usedBytes).toBe(bytes.length);
    lease.release();
  });

  it.each([true, false])(
    'refuses what has too many bytes (announced: %s), and keeps none of them',
    async (announced) => {
      const { store, buffer, use } = open();
      put({ store }, 'a', picture(600, 400, 3000), { announced });
      const options = { ...defaultOptions, sourceBytesMax: 2999 };
      expect(await codeOf(use('a', { options }))).toBe('source_too_large');
      expect(buffer.usage.usedBytes).toBe(0);
      expect(store.closed).toEqual(['a']);
    },
  );

  it.each([true, false])('takes a source of exactly the most bytes (announced: %s)', async (announced) => {
    const { store, use } = open();
    put({ store }, 'a', picture(600, 400, 3000), { announced });
    const { facts } = await use('a', { options: { ...defaultOptions, sourceBytesMax: 3000 } });
    expect(facts.bytes).toBe(3000);
  });

  it('says when the buffer has no room, before downloading', async () => {
    const { store, use } = open(2000);
    put({ store }, 'a', picture(600, 400, 3000));
    await expect(use('a')).rejects.toBeInstanceOf(BufferFull);
    expect(store.closed).toEqual(['a']);
  });

  it('says when the buffer has no room for what keeps coming, and frees it all', async () => {
    const { store, buffer, use } = open(400 * KiB);
    put({ store }, 'a', picture(600, 400, 600 * KiB), { announced: false });
    await expect(use('a')).rejects.toBeInstanceOf(BufferFull);
    expect(buffer.usage.usedBytes).toBe(0);
  });

  it('notices an origin that sends less than it announced', async () => {
    const { store, use } = open();
    put({ store }, 'a', picture(600, 400, 3000));
    const liar = {
      ...store,
      open: async (key: string, options: Parameters<typeof store.open>[1]) => {
        const original = await store.open(key, options);
        return { ...original, stat: { ...original.stat, bytes: 4000 } };
      },
    };
    expect(await codeOf(use('a', { store: liar }))).toBe('origin_truncated');
  });

  it('tells the header after 64 kB, while the rest still arrives', async () => {
    const { store, take } = open();
    put({ store }, 'a', picture(600, 400, 200 * KiB));
    const goOn = holdBack({ store }, 'a', 64 * KiB);
    const lease = take('a');
    const probe = await lease.probe;
    expect(probe).toMatchObject({ final: true, header: { width: 600 }, facts: { bytes: 200 * KiB, version: 'v1' } });
    expect(lease.landed()).toBeNull();
    goOn();
    await lease.complete;
    expect(lease.landed()).not.toBeNull();
    lease.release();
  });

  it('does not tell facts early when the bytes have to be hashed first', async () => {
    const { store, take } = open();
    put({ store }, 'a', picture(600, 400, 200 * KiB), { version: null });
    const goOn = holdBack({ store }, 'a', 64 * KiB);
    const lease = take('a');
    expect((await lease.probe).facts).toBeNull();
    goOn();
    expect((await lease.complete).facts.header.width).toBe(600);
    lease.release();
  });

  it('ends the download of what is no picture, and names its version', async () => {
    const { store, buffer, take } = open();
    put({ store }, 'a', Buffer.alloc(200 * KiB, 'no '));
    holdBack({ store }, 'a', 64 * KiB);
    const lease = take('a');
    expect(await codeOf(lease.complete)).toBe('not_an_image');
    expect(lease.version()).toBe('v1');
    expect(store.closed).toEqual(['a']);
    expect(buffer.usage.usedBytes).toBe(0);
    lease.release();
  });

  it('ends a fetch at the total deadline, and keeps its range until the last read has settled', async () => {
    const { store, buffer, take } = open();
    put({ store }, 'a', picture(600, 400, 3000));
    let letRead: (count: number) => void = () => {};
    const deaf = {
      ...store,
      open: async (key: string, options: Parameters<typeof store.open>[1]) => ({
        ...(await store.open(key, options)),
        read: () =>
          new Promise<number>((resolve) => {
            letRead = resolve;
          }),
      }),
    };
    const lease = take('a', { store: deaf });
    await settle();
    vi.advanceTimersByTime(defaultOptions.fetchTotalMs);
    expect(await codeOf(lease.complete)).toBe('origin_timeout');
    expect(buffer.usage.pinnedBytes).toBe(3000);
    letRead(0);
    await settle();
    expect(buffer.usage.usedBytes).toBe(0);
    lease.release();
  });
});

describe('SourceTable: sharing', () => {
  it('fetches once for all who want it at the same time', async () => {
    const { store, buffer, take } = open();
    put({ store }, 'a', picture(600, 400));
    const leases = [take('a'), take('a'), take('a')];
    const sources = await Promise.all(leases.map((lease) => lease.complete));
    expect(store.opened).toEqual(['a']);
    expect(new Set(sources.map(({ range }) => range)).size).toBe(1);
    expect(leases.map(({ joined }) => joined)).toEqual([false, true, true]);
    leases[0]?.release();
    leases[1]?.release();
    expect(buffer.usage.pinnedBytes).toBe(1000);
    leases[2]?.release();
    expect(buffer.usage.pinnedBytes).toBe(0);
  });

  it('goes on while one still wants it, and aborts when nobody does', async () => {
    const { store, buffer, take } = open();
    put({ store }, 'a', picture(600, 400, 3000));
    holdBack({ store }, 'a', 1000);
    const first = take('a');
    const second = take('a');
    await settle();
    first.release();
    await settle();
    expect(store.closed).toEqual([]);
    second.release();
    await settle();
    expect(store.closed).toEqual(['a']);
    expect(buffer.usage.usedBytes).toBe(0);
  });

  it('begins anew for one who comes while an abandoned fetch still winds down', async () => {
    const { store, take } = open();
    put({ store }, 'a', picture(600, 400));
    const goOn = holdBack({ store }, 'a', 100);
    take('a').release();
    const late = take('a');
    await settle();
    goOn();
    expect((await late.complete).facts.bytes).toBe(1000);
    late.release();
  });

  it('tells all of them the same failure', async () => {
    const { take } = open();
    const leases = [take('missing'), take('missing')];
    for (const lease of leases) {
      expect(await codeOf(lease.complete)).toBe('source_not_found');
      expect(await codeOf(lease.probe)).toBe('source_not_found');
      lease.release();
    }
  });

  it('never gives a job that knows a newer version a fetch that began before it', async () => {
    const { store, buffer, take, use } = open();
    put({ store }, 'a', picture(600, 400));
    const goOn = holdBack({ store }, 'a', 100);
    const old = take('a');
    await settle();
    put({ store }, 'a', picture(300, 200), { version: 'v2' });
    const crowd = [take('a', { knownVersion: 'v2' }), take('a', { knownVersion: 'v2' })];
    await settle();
    expect(crowd.map(({ joined }) => joined)).toEqual([false, true]);
    goOn();
    for (const lease of crowd) expect((await lease.complete).facts.version).toBe('v2');
    expect((await old.complete).facts.version).toBe('v1');
    for (const lease of [old, ...crowd]) lease.release();
    expect((await use('a')).facts.version).toBe('v2');
    expect(store.opened).toEqual(['a', 'a']);
    expect(buffer.usage.usedBytes).toBe(1000);
  });

  it('keeps the version that was asked for last, also when the older fetch comes in after it', async () => {
    const { store, clock, take, use } = open();
    put({ store }, 'a', picture(600, 400));
    const goOn = holdBack({ store }, 'a', 100);
    const old = take('a');
    await settle();
    clock.advance(1);
    put({ store }, 'b', picture(300, 200), { version: 'v2' });
    const swift = {
      ...store,
      open: (_key: string, options: Parameters<typeof store.open>[1]) => store.open('b', options),
    };
    await use('a', { knownVersion: 'v2', store: swift });
    goOn();
    expect((await old.complete).facts.version).toBe('v1');
    old.release();
    expect((await use('a')).facts.version).toBe('v2');
  });

  it('goes on sharing a fetch that brings another version than all of them knew', async () => {
    const { store, take } = open();
    put({ store }, 'a', picture(600, 400), { version: 'v2' });
    const goOn = holdBack({ store }, 'a', 100);
    const leases = [take('a', { knownVersion: 'v1' })];
    await settle();
    leases.push(take('a', { knownVersion: 'v1' }), take('a', { knownVersion: 'v2' }), take('a'));
    goOn();
    for (const lease of leases) {
      await lease.complete;
      lease.release();
    }
    expect(store.opened).toEqual(['a']);
  });

  it('releases once, however often it is told to', async () => {
    const { store, buffer, take } = open();
    put({ store }, 'a', picture(600, 400));
    const one = take('a');
    const other = take('a');
    await Promise.all([one.complete, other.complete]);
    one.release();
    one.release();
    expect(buffer.usage.pinnedBytes).toBe(1000);
    other.release();
  });
});

describe('SourceTable: what is held', () => {
  it('uses what was checked within sourceFreshMs without any I/O', async () => {
    const { store, clock, use } = open();
    put({ store }, 'a', picture(600, 400));
    await use('a');
    clock.advance(defaultOptions.sourceFreshMs);
    expect((await use('a')).hit).toBe(true);
    expect([store.opened, store.stats]).toEqual([['a'], []]);
  });

  it('asks whether an older one still stands, and believes that for as long again', async () => {
    const { store, clock, use } = open();
    put({ store }, 'a', picture(600, 400));
    await use('a');
    clock.advance(defaultOptions.sourceFreshMs + 1);
    expect((await use('a')).hit).toBe(true);
    clock.advance(defaultOptions.sourceFreshMs);
    expect((await use('a')).hit).toBe(true);
    expect([store.opened, store.stats]).toEqual([['a'], ['a']]);
  });

  it('fetches again what has changed, and gives the old bytes up', async () => {
    const { store, clock, buffer, use } = open();
    put({ store }, 'a', picture(600, 400));
    await use('a');
    put({ store }, 'a', picture(300, 200), { version: 'v2' });
    clock.advance(defaultOptions.sourceFreshMs + 1);
    const { facts, hit } = await use('a');
    expect([facts.version, facts.header.width, hit]).toEqual(['v2', 300, false]);
    expect(buffer.usage.usedBytes).toBe(1000);
  });

  it('asks the origin at once when the asker knows another version', async () => {
    const { store, use } = open();
    put({ store }, 'a', picture(600, 400));
    await use('a');
    put({ store }, 'a', picture(300, 200), { version: 'v2' });
    expect((await use('a', { knownVersion: 'v2' })).facts.version).toBe('v2');
  });

  it('forgets what is gone at its origin', async () => {
    const { store, clock, buffer, use } = open();
    put({ store }, 'a', picture(600, 400));
    await use('a');
    store.originals.delete('a');
    clock.advance(defaultOptions.sourceFreshMs + 1);
    expect(await codeOf(use('a'))).toBe('source_not_found');
    expect(buffer.usage.usedBytes).toBe(0);
  });

  it('fetches again what was evicted', async () => {
    const { store, use } = open(1500);
    put({ store }, 'a', picture(600, 400));
    put({ store }, 'b', picture(600, 400));
    await use('a');
    await use('b');
    expect((await use('a')).hit).toBe(false);
    expect(store.opened).toEqual(['a', 'b', 'a']);
  });

  it('counts a revalidation from outside as a check', async () => {
    const { store, clock, table, use } = open();
    put({ store }, 'a', picture(600, 400));
    await use('a');
    clock.advance(defaultOptions.sourceFreshMs);
    table.confirm({ ns: 'photos', key: 'a' }, 'v1', clock.nowMs());
    clock.advance(defaultOptions.sourceFreshMs);
    await use('a');
    expect(store.stats).toEqual([]);
  });

  it('fetches at once, without asking, what a revalidation from outside found changed', async () => {
    const { store, table, buffer, use } = open();
    put({ store }, 'a', picture(600, 400));
    await use('a');
    put({ store }, 'a', picture(300, 200), { version: 'v2' });
    table.expire({ ns: 'photos', key: 'a' }, 'v1');
    expect((await use('a')).facts.version).toBe('v2');
    expect([store.opened, store.stats]).toEqual([['a', 'a'], []]);
    expect(buffer.usage.usedBytes).toBe(1000);
  });

  it('goes on with bytes that are in use when they expire', async () => {
    const { store, table, buffer, take, use } = open();
    const bytes = picture(600, 400);
    put({ store }, 'a', bytes);
    const lease = take('a');
    const { range } = await lease.complete;
    put({ store }, 'a', picture(300, 200), { version: 'v2' });
    table.expire({ ns: 'photos', key: 'a' }, 'v1');
    await use('a');
    expect(buffer.view(range).equals(bytes)).toBe(true);
    lease.release();
    expect(buffer.usage.usedBytes).toBe(1000);
  });
});

describe('SourceTable: carried sources', () => {
  const carriedOf = (bytes: Buffer, version: string, checkedAtMs: number | null = null) => {
    let at = 0;
    return {
      facts: { version, bytes: bytes.length, header: headerOf(600, 400), modifiedMs: null },
      checkedAtMs,
      original: {
        stat: { version, bytes: bytes.length, modifiedMs: null, same: false },
        read: async (into: Uint8Array) => {
          const count = bytes.copy(into, 0, at);
          at += count;
          return count;
        },
        close: async () => {},
      },
    };
  };

  it('takes bytes that came with the order as if they had been fetched', async () => {
    const { store, take, use } = open();
    const lease = take('a', { carried: carriedOf(picture(600, 400, 500), 'v7') });
    expect((await lease.complete).facts).toMatchObject({ version: 'v7', bytes: 500 });
    lease.release();
    expect((await use('a')).hit).toBe(true);
    expect([store.opened, store.stats]).toEqual([[], []]);
  });

  it('is fetched for those who still wait when the one who carried it broke off', async () => {
    const { store, take } = open();
    put({ store }, 'a', picture(600, 400), { version: 'v7' });
    const broken = deferred<number>();
    const carried = carriedOf(picture(600, 400, 500), 'v7');
    const first = take('a', { carried: { ...carried, original: { ...carried.original, read: () => broken.promise } } });
    await settle();
    const second = take('a');
    expect(second.joined).toBe(true);
    first.release();
    broken.reject(new PileusError('origin_truncated'));
    expect((await second.complete).facts).toMatchObject({ version: 'v7', bytes: 1000 });
    second.release();
    expect(store.opened).toEqual(['a']);
  });

  it('is not fetched when the one who carried it broke off and nobody waits', async () => {
    const { store, buffer, take } = open();
    put({ store }, 'a', picture(600, 400), { version: 'v7' });
    const broken = deferred<number>();
    const carried = carriedOf(picture(600, 400, 500), 'v7');
    const only = take('a', { carried: { ...carried, original: { ...carried.original, read: () => broken.promise } } });
    await settle();
    only.release();
    broken.reject(new PileusError('origin_truncated'));
    await settle();
    expect(store.opened).toEqual([]);
    expect(buffer.usage.usedBytes).toBe(0);
  });

  it('believes them for as long as since their own check, not since they came', async () => {
    const { store, clock, take, use } = open();
    put({ store }, 'a', picture(600, 400), { version: 'v7' });
    const checkedAtMs = clock.nowMs();
    clock.advance(defaultOptions.sourceFreshMs);
    const lease = take('a', { carried: carriedOf(picture(600, 400, 500), 'v7', checkedAtMs) });
    await lease.complete;
    expect(lease.checkedAtMs()).toBe(checkedAtMs);
    lease.release();
    clock.advance(1);
    await use('a');
    expect(store.stats).toEqual(['a']);
  });

  it('does not store twice what it already holds', async () => {
    const { store, clock, use } = open();
    put({ store }, 'a', picture(600, 400));
    await use('a');
    clock.advance(defaultOptions.sourceFreshMs + 1);
    expect((await use('a', { carried: carriedOf(picture(600, 400), 'v1') })).hit).toBe(true);
    expect(store.stats).toEqual([]);
  });

  it('prefers what was carried to another version that it holds', async () => {
    const { store, use } = open();
    put({ store }, 'a', picture(600, 400));
    await use('a');
    expect((await use('a', { carried: carriedOf(picture(600, 400, 700), 'v2') })).facts.bytes).toBe(700);
  });
});
