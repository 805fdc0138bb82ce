import type { LbBeat, QuarantineEntry, WorkerBeat } from '../ipc/messages.ts';
import type { WorkerLoad } from '../ipc/order.ts';
import type { Slot } from './slot.ts';
import { hasChild } from './slot.ts';

/**
 * The answer of GET /stats: the tables as they are and the last heartbeats, so that it never waits for a child.
 *
 * With several lbs, what is in flight is the sum over them; the score is the first lb's.
 */
export function nodeStats(
  input: Readonly<{
    revision: number;
    uptimeMs: number;
    slots: readonly Slot[];
    quarantined: readonly QuarantineEntry[];
    /** Counters since the start: of the lbs, the dead ones included. */
    counters: Readonly<Record<string, number>>;
    nowMs: number;
  }>,
) {
  const lbBeats = input.slots.map(lbBeatOf).filter((beat) => beat !== null);
  return {
    revision: input.revision,
    uptimeMs: Math.round(input.uptimeMs),
    workers: input.slots
      .filter((slot) => slot.role === 'worker')
      .map((slot) => workerStats(slot, lbBeats, input.nowMs)),
    lbs: input.slots.filter((slot) => slot.role === 'lb').map((slot) => lbStats(slot, input.nowMs)),
    queue: queueStats(lbBeats),
    caches: sumOf(lbBeats.map(({ caches }) => caches)),
    quarantine: { entries: input.quarantined.length },
    counters: input.counters,
  };
}

const nameOf = (slot: Slot) => ({
  slot: slot.slot,
  pid: hasChild(slot) ? slot.child.pid : null,
  generation: hasChild(slot) ? slot.child.generation : null,
  state: slot.state,
});

/** How old the figures of a child are: those of its last heartbeat; null when it is not at work. */
const beatAgeMs = (slot: Slot, nowMs: number): number | null =>
  slot.state === 'ready' || slot.state === 'draining' ? Math.round(nowMs - slot.beatAtMs) : null;

function workerStats(slot: Slot, lbBeats: readonly LbBeat[], nowMs: number) {
  const load = workerBeatOf(slot)?.load;
  const scores = lbBeats.flatMap(({ scores }) => scores.filter((score) => score.slot === slot.slot));
  return {
    ...nameOf(slot),
    beatAgeMs: beatAgeMs(slot, nowMs),
    inFlight: sum(scores.map(({ inFlight }) => inFlight)),
    pixelsInFlight: sum(scores.map(({ pixelsInFlight }) => pixelsInFlight)),
    bufferBytesUsed: load?.bufferBytesUsed ?? 0,
    bufferBytesPinned: load?.bufferBytesPinned ?? 0,
    bufferBytes: load?.bufferBytes ?? 0,
    cpuShare: load?.cpuShare ?? 0,
    rssBytes: load?.rssBytes ?? 0,
    jobsInside: load ? jobsInside(load) : 0,
    jobsDone: workerBeatOf(slot)?.jobsDone ?? 0,
    eventLoopLagMs: workerBeatOf(slot)?.eventLoopLagMs ?? 0,
    score: scores[0]?.score ?? null,
    scoreTerms: scores[0]?.terms ?? null,
    job: jobStats(slot, nowMs),
  };
}

const jobsInside = ({ fetching, ready, running }: WorkerLoad): number => fetching + ready + running;

/** The picture in libvips, as the master has been told of it at its start: its age is exact, whoever hangs. */
function jobStats(slot: Slot, nowMs: number) {
  const job = hasChild(slot) && slot.state !== 'starting' ? slot.jobs[0] : undefined;
  if (!job) return null;
  const { jobId, requestId, subject, pixels } = job;
  return {
    jobId,
    requestId,
    ageMs: Math.round(nowMs - job.startedAtMs),
    pixels,
    ns: subject.ns,
    key: subject.key,
    operation: subject.operation,
  };
}

function lbStats(slot: Slot, nowMs: number) {
  const beat = lbBeatOf(slot);
  return {
    ...nameOf(slot),
    beatAgeMs: beatAgeMs(slot, nowMs),
    rssBytes: beat?.rssBytes ?? 0,
    cpuShare: beat?.cpuShare ?? 0,
    eventLoopLagMs: beat?.eventLoopLagMs ?? 0,
    connections: beat?.connections ?? 0,
    requestsInFlight: beat?.requestsInFlight ?? 0,
    bufferedBytes: beat?.bufferedBytes ?? 0,
  };
}

const queueStats = (beats: readonly LbBeat[]) => ({
  jobs: sum(beats.map(({ queue }) => queue.jobs)),
  bytes: sum(beats.map(({ queue }) => queue.bytes)),
  heavy: sum(beats.map(({ queue }) => queue.heavy)),
  predictedWaitMs: Math.max(0, ...beats.map(({ queue }) => queue.predictedWaitMs)),
  oldestMs: Math.max(0, ...beats.map(({ queue }) => queue.oldestMs)),
});

const beatOf = (slot: Slot): WorkerBeat | LbBeat | null =>
  slot.state === 'ready' || slot.state === 'draining' ? slot.beat : null;
const lbBeatOf = (slot: Slot): LbBeat | null => {
  const beat = beatOf(slot);
  return beat?.role === 'lb' ? beat : null;
};
const workerBeatOf = (slot: Slot): WorkerBeat | null => {
  const beat = beatOf(slot);
  return beat?.role === 'worker' ? beat : null;
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Adds records of numbers, name by name. */
export function sumOf<Name extends string>(records: readonly Readonly<Record<Name, number>>[]): Record<string, number> {
  const total: Record<string, number> = {};
  for (const record of records) {
    for (const [name, value] of Object.entries<number>(record)) total[name] = (total[name] ?? 0) + value;
  }
  return total;
}

/** Whether the node can serve: an lb and a worker are ready, and nobody has asked it to stop. */
export const isServing = (slots: readonly Slot[], stopping: boolean): boolean =>
  !stopping &&
  (['lb', 'worker'] as const).every((role) => slots.some((slot) => slot.role === role && slot.state === 'ready'));
