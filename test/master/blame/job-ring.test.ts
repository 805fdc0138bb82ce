import { describe, expect, it } from 'vitest';
import { JobRing } from '../../../src/master/blame/job-ring.ts';
import { jobStarted } from '../table.ts';

describe('job ring', () => {
  it('tells how each job ended', () => {
    const ring = new JobRing(10);
    ring.started(0, 1, jobStarted('a'), 100);
    ring.started(1, 2, jobStarted('b'), 110);
    ring.ended(1, { type: 'job-ended', jobId: 'a', outcome: 'ok' }, 150);
    expect(ring.jobs.map(({ jobId, outcome, endedAtMs }) => [jobId, outcome, endedAtMs])).toEqual([
      ['a', 'ok', 150],
      ['b', null, null],
    ]);
  });

  it('ends what a dead worker had started and not ended, and nothing else', () => {
    const ring = new JobRing(10);
    ring.started(0, 1, jobStarted('done'), 0);
    ring.ended(1, { type: 'job-ended', jobId: 'done', outcome: 'failed' }, 1);
    ring.started(0, 1, jobStarted('open'), 2);
    ring.started(1, 2, jobStarted('other'), 3);
    ring.died(1, 9);
    expect(ring.jobs.map(({ jobId, outcome }) => [jobId, outcome])).toEqual([
      ['done', 'failed'],
      ['open', 'died'],
      ['other', null],
    ]);
  });

  it('keeps a retried job apart from its first try', () => {
    const ring = new JobRing(10);
    ring.started(0, 1, jobStarted('a'), 0);
    ring.died(1, 1);
    ring.started(1, 2, jobStarted('a'), 2);
    ring.ended(2, { type: 'job-ended', jobId: 'a', outcome: 'ok' }, 3);
    expect(ring.jobs.map(({ generation, outcome }) => [generation, outcome])).toEqual([
      [1, 'died'],
      [2, 'ok'],
    ]);
  });

  it('keeps the newest and no more than it may', () => {
    const ring = new JobRing(3);
    for (const jobId of ['a', 'b', 'c', 'd', 'e']) {
      ring.started(0, 1, jobStarted(jobId), 0);
      ring.ended(1, { type: 'job-ended', jobId, outcome: 'ok' }, 0);
    }
    expect(ring.jobs.map(({ jobId }) => jobId)).toEqual(['c', 'd', 'e']);
  });

  it('never forgets what still runs, whatever comes after it', () => {
    const ring = new JobRing(3);
    ring.started(0, 1, jobStarted('hung'), 0);
    for (let count = 0; count < 10; count += 1) {
      const nowMs = count * 30_000;
      ring.started(1, 2, jobStarted(`j${count}`), nowMs);
      ring.ended(2, { type: 'job-ended', jobId: `j${count}`, outcome: 'ok' }, nowMs);
    }
    expect(ring.jobs.map(({ jobId }) => jobId)).toEqual(['hung', 'j8', 'j9']);
  });

  it('forgets what ended more than a minute ago', () => {
    const ring = new JobRing(10);
    ring.started(0, 1, jobStarted('old'), 0);
    ring.ended(1, { type: 'job-ended', jobId: 'old', outcome: 'ok' }, 1);
    ring.started(0, 1, jobStarted('young'), 60_002);
    expect(ring.jobs.map(({ jobId }) => jobId)).toEqual(['young']);
  });

  it('ignores the end of a job that it does not know', () => {
    const ring = new JobRing(3);
    ring.ended(1, { type: 'job-ended', jobId: 'a', outcome: 'ok' }, 3);
    expect(ring.jobs).toEqual([]);
  });
});
