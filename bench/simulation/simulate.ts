import {
  type BackendView,
  chooseBackend,
  heavyPlaces,
  type JobView,
  type PlacementConfig,
} from '../../src/lb/placement.ts';
import { Ewma } from '../../src/shared/ewma.ts';
import { type Rng, seededRng } from '../../src/shared/rng.ts';

/**
 * A discrete-event model of one dispatcher and its workers, run with the very placement code that serves. It ranks
 * policies; it predicts no milliseconds of a real machine (no shared caches, no memory pressure, no network).
 *
 * Jobs arrive by a Poisson process; their true cost is log-normal, and what the lb believes it to be is off by a
 * log-normal error of its own. A worker runs one job at a time, cheapest first, and may be slower than the others.
 */
export type Scenario = Readonly<{
  name: string;
  workers: number;
  /** Offered load as a share of what all workers can do. */
  load: number;
  /** Speed of each worker; 1 = as planned. Absent: 1. */
  speeds?: readonly number[];
  /** Spread of the true cost (sigma of the logarithm) around `meanMs`. */
  costSigma: number;
  meanMs: number;
  /** Spread of the estimate's error. */
  errorSigma: number;
  /** Share of jobs that cost `heavyMs`. */
  heavyShare: number;
  heavyMs: number;
  jobs: number;
}>;

export type Policy = PlacementConfig['policy'];
export type Outcome = Readonly<{ p50Ms: number; p99Ms: number; lightP99Ms: number; meanMs: number }>;

type SimJob = { id: number; arriveMs: number; trueMs: number; believedMs: number; heavy: boolean };
type SimWorker = { slot: number; speed: number; ready: SimJob[]; running: SimJob | null; pace: Ewma };

export function simulate(scenario: Scenario, policy: Policy, seed: number): Outcome {
  const rng = seededRng(seed);
  const config: PlacementConfig = {
    fetchPlacesFile: 2,
    fetchPlacesRemote: 8,
    readyMax: 2,
    affinityBound: 1.25,
    policy,
    lbs: 1,
  };
  const workers: SimWorker[] = Array.from({ length: scenario.workers }, (_, slot) => ({
    slot,
    speed: scenario.speeds?.[slot] ?? 1,
    ready: [],
    running: null,
    pace: new Ewma(10_000, msPerPixel),
  }));
  const arrivals = makeJobs(scenario, rng);
  const light: SimJob[] = [];
  const heavy: SimJob[] = [];
  const events = new EventQueue();
  const latencies: { ms: number; heavy: boolean }[] = [];
  let turn = 0;
  let nowMs = 0;

  const view = (worker: SimWorker): BackendView => {
    const inside = worker.running ? [worker.running, ...worker.ready] : worker.ready;
    return {
      slot: worker.slot,
      fetchingFile: 0,
      fetchingRemote: 0,
      readyJobs: worker.ready.length,
      jobs: inside.length,
      heavyJobs: inside.filter((job) => job.heavy).length,
      exclusiveFor: null,
      costPixelsInFlight: inside.reduce((sum, job) => sum + job.believedMs / msPerPixel, 0),
      msPerCostPixel: worker.pace.value,
      cpuExcess: 0,
      bufferShare: 0,
    };
  };
  const begin = (worker: SimWorker): void => {
    if (worker.running || worker.ready.length === 0) return;
    worker.ready.sort((a, b) => a.believedMs - b.believedMs);
    const job = worker.ready.shift() as SimJob;
    worker.running = job;
    events.push(nowMs + job.trueMs / worker.speed, () => {
      latencies.push({ ms: nowMs - job.arriveMs, heavy: job.heavy });
      worker.pace.add((job.trueMs / worker.speed / job.believedMs) * msPerPixel, nowMs);
      worker.running = null;
      begin(worker);
      pump();
    });
  };
  const pump = (): void => {
    for (const lane of [light, heavy]) {
      for (let at = 0; at < Math.min(lane.length, 32); ) {
        const job = lane[at] as SimJob;
        const views = workers.map(view);
        const heavyOut = views.reduce((sum, each) => sum + each.heavyJobs, 0);
        const blocked = job.heavy && heavyOut >= heavyPlaces(workers.length);
        const chosen = blocked ? null : chooseBackend(jobView(job), views, true, config, { rng, turn });
        if (!chosen) {
          at++;
          continue;
        }
        turn++;
        lane.splice(at, 1);
        const worker = workers[chosen.slot] as SimWorker;
        worker.ready.push(job);
        begin(worker);
      }
    }
  };
  for (const job of arrivals) {
    events.push(job.arriveMs, () => {
      (job.heavy ? heavy : light).push(job);
      pump();
    });
  }
  for (let event = events.pop(); event; event = events.pop()) {
    nowMs = event.atMs;
    event.run();
  }
  return summarise(latencies);
}

/** Milliseconds per cost pixel of a worker of speed 1: any constant does, the lb only learns ratios. */
const msPerPixel = 1e-5;

const jobView = (job: SimJob): JobView => ({
  jobId: String(job.id),
  source: `s/${job.id}`,
  costPixels: job.believedMs / msPerPixel,
  heavy: job.heavy,
  remote: false,
  exclusive: false,
  fetchingAt: null,
  heldBy: null,
  avoid: null,
});

function makeJobs(scenario: Scenario, rng: Rng): SimJob[] {
  const capacity = (scenario.speeds ?? Array(scenario.workers).fill(1)).reduce(
    (sum: number, speed: number) => sum + speed,
    0,
  );
  const meanMs = scenario.meanMs * (1 - scenario.heavyShare) + scenario.heavyMs * scenario.heavyShare;
  const gapMs = meanMs / (capacity * scenario.load);
  let atMs = 0;
  return Array.from({ length: scenario.jobs }, (_, id) => {
    atMs += -Math.log(1 - rng()) * gapMs;
    const heavy = rng() < scenario.heavyShare;
    const trueMs = heavy
      ? scenario.heavyMs
      : scenario.meanMs * Math.exp(scenario.costSigma * normal(rng) - scenario.costSigma ** 2 / 2);
    return { id, arriveMs: atMs, trueMs, believedMs: trueMs * Math.exp(scenario.errorSigma * normal(rng)), heavy };
  });
}

/** Box and Muller. */
const normal = (rng: Rng): number => Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());

function summarise(latencies: readonly { ms: number; heavy: boolean }[]): Outcome {
  const rank = (list: readonly number[], share: number): number =>
    list[Math.min(list.length - 1, Math.ceil(share * list.length) - 1)] ?? 0;
  const all = latencies.map((each) => each.ms).sort((a, b) => a - b);
  const light = latencies
    .filter((each) => !each.heavy)
    .map((each) => each.ms)
    .sort((a, b) => a - b);
  return {
    p50Ms: rank(all, 0.5),
    p99Ms: rank(all, 0.99),
    lightP99Ms: rank(light, 0.99),
    meanMs: all.reduce((sum, ms) => sum + ms, 0) / all.length,
  };
}

/** A binary heap of things that happen. */
class EventQueue {
  readonly #heap: { atMs: number; run: () => void }[] = [];

  push(atMs: number, run: () => void): void {
    const heap = this.#heap;
    heap.push({ atMs, run });
    let at = heap.length - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((heap[parent] as { atMs: number }).atMs <= atMs) break;
      swap(heap, at, parent);
      at = parent;
    }
  }

  pop(): { atMs: number; run: () => void } | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last && heap.length > 0) {
      heap[0] = last;
      let at = 0;
      for (;;) {
        let child = 2 * at + 1;
        if (child >= heap.length) break;
        if (
          child + 1 < heap.length &&
          (heap[child + 1] as { atMs: number }).atMs < (heap[child] as { atMs: number }).atMs
        )
          child++;
        if ((heap[child] as { atMs: number }).atMs >= last.atMs) break;
        swap(heap, at, child);
        at = child;
      }
    }
    return first;
  }
}

function swap<Item>(items: Item[], a: number, b: number): void {
  const held = items[a] as Item;
  items[a] = items[b] as Item;
  items[b] = held;
}
