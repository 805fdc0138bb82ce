import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../src/shared/backoff.ts';
import { msToNs, nsToMs, systemClock } from '../../src/shared/clock.ts';
import { Ewma } from '../../src/shared/ewma.ts';
import { RateWindow } from '../../src/shared/rate-window.ts';
import { seededRng } from '../../src/shared/rng.ts';
import { shortHash } from '../../src/shared/short-hash.ts';
import { clamp } from '../../src/shared/units.ts';

describe('back-off', () => {
  const config = { baseMs: 100, factor: 2, capMs: 10_000, jitter: 0.2 };
  const middle = () => 0.5;

  it.each([
    [0, 0],
    [1, 100],
    [2, 200],
    [3, 400],
    [8, 10_000],
    [1000, 10_000],
  ])('after %i failures it is %i ms in the middle', (failures, ms) => {
    expect(backoffMs(failures, config, middle)).toBe(ms);
  });

  it('never leaves its jitter around the exact wait', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer(), (failures, seed) => {
        const exact = backoffMs(failures, config, middle);
        const ms = backoffMs(failures, config, seededRng(seed));
        expect(ms).toBeGreaterThanOrEqual(Math.floor(exact * 0.8));
        expect(ms).toBeLessThanOrEqual(Math.ceil(exact * 1.2));
      }),
    );
  });
});

describe('seeded numbers', () => {
  it('are the same for the same seed and lie in [0, 1)', () => {
    const [one, two] = [seededRng(42), seededRng(42)];
    for (let at = 0; at < 1000; at++) {
      const number = one();
      expect(number).toBe(two());
      expect(number >= 0 && number < 1).toBe(true);
    }
  });

  it('differ between seeds and are spread evenly', () => {
    const rng = seededRng(1);
    const mean = Array.from({ length: 10_000 }, rng).reduce((sum, number) => sum + number, 0) / 10_000;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
    expect(seededRng(1)()).not.toBe(seededRng(2)());
  });
});

describe('weighted mean', () => {
  it('gives what it was made with before the first sample, then the first sample', () => {
    const mean = new Ewma(1000, 7);
    expect(mean.value).toBe(7);
    mean.add(3, 0);
    expect(mean.value).toBe(3);
  });

  it('goes half the way in a half-life', () => {
    const mean = new Ewma(1000, 0);
    mean.add(10, 0);
    mean.add(0, 1000);
    expect(mean.value).toBeCloseTo(5, 10);
  });

  it('stays within its samples and is not moved by what is no number', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: -5, max: 5, noNaN: true }), fc.nat(1000)), { minLength: 1 }),
        (samples) => {
          const mean = new Ewma(100, 0);
          let nowMs = 0;
          for (const [sample, gapMs] of samples) {
            nowMs += gapMs;
            mean.add(sample, nowMs);
          }
          mean.add(Number.NaN, nowMs);
          mean.add(Number.POSITIVE_INFINITY, nowMs);
          expect(Math.abs(mean.value)).toBeLessThanOrEqual(5);
        },
      ),
    );
  });
});

describe('sliding window', () => {
  it('counts what is younger than the window and holds no more than its maximum', () => {
    const window = new RateWindow(1000, 3);
    for (const ms of [0, 400, 800, 900]) window.add(ms);
    expect(window.count(950)).toBe(3);
    expect(window.count(1450)).toBe(2);
    expect(window.count(5000)).toBe(0);
  });
});

describe('clock and units', () => {
  it('goes on, and survives the way through nanoseconds', () => {
    const ms = systemClock.nowMs();
    expect(systemClock.nowMs()).toBeGreaterThanOrEqual(ms);
    expect(nsToMs(msToNs(ms))).toBeCloseTo(ms, 3);
    expect(Number.isSafeInteger(msToNs(ms))).toBe(true);
  });

  it('clamps, and takes what is no number for the least', () => {
    expect([clamp(5, 0, 1), clamp(-5, 0, 1), clamp(Number.NaN, 0, 1)]).toEqual([1, 0, 0]);
  });
});

it('a short hash is the first 128 bits of a SHA-256, in base64url', () => {
  expect(shortHash('')).toBe('47DEQpj8HBSa-_TImW-5JA');
  expect(shortHash(new Uint8Array())).toBe(shortHash(''));
});
