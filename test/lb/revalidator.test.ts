import { describe, expect, it } from 'vitest';
import type { RevalidateAnswer, RevalidateOrder } from '../../src/ipc/order.ts';
import type { Front } from '../../src/lb/front.ts';
import { openRevalidator } from '../../src/lb/revalidator.ts';
import { PileusError } from '../../src/shared/errors.ts';
import { fakeClock } from '../helpers/fake-clock.ts';
import { testConfig } from '../master/test-config.ts';

type Asked = Readonly<{
  order: RevalidateOrder;
  resolve: (answer: RevalidateAnswer) => void;
  reject: (reason: unknown) => void;
}>;

function rig(workers = 1) {
  const clock = fakeClock();
  const asked: Asked[] = [];
  const client = {
    revalidate: (order: RevalidateOrder) =>
      new Promise<RevalidateAnswer>((resolve, reject) => asked.push({ order, resolve, reject })),
  };
  const front = {
    clock,
    config: testConfig(),
    nextRequestId: () => 'id',
    dispatcher: { anyBackend: () => (workers === 0 ? null : { client }) },
  } as unknown as Front;
  return { clock, asked, revalidate: openRevalidator(front) };
}

const at = (key: string, ns = 'photos') => ({ ns, key });
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => (error as PileusError).code,
  );

describe('revalidation', () => {
  it('asks a worker, with a deadline', async () => {
    const { asked, clock, revalidate } = rig();
    const answer = revalidate(at('a'), 'v1');
    const deadlineNs = Math.round((clock.nowMs() + testConfig().options.fetchTotalMs) * 1e6);
    expect(asked[0]?.order).toMatchObject({ source: at('a'), knownVersion: 'v1', deadlineNs, configRevision: 1 });
    asked[0]?.resolve({ same: false, version: 'v2' });
    expect(await answer).toEqual({ same: false, version: 'v2' });
  });

  it('asks once for all who ask at the same time, and anew afterwards', async () => {
    const { asked, revalidate } = rig();
    const answers = [revalidate(at('a'), 'v1'), revalidate(at('a'), 'v1')];
    expect(asked).toHaveLength(1);
    asked[0]?.resolve({ same: true, version: 'v1' });
    expect(await Promise.all(answers)).toHaveLength(2);
    void revalidate(at('a'), 'v1');
    expect(asked).toHaveLength(2);
  });

  it('hands on what the origin says, and takes a dead worker for no answer', async () => {
    const { asked, revalidate } = rig();
    const gone = codeOf(revalidate(at('a'), 'v1'));
    asked[0]?.reject(new PileusError('source_not_found'));
    expect(await gone).toBe('source_not_found');
    const dead = codeOf(revalidate(at('b'), 'v1'));
    asked[1]?.reject(new Error('other side closed'));
    expect(await dead).toBe('no_worker');
  });

  it('has no answer without a worker', async () => {
    expect(await codeOf(rig(0).revalidate(at('a'), 'v1'))).toBe('no_worker');
  });

  it('is bounded for each namespace, so that an origin that hangs leaves room for the others', async () => {
    const { asked, revalidate } = rig();
    for (let index = 0; index < 128; index++) revalidate(at(`${index}`, 'hung'), 'v1').catch(() => {});
    expect(await codeOf(revalidate(at('one more', 'hung'), 'v1'))).toBe('overloaded');
    const other = revalidate(at('a', 'good'), 'v1');
    asked.at(-1)?.resolve({ same: true, version: 'v1' });
    expect(await other).toEqual({ same: true, version: 'v1' });
    asked[0]?.reject(new PileusError('origin_timeout'));
    await new Promise((resolve) => setImmediate(resolve));
    revalidate(at('again', 'hung'), 'v1').catch(() => {});
    expect(asked.at(-1)?.order.source).toEqual(at('again', 'hung'));
  });

  it('is bounded in all', async () => {
    const { revalidate } = rig();
    for (let index = 0; index < 1024; index++) revalidate(at(`${index}`, `ns${index % 16}`), 'v1').catch(() => {});
    expect(await codeOf(revalidate(at('a', 'other'), 'v1'))).toBe('overloaded');
  });
});
