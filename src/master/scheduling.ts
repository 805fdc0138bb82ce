import { spawnSync } from 'node:child_process';
import type { Options } from '../config/config.ts';

/**
 * Workers of the kernel's idle class (sched(7), SCHED_IDLE): whatever else wakes up runs at once, where a lower priority
 * alone lets it wait for the end of a slice. Measured: docs/decisions/0014.
 */
const chrtArguments = ['chrt', '--idle', '0'] as const;

/** Can processes be started in the idle class here? */
export function probeIdleClass(): boolean {
  const [chrt, ...rest] = chrtArguments;
  return spawnSync(chrt, [...rest, 'true'], { stdio: 'ignore', timeout: 2000 }).status === 0;
}

/** What stands in front of a worker's command, where the machine can do it. */
export const schedulingArguments = (
  scheduling: Options['workerScheduling'],
  hasIdleClass: boolean,
): readonly string[] => (scheduling === 'idle' && hasIdleClass ? chrtArguments : []);

/** What the operator has to know of a wish that this machine cannot fulfil; null where it can. */
export const schedulingNote = (
  scheduling: Options['workerScheduling'],
  hasIdleClass: boolean,
  canLaunch: boolean,
): string | null =>
  scheduling === 'normal' || (hasIdleClass && canLaunch)
    ? null
    : 'workerScheduling: idle needs setpriv and chrt (util-linux): workers are scheduled as anything else.';
