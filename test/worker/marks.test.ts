import { describe, expect, it } from 'vitest';
import type { JobOrder } from '../../src/ipc/order.ts';
import type { Plan } from '../../src/plan/plan.ts';
import { handleJob } from '../../src/worker/handle-job.ts';
import { type Bench, headerOf, holdBack, never, openBench, picture, planOf, put, settle } from './fakes.ts';

const marked = (key: string, view: Plan['view'] = 'image'): Plan => ({
  ...planOf(view),
  steps: [
    {
      op: 'watermark',
      asset: { ns: 'photos', key },
      gravity: 'se',
      dx: 0,
      dy: 0,
      opacity: 100,
      scalePercent: 0,
    },
  ],
});

const ask = (bench: Bench, change: Partial<JobOrder> = {}) =>
  handleJob(bench.order('a', { plan: marked('logo'), ...change }), null, never, bench.deps);

async function benchWith(mark: Buffer | null): Promise<Bench> {
  const bench = await openBench();
  put(bench, 'a', picture(600, 400));
  if (mark) put(bench, 'logo', mark, { version: 'v7' });
  return bench;
}

describe('a plan that draws another original', () => {
  it('fetches both at once, and tells the facts of both', async () => {
    const bench = await benchWith(picture(30, 20));
    const answer = ask(bench);
    await settle();
    expect(bench.store.opened).toEqual(['a', 'logo']);
    bench.engine.running[0]?.finish();
    const { report } = await answer;
    expect(report).toMatchObject({
      version: 'v1',
      marks: [{ source: { ns: 'photos', key: 'logo' }, facts: { version: 'v7', header: headerOf(30, 20) } }],
      error: null,
    });
  });

  it('resolves with the mark among the assets, and draws its bytes', async () => {
    const bench = await benchWith(picture(30, 20));
    const seen: unknown[] = [];
    const { resolve, runPicture } = bench.engine;
    const engine = {
      ...bench.engine,
      resolve: (...[plan, header, context]: Parameters<typeof resolve>) => {
        seen.push(context.assets['photos:logo']);
        return resolve(plan, header, context);
      },
      runPicture: (...[source, resolved, context]: Parameters<typeof runPicture>) => {
        seen.push(Buffer.from(context.assets.get('photos:logo') ?? []).toString('latin1', 0, 10));
        return runPicture(source, resolved, context);
      },
    };
    const answer = handleJob(bench.order('a', { plan: marked('logo') }), null, never, { ...bench.deps, engine });
    await settle();
    bench.engine.running[0]?.finish();
    await answer;
    expect(seen[0]).toMatchObject({ version: 'v7', width: 30, height: 20, from: { format: 'jpeg', pixels: 600 } });
    expect(seen.at(-1)).toBe('PIC 30x20;');
  });

  it('waits for the mark, which stays in its place until the picture is made', async () => {
    const bench = await benchWith(picture(30, 20));
    const goOn = holdBack(bench, 'logo', 10);
    const answer = ask(bench);
    await settle();
    expect(bench.engine.running).toHaveLength(0);
    goOn();
    await settle();
    expect(bench.engine.running).toHaveLength(1);
    expect(bench.buffer.usage.pinnedBytes).toBe(2000);
    bench.engine.running[0]?.finish();
    (await answer).release();
    expect(bench.buffer.usage.pinnedBytes).toBe(0);
  });

  it('keeps the mark in its place when everybody has left a picture that is being made', async () => {
    const bench = await benchWith(picture(30, 20));
    const asker = new AbortController();
    const answer = handleJob(bench.order('a', { plan: marked('logo') }), null, asker.signal, bench.deps);
    await settle();
    asker.abort();
    await answer;
    expect(bench.buffer.usage.pinnedBytes).toBe(2000);
    bench.engine.running[0]?.finish();
    await settle();
    expect(bench.buffer.usage.pinnedBytes).toBe(0);
  });

  it.each([
    ['is missing', null],
    ['is no picture', Buffer.from('text')],
    ['is too large', picture(5000, 4000)],
  ])('is refused where the mark %s, which says nothing of its source', async (_why, mark) => {
    const bench = await benchWith(mark);
    const { report, release } = await ask(bench);
    release();
    expect(report).toMatchObject({ error: { code: 'mark_unusable' }, result: null });
    expect(report.error?.detail).toMatch(/^Mark 1: /);
    expect(report.error?.detail).not.toContain('logo');
    expect(bench.engine.running).toHaveLength(0);
    expect(bench.buffer.usage.pinnedBytes).toBe(0);
  });

  it('is refused where the namespace of the mark is gone', async () => {
    const bench = await benchWith(null);
    const plan = marked('logo');
    const steps = plan.steps.map((step) => ({ ...step, asset: { ns: 'gone', key: 'logo' } }) as (typeof plan.steps)[0]);
    expect((await ask(bench, { plan: { ...plan, steps } })).report.error?.code).toBe('mark_unusable');
  });

  it('waits for the version that the lb knows, whatever is held', async () => {
    const bench = await benchWith(picture(30, 20));
    const first = ask(bench);
    await settle();
    bench.engine.running[0]?.finish();
    await first;
    put(bench, 'logo', picture(40, 20), { version: 'v8' });
    const second = ask(bench, { markVersions: ['v8'] });
    await settle();
    bench.engine.running[1]?.finish();
    expect((await second).report.marks).toMatchObject([{ facts: { version: 'v8', header: { width: 40 } } }]);
  });

  it('leaves nothing unheard where only the second mark has no namespace', async () => {
    const bench = await benchWith(picture(30, 20));
    const plan = marked('logo');
    const [step] = plan.steps;
    const gone = { ...step, asset: { ns: 'gone', key: 'x' } } as (typeof plan.steps)[0];
    const { report } = await ask(bench, { plan: { ...plan, steps: [...plan.steps, gone] } });
    expect(report.error?.code).toBe('mark_unusable');
    expect(bench.store.opened).not.toContain('logo');
  });

  it('is explained with it, and told of without it', async () => {
    const bench = await benchWith(picture(30, 20));
    expect((await ask(bench, { plan: marked('logo', 'explain') })).report).toMatchObject({ marks: [{}], error: null });
    const without = await benchWith(null);
    expect((await ask(without, { plan: marked('logo', 'info') })).report.error).toBeNull();
  });
});
