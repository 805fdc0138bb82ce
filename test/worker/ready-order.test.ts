import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ageingMsPerMs, compareReady, effectiveMs, type ReadyJob } from '../../src/worker/ready-order.ts';

const job: fc.Arbitrary<ReadyJob> = fc.record({
  predictedMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
  readyAtMs: fc.integer({ min: 0, max: 100_000 }),
});

describe('ready order', () => {
  it('puts the cheapest first among those that came together', () => {
    const jobs = [30, 5, 12].map((predictedMs) => ({ predictedMs, readyAtMs: 0 }));
    expect([...jobs].sort(compareReady(10)).map(({ predictedMs }) => predictedMs)).toEqual([5, 12, 30]);
  });

  it('puts the longer waiting first among equals', () => {
    const jobs = [
      { predictedMs: 5, readyAtMs: 9 },
      { predictedMs: 5, readyAtMs: 3 },
    ];
    expect([...jobs].sort(compareReady(10))[0]?.readyAtMs).toBe(3);
  });

  it('makes a job cheaper the longer it waits', () => {
    fc.assert(
      fc.property(job, fc.integer({ min: 1, max: 60_000 }), (one, laterMs) => {
        const nowMs = one.readyAtMs + 1;
        expect(effectiveMs(one, nowMs + laterMs)).toBeLessThan(effectiveMs(one, nowMs));
      }),
    );
  });

  it('starves nobody: after its own price in waiting a job goes before every newcomer', () => {
    fc.assert(
      fc.property(job, fc.double({ min: 0, max: 60_000, noNaN: true }), (old, newcomerMs) => {
        const nowMs = old.readyAtMs + old.predictedMs / ageingMsPerMs + 1;
        const newcomer = { predictedMs: newcomerMs, readyAtMs: nowMs };
        expect(compareReady(nowMs)(old, newcomer)).toBeLessThan(0);
      }),
    );
  });

  it('is an order: antisymmetric and transitive', () => {
    fc.assert(
      fc.property(job, job, job, (a, b, c) => {
        const compare = compareReady(100_000);
        expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a))).toBe(0);
        if (compare(a, b) <= 0 && compare(b, c) <= 0) expect(compare(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('reads a price that is not a number as nothing', () => {
    expect(effectiveMs({ predictedMs: Number.NaN, readyAtMs: 5 }, 5)).toBe(0);
  });
});
