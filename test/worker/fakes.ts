import type { Config, NamespaceConfig, Options } from '../../src/config/config.ts';
import { optionTable } from '../../src/config/options.ts';
import type { Fact } from '../../src/ipc/messages.ts';
import type { JobOrder } from '../../src/ipc/order.ts';
import type { Cost } from '../../src/plan/cost.ts';
import type { Header } from '../../src/plan/header.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { Resolved } from '../../src/plan/resolved.ts';
import { msToNs } from '../../src/shared/clock.ts';
import { PileusError } from '../../src/shared/errors.ts';
import type { Log } from '../../src/shared/log.ts';
import type { OpenOptions, OpenOriginal, OriginalStore } from '../../src/store/originals/original-store.ts';
import { BlobBuffer } from '../../src/worker/blob-buffer.ts';
import { ConfigRevisions } from '../../src/worker/config-revisions.ts';
import { DerivationTable } from '../../src/worker/derivation-table.ts';
import type { Engine, Picture } from '../../src/worker/engine.ts';
import { EventStream } from '../../src/worker/event-stream.ts';
import { JobGate } from '../../src/worker/job-gate.ts';
import type { JobDeps } from '../../src/worker/job-story.ts';
import { JobsInside } from '../../src/worker/jobs-inside.ts';
import { LoadMeter } from '../../src/worker/load-meter.ts';
import type { MakeAnswer } from '../../src/worker/make-picture.ts';
import { openMetrics } from '../../src/worker/metrics.ts';
import { type Deferred, deferred } from '../../src/worker/promises.ts';
import { SourceTable } from '../../src/worker/source-table.ts';
import { type FakeClock, fakeClock } from '../helpers/fake-clock.ts';
import { makeHeader } from '../plan/resolve/scene.ts';

/** Lets everything go on that waits for nothing but promises. */
export const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const never: AbortSignal = new AbortController().signal;

export const defaultOptions = Object.fromEntries(
  Object.entries(optionTable).map(([name, spec]) => [name, spec.default]),
) as unknown as Options;

/** A source of the fake format: its size, then filler. `PIC 600x400` is the whole header. */
export const picture = (width: number, height: number, bytes = 1000, fill = 'x'): Buffer =>
  Buffer.from(`PIC ${width}x${height};`.padEnd(bytes, fill));

export const headerOf = (width: number, height: number): Header => makeHeader({ width, height, quality: 80 });

/** A store in memory. `stops` holds reads of a key back until they are let go on. */
export type FakeStore = OriginalStore & {
  originals: Map<string, { bytes: Buffer; version: string | null; announced?: boolean }>;
  opened: string[];
  stats: string[];
  closed: string[];
  stops: Map<string, { after: number; gate: Deferred<void> }>;
  /** What happens to the originals between a look and a read. */
  changeAfterStat: () => void;
};

export function fakeStore(): FakeStore {
  const store: FakeStore = {
    kind: 'http',
    remote: true,
    originals: new Map(),
    opened: [],
    stats: [],
    closed: [],
    stops: new Map(),
    changeAfterStat: () => {},
    stat: async (key, { knownVersion }) => {
      store.stats.push(key);
      const stat = statOf(store, key, knownVersion);
      store.changeAfterStat();
      return stat;
    },
    open: async (key, options) => {
      store.opened.push(key);
      return openFake(store, key, options);
    },
    close: async () => {},
  };
  return store;
}

function statOf(store: FakeStore, key: string, knownVersion: string | null) {
  const original = store.originals.get(key);
  if (!original) throw new PileusError('source_not_found');
  const { version, bytes, announced = true } = original;
  return {
    version,
    bytes: announced ? bytes.length : null,
    modifiedMs: 1_600_000_000_000,
    contentType: 'text/html',
    same: version !== null && version === knownVersion,
  };
}

function openFake(store: FakeStore, key: string, { range, signal, knownVersion }: OpenOptions): OpenOriginal {
  const stat = statOf(store, key, knownVersion);
  const bytes = store.originals.get(key)?.bytes ?? Buffer.alloc(0);
  const end = range ? Math.min(bytes.length, range.last + 1) : bytes.length;
  let at = range?.first ?? 0;
  return {
    stat,
    read: async (into) => {
      const stop = store.stops.get(key);
      if (stop && at >= stop.after) {
        await Promise.race([
          stop.gate.promise,
          new Promise((_resolve, reject) => {
            const leave = () => reject(signal.reason);
            if (signal.aborted) leave();
            signal.addEventListener('abort', leave);
          }),
        ]);
      }
      const stopsAt = stop && at < stop.after ? stop.after : end;
      const count = Math.max(0, Math.min(into.length, Math.min(end, stopsAt) - at));
      into.set(bytes.subarray(at, at + count));
      at += count;
      return count;
    },
    close: async () => {
      store.closed.push(key);
    },
  };
}

/** An engine whose pictures are made when the test says so. Its price is a millisecond for a thousand pixels. */
export type FakeEngine = Engine & {
  /** Pictures under way, in order of their start. */
  running: {
    source: Uint8Array;
    resolved: Resolved;
    finish: (bytes?: Buffer) => void;
    fail: (error: unknown) => void;
  }[];
  learned: number[];
  memoryBytes: number;
};

export function fakeEngine(): FakeEngine {
  const engine: FakeEngine = {
    running: [],
    learned: [],
    memoryBytes: 1000,
    readHeader: (bytes, complete) => {
      const text = Buffer.from(bytes.subarray(0, 32)).toString('latin1');
      const match = /^PIC (\d+)x(\d+);/.exec(text);
      if (match) return { state: 'known', header: headerOf(Number(match[1]), Number(match[2])), final: true };
      if (!complete && text.startsWith('PIC')) return { state: 'need-more' };
      return { state: 'refused', error: new PileusError('not_an_image') };
    },
    checkLimits: (header, options) =>
      header.width * header.height > options.sourcePixelsMax ? new PileusError('source_too_many_pixels') : null,
    checkFrameLimits: () => null,
    resolve: (plan, header) => resolvedOf(plan, header),
    derivation: (version, resolved) => `${version}-${resolved.width}x${resolved.height}`,
    predict: (resolved) => priceOf(resolved, engine.memoryBytes),
    leastMs: (resolved) => priceOf(resolved, engine.memoryBytes).ms,
    learn: (_resolved, actualMs) => engine.learned.push(actualMs),
    explain: (plan, _header, resolved, cost) => ({ plan, resolved, cost }),
    operationClass: () => 'class',
    runPicture: (source, resolved) =>
      new Promise<Picture>((resolve, reject) => {
        engine.running.push({
          source,
          resolved,
          finish: (bytes = Buffer.from('result')) =>
            resolve({
              bytes,
              width: resolved.width,
              height: resolved.height,
              frames: 1,
              contentType: 'image/jpeg',
              extension: 'jpg',
            }),
          fail: reject,
        });
      }),
    findTrim: () => Promise.resolve({ x: 0, y: 0, w: 1, h: 1 }),
    runAverage: async () => ({ hex: '7f7f7f' }),
    runMeasure: async () => ({ blurhash: '00TI:j' }),
  };
  return engine;
}

function resolvedOf(plan: Plan, header: Header): Resolved {
  const resize = plan.steps.find((step) => step.op === 'resize');
  const box = resize?.size.by === 'box' ? resize.size : { w: null, h: null };
  const width = box.w ?? header.width;
  const height = box.h ?? header.height;
  return {
    input: { format: header.format, width: header.width, height: header.height, page: 0, pages: 1, truncatedOk: false },
    ops: [],
    ...(plan.expects === undefined ? {} : { expects: plan.expects }),
    width,
    height,
    frames: 1,
    encode: {
      format: 'jpg',
      quality: 80,
      effort: 0,
      lossless: false,
      progressive: false,
      fullChroma: false,
      metadata: 'none',
      bytesMax: 0,
      flatten: null,
    },
  };
}

const priceOf = ({ input }: Resolved, memoryBytes: number): Cost => {
  const costPixels = input.width * input.height;
  return { ms: costPixels / 1000, decodeMs: 0, resizeMs: 0, opsMs: 0, encodeMs: 0, costPixels, memoryBytes };
};

export const planOf = (view: Plan['view'], width?: number): Plan => ({
  view,
  decode: { orient: true, frames: 'auto' },
  steps:
    width === undefined
      ? []
      : [
          {
            op: 'resize',
            mode: 'fit',
            size: { by: 'box', w: width, h: width },
            dpr: 1,
            enlarge: 'no',
            gravity: { kind: 'compass', at: 'c' },
            rounding: 'nearest',
          },
        ],
  encode: { format: 'jpg' },
});

export const silentLog: Log = {
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  fatal: () => {},
  child: () => silentLog,
  isLevelEnabled: () => false,
};

export const namespaceConfig: NamespaceConfig = {
  name: 'photos',
  origin: { kind: 'file', root: '/nowhere' },
  presets: 'all',
  keys: [],
  ladder: [],
  protectOriginals: false,
  explain: true,
  maxAgeS: 60,
  cors: null,
  truncated: 'error',
  animated: true,
  limits: {},
};

export const configOf = (options: Partial<Options> = {}, revision = 1): Config => ({
  revision,
  options: { ...defaultOptions, ...options },
  namespaces: { photos: namespaceConfig },
  presets: {},
  assets: {},
  mounts: [],
});

/** A whole worker without processes, sockets and pixels. */
export type Bench = {
  clock: FakeClock;
  store: FakeStore;
  engine: FakeEngine;
  buffer: BlobBuffer;
  deps: JobDeps;
  told: Fact[];
  /** Memory that the process is said to hold. */
  rssBytes: number;
  isDraining: boolean;
  order: (key: string, change?: Partial<JobOrder>) => JobOrder;
};

export async function openBench(options: Partial<Options> = {}, bufferBytes = 100_000): Promise<Bench> {
  const clock = fakeClock();
  const store = fakeStore();
  const engine = fakeEngine();
  const buffer = new BlobBuffer(bufferBytes);
  const told: Fact[] = [];
  const meter = new LoadMeter(clock, { cpuMs: () => 0, rssBytes: () => bench.rssBytes });
  const inside = new JobsInside(buffer, meter);
  const revisions = new ConfigRevisions({ openStore: () => store, loadAssets: async () => new Map() });
  await revisions.prepare(configOf({ heavyJobMs: 500, ...options }));
  revisions.commit(1);
  let jobs = 0;
  const bench: Bench = {
    clock,
    store,
    engine,
    buffer,
    told,
    rssBytes: 1000,
    isDraining: false,
    deps: {
      clock,
      buffer,
      gate: new JobGate(clock),
      engine,
      inside,
      meter,
      metrics: openMetrics({ buffer, inside, linesDropped: () => 0 }),
      events: new EventStream(),
      tellMasterSoon: (fact) => told.push(fact),
      tellMaster: (fact, onSent) => {
        told.push(fact);
        onSent?.();
      },
      faultsArmed: false,
      revisions,
      sources: new SourceTable({ clock, buffer, readHeader: engine.readHeader }),
      derivations: new DerivationTable<MakeAnswer>(),
      isDraining: () => bench.isDraining,
      log: silentLog,
    },
    order: (key, change = {}) => {
      jobs += 1;
      return {
        jobId: `j${jobs}`,
        requestId: `r${jobs}`,
        traceparent: null,
        attempt: 0,
        source: { ns: 'photos', key },
        knownVersion: null,
        plan: planOf('image', 100),
        deadlineNs: msToNs(clock.nowMs() + 15_000),
        configRevision: 1,
        predictedMs: 1,
        heavyGranted: false,
        mustRun: false,
        carried: null,
        ...change,
      };
    },
  };
  return bench;
}

/** An original in the bench's store. */
export function put(
  { store }: Pick<Bench, 'store'>,
  key: string,
  bytes: Buffer,
  more: { version?: string | null; announced?: boolean } = {},
): void {
  store.originals.set(key, { bytes, version: 'v1', ...more });
}

/** Holds the reading of an original back after so many bytes; gives what lets it go on. */
export function holdBack({ store }: Pick<Bench, 'store'>, key: string, after: number): () => void {
  const gate = deferred<void>();
  store.stops.set(key, { after, gate });
  return () => {
    store.stops.delete(key);
    gate.resolve();
  };
}

/** Lets the reading of an original fail after so many bytes. */
export function breakAfter({ store }: Pick<Bench, 'store'>, key: string, after: number): void {
  const gate = deferred<void>();
  gate.reject(new PileusError('origin_failed'));
  store.stops.set(key, { after, gate });
}
