import type { Pileus, Stats } from './pileus.ts';

export const pidsOf = (stats: Stats): readonly number[] => stats.workers.map(({ pid }) => pid);

export const jobsDoneOf = (stats: Stats): number => stats.workers.reduce((sum, { jobsDone }) => sum + jobsDone, 0);

/** Every worker at work, nothing in flight, nothing in the queue, nothing pinned, nothing held for a client. */
export const isCalm = ({ workers, lbs, queue }: Stats): boolean =>
  workers.every(
    ({ state, inFlight, pixelsInFlight, jobsInside, bufferBytesPinned, job }) =>
      state === 'ready' &&
      inFlight === 0 &&
      pixelsInFlight === 0 &&
      jobsInside === 0 &&
      bufferBytesPinned === 0 &&
      job === null,
  ) &&
  lbs.every(
    ({ state, requestsInFlight, bufferedBytes }) => state === 'ready' && requestsInFlight === 0 && bufferedBytes === 0,
  ) &&
  queue.jobs === 0 &&
  queue.bytes === 0;

/** Longer than a heartbeat may be under way: one that came so long after a moment was sent after it. */
const underWayMs = 100;

/**
 * Resolves with /stats once all gauges are at zero, and stay so until each child has told a newer state than the one in
 * which they were first seen so: /stats shows the last heartbeats, and on a busy machine those may be old.
 */
export async function calm(
  node: Pileus,
  withinMs = 30_000,
  holds: (stats: Stats) => boolean = () => true,
): Promise<Stats> {
  let sinceMs: number | null = null;
  return node.until((stats) => {
    if (!isCalm(stats) || !holds(stats)) sinceMs = null;
    else sinceMs ??= stats.uptimeMs;
    if (sinceMs === null) return false;
    const newEnoughMs = stats.uptimeMs - sinceMs - underWayMs;
    return [...stats.workers, ...stats.lbs].every(({ beatAgeMs }) => beatAgeMs !== null && beatAgeMs <= newEnoughMs);
  }, withinMs);
}

/** A metric's series on /metrics, added up over those whose labels include `labels`. */
export async function metric(
  node: Pileus,
  name: string,
  labels: Readonly<Record<string, string | number>> = {},
): Promise<number> {
  const text = (await node.admin('/metrics')).body.toString();
  let sum = 0;
  for (const line of text.split('\n')) {
    const match = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    if (match?.[1] !== name) continue;
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    if (wanted.every((part) => (match[2] ?? '').split(',').includes(part))) sum += Number(match[3]);
  }
  return sum;
}
