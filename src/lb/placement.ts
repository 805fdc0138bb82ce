import type { Rng } from '../shared/rng.ts';
import { type BackendLoad, loadScore } from './load-score.ts';
import { rendezvousSlot } from './rendezvous.ts';
import { leastOf, lighterOfTwo, nextInTurn } from './selection.ts';

/** A worker as the choice sees it. */
export type BackendView = BackendLoad &
  Readonly<{
    slot: number;
    fetchingFile: number;
    fetchingRemote: number;
    /** Fetched jobs that wait inside it. */
    readyJobs: number;
    /** All its jobs, whatever their stage, and how many of them are heavy. */
    jobs: number;
    heavyJobs: number;
    /** Runs a job that must be alone, or is being emptied for one (of that id). */
    exclusiveFor: string | null;
  }>;

/** A job as the choice sees it. */
export type JobView = Readonly<{
  jobId: string;
  /** `ns/key`. */
  source: string;
  costPixels: number;
  heavy: boolean;
  remote: boolean;
  /** Must run alone in its worker: a retry after its worker died. */
  exclusive: boolean;
  /** Slot that is fetching this very source now. */
  fetchingAt: number | null;
  /** Slot that most probably still holds the source's bytes. */
  heldBy: number | null;
  /** Slot that has just handed this job back. */
  avoid: number | null;
}>;

export type PlacementConfig = Readonly<{
  fetchPlacesFile: number;
  fetchPlacesRemote: number;
  readyMax: number;
  affinityBound: number;
  policy: 'score' | 'round-robin' | 'least-connections';
  /** Lbs that share the workers; with more than one, places are divided and two choices replace the scan. */
  lbs: number;
}>;

/** How many heavy jobs may be out at once while light ones are about: never all CPU places. */
export const heavyPlaces = (workers: number, lbs = 1): number => share(Math.max(1, workers - 1), lbs);

/** What holds for all workers while one job is placed. */
export type Lanes = Readonly<{
  /** Light jobs are about, so heavy ones keep to their places. */
  reserved: boolean;
  /** Some worker has no heavy job. */
  lightWorkers: boolean;
}>;

/**
 * May this worker take this job now? Yes or no; how gladly is the score's matter.
 *
 * A light job keeps away from a worker with a heavy one while there is a worker without: it would wait behind it.
 * Where all have one it may go anywhere; inside the worker the cheapest goes first.
 */
export function isEligible(job: JobView, backend: BackendView, lanes: Lanes, config: PlacementConfig): boolean {
  if (job.avoid === backend.slot) return false;
  if (backend.exclusiveFor !== null && backend.exclusiveFor !== job.jobId) return false;
  if (job.exclusive) return backend.jobs === 0;
  if (backend.heavyJobs > 0 && (job.heavy ? lanes.reserved : lanes.reserved && lanes.lightWorkers)) return false;
  if (backend.readyJobs >= share(config.readyMax, config.lbs)) return false;
  return job.remote
    ? backend.fetchingRemote < remotePlaces(config)
    : backend.fetchingFile < share(config.fetchPlacesFile, config.lbs);
}

/** Has this worker any place at all, for whatever job? Asked before jobs are looked at one by one. */
export const hasPlace = (backend: BackendView, config: PlacementConfig): boolean =>
  backend.jobs === 0 ||
  (backend.readyJobs < share(config.readyMax, config.lbs) &&
    (backend.fetchingFile < share(config.fetchPlacesFile, config.lbs) ||
      backend.fetchingRemote < remotePlaces(config)));

/**
 * The worker for a job, or null when none has a place.
 *
 * A source being fetched is shared: its jobs go to that worker whatever its score. A remote one that a worker has is
 * not fetched again by another for a short wait: then the answer may be null. Else the lowest score wins,
 * unless the worker that holds the source (or, before anybody does, the one it hashes to) is within
 * `affinityBound` of it: consistent hashing with bounded loads (Mirrokni, Thorup, Zadimoghaddam 2016).
 */
export function chooseBackend(
  job: JobView,
  backends: readonly BackendView[],
  reserved: boolean,
  config: PlacementConfig,
  chance: Readonly<{ rng: Rng; turn: number }>,
): BackendView | null {
  const lanes = { reserved, lightWorkers: backends.some((backend) => backend.heavyJobs === 0) };
  const eligible = backends.filter((backend) => isEligible(job, backend, lanes, config));
  if (config.policy === 'round-robin') return nextInTurn(eligible, chance.turn);
  if (config.policy === 'least-connections') return leastOf(eligible, (backend) => backend.jobs);

  const sharing = eligible.find((backend) => backend.slot === job.fetchingAt);
  if (sharing) return sharing;
  const score = (backend: BackendView): number => loadScore(backend, job.costPixels);
  const fetched = backends.find((backend) => backend.slot === (job.fetchingAt ?? job.heldBy));
  if (job.remote && fetched && isWorthWaitingFor(job, fetched, score(fetched))) {
    return eligible.includes(fetched) ? fetched : null;
  }
  const best = config.lbs > 1 ? lighterOfTwo(eligible, score, chance.rng) : leastOf(eligible, score);
  if (best === null) return null;
  const wanted =
    job.heldBy ??
    rendezvousSlot(
      job.source,
      backends.map((backend) => backend.slot),
    );
  const preferred = eligible.find((backend) => backend.slot === wanted);
  return preferred && score(preferred) <= score(best) * config.affinityBound ? preferred : best;
}

/**
 * Another fetch of a remote source costs its origin a transfer and the job a round trip. So what another worker has
 * of it is used while that worker will soon be done with all it has, even when it has no place at the moment.
 */
const isWorthWaitingFor = (job: JobView, backend: BackendView, score: number): boolean =>
  score <= refetchMs &&
  backend.heavyJobs === 0 &&
  !job.exclusive &&
  backend.exclusiveFor === null &&
  job.avoid !== backend.slot;

const refetchMs = 500;

/** This lb's fetch places for remote sources in each worker. */
export const remotePlaces = (config: PlacementConfig): number => share(config.fetchPlacesRemote, config.lbs);

/** This lb's part of a worker's places, at least one. */
const share = (places: number, lbs: number): number => Math.max(1, Math.floor(places / lbs));
