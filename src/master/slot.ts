import type { Beat, BlameSubject, ExitClass, Role } from '../ipc/messages.ts';

/**
 * A child's place, seen by the master. Data that means nothing in a state is absent from it.
 *
 *   waiting -> starting -> ready -> draining -> (gone)
 *                 |          |         |
 *                 +----------+---------+--> killed -> (gone, or waiting again)
 *
 * A slot is named by its role and number. Every birth gets the next generation, a number that is never used
 * twice: a respawned child is not mistaken for the one before it, and its socket path is a new one.
 */
export type Slot = SlotName &
  Readonly<{
    /** Deaths before ready in a row: what the back-off counts. */
    bootFailures: number;
  }> &
  SlotState;

export type SlotName = Readonly<{ role: Role; slot: number }>;

export type SlotState =
  | Readonly<{ state: 'waiting'; spawnAtMs: number }>
  | Readonly<{ state: 'starting'; child: Child; readyByMs: number }>
  | (Readonly<{ state: 'ready'; child: Child }> & Live)
  | (Readonly<{ state: 'draining'; child: Child; reason: DrainReason; killAtMs: number }> & Live)
  /** Sent SIGKILL; it leaves the table when its exit is seen. */
  | Readonly<{
      state: 'killed';
      child: Child;
      cause: KillCause;
      /** Why it had been draining, if it had. */
      draining: DrainReason | null;
      /** null: it never was. */
      readyAtMs: number | null;
      againAtMs: number;
      jobs: readonly OpenJob[];
      beat: Beat | null;
    }>;

export type Child = Readonly<{ pid: number; generation: number; socketPath: string; bornAtMs: number }>;

/** What is known of a child that has been ready. */
export type Live = Readonly<{
  readyAtMs: number;
  /** When any message of it last came. */
  heardAtMs: number;
  beat: Beat | null;
  /** When `beat` came; when it became ready, as long as none has. */
  beatAtMs: number;
  /** Heartbeats in a row with a resident set over the limit. */
  fatBeats: number;
  /** This child is recycled after so many jobs; Infinity: never. */
  recycleAfterJobs: number;
  /** Pictures that were handed to libvips and have not come back. */
  jobs: readonly OpenJob[];
}>;

export type OpenJob = Readonly<{
  jobId: string;
  requestId: string;
  subject: BlameSubject;
  pixels: number;
  startedAtMs: number;
  /** The hard deadline. */
  killAtMs: number;
}>;

/** `renew`: a rolling restart; `surplus`: fewer are wanted; `stop`: the node goes down. */
export type DrainReason = 'recycle' | 'renew' | 'surplus' | 'stop';

/** Why the master sent SIGKILL. */
export type KillCause = 'boot-timeout' | 'boot-failed' | 'deadline' | 'stuck' | 'drain-timeout' | 'stop';

/** How a child ended, as the edge saw it. */
export type RawExit = Readonly<{ code: number | null; signal: NodeJS.Signals | null; stderrTail: string }>;

/** How a child ended, as the master understands it. */
export type ChildEnd = Readonly<{
  name: SlotName;
  child: Child;
  exit: ExitClass;
  raw: RawExit;
  cause: KillCause | null;
  draining: DrainReason | null;
  wasReady: boolean;
  jobs: readonly OpenJob[];
  beat: Beat | null;
  uptimeMs: number;
}>;

export type SlotWithChild = Extract<Slot, { child: Child }>;
export type ReadySlot = Extract<Slot, { state: 'ready' }>;

export const hasChild = (slot: Slot): slot is SlotWithChild => slot.state !== 'waiting';
export const isReady = (slot: Slot): slot is ReadySlot => slot.state === 'ready';
