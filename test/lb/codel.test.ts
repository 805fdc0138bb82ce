import { describe, expect, it } from 'vitest';
import { Codel } from '../../src/lb/codel.ts';

const targetMs = 50;

/** Feeds waits that leave the queue every `everyMs`; gives how many were shed. */
function feed(codel: Codel, waits: readonly number[], everyMs: number, startMs = 0): number {
  return waits.filter((waitMs, at) => codel.shouldShed(waitMs, targetMs, startMs + at * everyMs)).length;
}

describe('controlled delay', () => {
  it('sheds nothing while waits stay under the target', () => {
    expect(feed(new Codel(), Array(1000).fill(49), 5)).toBe(0);
  });

  it('lets a burst through that drains within an interval, however long its last job waited', () => {
    expect(
      feed(
        new Codel(),
        Array.from({ length: 40 }, (_, at) => at * 10),
        10,
      ),
    ).toBe(0);
  });

  it('sheds what waited over twice the target once the delay stands', () => {
    const codel = new Codel();
    feed(codel, Array(200).fill(300), 10);
    expect(codel.overloaded).toBe(true);
    expect(codel.shouldShed(300, targetMs, 2000)).toBe(true);
    expect(codel.shouldShed(100, targetMs, 2001)).toBe(false);
  });

  it('is satisfied by one job in an interval that hardly waited', () => {
    const codel = new Codel();
    feed(codel, Array(200).fill(300), 10);
    codel.shouldShed(1, targetMs, 2600);
    codel.shouldShed(300, targetMs, 3700);
    expect(codel.overloaded).toBe(false);
  });

  it('does not call the very first interval overloaded before it is over', () => {
    expect(new Codel().shouldShed(10_000, targetMs, 1)).toBe(false);
  });
});
