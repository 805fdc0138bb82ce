import { describe, expect, it } from 'vitest';
import { bootFailuresAfter, isHopeless, minUptimeMs, respawnDelayMs } from '../../src/master/respawn-policy.ts';
import { seededRng } from '../../src/shared/rng.ts';

const middle = () => 0.5;

describe('respawn policy', () => {
  it.each([
    [0, 0],
    [1, 100],
    [2, 200],
    [3, 400],
    [7, 6400],
    [8, 10_000],
    [1000, 10_000],
  ])('after %i failed starts waits %i ms', (failures, ms) => {
    expect(respawnDelayMs(failures, middle)).toBe(ms);
  });

  it('spreads the wait by a fifth at most, so that places do not fill in step', () => {
    const rng = seededRng(1);
    const waits = Array.from({ length: 200 }, () => respawnDelayMs(4, rng));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(640);
    expect(Math.max(...waits)).toBeLessThanOrEqual(960);
    expect(new Set(waits).size).toBeGreaterThan(50);
  });

  it('counts deaths before ready, and right after it', () => {
    expect(bootFailuresAfter(2, null)).toBe(3);
    expect(bootFailuresAfter(2, minUptimeMs - 1)).toBe(3);
  });

  it('starts afresh once a child has proven that it can run', () => {
    expect(bootFailuresAfter(7, minUptimeMs)).toBe(0);
  });

  it('gives up after too many failed starts, but only when nobody serves', () => {
    expect(isHopeless(5, 5, 0)).toBe(true);
    expect(isHopeless(4, 5, 0)).toBe(false);
    expect(isHopeless(500, 5, 1)).toBe(false);
  });
});
