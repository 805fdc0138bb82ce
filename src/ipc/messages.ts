import type { Config } from '../config/config.ts';
import type { WireError } from '../shared/errors.ts';
import type { WorkerLoad } from './order.ts';

/**
 * Every message between the master and its children, as one discriminated union.
 *
 * Orders (master -> child) are imperative, facts (child -> master) are past tense. A child begins with `hello`
 * and is nothing until it has said `ready`. Tables (`backends`, `quarantine`) are always sent whole: a lost or
 * doubled message heals with the next one.
 */

export type Role = 'lb' | 'worker';

/** Who a child is; in its environment from the start (see shared/child-identity.ts). */
export type ChildIdentity = Readonly<{ role: Role; slot: number; generation: number; socketPath: string }>;

export type BackendState = 'ready' | 'draining';

/** A worker as the lb has to know it. */
export type BackendEntry = Readonly<{
  slot: number;
  generation: number;
  pid: number;
  socketPath: string;
  state: BackendState;
}>;

export type ExitClass =
  | 'clean'
  | 'drained'
  | 'recycled'
  | 'boot-failed'
  | 'crashed'
  | 'killed'
  | 'oom-suspected'
  /** Killed by the master because a job outlived its hard deadline. */
  | 'deadline'
  /** Killed by the master because it went silent. */
  | 'stuck';

/** What the master tells every lb when a worker is gone. */
export type Obituary = Readonly<{
  slot: number;
  generation: number;
  exit: ExitClass;
  /** Jobs that had been handed to libvips and had not ended; empty when the worker was idle. */
  startedJobIds: readonly string[];
}>;

/** Names a job's picture for blame. `operation` is the plan's operation class (plan/operation-class.ts). */
export type BlameSubject = Readonly<{ ns: string; key: string; version: string; operation: string }>;

export type QuarantineEntry = Readonly<{
  /** `source`: every operation on this version; `operation`: only this class of them. */
  scope: 'source' | 'operation';
  ns: string;
  key: string;
  version: string;
  /** null with scope `source`. */
  operation: string | null;
  /** Point on the monotonic clock. */
  untilMs: number;
  strikes: number;
}>;

/** A source version that runs one job at a time: it has a strike, or no worker has decoded it to its end yet. */
export type StruckSource = Readonly<{ ns: string; key: string; version: string }>;

export type Order =
  | Readonly<{ type: 'boot'; config: Config }>
  | Readonly<{ type: 'drain' }>
  /** Answered with `metrics`. */
  | Readonly<{ type: 'tell-metrics' }>
  | Readonly<{ type: 'config-prepare'; config: Config }>
  | Readonly<{ type: 'config-commit'; revision: number }>
  | Readonly<{ type: 'config-abort'; revision: number }>
  // to the lb only
  | Readonly<{ type: 'backends'; backends: readonly BackendEntry[] }>
  | Readonly<{ type: 'obituary'; obituary: Obituary }>
  | Readonly<{ type: 'quarantine'; entries: readonly QuarantineEntry[]; struck: readonly StruckSource[] }>
  | Readonly<{ type: 'purge'; purgeId: string; scope: PurgeScope }>;

export type PurgeScope =
  | Readonly<{ by: 'source'; ns: string; key: string }>
  | Readonly<{ by: 'namespace'; ns: string }>
  | Readonly<{ by: 'preset'; preset: string }>;

export type WorkerBeat = Readonly<{
  role: 'worker';
  load: WorkerLoad;
  jobsDone: number;
  eventLoopLagMs: number;
}>;

export type LbBeat = Readonly<{
  role: 'lb';
  rssBytes: number;
  cpuShare: number;
  eventLoopLagMs: number;
  connections: number;
  requestsInFlight: number;
  bufferedBytes: number;
  queue: Readonly<{ jobs: number; bytes: number; predictedWaitMs: number; heavy: number; oldestMs: number }>;
  caches: Readonly<{
    memoryBytes: number;
    memoryEntries: number;
    storeBytes: number;
    storeEntries: number;
    facts: number;
    aliases: number;
  }>;
  /** Score of each worker for a job of average size, by slot: what /stats shows. */
  scores: readonly Readonly<{
    slot: number;
    inFlight: number;
    pixelsInFlight: number;
    score: number;
    terms: Readonly<Record<string, number>>;
  }>[];
  counters: Readonly<Record<string, number>>;
}>;

export type Beat = WorkerBeat | LbBeat;

export type Fact =
  | Readonly<{ type: 'hello' }>
  /** The lb says which port it listens on; a worker's socket is in its identity. */
  | Readonly<{ type: 'ready'; port: number | null }>
  | Readonly<{ type: 'boot-failed'; error: WireError; message: string }>
  | Readonly<{ type: 'beat'; beat: Beat }>
  /** prom-client's JSON of this process's registry: when asked, before leaving, and now and then. */
  | Readonly<{ type: 'metrics'; metrics: unknown }>
  | Readonly<{ type: 'drained' }>
  | Readonly<{ type: 'config-prepared'; revision: number }>
  | Readonly<{ type: 'config-refused'; revision: number; reason: string }>
  | Readonly<{ type: 'config-committed'; revision: number }>
  // worker
  /** Sent before libvips sees the picture. From here on its death is this picture's doing. */
  | Readonly<{
      type: 'job-started';
      jobId: string;
      requestId: string;
      subject: BlameSubject;
      pixels: number;
      predictedMs: number;
      hardMs: number;
    }>
  | Readonly<{ type: 'job-ended'; jobId: string; outcome: 'ok' | 'failed' | 'soft-deadline' }>
  // lb
  | Readonly<{ type: 'backend-broken'; slot: number; generation: number }>
  | Readonly<{ type: 'purged'; purgeId: string; results: number }>;
