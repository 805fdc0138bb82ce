import type { Beat, BlameSubject, Fact } from '../../src/ipc/messages.ts';
import type { WorkerLoad } from '../../src/ipc/order.ts';
import type { Wanted } from '../../src/master/reconcile.ts';
import type { RawExit } from '../../src/master/slot.ts';

/** Values that tests of the master need again and again. */

export const load: WorkerLoad = {
  cpuShare: 0.5,
  cpuShareExplained: 0.4,
  rssBytes: 100e6,
  bufferBytesUsed: 10e6,
  bufferBytesPinned: 1e6,
  bufferBytes: 128e6,
  fetching: 1,
  ready: 1,
  running: 1,
  pixelsInFlight: 5e6,
};

export const workerBeat = (over: Partial<WorkerLoad> = {}, jobsDone = 0): Beat => ({
  role: 'worker',
  load: { ...load, ...over },
  jobsDone,
  eventLoopLagMs: 1,
});

export const lbBeat = (scores: Extract<Beat, { role: 'lb' }>['scores'] = []): Beat => ({
  role: 'lb',
  rssBytes: 90e6,
  cpuShare: 0.2,
  eventLoopLagMs: 1,
  connections: 3,
  requestsInFlight: 2,
  bufferedBytes: 1000,
  queue: { jobs: 4, bytes: 5000, predictedWaitMs: 60, heavy: 1, oldestMs: 70 },
  caches: { memoryBytes: 1, memoryEntries: 2, storeBytes: 3, storeEntries: 4, facts: 5, aliases: 6 },
  scores,
  counters: { requests: 10 },
});

export const subject = (key = 'a.jpg', operation = 'resize', version = 'v1'): BlameSubject => ({
  ns: 'photos',
  key,
  version,
  operation,
});

export const jobStarted = (
  jobId: string,
  hardMs = 10_000,
  of: BlameSubject = subject(),
): Extract<Fact, { type: 'job-started' }> => ({
  type: 'job-started',
  jobId,
  requestId: `r-${jobId}`,
  subject: of,
  pixels: 1e6,
  predictedMs: 20,
  hardMs,
});

export const raw = (code: number | null, signal: NodeJS.Signals | null = null, stderrTail = ''): RawExit => ({
  code,
  signal,
  stderrTail,
});

export const wanted = (over: Partial<Wanted> = {}): Wanted => ({
  lbs: 1,
  workers: 2,
  renewBefore: 0,
  stop: null,
  killsFromMs: 0,
  limits: {
    heartbeatTimeoutMs: 5000,
    drainMs: 12_000,
    recycleAgeMs: 0,
    workerRssMax: 800e6,
    restartIntensityMax: 5,
  },
  failedStarts: { lb: 0, worker: 0 },
  ...over,
});
