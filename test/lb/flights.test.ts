import { describe, expect, it } from 'vitest';
import { Flights } from '../../src/lb/flights.ts';
import type { Job, JobOutcome } from '../../src/lb/job.ts';
import { PileusError } from '../../src/shared/errors.ts';

const failed = (): JobOutcome => ({ ok: false, error: new PileusError('undecodable'), report: null, slot: null });
const queued = (): Job => ({ stage: { at: 'queued' } }) as unknown as Job;

describe('flights', () => {
  it('starts one job for many equal requests and gives all of them its outcome, failures too', async () => {
    const flights = new Flights();
    let started = 0;
    let settle: (outcome: JobOutcome) => void = () => {};
    const memberships = Array.from({ length: 1000 }, () =>
      flights.join('key', 1000, (settleFlight) => {
        started++;
        settle = settleFlight;
        return queued();
      }),
    );
    expect(started).toBe(1);
    expect(memberships.filter((each) => each.joined)).toHaveLength(999);
    const outcome = failed();
    settle(outcome);
    expect(await Promise.all(memberships.map((each) => each.outcome))).toEqual(Array(1000).fill(outcome));
    expect(flights.size).toBe(0);
  });

  it('bounds its waiters', () => {
    const flights = new Flights();
    for (let at = 0; at < 3; at++) flights.join('key', 3, queued);
    expect(() => flights.join('key', 3, queued)).toThrow(expect.objectContaining({ code: 'overloaded' }));
  });

  it('tells only the last one who leaves, once', () => {
    const flights = new Flights();
    const one = flights.join('key', 10, queued);
    const two = flights.join('key', 10, queued);
    expect([one.leave(), one.leave(), two.leave(), two.leave()]).toEqual([false, false, true, false]);
  });

  it('keeps nothing of a job that was refused', () => {
    const flights = new Flights();
    const refuse = (): Job => {
      throw new PileusError('overloaded');
    };
    expect(() => flights.join('key', 10, refuse)).toThrow();
    expect(flights.size).toBe(0);
  });

  it('does not let a late outcome end the next flight of its key', () => {
    const flights = new Flights();
    const settlers: ((outcome: JobOutcome) => void)[] = [];
    const start = (settle: (outcome: JobOutcome) => void): Job => {
      settlers.push(settle);
      return queued();
    };
    flights.join('key', 10, start);
    settlers[0]?.(failed());
    flights.join('key', 10, start);
    settlers[0]?.(failed());
    expect(flights.size).toBe(1);
  });
});
