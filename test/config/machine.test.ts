import { describe, expect, it } from 'vitest';
import {
  type Machine,
  type MachineSource,
  memoryProblem,
  readMachine,
  workersFor,
  workersThatFit,
} from '../../src/config/machine.ts';
import { GiB, MiB } from '../../src/shared/units.ts';

const machineWith = (files: Readonly<Record<string, string>>, source: Partial<MachineSource> = {}) =>
  readMachine({ readText: (path) => files[path] ?? null, parallelism: 8, totalBytes: 16 * GiB, ...source });

const inVersion2 = (path: string): Record<string, string> => ({ '/proc/self/cgroup': `0::${path}\n` });

describe('the machine', () => {
  it('is the whole of it without a cgroup', () => {
    expect(machineWith({})).toEqual({ cpus: 8, cpuQuota: null, memoryBytes: 16 * GiB, memoryFrom: 'total' });
  });

  it.each([
    ['200000 100000', 2],
    ['150000 100000', 2],
    ['10000 100000', 1],
    ['max 100000', null],
    ['', null],
    ['0 0', null],
  ])('has the quota of version 2, rounded up: %s', (text, quota) => {
    expect(machineWith({ ...inVersion2('/'), '/sys/fs/cgroup/cpu.max': `${text}\n` }).cpuQuota).toBe(quota);
  });

  it.each([
    ['250000', '100000', 3],
    ['-1', '100000', null],
  ])('has the quota of version 1: %s of %s', (quota, period, cpus) => {
    const files = {
      '/proc/self/cgroup': '4:memory:/\n3:cpu,cpuacct:/docker/abc\n',
      '/sys/fs/cgroup/cpu/cpu.cfs_quota_us': `${quota}\n`,
      '/sys/fs/cgroup/cpu/cpu.cfs_period_us': `${period}\n`,
    };
    expect(machineWith(files).cpuQuota).toBe(cpus);
  });

  it('finds the quota of its own group of version 1', () => {
    const files = {
      '/proc/self/cgroup': '3:cpu,cpuacct:/system.slice/pileus.service\n',
      '/sys/fs/cgroup/cpu,cpuacct/system.slice/pileus.service/cpu.cfs_quota_us': '400000',
      '/sys/fs/cgroup/cpu,cpuacct/system.slice/pileus.service/cpu.cfs_period_us': '100000',
    };
    expect(machineWith(files).cpuQuota).toBe(4);
  });

  it('has the tightest limit of its group and those above it', () => {
    const files = {
      ...inVersion2('/kubepods/pod1/main'),
      '/sys/fs/cgroup/kubepods/pod1/main/cpu.max': 'max 100000',
      '/sys/fs/cgroup/kubepods/pod1/cpu.max': '300000 100000',
      '/sys/fs/cgroup/kubepods/cpu.max': '600000 100000',
      '/sys/fs/cgroup/kubepods/pod1/main/memory.max': String(4 * GiB),
      '/sys/fs/cgroup/kubepods/pod1/memory.max': String(3 * GiB),
      '/sys/fs/cgroup/kubepods/memory.max': 'max',
    };
    expect(machineWith(files)).toEqual({ cpus: 8, cpuQuota: 3, memoryBytes: 3 * GiB, memoryFrom: 'cgroup' });
  });

  it.each([
    ['/sys/fs/cgroup/memory.max', String(512 * MiB), 512 * MiB, 'cgroup'],
    ['/sys/fs/cgroup/memory.max', 'max', 16 * GiB, 'total'],
    ['/sys/fs/cgroup/memory/memory.limit_in_bytes', String(512 * MiB), 512 * MiB, 'cgroup'],
    ['/sys/fs/cgroup/memory/memory.limit_in_bytes', '9223372036854771712', 16 * GiB, 'total'],
  ])('has the memory of %s when it says %s', (path, text, memoryBytes, memoryFrom) => {
    expect(machineWith({ [path]: `${text}\n` })).toMatchObject({ memoryBytes, memoryFrom });
  });

  it('does not leave the tree of groups by a path', () => {
    const seen: string[] = [];
    const files = inVersion2('/../../../etc');
    readMachine({
      readText: (path) => {
        seen.push(path);
        return files[path] ?? null;
      },
      parallelism: 1,
      totalBytes: GiB,
    });
    expect(seen.filter((path) => path.includes('..'))).toEqual([]);
  });
});

describe('workers', () => {
  const machine = { cpus: 8, cpuQuota: null, memoryBytes: GiB, memoryFrom: 'total' } as const;

  it.each([
    [0, null, 8],
    [0, 3, 3],
    [0, 12, 8],
    [5, 3, 5],
  ])('%i with a quota of %s are %i', (workers, cpuQuota, expected) => {
    expect(workersFor(workers, { ...machine, cpuQuota })).toBe(expected);
  });
});

describe('the workers that memory holds', () => {
  const machine = (mib: number): Machine => ({ cpus: 8, cpuQuota: null, memoryBytes: mib * MiB, memoryFrom: 'cgroup' });
  const options = { blobBufferBytes: 100 * MiB, workerRssMax: 400 * MiB, resultCacheBytes: 50 * MiB, lbs: 2 };

  it.each([
    [399, -1],
    [400, 0],
    [899, 0],
    [900, 1],
    [1400, 2],
  ])('are counted beside the cached results of every lb and the rest: %d MiB hold %d', (mib, workers) => {
    expect(workersThatFit(options, machine(mib))).toBe(workers);
  });

  it.each([1, 2, 3, 4, 5])('are as many as a configuration may ask for: %d', (workers) => {
    const fits = memoryProblem({ ...options, workers }, machine(1900)) === null;
    expect(fits).toBe(workers <= workersThatFit(options, machine(1900)));
  });
});
