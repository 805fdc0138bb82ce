import { describe, expect, it } from 'vitest';
import { affinityArguments, cpuFor, cpusOf, probeCpus } from '../../src/master/affinity.ts';
import { parentDeathArguments } from '../../src/master/parent-death.ts';

describe('the CPU of a worker', () => {
  it.each([
    ['0', [0]],
    ['0-1', [0, 1]],
    ['0-2,5,8-9', [0, 1, 2, 5, 8, 9]],
  ])('is one of a set written %s', (list, cpus) => {
    expect(cpusOf(list)).toEqual(cpus);
  });

  it('is its own where there are as many workers as CPUs, also for its successor', () => {
    expect([0, 1].map((slot) => cpuFor(slot, 2, [4, 6]))).toEqual([4, 6]);
    expect(cpuFor(2, 2, [4, 6])).toBe(4);
  });

  it.each([
    ['fewer workers than CPUs', 2, [0, 1, 2, 3]],
    ['more workers than CPUs', 4, [0, 1]],
    ['one CPU', 1, [0]],
    ['a machine that cannot', 2, []],
  ])('is left to the system with %s', (_name, workers, cpus) => {
    expect(cpuFor(0, workers, cpus)).toBeNull();
  });

  it('is asked of taskset, behind setpriv and in front of node', () => {
    expect(parentDeathArguments('kernel', affinityArguments(3)).slice(3, 7)).toEqual([
      'taskset',
      '-c',
      '3',
      process.execPath,
    ]);
    expect(affinityArguments(null)).toEqual([]);
  });

  it.skipIf(process.platform !== 'linux')('is one that this process may run on', () => {
    for (const cpu of probeCpus()) expect(cpu).toBeGreaterThanOrEqual(0);
  });
});
