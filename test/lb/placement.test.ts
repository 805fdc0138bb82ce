import { describe, expect, it } from 'vitest';
import {
  type BackendView,
  chooseBackend,
  heavyPlaces,
  isEligible,
  type JobView,
  type PlacementConfig,
} from '../../src/lb/placement.ts';
import { seededRng } from '../../src/shared/rng.ts';

const config: PlacementConfig = {
  fetchPlacesFile: 2,
  fetchPlacesRemote: 8,
  readyMax: 2,
  affinityBound: 1.25,
  policy: 'score',
  lbs: 1,
};

const backend = (slot: number, over: Partial<BackendView> = {}): BackendView => ({
  slot,
  fetchingFile: 0,
  fetchingRemote: 0,
  readyJobs: 0,
  jobs: 0,
  heavyJobs: 0,
  exclusiveFor: null,
  costPixelsInFlight: 0,
  msPerCostPixel: 1e-5,
  cpuExcess: 0,
  bufferShare: 0,
  ...over,
});
const job = (over: Partial<JobView> = {}): JobView => ({
  jobId: 'j',
  source: 'photos/a.jpg',
  costPixels: 1e6,
  heavy: false,
  remote: false,
  exclusive: false,
  fetchingAt: null,
  heldBy: null,
  avoid: null,
  ...over,
});
const choose = (
  view: JobView,
  backends: readonly BackendView[],
  over: Partial<PlacementConfig> = {},
  turn = 0,
): number | undefined => chooseBackend(view, backends, true, { ...config, ...over }, { rng: seededRng(1), turn })?.slot;

const lanes = { reserved: true, lightWorkers: true };

describe('eligibility', () => {
  it.each<[string, Partial<JobView>, Partial<BackendView>, boolean]>([
    ['an idle worker takes anything', {}, {}, true],
    ['two file fetches under way are enough', {}, { fetchingFile: 2 }, false],
    ['file fetches do not close the places of remote ones', { remote: true }, { fetchingFile: 2 }, true],
    ['eight remote fetches under way are enough', { remote: true }, { fetchingRemote: 8 }, false],
    ['a full ready list closes the fetch places', {}, { readyJobs: 2 }, false],
    ['a full ready list closes them for remote sources too', { remote: true }, { readyJobs: 2 }, false],
    ['a light job keeps away from a worker with a heavy one', {}, { heavyJobs: 1, jobs: 1 }, false],
    ['a heavy job does not join a heavy one', { heavy: true }, { heavyJobs: 1, jobs: 1 }, false],
    ['a heavy job may join light ones', { heavy: true }, { jobs: 1 }, true],
    ['a job that must be alone needs an empty worker', { exclusive: true }, { jobs: 1 }, false],
    ['a job that must be alone takes an empty worker', { exclusive: true }, {}, true],
    ['nobody joins a job that is alone', {}, { exclusiveFor: 'other' }, false],
    ['a worker emptied for this job takes it', { exclusive: true }, { exclusiveFor: 'j' }, true],
    ['a job is not sent back to where it was handed back', { avoid: 0 }, {}, false],
  ])('%s', (_law, jobOver, backendOver, expected) => {
    expect(isEligible(job(jobOver), backend(0, backendOver), lanes, config)).toBe(expected);
  });

  it('lets a light job go to the heavy worker when there is no other at all', () => {
    expect(
      isEligible(job(), backend(0, { heavyJobs: 1, jobs: 1 }), { reserved: true, lightWorkers: false }, config),
    ).toBe(true);
  });

  it('gives heavy jobs every place while no light one is about', () => {
    const nobody = { reserved: false, lightWorkers: true };
    expect(isEligible(job({ heavy: true }), backend(0, { heavyJobs: 1, jobs: 1 }), nobody, config)).toBe(true);
    expect(isEligible(job(), backend(0, { heavyJobs: 1, jobs: 1 }), nobody, config)).toBe(true);
  });

  it('divides places among lbs, leaving each at least one', () => {
    expect(isEligible(job(), backend(0, { fetchingFile: 1 }), lanes, { ...config, lbs: 2 })).toBe(false);
    expect(isEligible(job({ remote: true }), backend(0, { fetchingRemote: 3 }), lanes, { ...config, lbs: 2 })).toBe(
      true,
    );
    expect(isEligible(job(), backend(0), lanes, { ...config, lbs: 8 })).toBe(true);
  });
});

describe('heavy places', () => {
  it.each([
    [1, 1],
    [2, 1],
    [4, 3],
    [64, 63],
  ])('%i workers give %i', (workers, places) => {
    expect(heavyPlaces(workers)).toBe(places);
  });
});

describe('choice of a worker', () => {
  it('is none when no worker has a place', () => {
    expect(choose(job(), [backend(0, { readyJobs: 2 }), backend(1, { fetchingFile: 2 })])).toBeUndefined();
  });

  it('takes the lowest score', () => {
    expect(choose(job({ heldBy: 0 }), [backend(0, { costPixelsInFlight: 5e6 }), backend(1)])).toBe(1);
  });

  it('stays with the worker that holds the source while its score is within the bound', () => {
    expect(choose(job({ heldBy: 1 }), [backend(0), backend(1, { costPixelsInFlight: 2e5 })])).toBe(1);
    expect(choose(job({ heldBy: 1 }), [backend(0), backend(1, { costPixelsInFlight: 3e5 })])).toBe(0);
  });

  it('goes to the worker that is fetching the source whatever its score', () => {
    expect(choose(job({ fetchingAt: 0 }), [backend(0, { costPixelsInFlight: 9e6, fetchingFile: 1 }), backend(1)])).toBe(
      0,
    );
  });

  it('does not go even there when that worker has no place', () => {
    expect(choose(job({ fetchingAt: 0 }), [backend(0, { readyJobs: 2 }), backend(1)])).toBe(1);
  });

  describe('of a remote source that a worker has', () => {
    const held = (over: Partial<JobView> = {}) => job({ remote: true, heldBy: 1, ...over });

    it('is that worker while it will soon be done', () => {
      expect(choose(held(), [backend(0), backend(1, { costPixelsInFlight: 4e7 })])).toBe(1);
    });

    it('is none for the moment when that worker is only short of a place', () => {
      expect(choose(held(), [backend(0), backend(1, { readyJobs: 2 })])).toBeUndefined();
      expect(choose(held({ heldBy: null, fetchingAt: 1 }), [backend(0), backend(1, { fetchingRemote: 8 })])).toBe(
        undefined,
      );
    });

    it('is another when that worker has much to do', () => {
      expect(choose(held(), [backend(0), backend(1, { costPixelsInFlight: 5e7, readyJobs: 2 })])).toBe(0);
    });

    it('is another when that worker has just handed the job back, or is kept for one that must be alone', () => {
      expect(choose(held({ avoid: 1 }), [backend(0), backend(1)])).toBe(0);
      expect(choose(held(), [backend(0), backend(1, { exclusiveFor: 'other' })])).toBe(0);
      expect(choose(held({ exclusive: true }), [backend(0), backend(1, { jobs: 1 })])).toBe(0);
    });

    it('is another when that worker has a heavy job', () => {
      expect(choose(held(), [backend(0), backend(1, { heavyJobs: 1, jobs: 1, costPixelsInFlight: 3e7 })])).toBe(0);
    });

    it('is another when it is a file, which costs next to nothing to read again', () => {
      expect(choose(held({ remote: false }), [backend(0), backend(1, { readyJobs: 2 })])).toBe(0);
    });
  });

  it('sends equal loads where the source hashes to, always the same', () => {
    const backends = [backend(0), backend(1), backend(2), backend(3)];
    const first = choose(job(), backends);
    expect(choose(job(), [...backends].reverse())).toBe(first);
  });

  it('goes around with round-robin and counts jobs with least-connections', () => {
    const backends = [backend(0, { jobs: 2 }), backend(1, { jobs: 1, costPixelsInFlight: 9e9 })];
    expect([0, 1, 2].map((turn) => choose(job(), backends, { policy: 'round-robin' }, turn))).toEqual([0, 1, 0]);
    expect(choose(job(), backends, { policy: 'least-connections' })).toBe(1);
  });
});
