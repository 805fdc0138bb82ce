import { describe, expect, it } from 'vitest';
import type { QuarantineEntry } from '../../src/ipc/messages.ts';
import type { Ask } from '../../src/lb/ask.ts';
import { lookUp } from '../../src/lb/lookup.ts';
import { tryResolve } from '../../src/lb/prices.ts';
import { QuarantineView } from '../../src/lb/quarantine-view.ts';
import { derivation } from '../../src/plan/derivation.ts';
import { PileusError } from '../../src/shared/errors.ts';
import { namespace, testConfig } from '../master/test-config.ts';
import {
  askOf,
  configWith,
  factsOf,
  type LibraryRig,
  openLibrary,
  planOf,
  reportOf,
  resultOf,
  source,
  storedOf,
} from './kit.ts';

const freshMs = testConfig().options.sourceFreshMs;

const jailOf = (over: Partial<QuarantineEntry> = {}): QuarantineEntry => ({
  ...source,
  scope: 'source',
  version: 'v1',
  operation: null,
  untilMs: Number.POSITIVE_INFINITY,
  strikes: 2,
  ...over,
});

async function rig(revalidate?: Parameters<typeof openLibrary>[0], jailed: readonly QuarantineEntry[] = []) {
  const opened: LibraryRig = await openLibrary(revalidate);
  const quarantine = new QuarantineView();
  quarantine.replace(jailed, []);
  const find = (over: Partial<Ask> = {}) => lookUp(askOf(over), opened.library, quarantine, opened.clock.nowMs());
  /** A worker has answered: facts, alias and result are kept. */
  const make = (over: Partial<Ask> = {}): void => {
    const { clock, library } = opened;
    const report = reportOf();
    library.noteReport({ source, operation: 'webp' }, report, clock.nowMs());
    library.keep(
      askOf(over),
      { ok: true, bytes: Buffer.from('picture'), report, slot: 0 },
      library.purges,
      clock.nowMs(),
    );
  };
  return { ...opened, quarantine, find, make };
}

const code = (error: PileusError['code']) => ({ kind: 'refused', error: expect.objectContaining({ code: error }) });

describe('looking up', () => {
  it('misses what nothing is known of, without asking anybody', async () => {
    const { find, asked, store } = await rig();
    expect(await find()).toEqual({ kind: 'miss', version: null, facts: null });
    expect([asked, store.gets]).toEqual([[], []]);
  });

  it('finds what was made, in memory, with the ETag of its derivation', async () => {
    const { find, make, asked, store } = await rig();
    make();
    const found = await find();
    expect(found).toMatchObject({ kind: 'hit', from: 'memory', etag: '"made"' });
    expect([asked, store.gets]).toEqual([[], []]);
  });

  it('answers a known ETag before it touches memory or store', async () => {
    const { find, make, library, store } = await rig();
    make();
    await library.purge({ by: 'namespace', ns: 'other' });
    expect(await find({ ifNoneMatch: '"none", W/"made"' })).toEqual({ kind: 'not-modified', etag: '"made"' });
    expect(await find({ ifNoneMatch: '"none"' })).toMatchObject({ kind: 'hit' });
    expect(store.gets).toEqual([]);
  });

  it('knows the ETag of what is not there any more: a 304 needs no bytes', async () => {
    const { find, library, clock } = await rig();
    library.noteReport({ source, operation: 'webp' }, reportOf(), clock.nowMs());
    library.noteAlias(askOf(), 'v1', 'gone');
    expect(await find({ ifNoneMatch: '"gone"' })).toEqual({ kind: 'not-modified', etag: '"gone"' });
    expect(await find()).toEqual({ kind: 'miss', version: 'v1', facts: factsOf() });
  });

  it('goes to the store for what memory has not, and to memory the next time', async () => {
    const { find, library, clock, store } = await rig();
    library.noteReport({ source, operation: 'webp' }, reportOf(), clock.nowMs());
    library.noteAlias(askOf(), 'v1', 'stored');
    store.put({ ...source, derivation: 'stored' }, storedOf());
    expect(await find()).toMatchObject({ kind: 'hit', from: 'store', etag: '"stored"' });
    expect(await find()).toMatchObject({ kind: 'hit', from: 'memory' });
    expect(store.gets).toEqual([{ ...source, derivation: 'stored' }]);
  });

  it('finds by the header what another URL has made', async () => {
    const { find, library, clock, store } = await rig();
    library.noteReport({ source, operation: 'webp' }, reportOf(), clock.nowMs());
    const resolved = tryResolve(planOf(), factsOf().header, testConfig(), namespace);
    if (!resolved) throw new Error('not resolved');
    const key = derivation('v1', resolved);
    store.put({ ...source, derivation: key }, storedOf());
    expect(await find({ requestKey: 'another spelling' })).toMatchObject({ kind: 'hit', etag: `"${key}"` });
    expect(library.alias('another spelling', 'v1')).toBe(key);
  });

  it('purges with a preset what the long form made and the short form found', async () => {
    const { find, make, library } = await rig();
    make({ presets: [] });
    expect(await find({ presets: ['card'] })).toMatchObject({ kind: 'hit' });
    expect(await library.purge({ by: 'preset', preset: 'card' })).toBe(1);
    expect(await find({ presets: [] })).toMatchObject({ kind: 'miss' });
  });

  it('does not derive what is no picture', async () => {
    const { find, library, clock, store } = await rig();
    library.noteReport({ source, operation: 'info' }, reportOf(), clock.nowMs());
    expect(await find({ plan: planOf({ view: 'info' }) })).toMatchObject({ kind: 'miss' });
    expect(store.gets).toEqual([]);
  });

  it('does not find the result of another version', async () => {
    const { find, make, library, clock } = await rig();
    make();
    clock.advance(1);
    library.noteReport({ source, operation: 'webp' }, reportOf({ version: 'v2', facts: factsOf('v2') }), clock.nowMs());
    expect(await find({ ifNoneMatch: '"made"' })).toMatchObject({ kind: 'miss', version: 'v2' });
  });
});

describe('what is known of a source', () => {
  it('is believed for sourceFreshMs, and then confirmed by its origin before it is served', async () => {
    const { find, make, clock, asked } = await rig();
    make();
    clock.advance(freshMs - 1);
    expect(await find()).toMatchObject({ kind: 'hit' });
    expect(asked).toEqual([]);
    clock.advance(1);
    expect(await find()).toMatchObject({ kind: 'hit', from: 'memory' });
    expect(asked).toEqual(['v1']);
    clock.advance(freshMs - 1);
    await find();
    expect(asked).toEqual(['v1']);
  });

  it('is believed as long as its namespace says', async () => {
    const { find, make, asked } = await rig();
    make();
    const config = configWith({ limits: { sourceFreshMs: 0 } });
    const impatient = { ...namespace, limits: { sourceFreshMs: 0 } };
    await find({ config, namespace: impatient });
    expect(asked).toEqual(['v1']);
  });

  it('is no 304 before its origin has confirmed it', async () => {
    const { find, make, clock } = await rig(async () => ({ same: false, version: 'v2' }));
    make();
    clock.advance(freshMs);
    expect(await find({ ifNoneMatch: '"made"' })).toEqual({ kind: 'miss', version: 'v2', facts: null });
  });

  it.each(['origin_timeout', 'origin_failed', 'overloaded'] as const)(
    'is not served when its origin cannot confirm it: %s',
    async (said) => {
      const { find, make, clock, library } = await rig(() => Promise.reject(new PileusError(said)));
      make();
      clock.advance(freshMs);
      await expect(find()).rejects.toMatchObject({ code: said });
      expect(library.known(source)).toMatchObject({ version: 'v1' });
    },
  );

  it('is left to a job when no worker is there to confirm it', async () => {
    const { find, make, clock } = await rig(() => Promise.reject(new PileusError('no_worker')));
    make();
    clock.advance(freshMs);
    expect(await find({ ifNoneMatch: '"made"' })).toMatchObject({ kind: 'miss', version: 'v1' });
  });

  it('is forgotten when its origin says that it is gone, and then believed to be missing', async () => {
    const { find, make, clock, asked } = await rig(() => Promise.reject(new PileusError('source_not_found')));
    make();
    clock.advance(freshMs);
    await expect(find()).rejects.toMatchObject({ code: 'source_not_found' });
    expect(await find()).toMatchObject(code('source_not_found'));
    expect(asked).toEqual(['v1']);
    clock.advance(testConfig().options.missingFreshMs);
    expect(await find()).toEqual({ kind: 'miss', version: null, facts: null });
  });
});

describe('a failure', () => {
  it('is remembered for its class of plans and its version, for failureFreshMs', async () => {
    const { find, library, clock } = await rig();
    const report = reportOf({ result: null });
    library.noteReport({ source, operation: 'webp' }, report, clock.nowMs());
    const error = new PileusError('undecodable', { detail: 'why' });
    library.keep(askOf(), { ok: false, error, report, slot: 0 }, library.purges, clock.nowMs());
    expect(await find()).toEqual({
      kind: 'refused',
      error: expect.objectContaining({ code: 'undecodable', detail: 'why' }),
    });
    expect(await find({ requestKey: 'other' })).toMatchObject({ kind: 'refused' });
    expect(await find({ requestKey: 'other', operation: 'other' })).toMatchObject({ kind: 'miss' });
    clock.advance(testConfig().options.failureFreshMs);
    expect(await find()).toMatchObject({ kind: 'miss', version: 'v1' });
  });

  it('is not told of another version', async () => {
    const { find, library, clock } = await rig();
    const report = reportOf({ result: null });
    library.noteReport({ source, operation: 'webp' }, report, clock.nowMs());
    library.keep(
      askOf(),
      { ok: false, error: new PileusError('undecodable'), report, slot: 0 },
      library.purges,
      clock.nowMs(),
    );
    clock.advance(1);
    library.noteReport({ source, operation: 'webp' }, reportOf({ version: 'v2', facts: factsOf('v2') }), clock.nowMs());
    expect(await find()).toMatchObject({ kind: 'miss', version: 'v2' });
  });

  it('of the source itself holds for every request', async () => {
    const { find, library, clock } = await rig();
    const report = reportOf({ result: null, facts: null });
    library.noteReport({ source, operation: 'webp' }, report, clock.nowMs());
    library.keep(
      askOf(),
      { ok: false, error: new PileusError('not_an_image'), report, slot: 0 },
      library.purges,
      clock.nowMs(),
    );
    expect(await find({ requestKey: 'other' })).toMatchObject(code('not_an_image'));
  });

  it('comes after a result: what was made once is served', async () => {
    const { find, make, library, clock } = await rig();
    make();
    const report = reportOf({ result: null });
    library.keep(
      askOf(),
      { ok: false, error: new PileusError('undecodable'), report, slot: 0 },
      library.purges,
      clock.nowMs(),
    );
    expect(await find()).toMatchObject({ kind: 'hit' });
  });
});

describe('the quarantine', () => {
  it('refuses what would have to be made', async () => {
    const { find, library, clock } = await rig(undefined, [jailOf()]);
    library.noteReport({ source, operation: 'webp' }, reportOf(), clock.nowMs());
    expect(await find()).toMatchObject(code('quarantined'));
  });

  it('refuses a source of which nothing is known, and has its origin asked for the next request', async () => {
    const { find, asked } = await rig(undefined, [jailOf()]);
    expect(await find()).toMatchObject(code('quarantined'));
    expect(asked).toEqual(['v1']);
  });

  it('comes after results: what is stored is served, and a 304 too', async () => {
    const { find, make } = await rig(undefined, [jailOf()]);
    make();
    expect(await find()).toMatchObject({ kind: 'hit' });
    expect(await find({ ifNoneMatch: '"made"' })).toMatchObject({ kind: 'not-modified' });
  });

  it('comes before remembered failures', async () => {
    const { find, library, clock } = await rig(undefined, [jailOf()]);
    const report = reportOf({ result: null });
    library.noteReport({ source, operation: 'webp' }, report, clock.nowMs());
    library.keep(
      askOf(),
      { ok: false, error: new PileusError('undecodable'), report, slot: 0 },
      library.purges,
      clock.nowMs(),
    );
    expect(await find()).toMatchObject(code('quarantined'));
  });

  it('of one operation leaves the others alone', async () => {
    const { find, library, clock } = await rig(undefined, [jailOf({ scope: 'operation', operation: 'avif' })]);
    library.noteReport({ source, operation: 'webp' }, reportOf(), clock.nowMs());
    expect(await find({ operation: 'avif' })).toMatchObject(code('quarantined'));
    expect(await find({ operation: 'webp' })).toMatchObject({ kind: 'miss' });
  });

  it('does not wait for the origin of a stale source, but has it asked', async () => {
    let answer: () => void = () => {};
    const never = new Promise<never>((_resolve, reject) => {
      answer = () => reject(new Error('too late'));
    });
    const { find, library, clock, asked } = await rig(() => never, [jailOf()]);
    library.noteReport({ source, operation: 'webp' }, reportOf(), clock.nowMs());
    clock.advance(freshMs);
    expect(await find()).toMatchObject(code('quarantined'));
    expect(asked).toEqual(['v1']);
    answer();
  });

  it('ends with the version that it holds', async () => {
    const { find, library, clock } = await rig(async () => ({ same: false, version: 'v2' }), [jailOf()]);
    library.noteReport({ source, operation: 'webp' }, reportOf(), clock.nowMs());
    clock.advance(freshMs);
    expect(await find()).toMatchObject(code('quarantined'));
    expect(await find()).toEqual({ kind: 'miss', version: 'v2', facts: null });
  });
});

describe('a missing source', () => {
  it('comes before everything else', async () => {
    const { find, make, library, clock } = await rig(undefined, [jailOf()]);
    make();
    library.noteMissing(source);
    expect(await find({ ifNoneMatch: '"made"' })).toMatchObject(code('source_not_found'));
    clock.advance(testConfig().options.missingFreshMs);
    expect(await find()).toMatchObject(code('quarantined'));
  });

  it('is there again as soon as a worker has seen it', async () => {
    const { find, library, clock } = await rig();
    library.noteMissing(source);
    library.noteReport({ source, operation: 'webp' }, reportOf({ result: resultOf() }), clock.nowMs());
    expect(await find()).toMatchObject({ kind: 'miss', version: 'v1' });
  });
});
