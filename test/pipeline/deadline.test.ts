import { describe, expect, it } from 'vitest';
import { secondsLeft } from '../../src/pipeline/deadline.ts';
import { isPileusError } from '../../src/shared/errors.ts';

const left = (leftMs: number): number =>
  secondsLeft({ atMs: 5000 + leftMs, clock: { nowMs: () => 5000, wallMs: () => 0 } });

describe('the time left to a chain', () => {
  it.each([
    [8000, 8],
    [7999, 8],
    [7400, 7],
    [1100, 1],
    [1, 1],
    [9e9, 3600],
  ])('%i ms are %i s', (ms, seconds) => {
    expect(left(ms)).toBe(seconds);
  });

  it.each([0, -1])('%i ms are too late', (ms) => {
    try {
      left(ms);
      expect.unreachable();
    } catch (error) {
      expect(isPileusError(error) && error.code).toBe('processing_deadline');
    }
  });
});
