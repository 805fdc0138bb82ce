import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { MetricsLedger } from '../../src/master/metrics-ledger.ts';

/** A child with one metric of each kind. */
function child() {
  const registry = new Registry();
  const registers = [registry];
  const jobs = new Counter({ name: 'jobs_total', help: 'Jobs.', labelNames: ['view'], registers });
  const inside = new Gauge({ name: 'inside', help: 'Inside.', registers });
  const seconds = new Histogram({ name: 'seconds', help: 'Seconds.', buckets: [0.1, 1], registers });
  return { jobs, inside, seconds, json: () => registry.getMetricsAsJSON() };
}

const totalOf = async (ledger: MetricsLedger, series: string): Promise<number | undefined> => {
  const line = (await ledger.text([])).split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.split(' ')[1]);
};

describe('metrics ledger', () => {
  it('sums the children', async () => {
    const [one, two] = [child(), child()];
    one.jobs.inc({ view: 'image' }, 3);
    two.jobs.inc({ view: 'image' }, 4);
    one.inside.set(1);
    two.inside.set(2);
    const ledger = new MetricsLedger();
    ledger.heard(1, await one.json());
    ledger.heard(2, await two.json());
    expect(await totalOf(ledger, 'jobs_total{view="image"}')).toBe(7);
    expect(await totalOf(ledger, 'inside')).toBe(3);
  });

  it('never lets a total fall when a child dies, nor when the next one starts at zero', async () => {
    const ledger = new MetricsLedger();
    const totals: (number | undefined)[] = [];
    for (let generation = 1; generation <= 4; generation += 1) {
      const worker = child();
      ledger.heard(generation, await worker.json());
      worker.jobs.inc({ view: 'image' }, 5);
      worker.seconds.observe(0.05);
      worker.seconds.observe(0.5);
      ledger.heard(generation, await worker.json());
      totals.push(await totalOf(ledger, 'jobs_total{view="image"}'));
      ledger.gone(generation);
      totals.push(await totalOf(ledger, 'jobs_total{view="image"}'));
    }
    expect(totals).toEqual([5, 5, 10, 10, 15, 15, 20, 20]);
    expect(await totalOf(ledger, 'seconds_bucket{le="0.1"}')).toBe(4);
    expect(await totalOf(ledger, 'seconds_bucket{le="+Inf"}')).toBe(8);
    expect(await totalOf(ledger, 'seconds_count')).toBe(8);
    expect(await totalOf(ledger, 'seconds_sum')).toBeCloseTo(2.2);
  });

  it('keeps series of the dead beside new ones', async () => {
    const ledger = new MetricsLedger();
    const [one, two] = [child(), child()];
    one.jobs.inc({ view: 'image' });
    two.jobs.inc({ view: 'info' });
    ledger.heard(1, await one.json());
    ledger.gone(1);
    ledger.heard(2, await two.json());
    expect(await totalOf(ledger, 'jobs_total{view="image"}')).toBe(1);
    expect(await totalOf(ledger, 'jobs_total{view="info"}')).toBe(1);
  });

  it('forgets the gauges of the dead', async () => {
    const one = child();
    one.inside.set(9);
    const ledger = new MetricsLedger();
    ledger.heard(1, await one.json());
    ledger.gone(1);
    expect(await totalOf(ledger, 'inside')).toBeUndefined();
  });

  it('adds what is the master’s own', async () => {
    const registry = new Registry();
    new Gauge({ name: 'own', help: 'Own.', registers: [registry] }).set(3);
    const text = await new MetricsLedger().text(await registry.getMetricsAsJSON());
    expect(text).toContain('\nown 3\n');
  });

  it.each([[null], ['text'], [{}], [[null, 3, { name: 'x' }]], [[{ name: 'x', values: [], aggregator: 'nonsense' }]]])(
    'is not upset by a report of %j',
    async (report) => {
      const ledger = new MetricsLedger();
      const one = child();
      one.jobs.inc({ view: 'image' });
      ledger.heard(1, await one.json());
      ledger.heard(2, report);
      ledger.gone(2);
      expect(await totalOf(ledger, 'jobs_total{view="image"}')).toBe(1);
    },
  );
});
