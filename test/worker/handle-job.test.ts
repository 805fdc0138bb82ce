import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobOrder } from '../../src/ipc/order.ts';
import { msToNs } from '../../src/shared/clock.ts';
import { PileusError } from '../../src/shared/errors.ts';
import { KiB } from '../../src/shared/units.ts';
import { handleJob, type JobAnswer } from '../../src/worker/handle-job.ts';
import type { CarriedSource } from '../../src/worker/job-story.ts';
import {
  type Bench,
  defaultOptions,
  headerOf,
  holdBack,
  never,
  openBench,
  picture,
  planOf,
  put,
  settle,
} from './fakes.ts';

/** 600 x 400 costs 240 ms by the fake engine, 1000 x 1000 costs a second: heavy. */
const light = picture(600, 400);
const heavy = picture(1000, 1000);

const ask = (bench: Bench, key: string, change: Partial<JobOrder> = {}, asker = never) =>
  handleJob(bench.order(key, change), null, asker, bench.deps);

/** Asks, and lets the picture be made as soon as it runs. */
async function serve(bench: Bench, key: string, change: Partial<JobOrder> = {}): Promise<JobAnswer> {
  const before = bench.engine.running.length;
  const answer = ask(bench, key, change);
  await settle();
  bench.engine.running[before]?.finish();
  return answer;
}

const types = (bench: Bench) => bench.told.map(({ type }) => type);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('an order', () => {
  it('becomes a picture, with everything that the lb has to know', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    const { report, body } = await serve(bench, 'a');
    expect(Buffer.from(body as Uint8Array).toString()).toBe('result');
    expect(report).toMatchObject({
      version: 'v1',
      facts: { version: 'v1', bytes: 1000, header: headerOf(600, 400) },
      result: { derivation: 'v1-100x100', contentType: 'image/jpeg', extension: 'jpg', width: 100, height: 100 },
      redirect: null,
      error: null,
      cost: { predictedMs: 240, costPixels: 240_000 },
      joined: false,
      sourceHit: false,
    });
    expect(report.load).toMatchObject({ fetching: 0, ready: 0, running: 0, pixelsInFlight: 0, bufferBytesPinned: 0 });
  });

  it('is announced to the master before libvips sees the picture, and called ended after', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    let letGo: () => void = () => {};
    const deps = {
      ...bench.deps,
      tellMaster: (fact: (typeof bench.told)[number], onSent: () => void = () => {}) => {
        bench.told.push(fact);
        letGo = onSent;
      },
    };
    const answer = handleJob(bench.order('a'), null, never, deps);
    await settle();
    expect(types(bench)).toEqual(['job-started']);
    expect(bench.engine.running).toHaveLength(0);
    letGo();
    await settle();
    expect(bench.engine.running).toHaveLength(1);
    bench.engine.running[0]?.finish();
    await answer;
    expect(types(bench)).toEqual(['job-started', 'job-ended']);
    expect(bench.told[0]).toMatchObject({
      subject: { ns: 'photos', key: 'a', version: 'v1', operation: 'class' },
      pixels: 240_000,
      predictedMs: 240,
      hardMs: 10_000,
    });
  });

  it('takes the source from the buffer the second time, and says so', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    await serve(bench, 'a');
    const { report } = await serve(bench, 'a', { plan: planOf('image', 50) });
    expect(report.sourceHit).toBe(true);
    expect(bench.store.opened).toEqual(['a']);
  });

  it('says when the origin was last asked: as the fetch began, or as it confirmed what was held', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    const beganMs = bench.clock.nowMs();
    const goOn = holdBack(bench, 'a', 100);
    const first = ask(bench, 'a');
    await settle();
    bench.clock.advance(500);
    goOn();
    await settle();
    bench.engine.running[0]?.finish();
    expect((await first).report).toMatchObject({ sourceHit: false, checkedAtMs: beganMs });

    expect((await serve(bench, 'a')).report).toMatchObject({ sourceHit: true, checkedAtMs: beganMs });

    bench.clock.advance(defaultOptions.sourceFreshMs);
    const askedMs = bench.clock.nowMs();
    expect((await serve(bench, 'a')).report).toMatchObject({ sourceHit: true, checkedAtMs: askedMs });
  });

  it('of a source without a version says nothing of when it was checked', async () => {
    const bench = await openBench();
    expect((await ask(bench, 'missing')).report).toMatchObject({ version: null, checkedAtMs: null });
  });

  it('teaches the cost model what it took', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    const answer = ask(bench, 'a');
    await settle();
    bench.clock.advance(77);
    bench.engine.running[0]?.finish();
    expect((await answer).report).toMatchObject({ cost: { actualMs: 77 }, phases: { processMs: 77 } });
    expect(bench.engine.learned).toEqual([77]);
  });

  it.each([
    ['an unknown namespace', { source: { ns: 'other', key: 'a' } }, 'not_found'],
    ['a missing source', {}, 'source_not_found'],
    ['a deadline that has passed', { deadlineNs: 1 }, 'request_deadline'],
  ])('with %s is an error', async (_name, change, code) => {
    const bench = await openBench();
    const { report } = await ask(bench, 'missing', change);
    expect(report.error?.code).toBe(code);
    expect(types(bench)).toEqual([]);
  });

  it('over a limit is refused by its header, and its download ends', async () => {
    const bench = await openBench({ sourcePixelsMax: 1000 }, 400 * KiB);
    put(bench, 'a', picture(600, 400, 200 * KiB));
    holdBack(bench, 'a', 64 * KiB);
    const { report } = await ask(bench, 'a');
    expect(report.error?.code).toBe('source_too_many_pixels');
    await settle();
    expect(bench.store.closed).toEqual(['a']);
  });

  it('that fails carries facts and version, so that the failure can be remembered', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    const answer = ask(bench, 'a');
    await settle();
    bench.engine.running[0]?.fail(new PileusError('undecodable'));
    const { report } = await answer;
    expect(report).toMatchObject({ error: { code: 'undecodable' }, facts: { version: 'v1' }, version: 'v1' });
    expect(bench.told.at(-1)).toMatchObject({ type: 'job-ended', outcome: 'failed' });
  });

  it('given up by the soft deadline is told apart', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    const answer = ask(bench, 'a');
    await settle();
    bench.engine.running[0]?.fail(new PileusError('processing_deadline'));
    expect((await answer).report.error?.code).toBe('processing_deadline');
    expect(bench.told.at(-1)).toMatchObject({ type: 'job-ended', outcome: 'soft-deadline' });
  });

  it('names the version of what is no picture', async () => {
    const bench = await openBench();
    put(bench, 'a', Buffer.from('<html>'));
    const { report } = await ask(bench, 'a');
    expect(report).toMatchObject({ error: { code: 'not_an_image' }, facts: null, version: 'v1' });
  });

  it('does not wait for the CPU place beyond its deadline', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    put(bench, 'b', light, { version: 'b1' });
    const first = ask(bench, 'a');
    await settle();
    const second = ask(bench, 'b', { deadlineNs: msToNs(bench.clock.nowMs() + 200) });
    await settle();
    vi.advanceTimersByTime(200);
    expect((await second).report.error?.code).toBe('request_deadline');
    expect(bench.deps.gate.waitingCount).toBe(0);
    bench.engine.running[0]?.finish();
    expect((await first).report.result).not.toBeNull();
    await settle();
    expect(bench.engine.running).toHaveLength(1);
  });
});

describe('a picture that has started', () => {
  it('is answered after the deadline of all who wait for it, so that it can be kept', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    const deadlineNs = msToNs(bench.clock.nowMs() + 200);
    const first = ask(bench, 'a', { deadlineNs });
    const second = ask(bench, 'a', { deadlineNs });
    await settle();
    expect(bench.engine.running).toHaveLength(1);
    vi.advanceTimersByTime(200);
    await settle();
    bench.engine.running[0]?.finish();
    const reports = [(await first).report, (await second).report];
    expect(reports.map(({ error }) => error)).toEqual([null, null]);
    expect(reports.map(({ joined }) => joined)).toEqual([false, true]);
  });
});

describe('views', () => {
  it('info needs no CPU place, and not the whole source', async () => {
    const bench = await openBench({}, 400 * KiB);
    put(bench, 'a', picture(600, 400, 200 * KiB));
    holdBack(bench, 'a', 64 * KiB);
    const { report, body } = await ask(bench, 'a', { plan: planOf('info') });
    const info = JSON.parse(Buffer.from(body as Uint8Array).toString());
    expect(info).toMatchObject({ format: 'jpeg', width: 600, height: 400, frames: 1, bytes: 200 * KiB, quality: 80 });
    expect(info.version).not.toContain('v1');
    expect(report.result).toMatchObject({ contentType: 'application/json', width: 600, height: 400 });
    expect(types(bench)).toEqual([]);
  });

  it('explain says what would be done, and does not do it', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    const { body } = await ask(bench, 'a', { plan: planOf('explain', 100) });
    expect(JSON.parse(Buffer.from(body as Uint8Array).toString())).toMatchObject({
      resolved: { width: 100 },
      cost: { ms: 240 },
    });
    expect(types(bench)).toEqual([]);
  });

  it('average is a picture to the CPU place and to the master, and JSON to the asker', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    const { body, report } = await ask(bench, 'a', { plan: planOf('average') });
    expect(JSON.parse(Buffer.from(body as Uint8Array).toString())).toEqual({ hex: '7f7f7f' });
    expect(report.result?.contentType).toBe('application/json');
    expect(types(bench)).toEqual(['job-started', 'job-ended']);
  });
});

describe('measures', () => {
  it('are a picture to the CPU place and to the master, and teach nothing of what pictures cost', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    const { body, report } = await ask(bench, 'a', { plan: planOf('measured') });
    expect(JSON.parse(Buffer.from(body as Uint8Array).toString())).toEqual({ blurhash: '00TI:j' });
    expect(report.result?.contentType).toBe('application/json');
    expect(types(bench)).toEqual(['job-started', 'job-ended']);
    expect(bench.engine.learned).toEqual([]);
  });

  it('are told in the words of the grammar that asked', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    const reportOf = (members: string) => ({ as: 'imgproxy/info', args: { members } });
    const asked = [reportOf('size'), reportOf('bands')].map((report) =>
      ask(bench, 'a', { plan: { ...planOf('measured'), report } }),
    );
    const said = (await Promise.all(asked)).map(({ body }) => JSON.parse(Buffer.from(body as Uint8Array).toString()));
    expect(said.map((each) => Object.keys(each))).toEqual([
      ['size', 'blurhash'],
      ['bands', 'blurhash'],
    ]);
  });
});

describe('the sum that a source must have', () => {
  const sumOf = (bytes: Buffer) => ({ hash: 'md5', hex: createHash('md5').update(bytes).digest('hex') }) as const;
  const whole = picture(600, 400, 200 * KiB);
  const another = picture(600, 400, 200 * KiB, 'y');

  it.each([
    ['info', { details: true }],
    ['info', {}],
    ['measured', {}],
  ] as const)('holds for the view %s, with the report %j', async (view, more) => {
    const bench = await openBench({}, 400 * KiB);
    put(bench, 'a', whole);
    const report = { as: 'imgproxy/info', args: { members: 'size' }, ...more };
    const plan = { ...planOf(view), report };
    const right = await ask(bench, 'a', { plan: { ...plan, expects: sumOf(whole) } });
    expect(JSON.parse(Buffer.from(right.body as Uint8Array).toString())).toMatchObject({ size: 200 * KiB });
    const measure = vi.spyOn(bench.engine, 'runMeasure');
    const wrong = await ask(bench, 'a', { plan: { ...plan, expects: sumOf(another) } });
    expect(wrong.report).toMatchObject({ result: null, error: { code: 'source_mismatch' } });
    expect(measure).not.toHaveBeenCalled();
  });

  it('holds for what we tell in our own words', async () => {
    const bench = await openBench({}, 400 * KiB);
    put(bench, 'a', whole);
    const asked = (bytes: Buffer) => ask(bench, 'a', { plan: { ...planOf('info'), expects: sumOf(bytes) } });
    expect((await asked(another)).report.error?.code).toBe('source_mismatch');
    const { body } = await asked(whole);
    expect(JSON.parse(Buffer.from(body as Uint8Array).toString())).toMatchObject({ format: 'jpeg' });
  });
});

describe('equal orders', () => {
  it('share one picture, whichever keys of the request they came from', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    const first = ask(bench, 'a');
    const second = ask(bench, 'a');
    await settle();
    expect(bench.engine.running).toHaveLength(1);
    bench.engine.running[0]?.finish();
    const reports = [(await first).report, (await second).report];
    expect(reports.map(({ joined }) => joined)).toEqual([false, true]);
    expect(reports.map(({ cost }) => cost === null)).toEqual([false, true]);
    expect(types(bench)).toEqual(['job-started', 'job-ended']);
  });

  it('go on for the one that stays when the first leaves', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    put(bench, 'b', light, { version: 'b1' });
    const blocker = ask(bench, 'b');
    await settle();
    const leaver = new AbortController();
    const first = ask(bench, 'a', {}, leaver.signal);
    const second = ask(bench, 'a');
    await settle();
    leaver.abort();
    expect((await first).report.error?.code).toBe('client_gone');
    bench.engine.running[0]?.finish();
    await settle();
    bench.engine.running[1]?.finish();
    expect((await second).report.result).not.toBeNull();
    await blocker;
  });
});

describe('a client that leaves', () => {
  it('takes a job that has not started with it', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    put(bench, 'b', light, { version: 'b1' });
    const first = ask(bench, 'a');
    await settle();
    const leaver = new AbortController();
    const second = ask(bench, 'b', {}, leaver.signal);
    await settle();
    leaver.abort();
    expect((await second).report.error?.code).toBe('client_gone');
    bench.engine.running[0]?.finish();
    await first;
    await settle();
    expect(bench.engine.running).toHaveLength(1);
    expect(bench.buffer.usage.pinnedBytes).toBe(0);
  });

  it('does not stop a picture that is being made: it is finished, and counts', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    const leaver = new AbortController();
    const answer = ask(bench, 'a', {}, leaver.signal);
    await settle();
    leaver.abort();
    expect((await answer).report.error?.code).toBe('client_gone');
    expect(bench.deps.inside.load().running).toBe(1);
    bench.engine.running[0]?.finish();
    await settle();
    expect(bench.deps.inside.done).toBe(1);
    expect(bench.engine.learned).toHaveLength(1);
    expect(bench.told.at(-1)).toMatchObject({ type: 'job-ended', outcome: 'ok' });
  });

  it('never frees the bytes that libvips still reads, whatever presses on the buffer', async () => {
    const bench = await openBench({}, 2500);
    const bytes = picture(600, 400, 1000, 'a');
    put(bench, 'a', bytes);
    const leaver = new AbortController();
    const answer = ask(bench, 'a', {}, leaver.signal);
    await settle();
    leaver.abort();
    (await answer).release();
    for (let round = 0; round < 10; round++) {
      put(bench, `b${round}`, picture(600, 400, 1400, 'b'));
      await ask(bench, `b${round}`, { plan: planOf('info') });
      await settle();
    }
    const pressing = await ask(bench, 'b0', { plan: planOf('info') });
    expect(pressing.report.result).not.toBeNull();
    put(bench, 'big', picture(600, 400, 2000, 'c'));
    expect((await ask(bench, 'big')).report.redirect?.reason).toBe('buffer_full');

    const [running] = bench.engine.running;
    expect(Buffer.from(running?.source ?? []).equals(bytes)).toBe(true);
    running?.finish();
    await settle();
    expect(bench.buffer.usage.pinnedBytes).toBe(0);
    expect((await ask(bench, 'big', { plan: planOf('info') })).report.result).not.toBeNull();
  });
});

describe('a redirect', () => {
  it('while draining comes before any work', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    bench.isDraining = true;
    const { report, body } = await ask(bench, 'a');
    expect(report.redirect).toEqual({ reason: 'draining', carries: false });
    expect(body).toBeNull();
    expect(bench.store.opened).toEqual([]);
  });

  it('while draining does not meet a job that must run here: no other worker would take it', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    bench.isDraining = true;
    bench.deps.gate.close();
    expect((await serve(bench, 'a', { mustRun: true })).report.result).not.toBeNull();
  });

  it('says that the buffer cannot take the source; with no redirect left that is an overload', async () => {
    const bench = await openBench({}, 500);
    put(bench, 'a', light);
    expect((await ask(bench, 'a')).report.redirect?.reason).toBe('buffer_full');
    const { report } = await ask(bench, 'a', { mustRun: true });
    expect(report.error).toMatchObject({ code: 'overloaded', retryAfterS: 1 });
  });

  it('by the header of a heavy picture that was announced as light ends its download', async () => {
    const bench = await openBench({}, 400 * KiB);
    put(bench, 'a', picture(1000, 1000, 200 * KiB));
    holdBack(bench, 'a', 64 * KiB);
    const { report, body } = await ask(bench, 'a');
    expect(report).toMatchObject({
      redirect: { reason: 'heavier_than_announced', carries: false },
      facts: { version: 'v1', header: { width: 1000 } },
      cost: { predictedMs: 1000 },
    });
    expect(body).toBeNull();
    await settle();
    expect(bench.store.closed).toEqual(['a']);
  });

  it('after the fetch carries the bytes, and keeps them until they are sent', async () => {
    const bench = await openBench();
    put(bench, 'a', heavy);
    const { report, body, release } = await ask(bench, 'a');
    expect(report.redirect).toEqual({ reason: 'heavier_than_announced', carries: true });
    expect(Buffer.from(body as Uint8Array).equals(heavy)).toBe(true);
    expect(bench.buffer.usage.pinnedBytes).toBe(1000);
    release();
    expect(bench.buffer.usage.pinnedBytes).toBe(0);
  });

  it.each([
    ['announced', { predictedMs: 900 }],
    ['granted', { heavyGranted: true }],
    ['that must run', { mustRun: true }],
  ])('does not meet a heavy job %s', async (_name, change) => {
    const bench = await openBench();
    put(bench, 'a', heavy);
    expect((await serve(bench, 'a', change)).report.result).not.toBeNull();
  });

  it('meets a heavy job whose turn comes while light ones wait', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    put(bench, 'b', light, { version: 'b1' });
    put(bench, 'heavy', heavy, { version: 'h1' });
    const first = ask(bench, 'a');
    await settle();
    const big = ask(bench, 'heavy', { heavyGranted: true });
    await settle();
    bench.clock.advance(5000);
    const small = ask(bench, 'b');
    await settle();
    bench.engine.running[0]?.finish();
    await first;
    const { report, release } = await big;
    expect(report).toMatchObject({
      redirect: { reason: 'heavy_before_light', carries: true },
      phases: { waitMs: 5000 },
    });
    release();
    await settle();
    bench.engine.running[1]?.finish();
    expect((await small).report.result).not.toBeNull();
  });

  it('meets a job whose decoder would not fit beside what the process holds, unless it must run', async () => {
    const bench = await openBench({ workerRssMax: 100_000 });
    put(bench, 'a', light);
    bench.rssBytes = 60_000;
    bench.engine.memoryBytes = 40_001;
    const { report, release } = await ask(bench, 'a');
    expect(report.redirect).toEqual({ reason: 'memory_full', carries: true });
    release();
    expect((await serve(bench, 'a', { mustRun: true })).report.result).not.toBeNull();
    bench.engine.memoryBytes = 40_000;
    expect((await serve(bench, 'a')).report.result).not.toBeNull();
  });

  it('meets what waits when the worker begins to drain; what runs is finished', async () => {
    const bench = await openBench();
    put(bench, 'a', light);
    put(bench, 'b', light, { version: 'b1' });
    const first = ask(bench, 'a');
    await settle();
    const second = ask(bench, 'b');
    await settle();
    bench.isDraining = true;
    bench.deps.gate.close();
    const { report, release } = await second;
    expect(report.redirect).toEqual({ reason: 'draining', carries: true });
    release();
    bench.engine.running[0]?.finish();
    expect((await first).report.result).not.toBeNull();
  });
});

describe('a source that came with the order', () => {
  const carry = (bytes: Buffer, chunkBytes = bytes.length): CarriedSource => {
    let at = 0;
    return {
      facts: { version: 'v9', bytes: bytes.length, header: headerOf(600, 400), modifiedMs: null },
      checkedAtMs: null,
      original: {
        stat: { version: 'v9', bytes: bytes.length, modifiedMs: null, same: false },
        read: async (into) => {
          const count = bytes.copy(into, 0, at, at + chunkBytes);
          at += count;
          return count;
        },
        close: async () => {},
      },
      isUntouched: () => at === 0,
    };
  };

  it('is used without asking the origin', async () => {
    const bench = await openBench();
    const answer = handleJob(bench.order('a'), carry(light), never, bench.deps);
    await settle();
    bench.engine.running[0]?.finish();
    expect((await answer).report).toMatchObject({ version: 'v9', sourceHit: false });
    expect(bench.store.opened).toEqual([]);
  });

  it('goes back whole when the header shows that it should run elsewhere', async () => {
    const bench = await openBench({}, 400 * KiB);
    const bytes = picture(1000, 1000, 200 * KiB);
    const answer = await handleJob(bench.order('a'), carry(bytes, 64 * KiB), never, bench.deps);
    expect(answer.report.redirect).toEqual({ reason: 'heavier_than_announced', carries: true });
    expect(Buffer.from(answer.body as Uint8Array).equals(bytes)).toBe(true);
    answer.release();
  });

  it('is passed on unread when this worker cannot take it', async () => {
    const full = await openBench({}, 500);
    const refused = await handleJob(full.order('a'), carry(light), never, full.deps);
    expect([refused.report.redirect, refused.body]).toEqual([{ reason: 'buffer_full', carries: true }, 'carried']);
    expect(refused.report.facts?.version).toBe('v9');

    const leaving = await openBench();
    leaving.isDraining = true;
    const sent = await handleJob(leaving.order('a'), carry(light), never, leaving.deps);
    expect([sent.report.redirect, sent.body]).toEqual([{ reason: 'draining', carries: true }, 'carried']);
  });
});

describe('what would take longer than a picture may', () => {
  it('is not begun, and is no strike', async () => {
    const bench = await openBench({ hardMs: 500 });
    put(bench, 'a', heavy);
    const { report } = await ask(bench, 'a', { mustRun: true });
    expect(report).toMatchObject({ error: { code: 'too_costly' }, result: null });
    expect([bench.engine.running, types(bench)]).toEqual([[], []]);
    expect((await ask(bench, 'a', { plan: planOf('explain') })).report.error).toBeNull();
  });
});
