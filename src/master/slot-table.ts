import type { Fact, Role } from '../ipc/messages.ts';
import { RateWindow } from '../shared/rate-window.ts';
import type { Rng } from '../shared/rng.ts';
import { classifyExit } from './exit-report.ts';
import { fatBeatsAfter } from './recycle-policy.ts';
import { bootFailuresAfter, intensityWindowMs, respawnDelayMs } from './respawn-policy.ts';
import {
  type Child,
  type ChildEnd,
  type DrainReason,
  hasChild,
  type KillCause,
  type Live,
  type OpenJob,
  type RawExit,
  type Slot,
  type SlotName,
  type SlotState,
  type SlotWithChild,
} from './slot.ts';

/** A worker runs one picture at a time; more open jobs than this are a defect of it, and the oldest are forgotten. */
const openJobsMax = 64;
/** A child that said `drained` and does not go is helped. */
const drainedGraceMs = 1000;
const failedStartsKept = 1000;

/**
 * Who is where: bookkeeping of children without any process, so that whole lives are tested as data. The only
 * place that changes a slot; facts about children that are not in the table any more are ignored.
 */
export class SlotTable {
  readonly #rng: Rng;
  readonly #slots = new Map<string, Slot>();
  readonly #failedStarts: Readonly<Record<Role, RateWindow>> = {
    lb: new RateWindow(intensityWindowMs, failedStartsKept),
    worker: new RateWindow(intensityWindowMs, failedStartsKept),
  };

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  /** All slots, lbs first, by number. */
  get slots(): readonly Slot[] {
    return [...this.#slots.values()].sort((a, b) => a.role.localeCompare(b.role) || a.slot - b.slot);
  }

  find(generation: number): SlotWithChild | undefined {
    for (const slot of this.#slots.values()) {
      if (hasChild(slot) && slot.child.generation === generation) return slot;
    }
    return undefined;
  }

  /** Failed starts of a role within the window of the restart intensity. */
  failedStarts(role: Role, nowMs: number): number {
    return this.#failedStarts[role].count(nowMs);
  }

  born(name: SlotName, child: Child, readyByMs: number): void {
    const bootFailures = this.#slots.get(keyOf(name))?.bootFailures ?? 0;
    this.#put(name, bootFailures, { state: 'starting', child, readyByMs });
  }

  /** The operating system would not start it. */
  stillborn(name: SlotName, nowMs: number): void {
    this.#failedStarts[name.role].add(nowMs);
    this.#wait(name, (this.#slots.get(keyOf(name))?.bootFailures ?? 0) + 1, nowMs);
  }

  becameReady(generation: number, recycleAfterJobs: number, nowMs: number): void {
    const slot = this.find(generation);
    if (slot?.state !== 'starting') return;
    const live: Live = { readyAtMs: nowMs, heardAtMs: nowMs, ...noBeat(nowMs), recycleAfterJobs, jobs: [] };
    this.#put(slot, slot.bootFailures, { state: 'ready', child: slot.child, ...live });
  }

  /** Any message is a sign of life; some also change what is known. */
  heard(generation: number, fact: Fact, nowMs: number, workerRssMax: number): void {
    const slot = this.find(generation);
    if (slot?.state !== 'ready' && slot?.state !== 'draining') return;
    const live: Live = { ...slot, heardAtMs: nowMs, ...learn(slot, fact, nowMs, workerRssMax) };
    const drained = fact.type === 'drained' && slot.state === 'draining';
    this.#slots.set(
      keyOf(slot),
      drained ? { ...slot, ...live, killAtMs: Math.min(slot.killAtMs, nowMs + drainedGraceMs) } : { ...slot, ...live },
    );
  }

  draining(generation: number, reason: DrainReason, killAtMs: number): void {
    const slot = this.find(generation);
    if (slot?.state !== 'ready') return;
    this.#slots.set(keyOf(slot), { ...slot, state: 'draining', reason, killAtMs });
  }

  killed(generation: number, cause: KillCause, againAtMs: number): void {
    const slot = this.find(generation);
    if (!slot) return;
    if (slot.state === 'killed') {
      this.#slots.set(keyOf(slot), { ...slot, againAtMs });
      return;
    }
    const wasReady = slot.state !== 'starting';
    this.#put(slot, slot.bootFailures, {
      state: 'killed',
      child: slot.child,
      cause,
      draining: slot.state === 'draining' ? slot.reason : null,
      readyAtMs: slot.state === 'starting' ? null : slot.readyAtMs,
      againAtMs,
      jobs: wasReady ? slot.jobs : [],
      beat: wasReady ? slot.beat : null,
    });
  }

  /** A child is gone: says how it ended, and decides what becomes of its place. */
  exited(generation: number, raw: RawExit, memoryWasShort: boolean, nowMs: number): ChildEnd | undefined {
    const slot = this.find(generation);
    if (!slot) return undefined;
    const cause = slot.state === 'killed' ? slot.cause : null;
    const draining = slot.state === 'draining' ? slot.reason : slot.state === 'killed' ? slot.draining : null;
    const readyAtMs = slot.state === 'starting' ? null : slot.readyAtMs;
    const wasReady = readyAtMs !== null;
    const exit = classifyExit({ raw, wasReady, draining, cause, memoryWasShort });

    if (draining !== null || cause === 'stop') this.close(slot);
    else {
      if (!wasReady) this.#failedStarts[slot.role].add(nowMs);
      const uptimeMs = readyAtMs === null ? null : nowMs - readyAtMs;
      this.#wait(slot, bootFailuresAfter(slot.bootFailures, uptimeMs), nowMs);
    }
    return {
      name: { role: slot.role, slot: slot.slot },
      child: slot.child,
      exit,
      raw,
      cause,
      draining,
      wasReady,
      jobs: slot.state === 'starting' ? [] : slot.jobs,
      beat: slot.state === 'starting' ? null : slot.beat,
      uptimeMs: nowMs - slot.child.bornAtMs,
    };
  }

  close(name: SlotName): void {
    this.#slots.delete(keyOf(name));
  }

  #wait(name: SlotName, bootFailures: number, nowMs: number): void {
    const spawnAtMs = nowMs + respawnDelayMs(bootFailures, this.#rng);
    this.#put(name, bootFailures, { state: 'waiting', spawnAtMs });
  }

  #put({ role, slot }: SlotName, bootFailures: number, state: SlotState): void {
    this.#slots.set(keyOf({ role, slot }), { role, slot, bootFailures, ...state });
  }
}

const keyOf = ({ role, slot }: SlotName): string => `${role} ${slot}`;

/** What one message changes in what is known of a child. */
const noBeat = (nowMs: number) => ({ beat: null, beatAtMs: nowMs, fatBeats: 0 });

function learn(live: Live, fact: Fact, nowMs: number, workerRssMax: number): Partial<Live> {
  switch (fact.type) {
    case 'beat':
      return { beat: fact.beat, beatAtMs: nowMs, fatBeats: fatBeatsAfter(live.fatBeats, fact.beat, workerRssMax) };
    case 'job-started': {
      const { jobId, requestId, subject, pixels, hardMs } = fact;
      const job: OpenJob = { jobId, requestId, subject, pixels, startedAtMs: nowMs, killAtMs: nowMs + hardMs };
      return { jobs: [...live.jobs.filter((open) => open.jobId !== jobId), job].slice(-openJobsMax) };
    }
    case 'job-ended':
      return { jobs: live.jobs.filter(({ jobId }) => jobId !== fact.jobId) };
    default:
      return {};
  }
}
