import { describe, expect, it } from 'vitest';
import { Prices, tryResolve } from '../../src/lb/prices.ts';
import { fakeClock } from '../helpers/fake-clock.ts';
import { namespace, testConfig } from '../master/test-config.ts';
import { factsOf, planOf, reportOf } from './kit.ts';

const config = testConfig();
const hugeFacts = () => {
  const facts = factsOf();
  return { ...facts, bytes: 20_000_000, header: { ...facts.header, width: 6000, height: 4000 } };
};
const priced = (prices: Prices, facts: Parameters<Prices['price']>[1]) =>
  prices.price(planOf(), facts, config, namespace);

describe('a price', () => {
  it('of a source that is known is that of its pixels', () => {
    const prices = new Prices(fakeClock());
    const small = priced(prices, factsOf());
    const huge = priced(prices, hugeFacts());
    expect(small).toMatchObject({ known: true, heavy: false, bytes: 100_000 });
    expect(huge).toMatchObject({ known: true, heavy: true, bytes: 20_000_000 });
    expect(huge.ms).toBeGreaterThan(small.ms * 50);
    expect(huge.costPixels).toBeGreaterThan(small.costPixels * 50);
  });

  it('of a source of which nothing is known is the mean, and never heavy', () => {
    const clock = fakeClock();
    const prices = new Prices(clock);
    const before = priced(prices, null);
    expect(before).toMatchObject({ known: false, heavy: false, ms: prices.meanJobMs });
    const cost = { predictedMs: 90, costPixels: 9e6, actualMs: 90 };
    for (let count = 0; count < 200; count++) {
      clock.advance(1000);
      prices.learn(planOf(), reportOf({ cost }), config, namespace);
    }
    const after = priced(prices, null);
    expect(after.ms).toBeCloseTo(90, 0);
    expect(after.costPixels / 9e6).toBeCloseTo(1, 1);
    expect(after.bytes / 100_000).toBeCloseTo(1, 1);
  });

  it('of what cannot be resolved is the mean: the worker says why', () => {
    const prices = new Prices(fakeClock());
    const plan = planOf({ steps: [{ op: 'crop', x: 0, y: 0, width: 10, height: 10 }] as never });
    const facts = factsOf();
    const broken = { ...facts, header: { ...facts.header, width: 0, height: 0 } };
    expect(tryResolve(plan, broken.header, config, namespace)).toBeNull();
    expect(prices.price(plan, broken, config, namespace)).toMatchObject({ heavy: false, ms: prices.meanJobMs });
  });

  it('of what is only looked at is next to nothing: a view of the header, or a source over the limits', () => {
    const prices = new Prices(fakeClock());
    const look = { ms: 1, heavy: false, known: true };
    for (const view of ['info', 'explain'] as const)
      expect(prices.price(planOf({ view }), hugeFacts(), config, namespace)).toMatchObject(look);
    const facts = factsOf();
    const vast = { ...facts, header: { ...facts.header, width: 60_000, height: 60_000 } };
    expect(priced(prices, vast)).toMatchObject(look);
    const long = {
      ...facts,
      header: { ...facts.header, format: 'gif' as const, width: 10, height: 10, frames: 40_000 },
    };
    const frames = planOf({ encode: { format: 'gif' } });
    expect(prices.price(frames, long, config, { ...namespace, animated: true })).toMatchObject(look);
  });

  it('learns from what pictures really took', () => {
    const clock = fakeClock();
    const prices = new Prices(clock);
    const before = priced(prices, factsOf()).ms;
    const cost = { predictedMs: before, costPixels: 1e6, actualMs: before * 3 };
    for (let count = 0; count < 100; count++) {
      clock.advance(1000);
      prices.learn(planOf(), reportOf({ cost }), config, namespace);
    }
    expect(priced(prices, factsOf()).ms / before).toBeCloseTo(3, 1);
  });

  it('learns nothing from what was joined, handed back or refused before it ran', () => {
    const prices = new Prices(fakeClock());
    const before = priced(prices, factsOf()).ms;
    const cost = { predictedMs: before, costPixels: 1e6, actualMs: before * 3 };
    for (const report of [
      reportOf({ cost, joined: true }),
      reportOf({ cost: null }),
      reportOf({ cost: { ...cost, actualMs: 0 } }),
      reportOf({ cost, facts: null }),
    ]) {
      prices.learn(planOf(), report, config, namespace);
    }
    expect(priced(prices, factsOf()).ms).toBe(before);
  });

  it('keeps heavy pictures out of the mean of light ones', () => {
    const clock = fakeClock();
    const prices = new Prices(clock);
    const mean = prices.meanJobMs;
    clock.advance(1000);
    const cost = { predictedMs: 3000, costPixels: 1e9, actualMs: 3000 };
    prices.learn(planOf(), reportOf({ facts: hugeFacts(), cost }), config, namespace);
    expect(prices.meanJobMs).toBe(mean);
  });
});

describe('the price of a picture with a mark', () => {
  const logo = { ns: 'photos', key: 'logo.png' };
  const plan = planOf({
    steps: [{ op: 'watermark', asset: logo, gravity: 'se', dx: 0, dy: 0, opacity: 100, scalePercent: 0 }],
  });
  const marks = [
    { source: logo, facts: factsOf('m1', { header: { ...factsOf().header, width: 3000, height: 3000 } }) },
  ];

  it('holds the mark, and is not known without it', () => {
    const prices = new Prices(fakeClock());
    const bare = prices.price(planOf(), factsOf(), config, namespace);
    const price = prices.price(plan, factsOf(), config, namespace, { marks });
    expect(price).toMatchObject({ known: true });
    // Nine megapixels of JPEG cost 7 ms each.
    expect(price.ms - bare.ms).toBeGreaterThan(60);
    expect(prices.price(plan, factsOf(), config, namespace)).toMatchObject({ known: false, ms: prices.meanJobMs });
  });
});
