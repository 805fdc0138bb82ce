import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Offers } from '../../src/worker/offers.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const bytes = Buffer.from('source');

it('keeps an offer for its taker, once', () => {
  const offers = new Offers();
  const release = vi.fn();
  offers.put('j', { bytes, release });
  expect(offers.take('j')?.bytes).toBe(bytes);
  expect(offers.take('j')).toBeNull();
  vi.advanceTimersByTime(60_000);
  expect(release).not.toHaveBeenCalled();
});

it('lets an offer go that nobody takes', async () => {
  const offers = new Offers();
  const release = vi.fn();
  offers.put('j', { bytes, release });
  const none = offers.whenNone();
  vi.advanceTimersByTime(2000);
  await none;
  expect(release).toHaveBeenCalledOnce();
  expect(offers.take('j')).toBeNull();
});
