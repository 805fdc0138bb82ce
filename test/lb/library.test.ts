import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { JobOutcome } from '../../src/lb/job.ts';
import { Library } from '../../src/lb/library.ts';
import { type ErrorCode, PileusError } from '../../src/shared/errors.ts';
import { fakeClock } from '../helpers/fake-clock.ts';
import { testConfig } from '../master/test-config.ts';
import { askOf, factsOf, type LibraryRig, openLibrary, planOf, reportOf, resultOf, source, storedOf } from './kit.ts';

const job = { source, operation: 'webp' };
const ref = { ...source, derivation: 'made' };

const made = (over: Parameters<typeof reportOf>[0] = {}): JobOutcome => ({
  ok: true,
  bytes: Buffer.from('picture'),
  report: reportOf(over),
  slot: 0,
});
const failed = (code: ErrorCode, over: Parameters<typeof reportOf>[0] | null = {}): JobOutcome => ({
  ok: false,
  error: new PileusError(code),
  report: over === null ? null : reportOf({ result: null, ...over }),
  slot: 0,
});
const keep = ({ library, clock }: LibraryRig, outcome: JobOutcome, over: Parameters<typeof askOf>[0] = {}): void =>
  library.keep(askOf(over), outcome, library.purges, clock.nowMs());

describe('what is kept of a job', () => {
  it('is its result: in memory, in the store, and by its request', async () => {
    const rig = await openLibrary();
    keep(rig, made());
    expect(await rig.library.result(ref)).toMatchObject({ from: 'memory' });
    expect([...rig.store.kept.keys()]).toEqual(['photos/a.jpg/made']);
    expect(rig.library.alias('request', 'v1')).toBe('made');
    expect(rig.store.kept.get('photos/a.jpg/made')?.meta).toEqual({
      contentType: 'image/webp',
      extension: 'webp',
      width: 20,
      height: 15,
      frames: 1,
      version: 'v1',
      modifiedMs: 1_600_000_000_000,
    });
  });

  it('is its result also when nobody waits for it any more', async () => {
    const rig = await openLibrary();
    keep(rig, failed('request_deadline', null));
    keep(rig, made());
    expect(await rig.library.result(ref)).not.toBeNull();
  });

  it('is never an explanation', async () => {
    const rig = await openLibrary();
    keep(rig, made(), { plan: planOf({ view: 'explain' }) });
    expect(await rig.library.result(ref)).toBeNull();
    expect(rig.library.alias('request', 'v1')).toBeNull();
    expect(rig.store.kept.size).toBe(0);
  });

  it('is the failure where it will come again, and nothing where it may not', async () => {
    for (const [code, isKept] of [
      ['undecodable', true],
      ['source_too_many_pixels', true],
      ['not_an_image', true],
      ['enlarge_refused', true],
      ['origin_failed', false],
      ['origin_timeout', false],
      ['overloaded', false],
      ['processing_deadline', false],
      ['worker_crashed', false],
      ['quarantined', false],
      ['client_gone', false],
      ['internal', false],
    ] as const) {
      const rig = await openLibrary();
      keep(rig, failed(code));
      const known = rig.library.failure(askOf(), 'v1', rig.clock.nowMs());
      expect([code, known?.code ?? null]).toEqual([code, isKept ? code : null]);
    }
  });

  it('is no failure where the version is not known', async () => {
    const rig = await openLibrary();
    keep(rig, failed('undecodable', { version: null, facts: null }));
    expect(rig.library.failure(askOf(), 'v1', rig.clock.nowMs())).toBeNull();
  });

  it('is that the source is missing', async () => {
    const rig = await openLibrary();
    rig.library.noteReport(job, reportOf(), rig.clock.nowMs());
    keep(rig, failed('source_not_found', { version: null, facts: null }));
    expect(rig.library.known(source)).toBeNull();
    expect(rig.library.missing(source, askOf(), rig.clock.nowMs())).toMatchObject({ code: 'source_not_found' });
    rig.clock.advance(testConfig().options.missingFreshMs);
    expect(rig.library.missing(source, askOf(), rig.clock.nowMs())).toBeNull();
  });

  it('is nothing when a purge came in between', async () => {
    const rig = await openLibrary();
    const before = rig.library.purges;
    await rig.library.purge({ by: 'source', ...source });
    rig.library.keep(askOf(), made(), before, rig.clock.nowMs());
    expect(await rig.library.result(ref)).toBeNull();
    expect(rig.library.alias('request', 'v1')).toBeNull();
  });
});

describe('what is known of a source', () => {
  it('is what a worker reports, as of when it asked the origin', async () => {
    const { library, clock } = await openLibrary();
    const checkedAtMs = clock.nowMs();
    clock.advance(5000);
    library.noteReport(job, reportOf({ checkedAtMs }), clock.nowMs());
    expect(library.known(source)).toMatchObject({ version: 'v1', facts: factsOf(), checkedAtMs });
    clock.advance(testConfig().options.sourceFreshMs - 5000);
    const known = library.known(source);
    expect(known && library.isFresh(known, askOf(), clock.nowMs())).toBe(false);
  });

  it('is the version alone where the header could not be read', async () => {
    const { library, clock } = await openLibrary();
    library.noteReport(job, reportOf({ facts: null, result: null }), clock.nowMs());
    expect(library.known(source)).toMatchObject({ version: 'v1', facts: null });
  });

  it('is not brought back to an older version by a slow job', async () => {
    const { library, clock } = await openLibrary();
    const early = clock.nowMs();
    clock.advance(100);
    library.noteReport(
      job,
      reportOf({ version: 'v2', facts: factsOf('v2'), checkedAtMs: clock.nowMs() }),
      clock.nowMs(),
    );
    library.noteReport(job, reportOf({ checkedAtMs: early }), clock.nowMs());
    expect(library.known(source)?.version).toBe('v2');
  });

  it('is nothing where a report says nothing', async () => {
    const { library, clock } = await openLibrary();
    library.noteReport(job, reportOf({ version: null, facts: null, result: null }), clock.nowMs());
    expect(library.known(source)).toBeNull();
  });

  it('is what was fetched, should the worker die before it can answer', async () => {
    const { library } = await openLibrary();
    library.noteFetched(source, factsOf(), null);
    expect(library.known(source)).toMatchObject({ version: 'v1', facts: factsOf() });
  });

  it('is confirmed as of when the question was asked', async () => {
    const { library, clock } = await openLibrary(async (_source, version) => {
      clock.advance(700);
      return { same: true, version };
    });
    library.noteReport(job, reportOf(), clock.nowMs());
    clock.advance(50_000);
    const askedAtMs = clock.nowMs();
    await library.revalidate(source, 'v1');
    expect(library.known(source)).toMatchObject({ facts: factsOf(), checkedAtMs: askedAtMs });
  });

  it('is the new version alone when the origin has another one', async () => {
    const { library, clock } = await openLibrary(async () => ({ same: false, version: 'v2' }));
    library.noteReport(job, reportOf(), clock.nowMs());
    clock.advance(1);
    await library.revalidate(source, 'v1');
    expect(library.known(source)).toMatchObject({ version: 'v2', facts: null });
  });
});

describe('a source is proven', () => {
  it('by a picture of this class of operations, whoever made it', async () => {
    for (const report of [reportOf(), reportOf({ joined: true, phases: { fetchMs: 0, waitMs: 9, processMs: 0 } })]) {
      const { library, clock } = await openLibrary();
      expect(library.isProven(source, null, 'webp')).toBe(false);
      library.noteReport(job, report, clock.nowMs());
      expect(library.isProven(source, 'v1', 'webp')).toBe(true);
      expect(library.isProven(source, null, 'webp')).toBe(true);
      expect(library.isProven(source, 'v2', 'webp')).toBe(false);
      expect(library.isProven(source, 'v1', 'avif')).toBe(false);
    }
  });

  it('neither by a failure nor by what needs no pixels', async () => {
    const { library, clock } = await openLibrary();
    library.noteReport(job, reportOf({ result: null }), clock.nowMs());
    library.noteReport(job, reportOf({ phases: { fetchMs: 3, waitMs: 0, processMs: 0 } }), clock.nowMs());
    expect(library.isProven(source, 'v1', 'webp')).toBe(false);
  });
});

describe('a result', () => {
  it('goes into memory on its way from the store', async () => {
    const { library, store } = await openLibrary();
    store.put(ref, storedOf());
    expect(await library.result(ref)).toMatchObject({ from: 'store' });
    expect(await library.result(ref)).toMatchObject({ from: 'memory' });
    expect(store.gets).toHaveLength(1);
  });

  it('that a purge overtook on its way from the store is not served', async () => {
    const { library, store } = await openLibrary();
    store.put(ref, storedOf());
    const asked = library.result(ref);
    await library.purge({ by: 'source', ...source });
    expect(await asked).toBeNull();
    expect(await library.result(ref)).toBeNull();
  });

  it('that came into memory meanwhile is found without any I/O', async () => {
    const rig = await openLibrary();
    expect(rig.library.inMemory(askOf(), 'v1')).toBeNull();
    keep(rig, made());
    expect(rig.library.inMemory(askOf(), 'v1')).toMatchObject({ derivation: 'made' });
    expect(rig.library.inMemory(askOf(), 'v2')).toBeNull();
    expect(rig.store.gets).toEqual([]);
  });
});

describe('a purge', () => {
  async function filled(): Promise<LibraryRig> {
    const rig = await openLibrary();
    rig.library.noteReport(job, reportOf(), rig.clock.nowMs());
    keep(rig, made(), { presets: ['card'] });
    const other = { ns: 'photos', key: 'b.jpg' };
    keep(rig, made({ result: resultOf('other') }), { source: other, requestKey: 'other request' });
    return rig;
  }
  const left = async ({ library }: LibraryRig): Promise<readonly boolean[]> => [
    (await library.result(ref)) !== null,
    (await library.result({ ns: 'photos', key: 'b.jpg', derivation: 'other' })) !== null,
  ];

  it('of a source forgets its results, its facts and where its requests lead, and nothing else', async () => {
    const rig = await filled();
    expect(await rig.library.purge({ by: 'source', ...source })).toBe(1);
    expect(await left(rig)).toEqual([false, true]);
    expect(rig.library.known(source)).toBeNull();
    expect(rig.library.alias('request', 'v1')).toBeNull();
    expect(rig.library.alias('other request', 'v1')).toBe('other');
  });

  it('of a namespace forgets all of it', async () => {
    const rig = await filled();
    expect(await rig.library.purge({ by: 'namespace', ns: 'photos' })).toBe(2);
    expect(await left(rig)).toEqual([false, false]);
    expect(await rig.library.purge({ by: 'namespace', ns: 'elsewhere' })).toBe(0);
  });

  it('of a preset forgets what came of URLs that named it', async () => {
    const rig = await filled();
    expect(await rig.library.purge({ by: 'preset', preset: 'card' })).toBe(1);
    expect(await left(rig)).toEqual([false, true]);
    expect(rig.library.known(source)).not.toBeNull();
  });
});

describe('a new configuration', () => {
  it('forgets failures: what was too large may no longer be', async () => {
    const rig = await openLibrary();
    keep(rig, failed('source_too_large'));
    rig.library.reconsider();
    expect(rig.library.failure(askOf(), 'v1', rig.clock.nowMs())).toBeNull();
  });
});

describe('with a dataDir', () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
  });

  it('is what it knew after a restart, and asks the origin before it believes it', async () => {
    const dataDir = await mkdtemp(path.join(os.tmpdir(), 'pileus-library-'));
    folders.push(dataDir);
    const config = testConfig({ dataDir });
    const clock = fakeClock();
    const same = async (_source: unknown, version: string) => ({ same: true, version });
    const first = await Library.open(config, 0, clock, same);
    first.noteReport(job, reportOf(), clock.nowMs());
    first.keep(askOf(), made(), first.purges, clock.nowMs());
    await first.close();

    const second = await Library.open(config, 0, clock, same);
    const known = second.known(source);
    expect(known).toMatchObject({ version: 'v1', facts: factsOf() });
    expect(known && second.isFresh(known, askOf(), clock.nowMs())).toBe(false);
    expect(second.alias('request', 'v1')).toBe('made');
    expect(await second.result(ref)).toMatchObject({ from: 'store', result: { bytes: Buffer.from('picture') } });
    expect(second.stats()).toMatchObject({ facts: 1, aliases: 1, memoryEntries: 1, storeEntries: 1 });
    await second.close();
  });

  it('of none keeps results in memory alone', async () => {
    const clock = fakeClock();
    const library = await Library.open(testConfig(), 0, clock, async (_source, version) => ({ same: true, version }));
    library.keep(askOf(), made(), library.purges, clock.nowMs());
    expect(await library.result(ref)).toMatchObject({ from: 'memory' });
    expect(library.stats()).toMatchObject({ memoryEntries: 1, storeEntries: 0, storeBytes: 0 });
    await library.close();
  });
});
