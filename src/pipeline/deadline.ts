import type { Clock } from '../shared/clock.ts';
import { PileusError } from '../shared/errors.ts';
import type { Chain } from './sharp.ts';

/** When a picture is given up, in the clock's milliseconds. */
export type Deadline = Readonly<{ atMs: number; clock: Clock }>;

/**
 * The chain with the time that is left. Throws `processing_deadline` where none is: so nothing begins behind the
 * deadline. libvips looks at the time only between regions of pixels, and never while it reads a header.
 */
export const withDeadline = (chain: Chain, deadline: Deadline): Chain =>
  chain.timeout({ seconds: secondsLeft(deadline) });

/**
 * Lets everything else of this process have a turn, for work in JavaScript that goes on for long. Throws `processing_deadline`
 * where no time is left.
 */
export async function atEase({ atMs, clock }: Deadline): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  if (clock.nowMs() >= atMs) throw new PileusError('processing_deadline');
}

/** The engine's longest timeout, an hour. */
const secondsMax = 3600;

/** The time left in seconds, to the nearest, since the engine counts in whole ones; at least 1, as 0 means for ever. */
export function secondsLeft({ atMs, clock }: Deadline): number {
  const leftMs = atMs - clock.nowMs();
  if (leftMs <= 0) throw new PileusError('processing_deadline');
  return Math.min(secondsMax, Math.max(1, Math.round(leftMs / 1000)));
}
