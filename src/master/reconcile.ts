import type { Role } from '../ipc/messages.ts';
import { type RecycleLimits, recycleCause } from './recycle-policy.ts';
import { isHopeless } from './respawn-policy.ts';
import {
  type DrainReason,
  hasChild,
  isReady,
  type KillCause,
  type ReadySlot,
  type Slot,
  type SlotName,
  type SlotWithChild,
} from './slot.ts';

/**
 * The gap between what is wanted and what is, as a list of things to do.
 *
 * Level-triggered: nothing here reacts to an event, all of it to a difference, so a lost event heals with the next
 * turn. Replacing (a rolling restart, recycling) is the same thing for both: one child more than wanted is
 * started, and when it is ready the one to be replaced is a surplus and drains; one such pair at a time.
 */

export type Wanted = Readonly<{
  lbs: number;
  workers: number;
  /** Children of an older generation are to be replaced; 0: none. */
  renewBefore: number;
  /** The node goes down, at the latest at `byMs`. `quick`: workers do not wait for the lbs. */
  stop: Readonly<{ byMs: number; quick: boolean }> | null;
  /** Nobody is killed for lateness before this: the master itself had been asleep. */
  killsFromMs: number;
  limits: RecycleLimits & Readonly<{ heartbeatTimeoutMs: number; drainMs: number; restartIntensityMax: number }>;
  /** Failed starts within the window, by role. */
  failedStarts: Readonly<Record<Role, number>>;
}>;

export type Action =
  | (SlotName & Readonly<{ do: 'spawn' }>)
  /** Takes an empty place off the table. */
  | (SlotName & Readonly<{ do: 'close' }>)
  | (SlotName & Readonly<{ do: 'drain'; generation: number; reason: DrainReason; killAtMs: number }>)
  | (SlotName & Readonly<{ do: 'kill'; generation: number; cause: KillCause; againAtMs: number }>)
  | Readonly<{ do: 'give-up'; role: Role }>;

/** Children beyond the wanted number, while one is being replaced. */
export const surgeMax = 1;
/** A child that survives SIGKILL this long (uninterruptible sleep) is sent it again. */
const killAgainMs = 1000;

/** Pure: same table, same clock, same answer. `wakeAtMs`: when to look again if nothing happens; Infinity: never. */
export function reconcile(
  wanted: Wanted,
  slots: readonly Slot[],
  nowMs: number,
): { actions: readonly Action[]; wakeAtMs: number } {
  const turn = new Turn(nowMs);
  for (const slot of slots) killLate(turn, wanted, slot);
  if (wanted.stop) stopAll(turn, wanted.stop, slots);
  else {
    const replaceable = mayReplace(wanted, slots);
    const due = dueSlots(wanted, slots, nowMs);
    const next = replaceable ? due[0] : undefined;
    for (const role of ['lb', 'worker'] as const) {
      const ofRole = slots.filter((slot) => slot.role === role);
      const dueOfRole = due.filter(({ slot }) => slot.role === role);
      keepCount(turn, wanted, role, ofRole, dueOfRole, next?.slot.role === role);
    }
  }
  return { actions: turn.actions, wakeAtMs: turn.wakeAtMs };
}

/** Gathers actions and the next moment of interest. */
class Turn {
  readonly nowMs: number;
  readonly actions: Action[] = [];
  wakeAtMs = Number.POSITIVE_INFINITY;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  /** Is this moment past? If not, it is one to wake for. */
  isPast(atMs: number): boolean {
    if (atMs <= this.nowMs) return true;
    this.wakeAtMs = Math.min(this.wakeAtMs, atMs);
    return false;
  }

  kill(slot: SlotWithChild, cause: KillCause): void {
    const againAtMs = this.nowMs + killAgainMs;
    this.wakeAtMs = Math.min(this.wakeAtMs, againAtMs);
    this.actions.push({ ...named(slot), do: 'kill', generation: slot.child.generation, cause, againAtMs });
  }

  drain(slot: ReadySlot, reason: DrainReason, killAtMs: number): void {
    this.wakeAtMs = Math.min(this.wakeAtMs, killAtMs);
    this.actions.push({ ...named(slot), do: 'drain', generation: slot.child.generation, reason, killAtMs });
  }

  spawn(name: SlotName): void {
    this.actions.push({ ...name, do: 'spawn' });
  }
}

const named = ({ role, slot }: SlotName): SlotName => ({ role, slot });

/** Every child has a deadline in every state; a child past it is killed. */
function killLate(turn: Turn, wanted: Wanted, slot: Slot): void {
  // While the node stops, stopAll sees to those that have not served yet.
  if (slot.state === 'waiting' || (wanted.stop && slot.state === 'starting')) return;
  if (slot.state === 'killed') {
    if (turn.isPast(slot.againAtMs)) turn.kill(slot, slot.cause);
    return;
  }
  if (wanted.stop && turn.isPast(wanted.stop.byMs)) {
    turn.kill(slot, slot.state === 'draining' ? 'drain-timeout' : 'stop');
    return;
  }
  const late = lateness(slot, wanted.limits.heartbeatTimeoutMs);
  if (turn.isPast(late.atMs) && turn.isPast(wanted.killsFromMs)) turn.kill(slot, late.cause);
}

/** The first of a child's deadlines, and what missing it means. */
function lateness(
  slot: Exclude<SlotWithChild, { state: 'killed' }>,
  heartbeatTimeoutMs: number,
): { atMs: number; cause: KillCause } {
  if (slot.state === 'starting') return { atMs: slot.readyByMs, cause: 'boot-timeout' };
  const jobAtMs = slot.jobs.reduce((first, job) => Math.min(first, job.killAtMs), Number.POSITIVE_INFINITY);
  const other =
    slot.state === 'draining'
      ? { atMs: slot.killAtMs, cause: 'drain-timeout' as const }
      : { atMs: slot.heardAtMs + heartbeatTimeoutMs, cause: 'stuck' as const };
  return jobAtMs <= other.atMs ? { atMs: jobAtMs, cause: 'deadline' } : other;
}

/** lbs finish first, since they need the workers; then the workers. What is left at the end was killed above. */
function stopAll(turn: Turn, stop: NonNullable<Wanted['stop']>, slots: readonly Slot[]): void {
  const lbsGone = !slots.some((slot) => slot.role === 'lb' && hasChild(slot));
  for (const slot of slots) {
    if (slot.state === 'waiting') turn.actions.push({ ...named(slot), do: 'close' });
    // It has not served yet, so there is nothing to finish.
    else if (slot.state === 'starting') turn.kill(slot, 'stop');
    else if (slot.state === 'ready' && !turn.isPast(stop.byMs) && (slot.role === 'lb' || lbsGone || stop.quick)) {
      turn.drain(slot, 'stop', stop.byMs);
    }
  }
}

type Due = Readonly<{ slot: ReadySlot; reason: 'renew' | 'recycle' }>;

/** Ready children that are to be replaced: workers before lbs, the longest in service first. */
function dueSlots(wanted: Wanted, slots: readonly Slot[], nowMs: number): readonly Due[] {
  const due = slots.filter(isReady).flatMap((slot): readonly Due[] => {
    if (slot.child.generation < wanted.renewBefore) return [{ slot, reason: 'renew' }];
    return recycleCause(slot, wanted.limits, nowMs) ? [{ slot, reason: 'recycle' }] : [];
  });
  const rank = ({ slot }: Due): number => (slot.role === 'worker' ? 0 : 1);
  return due.sort((a, b) => rank(a) - rank(b) || a.slot.child.generation - b.slot.child.generation);
}

/** May a replacement begin? Only with everyone else at work, so that trouble never costs more than one place. */
function mayReplace(wanted: Wanted, slots: readonly Slot[]): boolean {
  if (slots.some((slot) => slot.state === 'draining' && slot.reason !== 'surplus')) return false;
  return (['lb', 'worker'] as const).every((role) => {
    const staying = slots.filter((slot) => slot.role === role && isStaying(slot));
    return staying.length === countWanted(wanted, role) && staying.every(isReady);
  });
}

const isStaying = (slot: Slot): boolean => slot.state !== 'draining' && slot.state !== 'killed';
const countWanted = (wanted: Wanted, role: Role): number => (role === 'lb' ? wanted.lbs : wanted.workers);

/** Brings one role to its number, one more while one of it is being replaced. */
function keepCount(
  turn: Turn,
  wanted: Wanted,
  role: Role,
  slots: readonly Slot[],
  due: readonly Due[],
  replaceOne: boolean,
): void {
  const count = countWanted(wanted, role);
  const ready = slots.filter(isReady);
  if (isHopeless(wanted.failedStarts[role], wanted.limits.restartIntensityMax, ready.length)) {
    turn.actions.push({ do: 'give-up', role });
    return;
  }

  // A killed child's place is still taken: it is filled again when its exit is seen.
  const taken = slots.filter((slot) => slot.state !== 'draining').length;
  let room = count + surgeMax - slots.filter(hasChild).length;
  let surplus = taken - count - (due.length > 0 ? surgeMax : 0);
  for (const slot of slots) {
    if (slot.state !== 'waiting') continue;
    if (surplus > 0) {
      surplus -= 1;
      turn.actions.push({ ...named(slot), do: 'close' });
    } else if (turn.isPast(slot.spawnAtMs) && room > 0) {
      room -= 1;
      turn.spawn(named(slot));
    }
  }

  const missing = count - taken + (replaceOne ? surgeMax : 0);
  for (const slot of freeNumbers(slots, Math.min(missing, room))) turn.spawn({ role, slot });

  const leaving = [
    ...due,
    ...ready
      .filter((slot) => !due.some((entry) => entry.slot === slot))
      .sort((a, b) => b.slot - a.slot)
      .map((slot) => ({ slot, reason: 'surplus' as const })),
  ].slice(0, Math.max(0, ready.length - count));
  for (const { slot, reason } of leaving) turn.drain(slot, reason, turn.nowMs + wanted.limits.drainMs);
}

/** The lowest slot numbers that are not in use. */
function freeNumbers(slots: readonly Slot[], count: number): readonly number[] {
  const used = new Set(slots.map(({ slot }) => slot));
  const free: number[] = [];
  for (let slot = 0; free.length < count; slot += 1) if (!used.has(slot)) free.push(slot);
  return free;
}
