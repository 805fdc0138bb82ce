import type { Counter } from 'prom-client';
import type { BackendPool } from './backend-pool.ts';
import type { Front } from './front.ts';
import { queueOf, scoresOf } from './heartbeat.ts';

/** The lb's metrics as prom-client's JSON; what is a state and not an event is read now. */
export async function gatherMetrics(
  front: Pick<
    Front,
    'metrics' | 'tally' | 'library' | 'dispatcher' | 'clock' | 'prices' | 'requestsInFlight' | 'buffered'
  >,
  pool: BackendPool,
  connections: number,
  linesDropped: number,
): Promise<unknown> {
  const { metrics } = front;
  front.tally.carryOver(metrics);
  const queue = queueOf(front);
  metrics.queueJobs.set({ lane: 'light' }, queue.jobs - queue.heavy);
  metrics.queueJobs.set({ lane: 'heavy' }, queue.heavy);
  metrics.queueWaitSeconds.set(queue.predictedWaitMs / 1000);
  metrics.requestsInFlight.set(front.requestsInFlight);
  metrics.connections.set(connections);
  metrics.bufferedBytes.set(front.buffered.bytes);
  showCaches(front);
  showStore(front);
  setTo(metrics.logLinesDropped, {}, linesDropped);
  metrics.backendScore.reset();
  for (const { slot, score } of scoresOf(front, pool)) metrics.backendScore.set({ slot }, score);
  return metrics.registry.getMetricsAsJSON();
}

function showCaches({ metrics, library }: Pick<Front, 'metrics' | 'library'>): void {
  const caches = library.stats();
  metrics.cacheBytes.set({ cache: 'memory' }, caches.memoryBytes);
  metrics.cacheBytes.set({ cache: 'store' }, caches.storeBytes);
  metrics.cacheEntries.set({ cache: 'memory' }, caches.memoryEntries);
  metrics.cacheEntries.set({ cache: 'store' }, caches.storeEntries);
  metrics.cacheEntries.set({ cache: 'facts' }, caches.facts);
  metrics.cacheEntries.set({ cache: 'aliases' }, caches.aliases);
}

/** Carries the store's counters over. */
export function showStore({ metrics, library }: Pick<Front, 'metrics' | 'library'>): void {
  const { store, journalErrors } = library.counters();
  setTo(metrics.storeWritten, {}, store.written);
  setTo(metrics.storeDropped, {}, store.dropped);
  setTo(metrics.storeCorrupt, {}, store.corrupt);
  setTo(metrics.storeErrors, { doing: 'write' }, store.writeErrors);
  setTo(metrics.storeErrors, { doing: 'read' }, store.readErrors);
  setTo(metrics.storeErrors, { doing: 'journal' }, journalErrors);
}

/** Brings a counter to what is counted elsewhere. */
function setTo<Label extends string>(
  counter: Counter<Label>,
  labels: Partial<Record<Label, string>>,
  total: number,
): void {
  counter.remove(labels);
  counter.inc(labels, total);
}
