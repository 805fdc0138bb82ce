export type Latencies = Readonly<{ p50Ms: number; p95Ms: number; p99Ms: number; maxMs: number }>;

/** Percentiles of measured milliseconds (nearest rank); zeros for none. */
export function percentiles(samplesMs: readonly number[]): Latencies {
  const sorted = [...samplesMs].sort((a, b) => a - b);
  const at = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0);
  return { p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99), maxMs: at(1) };
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
