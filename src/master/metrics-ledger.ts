import { AggregatorRegistry } from 'prom-client';

/**
 * The metrics of all children, as each last told them.
 *
 * What a dead child had counted stays in a base, so that totals never fall when a worker dies (a counter that falls
 * looks to Prometheus like a restart, and the rate after it is wrong). Gauges of the dead are forgotten.
 */
export class MetricsLedger {
  readonly #live = new Map<number, readonly MetricJson[]>();
  readonly #base = new Map<string, MetricJson>();

  /** The newest metrics of a child; what is not prom-client's JSON is ignored. */
  heard(generation: number, metrics: unknown): void {
    if (Array.isArray(metrics)) this.#live.set(generation, metrics.filter(isMetric));
  }

  /** A child is gone. */
  gone(generation: number): void {
    for (const metric of this.#live.get(generation) ?? []) {
      if (metric.type !== 'counter' && metric.type !== 'histogram') continue;
      this.#base.set(metric.name, addMetric(this.#base.get(metric.name), metric));
    }
    this.#live.delete(generation);
  }

  /** Everything, the master's own metrics with it, in Prometheus' text format. */
  text(own: readonly object[]): Promise<string> {
    const all = [[...this.#base.values()], ...this.#live.values(), own];
    return AggregatorRegistry.aggregate(all as object[]).metrics();
  }
}

type MetricValue = Readonly<{
  value: number;
  labels: Readonly<Record<string, string | number>>;
  metricName?: string;
}>;
type MetricJson = Readonly<{
  name: string;
  help: string;
  type: string;
  aggregator: string;
  values: readonly MetricValue[];
}>;

const aggregators: readonly unknown[] = ['sum', 'first', 'omit', 'average', 'min', 'max'];

/** One metric of an unknown aggregator would fail the scrape of all others. */
function isMetric(metric: unknown): metric is MetricJson {
  if (typeof metric !== 'object' || metric === null) return false;
  const { name, values, aggregator } = metric as Partial<MetricJson>;
  return typeof name === 'string' && Array.isArray(values) && aggregators.includes(aggregator);
}

function addMetric(base: MetricJson | undefined, metric: MetricJson): MetricJson {
  const sums = new Map((base?.values ?? []).map((value) => [keyOf(value), value]));
  for (const value of metric.values) {
    const before = sums.get(keyOf(value))?.value ?? 0;
    sums.set(keyOf(value), { ...value, value: before + value.value });
  }
  return { ...metric, values: [...sums.values()] };
}

const keyOf = ({ metricName, labels }: MetricValue): string =>
  JSON.stringify([metricName, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))]);
