import { spawnSync } from 'node:child_process';
import cluster, { type Worker } from 'node:cluster';
import { watchdogVariable } from '../shared/orphan-watchdog.ts';

/**
 * How children learn that their master died. `kernel`: they start under `setpriv --pdeathsig KILL`, so that the
 * kernel kills them whatever they are doing. `watchdog`: a thread in each child looks at its parent every second.
 */
export type ParentDeath = 'kernel' | 'watchdog';

const setpriv = 'setpriv';
const setprivArguments = ['--pdeathsig', 'KILL', '--'] as const;

/** Tries once what this machine can do. */
export function probeParentDeath(): ParentDeath {
  const probe = spawnSync(setpriv, [...setprivArguments, 'true'], { stdio: 'ignore', timeout: 2000 });
  return probe.status === 0 ? 'kernel' : 'watchdog';
}

/** Environment that children need besides their identity. */
export const parentDeathEnvironment = (how: ParentDeath): Record<string, string> =>
  how === 'watchdog' ? { [watchdogVariable]: String(process.pid) } : {};

/**
 * Arguments in front of the script: under `kernel` the command is setpriv, and node is its first argument. `launcher` is
 * a command that starts node in its own place, with its arguments; under `watchdog` there is no room for one. `ofNode` are
 * node's own arguments, besides the master's.
 */
export function parentDeathArguments(
  how: ParentDeath,
  launcher: readonly string[] = [],
  ofNode: readonly string[] = [],
): string[] {
  const all = [...ofNode, ...process.execArgv];
  return how === 'kernel' ? [...setprivArguments, ...launcher, process.execPath, ...all] : all;
}

/**
 * `cluster.fork`, under setpriv where that is wanted.
 *
 * node:cluster always runs `process.execPath` and has no setting for another command. setpriv replaces itself by
 * node (same pid, same channel), so for the one synchronous call the path is setpriv's, and then the old one again.
 */
export function forkWithParentDeath(how: ParentDeath, env: Readonly<Record<string, string | undefined>>): Worker {
  if (how === 'watchdog') return cluster.fork(env);
  const node = process.execPath;
  process.execPath = setpriv;
  try {
    return cluster.fork(env);
  } finally {
    process.execPath = node;
  }
}
