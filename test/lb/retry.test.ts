import { describe, expect, it } from 'vitest';
import type { ExitClass, Obituary } from '../../src/ipc/messages.ts';
import { afterDeath } from '../../src/lb/retry.ts';
import { RetryBudget } from '../../src/lb/retry-budget.ts';

const rich = { tryWithdraw: () => true };
const poor = { tryWithdraw: () => false };
const obituary = (exit: ExitClass, startedJobIds: string[] = ['j']): Obituary => ({
  slot: 0,
  generation: 1,
  exit,
  startedJobIds,
});
const job = { jobId: 'j', retries: 0, deaths: 0, inside: 'ready' as const };

describe('after a worker died', () => {
  it.each<[ExitClass, string]>([
    ['deadline', 'processing_deadline'],
    ['crashed', 'retry-alone'],
    ['killed', 'retry-alone'],
    ['oom-suspected', 'retry-alone'],
    ['stuck', 'retry-alone'],
    ['recycled', 'requeue'],
    ['drained', 'requeue'],
    ['clean', 'requeue'],
  ])('a started job of a worker that ended as %s: %s', (exit, expected) => {
    const verdict = afterDeath(job, obituary(exit), { retriesMax: 1 }, rich);
    expect(verdict.do === 'fail' ? verdict.error.code : verdict.do).toBe(expected);
  });

  it('requeues a job that had not started, free, whatever killed the worker', () => {
    expect(afterDeath(job, obituary('crashed', ['other']), { retriesMax: 1 }, poor)).toMatchObject({ do: 'requeue' });
    expect(afterDeath(job, obituary('deadline', []), { retriesMax: 0 }, poor)).toMatchObject({ do: 'requeue' });
  });

  it.each<[ExitClass, number, string]>([
    ['crashed', 0, 'requeue'],
    ['crashed', 1, 'retry-alone'],
    ['crashed', 2, 'worker_crashed'],
    ['killed', 2, 'worker_crashed'],
    ['oom-suspected', 2, 'worker_crashed'],
    ['stuck', 2, 'worker_crashed'],
    ['recycled', 2, 'requeue'],
    ['drained', 2, 'requeue'],
    ['deadline', 2, 'requeue'],
  ])(
    'a job inside a worker that ended as %s, and inside %d dead ones before, not started: %s',
    (exit, deaths, expected) => {
      const verdict = afterDeath({ ...job, deaths }, obituary(exit, []), { retriesMax: 1 }, poor);
      expect(verdict.do === 'fail' ? verdict.error.code : verdict.do).toBe(expected);
    },
  );

  it('suspects who was inside only where a worker died violently', () => {
    const ended = (exit: ExitClass) => afterDeath(job, obituary(exit, []), { retriesMax: 1 }, poor);
    expect(ended('stuck')).toEqual({ do: 'requeue', suspected: true });
    expect(ended('recycled')).toEqual({ do: 'requeue', suspected: false });
    expect(afterDeath(job, null, { retriesMax: 1 }, poor)).toEqual({ do: 'requeue', suspected: false });
  });

  it('retries once, and not without budget', () => {
    expect(afterDeath({ ...job, retries: 1 }, obituary('crashed'), { retriesMax: 1 }, rich)).toMatchObject({
      do: 'fail',
      error: { code: 'worker_crashed' },
    });
    expect(afterDeath(job, obituary('crashed'), { retriesMax: 1 }, poor)).toMatchObject({
      do: 'fail',
      error: { code: 'worker_crashed' },
    });
  });

  it('goes by the events of the worker when no obituary came', () => {
    expect(afterDeath({ ...job, inside: 'ready' }, null, { retriesMax: 1 }, rich)).toMatchObject({ do: 'requeue' });
    expect(afterDeath({ ...job, inside: 'running' }, null, { retriesMax: 1 }, rich)).toEqual({ do: 'retry-alone' });
  });
});

describe('retry budget', () => {
  it('lets a quiet node retry a few times, then refuses', () => {
    const budget = new RetryBudget(0.1, 10);
    expect(Array.from({ length: 7 }, () => budget.tryWithdraw())).toEqual([true, true, true, true, true, false, false]);
  });

  it('earns one retry per ten jobs and saves no more than its cap', () => {
    const budget = new RetryBudget(0.1, 2);
    for (let jobs = 0; jobs < 1000; jobs++) budget.deposit();
    expect([budget.tryWithdraw(), budget.tryWithdraw(), budget.tryWithdraw()]).toEqual([true, true, false]);
  });
});
