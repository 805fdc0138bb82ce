import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Admission, type AdmissionConfig } from '../../src/lb/admission.ts';
import type { Job } from '../../src/lb/job.ts';

const config: AdmissionConfig = {
  queueJobsMax: 5,
  queueBytesMax: 10_000,
  queueWaitMsMax: 1000,
  codelTargetMs: 50,
  requestMs: 15_000,
};
type Over = { ms?: number; heavy?: boolean; bytes?: number; enqueuedAtMs?: number; ns?: string; key?: string };
const job = (jobId: string, over: Over = {}): Job =>
  ({
    jobId,
    source: { ns: over.ns ?? 'photos', key: over.key ?? jobId },
    sourceId: `${over.ns ?? 'photos'}/${over.key ?? jobId}`,
    enqueuedAtMs: over.enqueuedAtMs ?? 0,
    isHeld: false,
    heldUntilMs: 0,
    attempt: 0,
    price: { ms: over.ms ?? 10, costPixels: 1, heavy: over.heavy ?? false, known: true, bytes: over.bytes ?? 100 },
  }) as unknown as Job;
const order = (admission: Admission): string[] => [...admission.candidates(100)].map((each) => each.jobId);

describe('admission', () => {
  it('refuses beyond its jobs, with a time to come again', () => {
    const admission = new Admission();
    for (let at = 0; at < 5; at++) admission.enter(job(`j${at}`), 2, 0, config);
    expect(() => admission.enter(job('one more'), 2, 0, config)).toThrow(
      expect.objectContaining({ code: 'overloaded', retryAfterS: 1 }),
    );
  });

  it('refuses beyond its bytes', () => {
    const admission = new Admission();
    admission.enter(job('a', { bytes: 9_000 }), 2, 0, config);
    expect(() => admission.enter(job('b', { bytes: 1_001 }), 2, 0, config)).toThrow(
      expect.objectContaining({ code: 'overloaded' }),
    );
  });

  it('refuses when the predicted wait is too long, and says how long', () => {
    const admission = new Admission();
    admission.enter(job('a', { ms: 4000 }), 2, 0, config);
    expect(() => admission.enter(job('b'), 2, 0, config)).toThrow(expect.objectContaining({ retryAfterS: 2 }));
    expect(() => new Admission().enter(job('b'), 2, 2001, config)).toThrow(
      expect.objectContaining({ code: 'overloaded' }),
    );
  });

  describe('with jobs that wait for their origin', () => {
    const hung = (count: number): Admission => {
      const admission = new Admission();
      for (let at = 0; at < count; at++)
        admission.enter(job(`j${at}`, { ms: 900, ns: 'hung', key: 'a' }), 2, 0, config);
      return admission;
    };

    it('counts them for their own namespace or source, and for nobody else', () => {
      for (const held of ['hung', 'hung/a']) {
        expect(() => hung(3).enter(job('b', { ns: 'hung', key: 'a' }), 2, 0, config, [held])).toThrow(
          expect.objectContaining({ code: 'overloaded' }),
        );
        expect(() => hung(3).enter(job('c', { ns: 'other' }), 2, 0, config, [held])).not.toThrow();
      }
      expect(() => hung(3).enter(job('c', { ns: 'other' }), 2, 0, config)).toThrow();
    });

    it('counts them against the jobs and bytes of the queue all the same', () => {
      const admission = hung(3);
      admission.enter(job('d', { ns: 'other' }), 2, 0, config, ['hung']);
      admission.enter(job('e', { ns: 'other' }), 2, 0, config, ['hung']);
      expect(() => admission.enter(job('f', { ns: 'other' }), 2, 0, config, ['hung'])).toThrow();
    });

    it('looks past any number of them', () => {
      const admission = hung(3);
      admission.enter(job('d', { ns: 'other' }), 2, 0, config, ['hung']);
      const isHeld = (each: Job) => each.source.ns === 'hung';
      expect([...admission.candidates(1, isHeld)].map(({ jobId }) => jobId)).toEqual(['d']);
    });
  });

  it('sheds for what a job waited here, not for what it waited for its origin', () => {
    const shed = (heldForMs: number): readonly boolean[] => {
      const admission = new Admission();
      return [5000, 10_000, 15_000, 20_000].map((nowMs) =>
        admission.shouldShed(
          { ...job('j', { enqueuedAtMs: nowMs - 4000 }), heldUntilMs: nowMs - 4000 + heldForMs } as Job,
          1,
          nowMs,
          config,
        ),
      );
    };
    expect(shed(0)).toEqual([false, true, true, true]);
    expect(shed(3990)).toEqual([false, false, false, false]);
  });

  it('lets heavy jobs wait as long as they can still end in time', () => {
    const admission = new Admission();
    const heavy = { heavy: true, ms: 2000 };
    for (const id of ['a', 'b', 'c', 'd', 'e']) admission.enter(job(id, heavy), 2, 0, config);
    const tooLong = new Admission();
    for (const id of ['a', 'b', 'c', 'd']) tooLong.enter(job(id, { heavy: true, ms: 2500 }), 2, 0, config);
    expect(() => tooLong.enter(job('e', { heavy: true, ms: 2500 }), 2, 0, config)).toThrow(
      expect.objectContaining({ code: 'overloaded' }),
    );
  });

  it('lets a heavy job try that is thought to take too long, when nobody stands before it', () => {
    const admission = new Admission();
    admission.enter(job('huge', { heavy: true, ms: 60_000 }), 2, 0, config);
    expect(() => admission.enter(job('next', { heavy: true, ms: 60_000 }), 2, 0, config)).toThrow(
      expect.objectContaining({ code: 'overloaded' }),
    );
  });

  it('tries light jobs by arrival, then heavy ones by cost', () => {
    const admission = new Admission();
    admission.enter(job('dear', { heavy: true, ms: 900 }), 2, 0, config);
    admission.enter(job('first', { enqueuedAtMs: 1 }), 2, 0, config);
    admission.enter(job('cheap', { heavy: true, ms: 300 }), 2, 0, config);
    admission.enter(job('second', { enqueuedAtMs: 2 }), 2, 0, config);
    expect(order(admission)).toEqual(['first', 'second', 'cheap', 'dear']);
  });

  it('gives a job that comes back its old place', () => {
    const admission = new Admission();
    admission.enter(job('later', { enqueuedAtMs: 5 }), 2, 0, config);
    admission.reenter(job('earlier', { enqueuedAtMs: 1 }));
    expect(order(admission)).toEqual(['earlier', 'later']);
  });

  it('does not shed a job that was in a worker already', () => {
    const admission = new Admission();
    const back = job('back');
    (back as { attempt: number }).attempt = 1;
    for (let nowMs = 0; nowMs < 100_000; nowMs += 100)
      admission.shouldShed(job('x', { enqueuedAtMs: nowMs - 5000 }), 10, nowMs, config);
    expect(admission.shouldShed(job('x', { enqueuedAtMs: 95_000 }), 10, 100_000, config)).toBe(true);
    expect(admission.shouldShed(back, 10, 100_000, config)).toBe(false);
  });

  it('counts jobs, bytes and milliseconds to zero again, whatever came and went', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            ms: fc.integer({ min: 1, max: 100 }),
            heavy: fc.boolean(),
            bytes: fc.integer({ min: 0, max: 99 }),
            at: fc.nat(50),
          }),
          { maxLength: 50 },
        ),
        (made) => {
          const admission = new Admission();
          const jobs = made.map((each, index) => job(`j${index}`, { ...each, enqueuedAtMs: each.at }));
          for (const each of jobs) admission.reenter(each);
          expect(admission.bytes).toBe(made.reduce((sum, each) => sum + each.bytes, 0));
          for (const each of jobs) expect(admission.remove(each)).toBe(true);
          expect([
            admission.jobs,
            admission.bytes,
            admission.predictedWaitMs(false, 2, 0),
            admission.predictedWaitMs(true, 2, 0),
          ]).toEqual([0, 0, 0, 0]);
        },
      ),
    );
  });
});
