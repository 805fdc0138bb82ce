import type { ChildEnd, Slot } from './slot.ts';
import { hasChild } from './slot.ts';

/**
 * A rolling restart: everybody who was born before it is replaced, one at a time, replacement first (the loop in
 * reconcile.ts does that). It stops at the first replacement that does not get ready; those that serve go on.
 */
export type Roll =
  | Readonly<{ state: 'idle' }>
  /** Children of a generation below `renewBefore` are to be replaced. */
  | Readonly<{ state: 'rolling'; renewBefore: number; startedAtMs: number }>;

export const idle: Roll = { state: 'idle' };

export const beginRoll = (nextGeneration: number, nowMs: number): Roll => ({
  state: 'rolling',
  renewBefore: nextGeneration,
  startedAtMs: nowMs,
});

/** What reconcile is told. */
export const renewBefore = (roll: Roll): number => (roll.state === 'rolling' ? roll.renewBefore : 0);

/** Was this end the failed start of a replacement? Then the restart stops here. */
export const isRollFailure = (roll: Roll, end: ChildEnd): boolean =>
  roll.state === 'rolling' && end.exit === 'boot-failed' && end.child.generation >= roll.renewBefore;

/** Is everybody of the older generations gone, and everybody else at work? */
export const isRollDone = (roll: Roll, slots: readonly Slot[]): boolean =>
  roll.state === 'rolling' &&
  slots.every((slot) => slot.state === 'ready' && hasChild(slot) && slot.child.generation >= roll.renewBefore);
