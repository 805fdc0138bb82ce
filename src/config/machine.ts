import { readFileSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { MiB } from '../shared/units.ts';
import type { Options } from './config.ts';

/** What this process may use of the machine: CPUs and memory, with the limits of its cgroup. */
export type Machine = Readonly<{
  /** CPUs that the system lets this process run on. */
  cpus: number;
  /** CPUs' worth of time that the cgroup grants, rounded up; null without a quota. */
  cpuQuota: number | null;
  memoryBytes: number;
  memoryFrom: 'cgroup' | 'total';
}>;

/** Where the facts come from; a test gives its own files. */
export type MachineSource = Readonly<{
  /** A file's text, or null where it cannot be read. */
  readText: (path: string) => string | null;
  parallelism: number;
  totalBytes: number;
}>;

export const thisMachine = (): Machine =>
  readMachine({ readText: readTextOrNull, parallelism: availableParallelism(), totalBytes: totalmem() });

/**
 * Reads the cgroup's limits, version 2 (`cpu.max`, `memory.max`) or 1 (`cpu.cfs_quota_us`,
 * `memory.limit_in_bytes`): Node 20 sees neither the quota nor the memory limit by itself. A limit on any of the
 * groups above this process's own binds too.
 */
export function readMachine(source: MachineSource): Machine {
  const groups = parseGroups(source.readText('/proc/self/cgroup') ?? '');
  const quota = least(groups.cpu.map((folder) => cpuQuotaIn(folder, source.readText)));
  const limit = least(groups.memory.map((folder) => memoryLimitIn(folder, source.readText)));
  const limited = limit !== null && limit < source.totalBytes;
  return {
    cpus: Math.max(1, source.parallelism),
    cpuQuota: quota === null ? null : Math.max(1, Math.ceil(quota)),
    memoryBytes: limited ? limit : source.totalBytes,
    memoryFrom: limited ? 'cgroup' : 'total',
  };
}

/** The number of workers that `workers` stands for here: 0 is one for each CPU that may be used. */
export const workersFor = (workers: number, machine: Machine): number =>
  workers > 0 ? workers : Math.min(machine.cpus, machine.cpuQuota ?? machine.cpus);

/** What the master, the lbs and Node itself take beside the workers and the cached results. */
const restBytes = 300 * MiB;

/** Why buffers and worker limits do not fit the memory, with the figures; null when they do. */
export function memoryProblem(options: Pick<Options, 'workers'> & MemoryOptions, machine: Machine): string | null {
  const wanted = options.workers * perWorker(options) + besideWorkers(options);
  if (wanted <= machine.memoryBytes) return null;
  const fitting = workersThatFit(options, machine);
  const owner = machine.memoryFrom === 'cgroup' ? 'the cgroup allows' : 'this machine has';
  const remedy =
    fitting >= 1
      ? `set workers to at most ${fitting}, or lower blobBufferBytes, workerRssMax or resultCacheBytes`
      : 'lower blobBufferBytes, workerRssMax or resultCacheBytes';
  return (
    `${options.workers} workers x (blobBufferBytes ${mib(options.blobBufferBytes)} + workerRssMax ` +
    `${mib(options.workerRssMax)}) + ${options.lbs} lbs x resultCacheBytes ${mib(options.resultCacheBytes)} + ` +
    `${mib(restBytes)} for the rest need ${mib(wanted)}, but ${owner} ` +
    `${mib(machine.memoryBytes)}; ${remedy}`
  );
}

type MemoryOptions = Pick<Options, 'blobBufferBytes' | 'workerRssMax' | 'resultCacheBytes' | 'lbs'>;

/** How many workers the memory holds beside everything else; less than 1 where it holds none. */
export const workersThatFit = (options: MemoryOptions, machine: Machine): number =>
  Math.floor((machine.memoryBytes - besideWorkers(options)) / perWorker(options));

const perWorker = ({ blobBufferBytes, workerRssMax }: MemoryOptions): number => blobBufferBytes + workerRssMax;

const besideWorkers = ({ lbs, resultCacheBytes }: MemoryOptions): number => lbs * resultCacheBytes + restBytes;

const mib = (bytes: number): string => `${Math.floor(bytes / MiB)} MiB`;

/** Folders to look for limits in: this process's group and all above it, in both versions' layouts. */
function parseGroups(text: string): { cpu: readonly string[]; memory: readonly string[] } {
  const paths = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, controllers, path] = /^\d+:([^:]*):(\/.*)$/.exec(line) ?? [];
    if (controllers === undefined || path === undefined) continue;
    for (const controller of controllers.split(',')) paths.set(controller, path);
  }
  const unified = ancestors(paths.get('') ?? '/').flatMap((path) => [
    `/sys/fs/cgroup${path}`,
    `/sys/fs/cgroup/unified${path}`,
  ]);
  const of = (controller: string, mounts: readonly string[]): readonly string[] => [
    ...unified,
    ...ancestors(paths.get(controller) ?? '/').flatMap((path) =>
      mounts.map((mount) => `/sys/fs/cgroup/${mount}${path}`),
    ),
  ];
  return { cpu: of('cpu', ['cpu', 'cpu,cpuacct']), memory: of('memory', ['memory']) };
}

/** Most levels of groups that are looked at. */
const levelsMax = 32;

/** `/a/b` -> `/a/b/`, `/a/`, `/`. */
function ancestors(path: string): readonly string[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '..');
  return Array.from({ length: Math.min(names.length, levelsMax) + 1 }, (_, dropped) =>
    ['', ...names.slice(0, names.length - dropped), ''].join('/'),
  );
}

function cpuQuotaIn(folder: string, readText: MachineSource['readText']): number | null {
  const [quota, period] = (readText(`${folder}cpu.max`) ?? '').trim().split(/\s+/);
  if (quota !== undefined && quota !== '') return share(quota, period);
  return share(readText(`${folder}cpu.cfs_quota_us`)?.trim(), readText(`${folder}cpu.cfs_period_us`)?.trim());
}

const share = (quota: string | undefined, period: string | undefined): number | null => {
  const cpus = Number(quota) / Number(period);
  return Number.isFinite(cpus) && cpus > 0 ? cpus : null;
};

function memoryLimitIn(folder: string, readText: MachineSource['readText']): number | null {
  const text = (readText(`${folder}memory.max`) ?? readText(`${folder}memory.limit_in_bytes`) ?? '').trim();
  return /^\d+$/.test(text) && Number(text) > 0 ? Number(text) : null;
}

const least = (values: readonly (number | null)[]): number | null => {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
};

function readTextOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
