import type { Config, NamespaceConfig } from '../../src/config/config.ts';
import type { JobReport, JobResult, WorkerLoad } from '../../src/ipc/order.ts';
import type { Ask } from '../../src/lb/ask.ts';
import { Library, type Revalidate } from '../../src/lb/library.ts';
import type { SourceFacts } from '../../src/plan/header.ts';
import type { Plan, SourceRef } from '../../src/plan/plan.ts';
import { MemoryResultCache } from '../../src/store/results/memory-result-cache.ts';
import { noResultStore } from '../../src/store/results/no-result-store.ts';
import { SourceTables } from '../../src/store/results/persisted-tables.ts';
import type { ResultRef, ResultStore, StoredResult } from '../../src/store/results/result-store.ts';
import { type FakeClock, fakeClock } from '../helpers/fake-clock.ts';
import { namespace, testConfig } from '../master/test-config.ts';
import { makeHeader } from '../plan/resolve/scene.ts';

/** What the parts of an lb say to one another, ready-made. */

export const source: SourceRef = { ns: 'photos', key: 'a.jpg' };

export const factsOf = (version = 'v1', over: Partial<SourceFacts> = {}): SourceFacts => ({
  version,
  bytes: 100_000,
  modifiedMs: 1_600_000_000_000,
  header: makeHeader({ width: 400, height: 300, quality: 80 }),
  ...over,
});

export const load: WorkerLoad = {
  cpuShare: 0,
  cpuShareExplained: 0,
  rssBytes: 1,
  bufferBytesUsed: 0,
  bufferBytesPinned: 0,
  bufferBytes: 1000,
  fetching: 0,
  ready: 0,
  running: 0,
  pixelsInFlight: 0,
};

export const resultOf = (derivation = 'made'): JobResult => ({
  derivation,
  contentType: 'image/webp',
  extension: 'webp',
  width: 20,
  height: 15,
  frames: 1,
});

/** A worker's report of a job that went well. */
export const reportOf = (over: Partial<JobReport> = {}): JobReport => ({
  version: 'v1',
  facts: factsOf(),
  checkedAtMs: null,
  phases: { fetchMs: 1, waitMs: 2, processMs: 5 },
  load,
  result: resultOf(),
  redirect: null,
  error: null,
  cost: { predictedMs: 4, costPixels: 500_000, actualMs: 5 },
  joined: false,
  sourceHit: false,
  ...over,
});

export const planOf = (over: Partial<Plan> = {}): Plan => ({
  view: 'image',
  decode: { orient: true, frames: 'auto' },
  steps: [],
  encode: { format: 'webp' },
  ...over,
});

export const askOf = (over: Partial<Ask> = {}): Ask => ({
  source,
  requestKey: 'request',
  plan: planOf(),
  marks: [],
  operation: 'webp',
  presets: [],
  namespace,
  config: testConfig(),
  ifNoneMatch: undefined,
  isUnmodified: () => false,
  ...over,
});

export const storedOf = (text = 'picture', version = 'v1'): StoredResult => {
  const { derivation: _derivation, ...about } = resultOf();
  return { bytes: Buffer.from(text), meta: { ...about, version, modifiedMs: null } };
};

/** A store in a map; it counts what it is asked. */
export type FakeResultStore = ResultStore & { readonly gets: ResultRef[]; readonly kept: Map<string, StoredResult> };

export function fakeResultStore(): FakeResultStore {
  const gets: ResultRef[] = [];
  const kept = new Map<string, StoredResult>();
  const idOf = ({ ns, key, derivation }: ResultRef): string => `${ns}/${key}/${derivation}`;
  return {
    ...noResultStore,
    gets,
    kept,
    get: async (ref) => {
      gets.push(ref);
      return kept.get(idOf(ref)) ?? null;
    },
    put: (ref, result) => void kept.set(idOf(ref), result),
    remove: async (ref) => kept.delete(idOf(ref)),
    purge: async ({ ns, key }) => {
      const ids = [...kept.keys()].filter((id) => id.startsWith(key === null ? `${ns}/` : `${ns}/${key}/`));
      for (const id of ids) kept.delete(id);
      return ids.length;
    },
  };
}

export type LibraryRig = Readonly<{
  clock: FakeClock;
  library: Library;
  store: FakeResultStore;
  /** Versions that the origin was asked about. */
  asked: string[];
}>;

/** A library over empty tables; `revalidate` is the origin's answer, the known version unless said otherwise. */
export async function openLibrary(
  revalidate: Revalidate = async (_source, version) => ({ same: true, version }),
): Promise<LibraryRig> {
  const clock = fakeClock();
  const store = fakeResultStore();
  const asked: string[] = [];
  const tables = await SourceTables.open({ file: null, factsMax: 100, aliasesMax: 100, clock });
  const library = new Library(tables, new MemoryResultCache(1_000_000), store, clock, (ref, version, conditions) => {
    asked.push(version);
    return revalidate(ref, version, conditions);
  });
  return { clock, library, store, asked };
}

export const configWith = (over: Partial<NamespaceConfig>): Config =>
  testConfig({}, { namespaces: { photos: { ...namespace, ...over } } });
