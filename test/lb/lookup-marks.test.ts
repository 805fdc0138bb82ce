import { describe, expect, it } from 'vitest';
import type { Ask } from '../../src/lb/ask.ts';
import type { Revalidate } from '../../src/lb/library.ts';
import { lookUp } from '../../src/lb/lookup.ts';
import { QuarantineView } from '../../src/lb/quarantine-view.ts';
import { PileusError } from '../../src/shared/errors.ts';
import { testConfig } from '../master/test-config.ts';
import { askOf, factsOf, openLibrary, planOf, reportOf, source } from './kit.ts';

const logo = { ns: 'photos', key: 'logo.png' };
const freshMs = testConfig().options.sourceFreshMs;
const plan = planOf({
  steps: [{ op: 'watermark', asset: logo, gravity: 'se', dx: 0, dy: 0, opacity: 100, scalePercent: 0 }],
});
const ask: Ask = askOf({ plan, marks: [logo] });

/** A worker has made the picture with this version of the mark. */
async function rig(revalidate?: Revalidate) {
  const opened = await openLibrary(revalidate);
  const { clock, library } = opened;
  const find = (over: Partial<Ask> = {}) => lookUp({ ...ask, ...over }, library, new QuarantineView(), clock.nowMs());
  const make = (markVersion: string): void => {
    const marks = [{ source: logo, facts: factsOf(markVersion), checkedAtMs: clock.nowMs() }];
    const report = { ...reportOf(), marks };
    library.noteReport({ source, operation: 'webp' }, report, clock.nowMs());
    library.keep(ask, { ok: true, bytes: Buffer.from('picture'), report, slot: 0 }, library.purges, clock.nowMs());
  };
  return { ...opened, find, make };
}

describe('looking up a picture with a mark', () => {
  it('finds it while both are known, and asks nobody', async () => {
    const { find, make, asked } = await rig();
    make('m1');
    expect(await find()).toMatchObject({ kind: 'hit', etag: '"made"' });
    expect(await find({ ifNoneMatch: '"made"' })).toMatchObject({ kind: 'not-modified' });
    expect(asked).toEqual([]);
  });

  it('does not find it under another version of the mark', async () => {
    const { find, make, library, clock } = await rig();
    make('m1');
    library.noteFetched(logo, factsOf('m2'), clock.nowMs() + 1);
    expect(await find()).toMatchObject({ kind: 'miss', version: 'v1', madeOf: 'v1\nm2' });
  });

  it('asks the origins of both when that is due', async () => {
    const { find, make, clock, asked } = await rig();
    make('m1');
    clock.advance(freshMs + 1);
    expect(await find()).toMatchObject({ kind: 'hit' });
    expect(asked).toEqual(['v1', 'm1']);
  });

  it('sees that the mark has changed, though the source has not', async () => {
    const { find, make, clock } = await rig(async (ref, version) =>
      ref.key === logo.key ? { same: false, version: 'm2' } : { same: true, version },
    );
    make('m1');
    clock.advance(freshMs + 1);
    expect(await find()).toMatchObject({ kind: 'miss', version: 'v1', madeOf: null });
  });

  it('leaves it to the job to say what is wrong with a mark', async () => {
    const { find, make, clock } = await rig(async (ref, version) => {
      if (ref.key === logo.key) throw new PileusError('source_not_found');
      return { same: true, version };
    });
    make('m1');
    clock.advance(freshMs + 1);
    expect(await find()).toMatchObject({ kind: 'miss', version: 'v1', madeOf: null });
  });

  it('remembers a failure of the source alone, though the mark is known by now', async () => {
    const { find, make, library, clock } = await rig();
    const report = { ...reportOf(), result: null };
    const error = new PileusError('not_an_image');
    library.keep(ask, { ok: false, error, report, slot: 0 }, library.purges, clock.nowMs());
    make('m1');
    library.noteFetched(logo, factsOf('m2'), clock.nowMs() + 1);
    expect(await find()).toMatchObject({ kind: 'refused', error: { code: 'not_an_image' } });
  });

  it('asks no origin of a mark while its source is not known', async () => {
    const { find, library, clock, asked } = await rig();
    library.noteFetched(logo, factsOf('m1'), clock.nowMs());
    clock.advance(freshMs + 1);
    expect(await find()).toMatchObject({ kind: 'miss', version: null, madeOf: null });
    expect(asked).toEqual([]);
  });

  it('takes a mark that was drawn for one that is there', async () => {
    const { make, library, clock } = await rig();
    library.noteMissing(logo);
    make('m1');
    expect(library.missing(logo, ask, clock.nowMs())).toBeNull();
  });

  it('is unmodified since a time only if the mark is as well', async () => {
    const { find, make } = await rig();
    make('m1');
    const isUnmodified = ({ version }: { version: string }): boolean => version === 'v1';
    expect(await find({ isUnmodified })).toMatchObject({ kind: 'hit' });
    expect(await find({ isUnmodified: () => true })).toMatchObject({ kind: 'not-modified', etag: null });
  });
});
