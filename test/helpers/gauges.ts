import type { Pileus, Stats, WorkerStats } from './pileus.ts';

/** What /stats says of a worker beyond what most tests look at. */
export type WorkerGauges = WorkerStats & Readonly<{ bufferBytesPinned: number; jobsInside: number; jobsDone: number }>;

export const workersOf = (stats: Stats): readonly WorkerGauges[] => stats.workers as readonly WorkerGauges[];

export const pidsOf = (stats: Stats): readonly number[] => stats.workers.map(({ pid }) => pid);

export const jobsDoneOf = (stats: Stats): number => workersOf(stats).reduce((sum, { jobsDone }) => sum + jobsDone, 0);

/** Nothing in flight, nothing in the queue, nothing pinned, nothing held for a client. */
export const isCalm = (stats: Stats): boolean =>
  workersOf(stats).every(
    ({ inFlight, jobsInside, bufferBytesPinned, job }) =>
      inFlight === 0 && jobsInside === 0 && bufferBytesPinned === 0 && job === null,
  ) &&
  stats.lbs.every(({ requestsInFlight, bufferedBytes }) => requestsInFlight === 0 && bufferedBytes === 0) &&
  stats.queue.jobs === 0 &&
  stats.queue.bytes === 0;

/** /stats tells the last heartbeats (every 50 or 100 ms in tests): what stood this long is no old state. */
const standingMs = 250;

/** Resolves with /stats once all gauges have stood at zero for some heartbeats. */
export async function calm(node: Pileus, withinMs = 30_000): Promise<Stats> {
  let sinceMs: number | null = null;
  return node.until((stats) => {
    const { uptimeMs } = stats as Stats & Readonly<{ uptimeMs: number }>;
    if (!isCalm(stats)) sinceMs = null;
    else sinceMs ??= uptimeMs;
    return sinceMs !== null && uptimeMs - sinceMs >= standingMs;
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
