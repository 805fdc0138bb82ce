import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Workers tied to CPUs. Where there are as many workers as CPUs, each gets its own: left to the scheduler, their threads
 * change places with every turn of the lb, and their caches with them. Measured: docs/decisions/0012.
 */

const taskset = 'taskset';

/** The CPUs that this process may run on; none where workers cannot be tied to them here. */
export function probeCpus(): readonly number[] {
  const cpus = allowedCpus();
  if (cpus.length === 0) return [];
  const probe = spawnSync(taskset, ['-c', String(cpus[0]), 'true'], { stdio: 'ignore', timeout: 2000 });
  return probe.status === 0 ? cpus : [];
}

function allowedCpus(): readonly number[] {
  try {
    const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
    return list === undefined ? [] : cpusOf(list);
  } catch {
    return [];
  }
}

/** `0-2,5` as [0, 1, 2, 5]: the kernel's way to write a set of CPUs (cpuset(7), list format). */
export const cpusOf = (list: string): readonly number[] =>
  list.split(',').flatMap((part) => {
    const [first, last] = part.split('-').map(Number) as [number, number | undefined];
    return Array.from({ length: (last ?? first) - first + 1 }, (_, at) => first + at);
  });

/**
 * The CPU of a worker, or null where it is not tied. Fewer workers than CPUs are not: the others may be anybody's, and
 * several nodes under quotas would all choose the same ones.
 */
export const cpuFor = (slot: number, workers: number, cpus: readonly number[]): number | null =>
  workers > 1 && workers === cpus.length ? (cpus[slot % cpus.length] ?? null) : null;

/** What stands in front of a command that is to run on one CPU. */
export const affinityArguments = (cpu: number | null): readonly string[] =>
  cpu === null ? [] : [taskset, '-c', String(cpu)];
