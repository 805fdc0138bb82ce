import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Obituary } from '../../src/ipc/messages.ts';
import { Obituaries } from '../../src/lb/obituaries.ts';

const obituary = (generation: number): Obituary => ({ slot: 0, generation, exit: 'crashed', startedJobIds: [] });

describe('obituaries', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are told at once when the master spoke first', () => {
    const obituaries = new Obituaries(250);
    obituaries.note(obituary(1));
    const heard: unknown[] = [];
    obituaries.await(0, 1, (said) => heard.push(said));
    expect(heard).toEqual([obituary(1)]);
  });

  it('reach everybody who waits, once', () => {
    vi.useFakeTimers();
    const obituaries = new Obituaries(250);
    const heard: unknown[] = [];
    for (let at = 0; at < 3; at++) obituaries.await(0, 1, (said) => heard.push(said));
    obituaries.note(obituary(1));
    vi.advanceTimersByTime(1000);
    expect(heard).toEqual([obituary(1), obituary(1), obituary(1)]);
  });

  it('are not waited for longer than the limit, and not mixed up between generations', () => {
    vi.useFakeTimers();
    const obituaries = new Obituaries(250);
    const heard: unknown[] = [];
    obituaries.await(0, 2, (said) => heard.push(said));
    obituaries.note(obituary(1));
    vi.advanceTimersByTime(249);
    expect(heard).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(heard).toEqual([null]);
  });
});
