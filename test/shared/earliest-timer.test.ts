import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EarliestTimer } from '../../src/shared/earliest-timer.ts';

describe('earliest timer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const timerOf = () => {
    const times: number[] = [];
    const startMs = performance.now();
    const timer = new EarliestTimer({ nowMs: () => performance.now() }, () => times.push(performance.now() - startMs));
    return { timer, times };
  };

  it('calls back once, at the earliest time that was asked for', () => {
    const { timer, times } = timerOf();
    for (const ms of [500, 100, 300]) timer.wakeIn(ms);
    vi.advanceTimersByTime(1000);
    expect(times).toEqual([102]);
  });

  it('can be asked again when it has called back', () => {
    const { timer, times } = timerOf();
    timer.wakeIn(100);
    vi.advanceTimersByTime(200);
    timer.wakeIn(400);
    vi.advanceTimersByTime(1000);
    expect(times).toEqual([102, 602]);
  });
});
