import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { LbBeat } from '../ipc/messages.ts';
import type { BackendPool } from './backend-pool.ts';
import type { Front } from './front.ts';
import { scoreTerms } from './load-score.ts';

/** Each look at the lag wakes the process. */
const lagResolutionMs = 100;

/** Makes the lb's report to the master: what /stats shows of it, so that nobody ever has to ask it. */
export function openLbHeartbeat(front: Front, pool: BackendPool, connections: () => Promise<number>) {
  const loopDelay = monitorEventLoopDelay({ resolution: lagResolutionMs });
  loopDelay.enable();
  let lastCpu = process.cpuUsage();
  let lastMs = front.clock.nowMs();
  const watchStore = storeWatch(front);

  return async (): Promise<LbBeat> => {
    const nowMs = front.clock.nowMs();
    const cpu = process.cpuUsage(lastCpu);
    const cpuShare = (cpu.user + cpu.system) / 1000 / Math.max(1, nowMs - lastMs);
    lastCpu = process.cpuUsage();
    lastMs = nowMs;
    const eventLoopLagMs = Math.max(0, loopDelay.max / 1e6 - lagResolutionMs);
    loopDelay.reset();
    watchStore();
    return {
      role: 'lb',
      rssBytes: process.memoryUsage.rss(),
      cpuShare,
      eventLoopLagMs,
      connections: await connections(),
      requestsInFlight: front.requestsInFlight,
      bufferedBytes: front.buffered.bytes,
      queue: queueOf(front),
      caches: front.library.stats(),
      scores: scoresOf(front, pool),
      counters: front.counts(),
    };
  };
}

/** What waits for a worker. */
export function queueOf({ dispatcher, clock }: Pick<Front, 'dispatcher' | 'clock'>): LbBeat['queue'] {
  const { admission } = dispatcher;
  return {
    jobs: admission.jobs,
    bytes: Math.round(admission.bytes),
    predictedWaitMs: Math.round(dispatcher.predictedWaitMs()),
    heavy: admission.heavyJobs,
    oldestMs: Math.round(admission.oldestMs(clock.nowMs())),
  };
}

/** The load score of each worker, for a job of mean size. */
export const scoresOf = ({ prices }: Pick<Front, 'prices'>, pool: BackendPool): LbBeat['scores'] =>
  pool.all().map((backend) => {
    const view = backend.view();
    const { score, ...terms } = scoreTerms(view, prices.meanCostPixels);
    return {
      slot: backend.slot,
      inFlight: view.jobs,
      pixelsInFlight: Math.round(view.costPixelsInFlight),
      score,
      terms,
    };
  });

/** The store pauses for so long after a failure: it is told once a pause. */
const storePauseMs = 30_000;

/** Warns when the result store fails. */
export function storeWatch({ library, log, clock }: Pick<Front, 'library' | 'log' | 'clock'>): () => void {
  let toldErrors = 0;
  let toldAtMs = Number.NEGATIVE_INFINITY;
  return () => {
    const { store, journalErrors } = library.counters();
    const { dropped, corrupt, writeErrors, readErrors } = store;
    const errors = writeErrors + readErrors + journalErrors;
    const nowMs = clock.nowMs();
    if (errors === toldErrors || nowMs - toldAtMs < storePauseMs) return;
    log.warn({ event: 'store-failed', writeErrors, readErrors, journalErrors, dropped, corrupt });
    toldErrors = errors;
    toldAtMs = nowMs;
  };
}
