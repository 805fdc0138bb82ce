import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Counter } from 'prom-client';
import type { LbBeat } from '../ipc/messages.ts';
import type { BackendPool } from './backend-pool.ts';
import type { Front } from './front.ts';
import { scoreTerms } from './load-score.ts';

/** Makes the lb's report to the master: what /stats and /metrics show of it, so that nobody ever has to ask it. */
export function openLbHeartbeat(
  front: Front,
  pool: BackendPool,
  connections: () => Promise<number>,
  linesDropped: () => number,
): () => Promise<LbBeat> {
  const loopDelay = monitorEventLoopDelay({ resolution: 20 });
  loopDelay.enable();
  let lastCpu = process.cpuUsage();
  let lastMs = front.clock.nowMs();
  const noteStore = storeWatch(front);

  return async () => {
    const nowMs = front.clock.nowMs();
    const cpu = process.cpuUsage(lastCpu);
    const cpuShare = (cpu.user + cpu.system) / 1000 / Math.max(1, nowMs - lastMs);
    lastCpu = process.cpuUsage();
    lastMs = nowMs;
    const eventLoopLagMs = Math.max(0, loopDelay.percentile(99) / 1e6 - 20);
    loopDelay.reset();

    const { admission } = front.dispatcher;
    const caches = front.library.stats();
    const scores = pool.all().map((backend) => {
      const view = backend.view();
      const { score, ...terms } = scoreTerms(view, front.prices.meanCostPixels);
      return {
        slot: backend.slot,
        inFlight: view.jobs,
        pixelsInFlight: Math.round(view.costPixelsInFlight),
        score,
        terms,
      };
    });
    const queue = {
      jobs: admission.jobs,
      bytes: Math.round(admission.bytes),
      predictedWaitMs: Math.round(front.dispatcher.predictedWaitMs()),
      heavy: admission.heavyJobs,
      oldestMs: Math.round(admission.oldestMs(nowMs)),
    };
    const open = await connections();

    const { metrics } = front;
    metrics.queueJobs.set({ lane: 'light' }, queue.jobs - queue.heavy);
    metrics.queueJobs.set({ lane: 'heavy' }, queue.heavy);
    metrics.queueWaitSeconds.set(queue.predictedWaitMs / 1000);
    metrics.requestsInFlight.set(front.requestsInFlight);
    metrics.connections.set(open);
    metrics.bufferedBytes.set(front.buffered.bytes);
    metrics.cacheBytes.set({ cache: 'memory' }, caches.memoryBytes);
    metrics.cacheBytes.set({ cache: 'store' }, caches.storeBytes);
    metrics.cacheEntries.set({ cache: 'memory' }, caches.memoryEntries);
    metrics.cacheEntries.set({ cache: 'store' }, caches.storeEntries);
    metrics.cacheEntries.set({ cache: 'facts' }, caches.facts);
    metrics.cacheEntries.set({ cache: 'aliases' }, caches.aliases);
    noteStore();
    setTo(metrics.logLinesDropped, {}, linesDropped());
    metrics.backendScore.reset();
    for (const { slot, score } of scores) metrics.backendScore.set({ slot }, score);

    return {
      role: 'lb',
      rssBytes: process.memoryUsage.rss(),
      cpuShare,
      eventLoopLagMs,
      connections: open,
      requestsInFlight: front.requestsInFlight,
      bufferedBytes: front.buffered.bytes,
      queue,
      caches,
      scores,
      counters: front.counts(),
      metrics: await metrics.registry.getMetricsAsJSON(),
    };
  };
}

/** The store pauses for so long after a failure: it is told once a pause. */
const storePauseMs = 30_000;

/** Carries the store's counters over to the metrics, and warns when it fails. */
export function storeWatch({ library, metrics, log, clock }: Pick<Front, 'library' | 'metrics' | 'log' | 'clock'>) {
  let toldErrors = 0;
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return (): void => {
    const { store, journalErrors } = library.counters();
    const { written, dropped, corrupt, writeErrors, readErrors } = store;
    setTo(metrics.storeWritten, {}, written);
    setTo(metrics.storeDropped, {}, dropped);
    setTo(metrics.storeCorrupt, {}, corrupt);
    setTo(metrics.storeErrors, { doing: 'write' }, writeErrors);
    setTo(metrics.storeErrors, { doing: 'read' }, readErrors);
    setTo(metrics.storeErrors, { doing: 'journal' }, journalErrors);
    const errors = writeErrors + readErrors + journalErrors;
    const nowMs = clock.nowMs();
    if (errors === toldErrors || nowMs - toldAtMs < storePauseMs) return;
    log.warn({ event: 'store-failed', writeErrors, readErrors, journalErrors, dropped, corrupt });
    toldErrors = errors;
    toldAtMs = nowMs;
  };
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
